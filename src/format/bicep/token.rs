//! Tokens and the bytes that they stand on.

/// The bytes `start..end` of one Bicep file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bytes {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Bytes {
    /// The bytes `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// From the first byte of `self` to the last byte of `other`.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// The text under these bytes.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// One token; comments, white space and `#` directives are not tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// For pieces of strings: how the string is quoted.
    pub quote: Quote,
    /// Where it stands.
    pub at: Bytes,
}

/// How a string is quoted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Quote {
    /// `'…'`: escapes and holes.
    #[default]
    Single,
    /// `'''…'''` with this many `$` in front: a hole needs as many.
    Triple(u8),
}

/// The kinds of tokens, named as in Microsoft's lexer so that conformance tests can compare them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is the token itself")]
pub enum TokenKind {
    At,
    LeftBrace,
    RightBrace,
    LeftParen,
    RightParen,
    LeftSquare,
    RightSquare,
    Comma,
    Dot,
    Question,
    Colon,
    Assignment,
    Plus,
    Minus,
    Asterisk,
    Slash,
    Modulo,
    Exclamation,
    LeftChevron,
    RightChevron,
    LessThanOrEqual,
    GreaterThanOrEqual,
    Equals,
    NotEquals,
    EqualsInsensitive,
    NotEqualsInsensitive,
    LogicalAnd,
    LogicalOr,
    DoubleQuestion,
    DoubleColon,
    Arrow,
    Pipe,
    Ellipsis,
    Hat,
    Identifier,
    TrueKeyword,
    FalseKeyword,
    NullKeyword,
    Integer,
    StringComplete,
    StringLeftPiece,
    StringMiddlePiece,
    StringRightPiece,
    NewLine,
    Unrecognized,
    EndOfFile,
}

impl TokenKind {
    /// How a message names it.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::At => "`@`",
            Self::LeftBrace => "`{`",
            Self::RightBrace => "`}`",
            Self::LeftParen => "`(`",
            Self::RightParen => "`)`",
            Self::LeftSquare => "`[`",
            Self::RightSquare => "`]`",
            Self::Comma => "`,`",
            Self::Dot => "`.`",
            Self::Question => "`?`",
            Self::Colon => "`:`",
            Self::Assignment => "`=`",
            Self::Asterisk => "`*`",
            Self::LeftChevron => "`<`",
            Self::RightChevron => "`>`",
            Self::Arrow => "`=>`",
            Self::Pipe => "`|`",
            Self::Ellipsis => "`...`",
            Self::Identifier => "a name",
            Self::TrueKeyword | Self::FalseKeyword => "a boolean",
            Self::NullKeyword => "`null`",
            Self::Integer => "a number",
            Self::StringComplete | Self::StringLeftPiece | Self::StringMiddlePiece | Self::StringRightPiece => "a string",
            Self::NewLine => "the end of the line",
            Self::Unrecognized => "an unknown character",
            Self::EndOfFile => "the end of the file",
            _ => "an operator",
        }
    }
}
