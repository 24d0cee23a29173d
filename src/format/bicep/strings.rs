//! What strings mean: escapes, first line ends, the pieces between holes.

use super::token::{Bytes, Quote};
use super::tree::Interpolated;

/// The text of a string without holes; `raw` is its token.
pub fn unquote(raw: &str, quote: Quote) -> String {
    let (open, close) = ends(quote);
    let inner = raw.get(open..).unwrap_or("");
    let inner = inner.get(..inner.len().saturating_sub(close)).unwrap_or("");
    text(inner, quote, true)
}

/// The pieces of a string between its holes, one more than holes.
pub fn pieces(source: &str, string: &Interpolated) -> Vec<String> {
    let (open, close) = ends(string.quote);
    let hole = match string.quote {
        Quote::Single => 2,
        Quote::Triple(dollars) => usize::from(dollars) + 1,
    };
    let last = string.pieces.len().saturating_sub(1);
    let piece = |(index, at): (usize, &Bytes)| {
        let raw = at.of(source);
        let start = if index == 0 { open } else { 1 };
        let end = raw.len().saturating_sub(if index == last { close } else { hole });
        text(raw.get(start..end).unwrap_or(""), string.quote, index == 0)
    };
    string.pieces.iter().enumerate().map(piece).collect()
}

const fn ends(quote: Quote) -> (usize, usize) {
    match quote {
        Quote::Single => (1, 1),
        Quote::Triple(dollars) => (3 + dollars as usize, 3),
    }
}

fn text(inner: &str, quote: Quote, first: bool) -> String {
    match quote {
        Quote::Single => unescape(inner),
        Quote::Triple(_) if first => {
            let inner = inner.strip_prefix("\r\n").or_else(|| inner.strip_prefix('\n')).unwrap_or(inner);
            inner.to_owned()
        }
        Quote::Triple(_) => inner.to_owned(),
    }
}

/// Resolves `\n \r \t \\ \' \$ \u{…}`; an unknown escape stays as it is.
fn unescape(inner: &str) -> String {
    if !inner.contains('\\') {
        return inner.to_owned();
    }
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some(same @ ('\\' | '\'' | '$')) => out.push(same),
            Some('u') => {
                let code = chars.as_str().strip_prefix('{').and_then(|code| code.split_once('}'));
                let read = code.and_then(|(hex, tail)| Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, tail)));
                if let Some((character, tail)) = read {
                    out.push(character);
                    rest = tail;
                    continue;
                }
                out.push_str("\\u");
            }
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(unquote(r"'a\n\'\\\$\u{1F600}\q'", Quote::Single), "a\n'\\$😀\\q");
        assert_eq!(unquote("'''\r\n a\\n'''", Quote::Triple(0)), " a\\n");
        assert_eq!(unquote("'", Quote::Single), "");
        assert_eq!(unquote(r"'\u{110000}'", Quote::Single), r"\u{110000}");
    }
}
