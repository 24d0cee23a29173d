//! Texts with holes: `"st-{?}-prod"`.

use std::sync::Arc;

use crate::expression::compare::Truth;
use crate::model::{Kind, Piece, Shape, Value, Why};

/// Joins known and unknown parts into one text.
#[derive(Debug, Default)]
pub struct Builder {
    pieces: Vec<Piece>,
    /// Known text that is not yet a piece.
    text: String,
    length: usize,
    why: Option<Why>,
}

impl Builder {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends known text.
    pub fn text(&mut self, text: &str) {
        self.length = self.length.saturating_add(text.len());
        if self.length <= crate::expression::MAX_TEXT {
            self.text.push_str(text);
        }
    }

    /// Appends any text, unknown because of `why`.
    pub fn hole(&mut self, why: &Why) {
        self.flush();
        if self.pieces.last() != Some(&Piece::Hole) {
            self.pieces.push(Piece::Hole);
        }
        self.why.get_or_insert_with(|| why.clone());
    }

    /// Appends the pieces of a partly known text.
    pub fn pieces(&mut self, pieces: &[Piece], why: &Why) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Hole => self.hole(why),
            }
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(Piece::Text(std::mem::take(&mut self.text).into()));
        }
    }

    /// Whether the text has grown beyond [`crate::expression::MAX_TEXT`]; what [`Self::finish`] makes is then cut.
    pub const fn is_too_long(&self) -> bool {
        self.length > crate::expression::MAX_TEXT
    }

    /// The whole text, known or partly known.
    pub fn finish(mut self) -> Value {
        match self.why.take() {
            None => Value::str(self.text),
            Some(why) => {
                self.flush();
                let known = self.pieces.iter().any(|piece| matches!(piece, Piece::Text(_)));
                let shape = if known { Shape::Text(self.pieces.into()) } else { Shape::Type("string") };
                Value::unknown_shaped(why, shape)
            }
        }
    }
}

/// The pieces of a text, known or not; `None` for what can be no text.
pub fn pieces_of(value: &Value) -> Option<Arc<[Piece]>> {
    match &value.kind {
        Kind::Str(text) if text.is_empty() => Some(Arc::from([])),
        Kind::Str(text) => Some(Arc::from([Piece::Text(Arc::clone(text))])),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) => Some(Arc::clone(pieces)),
            Shape::Any | Shape::OneOf(_) | Shape::Type("string") => Some(Arc::from([Piece::Hole])),
            _ => None,
        },
        _ => None,
    }
}

/// The same pieces with their known parts changed one by one. Right only for changes that work character by character.
pub fn map(pieces: &[Piece], change: impl Fn(&str) -> String) -> Shape {
    let changed = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => Piece::Text(change(text).into()),
        Piece::Hole => Piece::Hole,
    });
    Shape::Text(changed.collect())
}

/// The known text before the first hole.
pub fn prefix(pieces: &[Piece]) -> &str {
    if let Some(Piece::Text(text)) = pieces.first() { text } else { "" }
}

/// The known text after the last hole.
pub fn suffix(pieces: &[Piece]) -> &str {
    if let Some(Piece::Text(text)) = pieces.last() { text } else { "" }
}

fn has_hole(pieces: &[Piece]) -> bool {
    pieces.contains(&Piece::Hole)
}

/// Whether the text is `known`. Only a text without holes is so for certain.
pub fn could_be(pieces: &[Piece], known: &str) -> Truth {
    if !has_hole(pieces) {
        let mut rest = known;
        for piece in pieces {
            let Piece::Text(text) = piece else { continue };
            let Some(tail) = rest.strip_prefix(&**text) else { return Truth::No };
            rest = tail;
        }
        return rest.is_empty().into();
    }
    // A pattern with wildcards: the ends are fixed, what is between is found leftmost first.
    let (first, last) = (prefix(pieces), suffix(pieces));
    let Some(mut rest) = known.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else { return Truth::No };
    let inner = pieces.get(usize::from(!first.is_empty())..pieces.len() - usize::from(!last.is_empty())).unwrap_or(&[]);
    for piece in inner {
        let Piece::Text(text) = piece else { continue };
        let Some((_, tail)) = rest.split_once(&**text) else { return Truth::No };
        rest = tail;
    }
    Truth::Maybe
}

/// Whether two partly known texts can be the same.
pub fn could_meet(a: &[Piece], b: &[Piece]) -> Truth {
    let meets = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    let meets_behind = |a: &str, b: &str| a.ends_with(b) || b.ends_with(a);
    if meets(prefix(a), prefix(b)) && meets_behind(suffix(a), suffix(b)) { Truth::Maybe } else { Truth::No }
}

/// Whether the text starts with `start`, without regard to case.
pub fn starts_with(pieces: &[Piece], start: &str) -> Truth {
    begins(prefix(pieces).chars(), start.chars(), has_hole(pieces))
}

/// Whether the text ends with `end`, without regard to case.
pub fn ends_with(pieces: &[Piece], end: &str) -> Truth {
    begins(suffix(pieces).chars().rev(), end.chars().rev(), has_hole(pieces))
}

fn begins(mut known: impl Iterator<Item = char>, wanted: impl Iterator<Item = char>, open: bool) -> Truth {
    for want in wanted {
        match known.next() {
            Some(have) if same_letter(have, want) => {}
            None if open => return Truth::Maybe,
            _ => return Truth::No,
        }
    }
    Truth::Yes
}

/// Whether two characters are the same but for their case, as an invariant culture sees it.
pub fn same_letter(a: char, b: char) -> bool {
    a == b || upper(a) == upper(b)
}

/// The upper-case form of one character, where it is one character.
pub fn upper(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// The lower-case form of one character, where it is one character.
pub fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// Whether `part` occurs in the text, with regard to case: certainly where a known part holds it.
pub fn contains(pieces: &[Piece], part: &str) -> Truth {
    let known = pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains(part)));
    if known || part.is_empty() {
        Truth::Yes
    } else if has_hole(pieces) {
        Truth::Maybe
    } else {
        // Neighbouring known pieces are always joined, so nothing spans two of them.
        Truth::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(pattern: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (at, text) in pattern.split('?').enumerate() {
            if at > 0 {
                pieces.push(Piece::Hole);
            }
            if !text.is_empty() {
                pieces.push(Piece::Text(text.into()));
            }
        }
        pieces
    }

    #[test]
    fn holes_match_any_text() {
        assert_eq!(could_be(&pieces("st-?-prod"), "st-a-prod"), Truth::Maybe);
        assert_eq!(could_be(&pieces("st-?-prod"), "st--prod"), Truth::Maybe);
        assert_eq!(could_be(&pieces("st-?-prod"), "st-prod"), Truth::No);
        assert_eq!(could_be(&pieces("?a?b?"), "xxaxb"), Truth::Maybe);
        assert_eq!(could_be(&pieces("?a?b?"), "xxbxa"), Truth::No);
        assert_eq!(could_be(&pieces("abc"), "abc"), Truth::Yes);
        assert_eq!(could_meet(&pieces("a?"), &pieces("?b")), Truth::Maybe);
        assert_eq!(could_meet(&pieces("a?"), &pieces("b?")), Truth::No);
    }

    #[test]
    fn known_ends_decide() {
        assert_eq!(starts_with(&pieces("ST-?"), "st"), Truth::Yes);
        assert_eq!(starts_with(&pieces("st?"), "st-"), Truth::Maybe);
        assert_eq!(starts_with(&pieces("sx?"), "st-"), Truth::No);
        assert_eq!(ends_with(&pieces("?-prod"), "PROD"), Truth::Yes);
        assert_eq!(contains(&pieces("?-prod"), "prod"), Truth::Yes);
        assert_eq!(contains(&pieces("a?"), "b"), Truth::Maybe);
        assert_eq!(contains(&pieces("a"), "b"), Truth::No);
    }
}
