//! Questions about texts, arrays and objects: `contains`, `startsWith`, `indexOf`, `empty`, `length`, `like`.

use super::Answer;
use super::arguments::Arguments;
use super::strings::units;
use crate::expression::partial::text::{self as known, pieces_of, upper};
use crate::expression::{Truth, equal, partial};
use crate::model::{Kind, Shape, Value};

/// `contains(text | array | object, wanted)`: texts with case, property names without.
pub fn contains(args: Arguments<'_>) -> Answer {
    let (whole, wanted) = (args.value(0)?, args.value(1)?);
    let truth = match &whole.kind {
        Kind::Array(items) => Truth::any(items.iter().map(|item| equal(item, wanted))),
        Kind::Object(object) => match pieces_of_key(wanted) {
            Some(key) => object.contains_key(&key).into(),
            None if wanted.is_unknown() => Truth::any(object.iter().map(|field| equal(&Value::str(field.key.clone()), wanted))),
            None => return Err(args.wrong(1, "a string")),
        },
        Kind::Str(_) => text_contains(whole, wanted).ok_or_else(|| args.wrong(1, "a string"))?,
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(_) => text_contains(whole, wanted).ok_or_else(|| args.wrong(1, "a string"))?,
            Shape::Fields(object) if wanted.as_str().is_some_and(|key| object.contains_key(key)) => Truth::Yes,
            Shape::Type("int" | "bool" | "null") => return Err(args.wrong(0, "a string, an array or an object")),
            _ => Truth::Maybe,
        },
        _ => return Err(args.wrong(0, "a string, an array or an object")),
    };
    Ok(partial::truth(truth, args.values))
}

fn pieces_of_key(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    if value.is_null() { None } else { super::convert::text_of(value) }
}

fn text_contains(whole: &Value, wanted: &Value) -> Option<Truth> {
    let pieces = pieces_of(whole)?;
    match super::convert::text_of(wanted) {
        Some(wanted) => Some(known::contains(&pieces, &wanted)),
        // What is wanted has a known part that the text does not have anywhere.
        None => {
            let parts = pieces_of(wanted)?;
            let known = parts.iter().map(|part| match part {
                crate::model::Piece::Text(text) => known::contains(&pieces, text),
                crate::model::Piece::Hole => Truth::Yes,
            });
            Some(Truth::all(known).and(Truth::Maybe))
        }
    }
}

/// `startsWith('abc', 'A')`: without regard to case.
pub fn starts_with(args: Arguments<'_>) -> Answer {
    affix(args, known::starts_with, known::prefix)
}

/// `endsWith('abc', 'C')`: without regard to case.
pub fn ends_with(args: Arguments<'_>) -> Answer {
    affix(args, known::ends_with, known::suffix)
}

type Pieces = [crate::model::Piece];

fn affix(args: Arguments<'_>, test: fn(&Pieces, &str) -> Truth, known_end: fn(&Pieces) -> &str) -> Answer {
    let pieces = pieces_of(args.value(0)?).ok_or_else(|| args.wrong(0, "a string"))?;
    let wanted = pieces_of(args.value(1)?).ok_or_else(|| args.wrong(1, "a string"))?;
    let truth = test(&pieces, known_end(&wanted));
    let whole = !args.value(1)?.is_unknown();
    Ok(partial::truth(if whole { truth } else { truth.and(Truth::Maybe) }, args.values))
}

/// `indexOf('abc', 'B')`: without regard to case in texts, with it in arrays; -1 where it is not found.
pub fn index_of(args: Arguments<'_>) -> Answer {
    position(args, false)
}

/// `lastIndexOf('abcb', 'B')`
pub fn last_index_of(args: Arguments<'_>) -> Answer {
    position(args, true)
}

fn position(args: Arguments<'_>, last: bool) -> Answer {
    let (whole, wanted) = (args.value(0)?, args.value(1)?);
    match &whole.kind {
        Kind::Array(items) => {
            let mut order: Vec<(usize, &Value)> = items.iter().enumerate().collect();
            if last {
                order.reverse();
            }
            for (at, item) in order {
                match equal(item, wanted) {
                    Truth::Yes => return Ok(Value::from(i64::try_from(at).unwrap_or(i64::MAX))),
                    Truth::Maybe => return Ok(partial::unknown_like(args.values, Shape::Type("int"))),
                    Truth::No => {}
                }
            }
            Ok(Value::from(-1))
        }
        Kind::Unknown(_) if !last && wanted.as_str().is_some() => {
            // Only what is known to be a text: an array is searched otherwise.
            let pieces = whole.as_unknown().filter(|unknown| matches!(unknown.shape, Shape::Text(_))).and_then(|_| pieces_of(whole));
            let Some(pieces) = pieces else { return Ok(partial::unknown_like(args.values, Shape::Type("int"))) };
            match found(known::prefix(&pieces), args.text(1)?, false) {
                at @ 0.. => Ok(Value::from(at)),
                _ => Ok(partial::unknown_like(args.values, Shape::Type("int"))),
            }
        }
        Kind::Unknown(_) => Ok(partial::unknown_like(args.values, Shape::Type("int"))),
        _ if wanted.is_unknown() => Ok(partial::unknown_like(args.values, Shape::Type("int"))),
        _ => Ok(Value::from(found(args.text(0)?, args.text(1)?, last))),
    }
}

fn found(text: &str, wanted: &str, last: bool) -> i64 {
    let fold = |text: &str| -> String { text.chars().map(upper).collect() };
    let (text, wanted) = (fold(text), fold(wanted));
    let at = if last { text.rfind(&wanted) } else { text.find(&wanted) };
    let at = at.map(|at| units(text.get(..at).unwrap_or("")));
    at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1)
}

/// `empty(text | array | object | null)`
pub fn empty(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    let truth = match &value.kind {
        Kind::Null => Truth::Yes,
        Kind::Str(text) => text.is_empty().into(),
        Kind::Array(items) => items.is_empty().into(),
        Kind::Object(object) => object.is_empty().into(),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) if pieces.iter().any(|piece| matches!(piece, crate::model::Piece::Text(_))) => Truth::No,
            Shape::Fields(object) if !object.is_empty() => Truth::No,
            _ => Truth::Maybe,
        },
        _ => return Err(args.wrong(0, "a string, an array, an object or null")),
    };
    Ok(partial::truth(truth, args.values))
}

/// `length(text | array | object)`
pub fn length(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    let length = match &value.kind {
        Kind::Null => 0,
        Kind::Str(text) => units(text),
        Kind::Array(items) => items.len(),
        Kind::Object(object) => object.len(),
        Kind::Unknown(_) => return Ok(partial::unknown_like(args.values, Shape::Type("int"))),
        _ => return Err(args.wrong(0, "a string, an array or an object")),
    };
    Ok(Value::from(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// `like('abc', 'A*')`: `*` is any text, `?` any character; without regard to case.
pub fn like(args: Arguments<'_>) -> Answer {
    let fold = |text: &str| -> Vec<char> { text.chars().map(upper).collect() };
    Ok(Value::from(matches(&fold(args.text(0)?), &fold(args.text(1)?))))
}

/// Wildcards, by going back to the last `*` only: linear in practice, never exponential.
fn matches(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut in_pattern) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(at) {
        match pattern.get(in_pattern) {
            Some('*') => {
                star = Some((at, in_pattern));
                in_pattern += 1;
            }
            Some(want) if *want == '?' || want == letter => {
                at += 1;
                in_pattern += 1;
            }
            _ => {
                let Some((from, star_at)) = star else { return false };
                star = Some((from + 1, star_at));
                at = from + 1;
                in_pattern = star_at + 1;
            }
        }
    }
    pattern.get(in_pattern..).is_none_or(|rest| rest.iter().all(|c| *c == '*'))
}
