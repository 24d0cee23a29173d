use jsonc_parser::ast::{Object, Value};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// Why a file that looks like a template cannot be read. The file is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No JSON.
    #[error("line {line}, column {column}: {message}; correct the JSON there")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// First byte of the offending text.
        at: u32,
        /// What is wrong.
        message: String,
    },
    /// JSON, but no object.
    #[error("line 1: a template is a JSON object, and this is {found}; save the template itself here")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
}

impl ReadError {
    /// First byte of the offending text.
    pub const fn at(&self) -> u32 {
        match self {
            Self::Syntax { at, .. } => *at,
            Self::NotAnObject { .. } => 0,
        }
    }
}

/// What Newtonsoft.Json, and so ARM, puts up with.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: true,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: true,
    allow_hexadecimal_numbers: true,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Parses `text` and hands its root object on, with the number of bytes that were cut off at its start.
pub fn with_root<T>(text: &str, read: impl FnOnce(&Object<'_>, u32) -> T) -> Result<T, ReadError> {
    let (text, offset) = text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, 3));
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).map_err(|error| ReadError::Syntax {
        line: error.line_display(),
        column: error.column_display(),
        at: u32::try_from(error.range().start).unwrap_or(u32::MAX).saturating_add(offset),
        message: error.kind().to_string(),
    })?;
    match parsed.value {
        Some(Value::Object(root)) => Ok(read(&root, offset)),
        other => Err(ReadError::NotAnObject { found: name_of(other.as_ref()) }),
    }
}

const fn name_of(value: Option<&Value<'_>>) -> &'static str {
    match value {
        None => "empty",
        Some(Value::StringLit(_)) => "a text",
        Some(Value::NumberLit(_)) => "a number",
        Some(Value::BooleanLit(_)) => "a boolean",
        Some(Value::Object(_)) => "an object",
        Some(Value::Array(_)) => "an array",
        Some(Value::NullKeyword(_)) => "null",
    }
}
