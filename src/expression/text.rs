use super::{Expr, ParseError, parse};
use crate::model::Span;

/// What a JSON string of a template means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text<'a> {
    /// Itself, the `[[` escape already undone.
    Plain(&'a str),
    /// An expression: the text between the brackets.
    Expression(&'a str),
}

/// Decides whether a JSON string is an expression: it starts with `[` and ends with `]`, and `[[` is an escaped `[`.
pub fn classify(text: &str) -> Text<'_> {
    let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else { return Text::Plain(text) };
    if inner.starts_with('[') { Text::Plain(text.get(1..).unwrap_or(text)) } else { Text::Expression(inner) }
}

/// Parses a JSON string that is an expression; `None` for plain text.
///
/// `span` is the place of the string, with or without its quotes. Where the string has escapes, offsets inside it are
/// not known, and every node carries the whole span.
pub fn parse_text(text: &str, span: Span) -> Option<Result<Expr, ParseError>> {
    let Text::Expression(inner) = classify(text) else { return None };
    let width = span.end.saturating_sub(span.start) as usize;
    let margin = match width.checked_sub(text.len()) {
        Some(0) => 1,
        Some(2) => 2,
        _ => return Some(parse(inner, span)),
    };
    Some(parse(inner, Span::new(span.file, span.start.saturating_add(margin), span.end.saturating_sub(margin))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileId;

    #[test]
    fn brackets_decide_and_double_brackets_escape() {
        assert_eq!(classify("[a()]"), Text::Expression("a()"));
        assert_eq!(classify("[[a()]"), Text::Plain("[a()]"));
        assert_eq!(classify("[[a()"), Text::Plain("[[a()"));
        assert_eq!(classify("[a() "), Text::Plain("[a() "));
        assert_eq!(classify("["), Text::Plain("["));
        assert_eq!(classify("[]"), Text::Expression(""));
    }

    #[test]
    fn spans_point_into_the_string_with_and_without_quotes() {
        let file = FileId(0);
        let quoted = parse_text("[f('x')]", Span::new(file, 10, 20)).expect("an expression").expect("parses");
        assert_eq!(quoted.span(), Span::new(file, 12, 18));
        let bare = parse_text("[f('x')]", Span::new(file, 10, 18)).expect("an expression").expect("parses");
        assert_eq!(bare.span(), Span::new(file, 11, 17));
        let escaped = parse_text("[f('x')]", Span::new(file, 10, 30)).expect("an expression").expect("parses");
        assert_eq!(escaped.span(), Span::new(file, 10, 30));
    }
}
