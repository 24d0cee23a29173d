use crate::model::Span;

/// Why a text between `[` and `]` is no expression. The template is at fault; the span says where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Something else should stand here.
    #[error("expected {wanted}, found {found}")]
    Expected {
        /// What the grammar wants.
        wanted: &'static str,
        /// What stands there.
        found: String,
        /// Where.
        span: Span,
    },
    /// A text without its closing `'`.
    #[error("the text that starts here has no closing `'`; write `''` for a quote inside a text")]
    UnclosedText {
        /// The text.
        span: Span,
    },
    /// A number that no number type holds.
    #[error("`{text}` is not a number that ARM can hold")]
    BadNumber {
        /// As written.
        text: String,
        /// Where.
        span: Span,
    },
    /// Nested more deeply than any real template.
    #[error("the expression is nested more than {limit} levels deep")]
    TooDeep {
        /// The limit.
        limit: u32,
        /// Where it is reached.
        span: Span,
    },
}

impl ParseError {
    /// Where the fault is.
    pub const fn span(&self) -> Span {
        match self {
            Self::Expected { span, .. } | Self::UnclosedText { span } | Self::BadNumber { span, .. } | Self::TooDeep { span, .. } => *span,
        }
    }
}

/// Why a function has no result. The template is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// Too few or too many arguments.
    #[error("`{function}` takes {wanted} arguments, not {given}")]
    Count {
        /// The function.
        function: &'static str,
        /// How many it takes: `2`, `1 to 3`, `at least 1`.
        wanted: String,
        /// How many it was given.
        given: usize,
    },
    /// An argument of the wrong type.
    #[error("argument {position} must be {wanted}, not {given}")]
    Type {
        /// Which argument, from 1.
        position: usize,
        /// What the function wants.
        wanted: &'static str,
        /// What it was given.
        given: &'static str,
    },
    /// Arguments of the right type that make no sense.
    #[error("{0}")]
    Invalid(String),
    /// A result larger than any deployment may hold.
    #[error("the result of {what} is larger than {limit}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}
