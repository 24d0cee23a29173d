//! Texts: case, search, parts. Lengths and positions count UTF-16 code units, as .NET does.

use super::Answer;
use super::arguments::{Arguments, invalid};
use super::convert::{append, finish, text_of};
use crate::expression::partial::text::{self as known, Builder, lower, pieces_of, upper};
use crate::expression::{FunctionError, MAX_TEXT, partial};
use crate::model::{Kind, Piece, Shape, Value};

/// How many UTF-16 code units a text has.
pub fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The byte at which UTF-16 code unit `unit` starts; `None` beyond the end. Half a pair counts as its whole character.
pub fn byte_of(text: &str, unit: usize) -> Option<usize> {
    if text.is_ascii() {
        return (unit <= text.len()).then_some(unit);
    }
    let mut at = 0;
    for (byte, c) in text.char_indices() {
        if at >= unit {
            return Some(byte);
        }
        at += c.len_utf16();
    }
    (at >= unit).then_some(text.len())
}

fn head(text: &str, units: usize) -> &str {
    byte_of(text, units).and_then(|end| text.get(..end)).unwrap_or(text)
}

fn tail(text: &str, units: usize) -> &str {
    byte_of(text, units).and_then(|start| text.get(start..)).unwrap_or("")
}

/// Changes a text character by character, also one that is partly known.
fn change(args: Arguments<'_>, map: impl Fn(&str) -> String) -> Answer {
    let value = args.value(0)?;
    match &value.kind {
        Kind::Str(text) => Ok(Value::from(map(text))),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) => Ok(Value::unknown_shaped(unknown.why.clone(), known::map(pieces, map))),
            Shape::Any | Shape::Type("string") => Ok(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string"))),
            _ => Err(args.wrong(0, "a string")),
        },
        _ => Err(args.wrong(0, "a string")),
    }
}

/// `toLower('Aa')`, with the invariant culture.
pub fn to_lower(args: Arguments<'_>) -> Answer {
    change(args, |text| if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(lower).collect() })
}

/// `toUpper('Aa')`, with the invariant culture.
pub fn to_upper(args: Arguments<'_>) -> Answer {
    change(args, |text| if text.is_ascii() { text.to_ascii_uppercase() } else { text.chars().map(upper).collect() })
}

/// `trim(' a ')`
pub fn trim(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    let Some(unknown) = value.as_unknown() else { return Ok(Value::from(args.text(0)?.trim())) };
    let Some(pieces) = pieces_of(value) else { return Err(args.wrong(0, "a string")) };
    // A hole may be empty or blank; then trimming goes on in the known text behind it, up to its first letter.
    let has_letter = |piece: &Piece| matches!(piece, Piece::Text(text) if !text.trim().is_empty());
    let (first, last) = (pieces.iter().position(has_letter), pieces.iter().rposition(has_letter));
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string")));
    };
    let mut builder = Builder::new();
    if first > 0 {
        builder.hole(&unknown.why);
    }
    for (at, piece) in pieces.iter().enumerate().take(last + 1).skip(first) {
        match piece {
            Piece::Hole => builder.hole(&unknown.why),
            Piece::Text(text) => {
                let text = if at == first { text.trim_start() } else { text };
                builder.text(if at == last { text.trim_end() } else { text });
            }
        }
    }
    if last + 1 < pieces.len() {
        builder.hole(&unknown.why);
    }
    Ok(builder.finish())
}

/// `concat('a', 'b')`, `concat(array, array)`
pub fn concat(args: Arguments<'_>) -> Answer {
    let is_array = |value: &Value| match &value.kind {
        Kind::Array(_) => true,
        Kind::Unknown(unknown) => matches!(unknown.shape, Shape::Type("array")),
        _ => false,
    };
    if args.values.iter().any(is_array) {
        return super::arrays::concat(args);
    }
    if args.values.iter().all(|value| matches!(value.as_unknown().map(|unknown| &unknown.shape), Some(Shape::Any))) {
        return Ok(partial::unknown_like(args.values, Shape::Any));
    }
    let mut builder = Builder::new();
    for (at, value) in args.values.iter().enumerate() {
        if matches!(value.kind, Kind::Object(_)) {
            return Err(args.wrong(at, "a string, a number or an array"));
        }
        append(&mut builder, value);
    }
    finish(builder, "concat()")
}

/// `replace('abc', 'b', 'x')`
pub fn replace(args: Arguments<'_>) -> Answer {
    let (whole, old, new) = (args.value(0)?, args.value(1)?, args.value(2)?);
    let pieces = pieces_of(whole).ok_or_else(|| args.wrong(0, "a string"))?;
    let known_old = old.as_str();
    if pieces_of(new).is_none() {
        return Err(args.wrong(2, "a string"));
    }
    let Some(old) = known_old else {
        return if old.is_unknown() {
            Ok(partial::unknown_like(args.values, Shape::Type("string")))
        } else {
            Err(args.wrong(1, "a string"))
        };
    };
    if old.is_empty() {
        return invalid("`replace` needs a text to search for");
    }
    // Where the text has holes, a longer text could be found across their edges.
    if whole.is_unknown() && old.chars().nth(1).is_some() {
        return Ok(partial::unknown_like(args.values, Shape::Type("string")));
    }
    let mut builder = Builder::new();
    for piece in pieces.iter() {
        match (piece, whole.as_unknown()) {
            (Piece::Text(text), _) => {
                for (at, part) in text.split(old).enumerate() {
                    if at > 0 {
                        append(&mut builder, new);
                    }
                    builder.text(part);
                    if builder.is_too_long() {
                        return finish(builder, "replace()");
                    }
                }
            }
            (Piece::Hole, Some(unknown)) => builder.hole(&unknown.why),
            (Piece::Hole, None) => {}
        }
    }
    finish(builder, "replace()")
}

/// `padLeft('1', 3, '0')`
pub fn pad_left(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    let Some(width) = args.value(1)?.as_int() else {
        if let Some(unknown) = args.value(1)?.as_unknown() {
            return Ok(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string")));
        }
        return Err(args.wrong(1, "an integer"));
    };
    let filler = match args.get(2) {
        None => " ",
        Some(filler) if filler.is_unknown() => return Ok(partial::unknown_like(args.values, Shape::Type("string"))),
        Some(_) => args.text(2)?,
    };
    let mut letters = filler.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else { return invalid("`padLeft` pads with one character") };
    let width = usize::try_from(width).unwrap_or(0);
    if width > MAX_TEXT / 4 {
        return Err(FunctionError::TooLarge { what: "padLeft()", limit: MAX_TEXT });
    }
    let mut builder = Builder::new();
    if let Some(unknown) = value.as_unknown() {
        builder.hole(&unknown.why);
        append(&mut builder, value);
        return finish(builder, "padLeft()");
    }
    let text = text_of(value).ok_or_else(|| args.wrong(0, "a string or an integer"))?;
    let missing = width.saturating_sub(units(&text));
    builder.text(&letter.to_string().repeat(missing));
    builder.text(&text);
    finish(builder, "padLeft()")
}

/// `substring('abc', 1, 1)`
pub fn substring(args: Arguments<'_>) -> Answer {
    if let Some(unknown) = args.value(0)?.as_unknown() {
        let pieces = pieces_of(args.value(0)?).ok_or_else(|| args.wrong(0, "a string"))?;
        let start = args.value(1)?.as_int().and_then(|n| usize::try_from(n).ok());
        let length = args.get(2).and_then(Value::as_int).and_then(|n| usize::try_from(n).ok());
        let prefix = known::prefix(&pieces);
        if let (Some(start), Some(length)) = (start, length)
            && start.saturating_add(length) <= units(prefix)
        {
            return Ok(Value::from(head(tail(prefix, start), length)));
        }
        return Ok(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string")));
    }
    if args.values.iter().any(Value::is_unknown) {
        return Ok(partial::unknown_like(args.values, Shape::Type("string")));
    }
    let text = args.text(0)?;
    let (whole, start) = (units(text), usize::try_from(args.int(1)?).unwrap_or(usize::MAX));
    let length = match args.optional_int(2)? {
        Some(length) => usize::try_from(length).unwrap_or(usize::MAX),
        None => whole.saturating_sub(start),
    };
    if start > whole || start.saturating_add(length) > whole {
        return invalid(format!("`substring` of {length} from {start} is outside a text of {whole} characters"));
    }
    Ok(Value::from(head(tail(text, start), length)))
}

/// The first `n` units of a partly known text.
pub fn take(value: &Value, n: usize) -> Option<Value> {
    if let Kind::Str(text) = &value.kind {
        return Some(if n >= units(text) { value.clone() } else { Value::from(head(text, n)) });
    }
    let (unknown, pieces) = (value.as_unknown()?, pieces_of(value)?);
    let prefix = known::prefix(&pieces);
    if units(prefix) >= n {
        return Some(Value::from(head(prefix, n)));
    }
    let mut builder = Builder::new();
    builder.text(prefix);
    builder.hole(&unknown.why);
    Some(builder.finish())
}

/// A partly known text without its first `n` units.
pub fn skip(value: &Value, n: usize) -> Option<Value> {
    if let Kind::Str(text) = &value.kind {
        return Some(if n == 0 { value.clone() } else { Value::from(tail(text, n)) });
    }
    let (unknown, pieces) = (value.as_unknown()?, pieces_of(value)?);
    let prefix = known::prefix(&pieces);
    if units(prefix) < n {
        return Some(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string")));
    }
    let mut builder = Builder::new();
    builder.text(tail(prefix, n));
    builder.pieces(pieces.get(usize::from(!prefix.is_empty())..).unwrap_or(&[]), &unknown.why);
    Some(builder.finish())
}

/// The first (or last) character of a partly known text.
pub fn end_letter(value: &Value, last: bool) -> Option<Value> {
    let pieces = pieces_of(value)?;
    let text = if last { known::suffix(&pieces) } else { known::prefix(&pieces) };
    let letter = if last { text.chars().next_back() } else { text.chars().next() };
    match (letter, value.as_unknown()) {
        (Some(letter), _) => Some(Value::from(letter.to_string())),
        (None, None) => Some(Value::from("")),
        (None, Some(unknown)) => Some(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string"))),
    }
}

/// `split('a,b', ',')`, `split('a,b;c', createArray(',', ';'))`
pub fn split(args: Arguments<'_>) -> Answer {
    let text = args.text(0)?;
    let one;
    let delimiters: Vec<&str> = match &args.value(1)?.kind {
        Kind::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => {
            one = args.text(1)?;
            vec![one]
        }
    };
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        // The earliest delimiter; at the same place the one that is listed first, as in .NET.
        let found = delimiters.iter().filter(|delimiter| !delimiter.is_empty());
        let found = found.filter_map(|delimiter| rest.find(delimiter).map(|at| (at, delimiter.len()))).min_by_key(|(at, _)| *at);
        let Some((at, length)) = found else { break };
        parts.push(Value::from(rest.get(..at).unwrap_or("")));
        rest = rest.get(at + length..).unwrap_or("");
    }
    parts.push(Value::from(rest));
    Ok(Value::array(parts))
}

/// `join(createArray('a', 'b'), ',')`
pub fn join(args: Arguments<'_>) -> Answer {
    let delimiter = args.value(1)?;
    if pieces_of(delimiter).is_none() {
        return Err(args.wrong(1, "a string"));
    }
    if let Some(unknown) = args.value(0)?.as_unknown() {
        return Ok(Value::unknown_shaped(unknown.why.clone(), Shape::Type("string")));
    }
    let mut builder = Builder::new();
    for (at, item) in args.array(0)?.iter().enumerate() {
        if at > 0 {
            append(&mut builder, delimiter);
        }
        append(&mut builder, item);
        if builder.is_too_long() {
            break;
        }
    }
    finish(builder, "join()")
}
