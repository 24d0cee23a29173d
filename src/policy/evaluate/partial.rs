//! Tests on values of which only something is known.

use super::compare::{fold, holds, like};
use crate::model::{Kind, Piece, Shape, Unknown, Value};
use crate::policy::condition::Test;
use crate::policy::truth::Truth;
use crate::policy::world::can_meet;

/// Stands for a hole; the same sign as in `world::identity`.
const HOLE: char = '\u{1}';

/// The answer that holds whatever the unknown turns out to be, if there is one.
pub(super) fn holds_of_unknown(test: Test, unknown: &Unknown, right: &Value, regex: Option<&regex::Regex>) -> Truth {
    let open = || Truth::Unknown(unknown.why.clone());
    match &unknown.shape {
        Shape::OneOf(values) => {
            let mut answers = values.iter().map(|value| holds(test, Some(value), right, regex));
            let Some(first) = answers.next() else { return open() };
            if !first.is_unknown() && answers.all(|answer| answer == first) { first } else { open() }
        }
        Shape::Text(pieces) => of_text(test, pieces, right).map_or_else(open, Truth::from),
        Shape::Type(kind) => match (test, &right.kind) {
            (Test::Exists, _) => wanted(right).map_or_else(open, Truth::from),
            (Test::Equals, Kind::Str(_) | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_)) if matches!(*kind, "array" | "object") => {
                Truth::False
            }
            _ => open(),
        },
        _ => open(),
    }
}

fn of_text(test: Test, pieces: &[Piece], right: &Value) -> Option<bool> {
    let text =
        || fold(&pieces.iter().map(|piece| if let Piece::Text(text) = piece { text } else { "\u{1}" }).collect::<String>()).into_owned();
    match (test, &right.kind) {
        (Test::Exists, _) => wanted(right),
        (Test::Equals, Kind::Str(known)) if !can_meet(&text(), &fold(known)) => Some(false),
        (Test::Equals, Kind::Array(_) | Kind::Object(_)) => Some(false),
        (Test::Like, Kind::Str(pattern)) => {
            let (text, pattern) = (text(), fold(pattern));
            // Only `*` matches a hole, and it matches all that the hole may be.
            if like(&text, &pattern.replace('?', "\u{2}")) {
                return Some(true);
            }
            let loose: String = pattern.chars().map(|c| if matches!(c, '*' | '?') { HOLE } else { c }).collect();
            (!can_meet(&text, &loose)).then_some(false)
        }
        (Test::Contains, Kind::Str(needle)) => {
            let needle = fold(needle);
            let known = |piece: &Piece| matches!(piece, Piece::Text(text) if fold(text).contains(needle.as_ref()));
            pieces.iter().any(known).then_some(true)
        }
        (Test::In, Kind::Array(items)) => {
            let text = text();
            let possible = |item: &Value| match &item.kind {
                Kind::Str(known) => can_meet(&text, &fold(known)),
                Kind::Array(_) | Kind::Object(_) => false,
                _ => true,
            };
            (!items.iter().any(possible)).then_some(false)
        }
        _ => None,
    }
}

/// A known value exists: whether the leaf wants that.
fn wanted(right: &Value) -> Option<bool> {
    match &right.kind {
        Kind::Bool(flag) => Some(*flag),
        Kind::Str(text) => Some(text.eq_ignore_ascii_case("true")),
        _ => None,
    }
}
