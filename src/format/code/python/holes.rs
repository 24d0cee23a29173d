//! What stands in the holes of formatted strings is code, too: `f"{hash(x)}"` calls `hash`.

use super::token::{Kind, Line, Token, lines};

/// Most holes of one line, and the longest that is read.
const MOST: usize = 50;
const LONGEST: usize = 2_000;

/// The holes of a line's formatted strings as lines of their own, each behind the target that the line assigns to.
pub fn holes<'a>(text: &'a str, line: &Line<'a>) -> Vec<Line<'a>> {
    let target = match line.tokens.as_slice() {
        [target, equals, ..] if equals.is("=") => vec![*target, *equals],
        _ => Vec::new(),
    };
    let formatted = line.tokens.iter().filter(|token| token.kind == Kind::Format);
    let found = formatted.flat_map(|token| inside(token.text)).take(MOST);
    found
        .map(|hole| {
            // A hole is a part of the text, so that the distance of their first bytes is its offset.
            let offset = (hole.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            let moved = |token: Token<'a>| Token { start: token.start + offset, end: token.end + offset, ..token };
            let inner = lines(hole).into_iter().flat_map(|line| line.tokens).map(moved);
            Line { indent: line.indent, tokens: target.iter().copied().chain(inner).collect() }
        })
        .collect()
}

/// The parts of a formatted string between single braces.
fn inside(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let mut signs = text.char_indices().filter(|(_, c)| matches!(c, '{' | '}')).peekable();
    while let Some((at, c)) = signs.next() {
        match c {
            '{' if depth == 0 && signs.peek() == Some(&(at + 1, '{')) => {
                signs.next();
            }
            '{' => {
                if depth == 0 {
                    start = at + 1;
                }
                depth += 1;
            }
            _ => {
                if depth == 1 && at - start <= LONGEST {
                    found.extend(text.get(start..at));
                }
                depth = depth.saturating_sub(1);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_read_and_doubled_braces_are_not() {
        assert_eq!(inside("{a}:{{b}}:{hash({'x': 1})}!{c!r}"), ["a", "hash({'x': 1})", "c!r"]);
        let text = "key = f\"{name}:{hash(x)}\"";
        let all = lines(text);
        let found = holes(text, &all[0]);
        let written: Vec<Vec<&str>> =
            found.iter().map(|line| line.tokens.iter().map(|token| text.get(token.start..token.end).unwrap()).collect()).collect();
        assert_eq!(written, [vec!["key", "=", "name"], vec!["key", "=", "hash", "(", "x", ")"]]);
    }
}
