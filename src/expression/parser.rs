use std::sync::Arc;

use super::{Expr, ParseError};
use crate::model::{Kind, Span, Value};

/// Deepest nesting of one expression. The deepest of 147,000 expressions in public templates has 18 levels.
pub const MAX_DEPTH: u32 = 128;

/// Parses the text between `[` and `]`. `span` is the place of `text`; where its width differs from that of `text`
/// (a JSON string with escapes), every node carries the whole span.
///
/// ```
/// use azward::{expression::parse, model::Span};
/// let expr = parse("concat('a-',  toLower( parameters('name') ))", Span::NONE).unwrap();
/// assert_eq!(expr.to_string(), "concat('a-', toLower(parameters('name')))");
/// ```
pub fn parse(text: &str, span: Span) -> Result<Expr, ParseError> {
    let exact = !span.is_none() && span.end.saturating_sub(span.start) as usize == text.len();
    let mut parser = Parser { text, at: 0, span, exact, depth: 0 };
    let expr = parser.expression()?;
    parser.blanks();
    if parser.at < text.len() { Err(parser.expected("the end of the expression")) } else { Ok(expr) }
}

struct Parser<'a> {
    text: &'a str,
    /// Always on a character boundary.
    at: usize,
    span: Span,
    exact: bool,
    depth: u32,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Skips blanks, then takes `byte` if it is next.
    fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn span_from(&self, start: usize) -> Span {
        if !self.exact {
            return self.span;
        }
        let offset = |at: usize| self.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        Span::new(self.span.file, offset(start), offset(self.at))
    }

    fn slice(&self, start: usize) -> &str {
        self.text.get(start..self.at).unwrap_or("")
    }

    fn expected(&self, wanted: &'static str) -> ParseError {
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        let found = next.map_or_else(|| "the end".to_owned(), |c| if c.is_control() { format!("{c:?}") } else { format!("`{c}`") });
        ParseError::Expected { wanted, found, span: self.span_from(self.at) }
    }

    fn deeper(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(ParseError::TooDeep { limit: MAX_DEPTH, span: self.span_from(self.at) });
        }
        Ok(())
    }

    fn expression(&mut self) -> Result<Expr, ParseError> {
        self.deeper()?;
        let outer = self.depth;
        self.blanks();
        let start = self.at;
        let mut expr = match self.peek() {
            Some(b'\'') => self.quoted()?,
            Some(b'0'..=b'9' | b'-' | b'+') => self.number()?,
            Some(byte) if starts_name(byte) => self.call()?,
            _ => return Err(self.expected("a function, a text or a number")),
        };
        loop {
            if self.take(b'.') {
                self.deeper()?;
                self.blanks();
                let name: Arc<str> = self.name()?.into();
                expr = Expr::member(expr, name, self.span_from(start));
            } else if self.take(b'[') {
                self.deeper()?;
                let index = self.expression()?;
                if !self.take(b']') {
                    return Err(self.expected("`]`"));
                }
                expr = Expr::index(expr, index, self.span_from(start));
            } else {
                break;
            }
        }
        self.depth = outer - 1;
        Ok(expr)
    }

    /// A text in single quotes; `''` is a quote.
    fn quoted(&mut self) -> Result<Expr, ParseError> {
        let start = self.at;
        let mut text = String::new();
        loop {
            self.at += 1;
            let rest = self.text.get(self.at..).unwrap_or("");
            let Some(length) = memchr::memchr(b'\'', rest.as_bytes()) else {
                self.at = self.text.len();
                return Err(ParseError::UnclosedText { span: self.span_from(start) });
            };
            let part = rest.get(..length).unwrap_or("");
            self.at += length + 1;
            if self.peek() != Some(b'\'') {
                let whole: Arc<str> = if text.is_empty() { part.into() } else { (text + part).into() };
                return Ok(Expr::str(whole, self.span_from(start)));
            }
            text.push_str(part);
            text.push('\'');
        }
    }

    fn number(&mut self) -> Result<Expr, ParseError> {
        let start = self.at;
        self.at += 1;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'.' | b'e' | b'E'))
            || (matches!(self.peek(), Some(b'-' | b'+')) && matches!(self.text.as_bytes().get(self.at - 1), Some(b'e' | b'E')))
        {
            self.at += 1;
        }
        let text = self.slice(start);
        let kind = match text.parse::<i64>() {
            Ok(n) => Kind::Int(n),
            Err(_) => match text.parse::<f64>() {
                Ok(x) if x.is_finite() => Kind::Float(x),
                _ => return Err(ParseError::BadNumber { text: text.to_owned(), span: self.span_from(start) }),
            },
        };
        Ok(Expr::Literal(Value::at(kind, self.span_from(start))))
    }

    fn name(&mut self) -> Result<&str, ParseError> {
        let start = self.at;
        if !self.peek().is_some_and(starts_name) {
            return Err(self.expected("a name"));
        }
        while self.peek().is_some_and(|byte| starts_name(byte) || byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(self.slice(start))
    }

    /// `name(…)` or `namespace.name(…)`
    fn call(&mut self) -> Result<Expr, ParseError> {
        let start = self.at;
        let mut name: Arc<str> = self.name()?.into();
        while self.take(b'.') {
            self.blanks();
            name = format!("{name}.{}", self.name()?).into();
        }
        if !self.take(b'(') {
            return Err(self.expected("`(`"));
        }
        let mut args = Vec::new();
        if !self.take(b')') {
            loop {
                args.push(self.expression()?);
                if self.take(b')') {
                    break;
                }
                if !self.take(b',') {
                    return Err(self.expected("`,` or `)`"));
                }
            }
        }
        Ok(Expr::call(name, args, self.span_from(start)))
    }
}

pub(super) const fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileId;

    fn printed(text: &str) -> String {
        parse(text, Span::NONE).map_or_else(|error| format!("error: {error}"), |expr| expr.to_string())
    }

    #[test]
    fn what_is_printed_is_what_was_parsed() {
        for text in [
            "parameters('a')",
            "parameters('a').b.c[0].d[copyIndex()]",
            "parameters('a')['b-c']",
            "format('it''s {0}', add(1, -2))",
            "contoso.uniqueName('x')",
            "createObject('a', createArray(), 'b', null())",
            "''",
            "1.5",
            "4['c']",
        ] {
            assert_eq!(printed(text), text);
        }
        assert_eq!(printed(" a ( 'b' , c() ) . d [ 1 ] "), "a('b', c()).d[1]");
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(printed(""), "error: expected a function, a text or a number, found the end");
        assert_eq!(printed("a('x"), "error: the text that starts here has no closing `'`; write `''` for a quote inside a text");
        assert_eq!(printed("a('x' 'y')"), "error: expected `,` or `)`, found `'`");
        assert_eq!(printed("a() b"), "error: expected the end of the expression, found `b`");
        assert_eq!(printed("name"), "error: expected `(`, found the end");
        assert_eq!(printed("1.2.3"), "error: `1.2.3` is not a number that ARM can hold");
    }

    #[test]
    fn depth_is_limited_in_every_direction() {
        let calls = "a(".repeat(100_000);
        assert!(matches!(parse(&calls, Span::NONE), Err(ParseError::TooDeep { .. })));
        let members = format!("a(){}", ".b".repeat(100_000));
        assert!(matches!(parse(&members, Span::NONE), Err(ParseError::TooDeep { .. })));
        let many = format!("a({}1)", "b(c().d), ".repeat(10_000));
        assert!(parse(&many, Span::NONE).is_ok());
    }

    #[test]
    fn nodes_know_their_bytes() {
        let expr = parse("a('é', b().c)", Span::new(FileId(0), 100, 114)).expect("parses");
        let Expr::Call { args, .. } = &expr else { panic!("a call") };
        assert_eq!(args.iter().map(Expr::span).collect::<Vec<_>>(), [Span::new(FileId(0), 102, 106), Span::new(FileId(0), 108, 113)]);
    }
}
