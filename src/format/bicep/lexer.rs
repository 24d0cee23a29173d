//! Text to tokens, with a stack of open string holes.

use super::token::{Bytes, Quote, Token, TokenKind};
use super::tree::{Directive, Problem, Syntax};

/// What the lexer found.
#[derive(Debug, Default)]
pub struct Lexed {
    /// Every token; the last one is [`TokenKind::EndOfFile`].
    pub tokens: Vec<Token>,
    /// `#disable-next-line` and its kin.
    pub directives: Vec<Directive>,
    /// Strings and comments that do not end, characters that do not belong.
    pub problems: Vec<Problem>,
}

/// Splits `text` into tokens. A byte-order mark at its start is skipped; offsets count it.
pub fn lex(text: &str) -> Lexed {
    let mut lexer = Lexer { bytes: text.as_bytes(), at: 0, open: Vec::new(), found: Lexed::default() };
    lexer.found.tokens.reserve(text.len() / 5);
    if text.starts_with('\u{feff}') {
        lexer.at = 3;
    }
    while lexer.next() {}
    lexer.found
}

/// What an open brace belongs to, once the lexer is inside a hole.
#[derive(Clone, Copy)]
enum Open {
    /// `${` of a string.
    Hole(Quote),
    /// `{` of an object within a hole.
    Brace,
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    found: Lexed,
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn is_over(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn problem(&mut self, start: usize, syntax: Syntax) {
        self.found.problems.push(Problem { at: Bytes::new(offset(start), offset(self.at.min(self.bytes.len()))), syntax });
    }

    /// One token; false at the end of the file.
    fn next(&mut self) -> bool {
        self.skip_trivia();
        let start = self.at;
        if self.is_over() {
            self.push(TokenKind::EndOfFile, Quote::Single, start);
            return false;
        }
        let mut quote = Quote::Single;
        let kind = match self.peek(0) {
            b'\n' | b'\r' => self.run(TokenKind::NewLine, |byte| matches!(byte, b'\n' | b'\r')),
            b'0'..=b'9' => self.run(TokenKind::Integer, |byte| byte.is_ascii_digit()),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(start),
            b'{' => {
                if !self.open.is_empty() {
                    self.open.push(Open::Brace);
                }
                self.one(TokenKind::LeftBrace, 1)
            }
            b'}' => self.close(&mut quote),
            b'\'' => self.string(0, &mut quote),
            b'$' => self.dollar(&mut quote),
            _ => self.symbol(start),
        };
        self.push(kind, quote, start);
        true
    }

    fn push(&mut self, kind: TokenKind, quote: Quote, start: usize) {
        let at = Bytes::new(offset(start), offset(self.at.min(self.bytes.len())));
        self.found.tokens.push(Token { kind, quote, at });
    }

    const fn one(&mut self, kind: TokenKind, length: usize) -> TokenKind {
        self.at += length;
        kind
    }

    fn run(&mut self, kind: TokenKind, belongs: fn(&u8) -> bool) -> TokenKind {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        kind
    }

    fn word(&mut self, start: usize) -> TokenKind {
        self.run(TokenKind::Identifier, |byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        match self.bytes.get(start..self.at) {
            Some(b"true") => TokenKind::TrueKeyword,
            Some(b"false") => TokenKind::FalseKeyword,
            Some(b"null") => TokenKind::NullKeyword,
            _ => TokenKind::Identifier,
        }
    }

    /// White space (no line ends), comments and `#` directives.
    fn skip_trivia(&mut self) {
        loop {
            match self.peek(0) {
                b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
                // No-break space and a byte-order mark within the text, as editors leave them behind.
                0xc2 if self.peek(1) == 0xa0 => self.at += 2,
                0xef if self.peek(1) == 0xbb && self.peek(2) == 0xbf => self.at += 3,
                b'/' if self.peek(1) == b'/' => self.skip_line(),
                b'/' if self.peek(1) == b'*' => self.skip_comment(),
                b'#' => self.directive(),
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) {
        let start = self.at;
        let rest = self.bytes.get(start + 2..).unwrap_or_default();
        if let Some(end) = memchr::memmem::find(rest, b"*/") {
            self.at = start + 2 + end + 2;
        } else {
            self.at = self.bytes.len();
            self.problem(start, Syntax::UnterminatedComment);
        }
    }

    fn directive(&mut self) {
        let start = self.at;
        self.skip_line();
        // A comment after the codes does not belong to the directive.
        let line = self.bytes.get(start..self.at).unwrap_or_default();
        let length = memchr::memmem::find(line, b"//").unwrap_or(line.len());
        self.found.directives.push(Directive { at: Bytes::new(offset(start), offset(start + length)) });
    }

    fn close(&mut self, quote: &mut Quote) -> TokenKind {
        self.at += 1;
        match self.open.last().copied() {
            Some(Open::Hole(of)) => {
                *quote = of;
                let kind = self.rest_of_string(of, false);
                if kind == TokenKind::StringRightPiece {
                    self.open.pop();
                }
                kind
            }
            Some(Open::Brace) => {
                self.open.pop();
                TokenKind::RightBrace
            }
            None => TokenKind::RightBrace,
        }
    }

    fn dollar(&mut self, quote: &mut Quote) -> TokenKind {
        let mut dollars = 1;
        while self.peek(dollars) == b'$' && dollars < usize::from(u8::MAX) {
            dollars += 1;
        }
        if self.peek(dollars) == b'\'' && self.peek(dollars + 1) == b'\'' && self.peek(dollars + 2) == b'\'' {
            self.at += dollars;
            return self.string(u8::try_from(dollars).unwrap_or(u8::MAX), quote);
        }
        let start = self.at;
        self.at += 1;
        self.problem(start, Syntax::UnknownCharacter);
        TokenKind::Unrecognized
    }

    fn string(&mut self, dollars: u8, quote: &mut Quote) -> TokenKind {
        let triple = self.peek(1) == b'\'' && self.peek(2) == b'\'';
        *quote = if triple { Quote::Triple(dollars) } else { Quote::Single };
        self.at += if triple { 3 } else { 1 };
        let kind = self.rest_of_string(*quote, true);
        if kind == TokenKind::StringLeftPiece {
            self.open.push(Open::Hole(*quote));
        }
        kind
    }

    /// From within a string to its end or its next hole.
    fn rest_of_string(&mut self, quote: Quote, first: bool) -> TokenKind {
        let start = self.at;
        let hole = match quote {
            Quote::Single => self.single(start),
            Quote::Triple(dollars) => self.triple(start, dollars),
        };
        match (hole, first) {
            (true, true) => TokenKind::StringLeftPiece,
            (true, false) => TokenKind::StringMiddlePiece,
            (false, true) => TokenKind::StringComplete,
            (false, false) => TokenKind::StringRightPiece,
        }
    }

    fn single(&mut self, start: usize) -> bool {
        while !self.is_over() {
            match self.peek(0) {
                b'\n' | b'\r' => break,
                b'\\' => self.at += if matches!(self.peek(1), b'\n' | b'\r') { 1 } else { 2 },
                b'\'' => {
                    self.at += 1;
                    return false;
                }
                b'$' if self.peek(1) == b'{' => {
                    self.at += 2;
                    return true;
                }
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        self.problem(start, Syntax::UnterminatedString);
        false
    }

    fn triple(&mut self, start: usize, dollars: u8) -> bool {
        while !self.is_over() {
            let byte = self.peek(0);
            if byte == b'$' || byte == b'\'' {
                let mut count = 0;
                while self.peek(0) == byte {
                    self.at += 1;
                    count += 1;
                }
                if byte == b'\'' && count >= 3 {
                    return false;
                }
                if byte == b'$' && dollars > 0 && count >= usize::from(dollars) && self.peek(0) == b'{' {
                    self.at += 1;
                    return true;
                }
            } else {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                self.at += memchr::memchr2(b'$', b'\'', rest).unwrap_or(rest.len());
            }
        }
        self.problem(start, Syntax::UnterminatedString);
        false
    }

    fn symbol(&mut self, start: usize) -> TokenKind {
        use TokenKind as T;
        let (kind, length) = match (self.peek(0), self.peek(1)) {
            (b'(', _) => (T::LeftParen, 1),
            (b')', _) => (T::RightParen, 1),
            (b'[', _) => (T::LeftSquare, 1),
            (b']', _) => (T::RightSquare, 1),
            (b'@', _) => (T::At, 1),
            (b',', _) => (T::Comma, 1),
            (b'+', _) => (T::Plus, 1),
            (b'-', _) => (T::Minus, 1),
            (b'*', _) => (T::Asterisk, 1),
            (b'/', _) => (T::Slash, 1),
            (b'%', _) => (T::Modulo, 1),
            (b'^', _) => (T::Hat, 1),
            (b'.', b'.') if self.peek(2) == b'.' => (T::Ellipsis, 3),
            (b'.', _) => (T::Dot, 1),
            (b'?', b'?') => (T::DoubleQuestion, 2),
            (b'?', _) => (T::Question, 1),
            (b':', b':') => (T::DoubleColon, 2),
            (b':', _) => (T::Colon, 1),
            (b'=', b'=') => (T::Equals, 2),
            (b'=', b'~') => (T::EqualsInsensitive, 2),
            (b'=', b'>') => (T::Arrow, 2),
            (b'=', _) => (T::Assignment, 1),
            (b'!', b'=') => (T::NotEquals, 2),
            (b'!', b'~') => (T::NotEqualsInsensitive, 2),
            (b'!', _) => (T::Exclamation, 1),
            (b'<', b'=') => (T::LessThanOrEqual, 2),
            (b'<', _) => (T::LeftChevron, 1),
            (b'>', b'=') => (T::GreaterThanOrEqual, 2),
            (b'>', _) => (T::RightChevron, 1),
            (b'&', b'&') => (T::LogicalAnd, 2),
            (b'|', b'|') => (T::LogicalOr, 2),
            (b'|', _) => (T::Pipe, 1),
            _ => {
                self.at += 1;
                while self.peek(0) & 0xc0 == 0x80 {
                    self.at += 1;
                }
                self.problem(start, Syntax::UnknownCharacter);
                return T::Unrecognized;
            }
        };
        self.one(kind, length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text).tokens.iter().map(|token| token.kind).collect()
    }

    #[test]
    fn holes_nest() {
        use TokenKind as T;
        assert_eq!(
            kinds("'a${ { b: '${c}' }.b }d'"),
            [
                T::StringLeftPiece,
                T::LeftBrace,
                T::Identifier,
                T::Colon,
                T::StringLeftPiece,
                T::Identifier,
                T::StringRightPiece,
                T::RightBrace,
                T::Dot,
                T::Identifier,
                T::StringRightPiece,
                T::EndOfFile
            ]
        );
    }

    #[test]
    fn triple_quotes_need_as_many_dollars() {
        use TokenKind as T;
        assert_eq!(kinds("'''${a}'''"), [T::StringComplete, T::EndOfFile]);
        assert_eq!(kinds("$$'''${a} $${b}'''"), [T::StringLeftPiece, T::Identifier, T::StringRightPiece, T::EndOfFile]);
        assert_eq!(kinds("''''quoted''''"), [T::StringComplete, T::EndOfFile]);
    }

    #[test]
    fn unterminated_strings_end_with_their_line() {
        let lexed = lex("var a = 'x\nvar b = 1\n");
        assert_eq!(lexed.problems.len(), 1);
        assert_eq!(lexed.tokens.iter().filter(|token| token.kind == TokenKind::NewLine).count(), 2);
        assert!(!lex("'\\").tokens.is_empty() && !lex("'''").problems.is_empty() && !lex("/*").problems.is_empty());
    }

    #[test]
    fn directives_are_kept_and_are_no_tokens() {
        let lexed = lex("#disable-next-line no-unused-params // why\nparam a string");
        assert_eq!(lexed.directives.len(), 1);
        assert_eq!(lexed.tokens.first().map(|token| token.kind), Some(TokenKind::NewLine));
    }
}
