//! Between types: `string`, `int`, `float`, `json`, `array`, and the text of a value inside another text.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use super::Answer;
use super::arguments::{Arguments, invalid};
use crate::expression::partial::text::Builder;
use crate::expression::{FunctionError, MAX_TEXT, partial};
use crate::model::{Kind, Object, Shape, Value};

/// The text that a known value has inside another text, as .NET writes it: `True`, `12`, compact JSON.
pub fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    Some(match &value.kind {
        Kind::Str(text) => Cow::Borrowed(text),
        Kind::Null => Cow::Borrowed(""),
        Kind::Bool(flag) => Cow::Borrowed(if *flag { "True" } else { "False" }),
        Kind::Int(n) => Cow::Owned(n.to_string()),
        Kind::Float(x) => Cow::Owned(float_text(*x)),
        _ => return None,
    })
}

/// Appends a value's text to a text, as far as it is known.
pub fn append(builder: &mut Builder, value: &Value) {
    if let Some(text) = text_of(value) {
        return builder.text(&text);
    }
    match &value.kind {
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) => builder.pieces(pieces, &unknown.why),
            _ => builder.hole(&unknown.why),
        },
        _ => write_json(builder, value),
    }
}

/// A float as .NET writes it: `1.5`, `2`, `1E+20`.
pub fn float_text(x: f64) -> String {
    if x != 0.0 && (x.abs() >= 1e15 || x.abs() < 1e-5) {
        let text = format!("{x:E}");
        let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
        let power: i32 = exponent.parse().unwrap_or(0);
        return format!("{digits}E{}{:02}", if power < 0 { '-' } else { '+' }, power.abs());
    }
    x.to_string()
}

/// Writes compact JSON, unknown parts as holes.
fn write_json(builder: &mut Builder, value: &Value) {
    match &value.kind {
        Kind::Null => builder.text("null"),
        Kind::Bool(flag) => builder.text(if *flag { "true" } else { "false" }),
        Kind::Int(n) => builder.text(&n.to_string()),
        Kind::Float(x) => builder.text(&json_float(*x)),
        Kind::Str(text) => builder.text(&quoted(text)),
        Kind::Array(items) => {
            builder.text("[");
            for (at, item) in items.iter().enumerate() {
                builder.text(if at > 0 { "," } else { "" });
                write_json(builder, item);
            }
            builder.text("]");
        }
        Kind::Object(object) => {
            builder.text("{");
            for (at, field) in object.iter().enumerate() {
                builder.text(if at > 0 { "," } else { "" });
                builder.text(&quoted(&field.key));
                builder.text(":");
                write_json(builder, &field.value);
            }
            builder.text("}");
        }
        Kind::Unknown(unknown) => builder.hole(&unknown.why),
        // Secrets are laid open or unknown before any function that reads everything.
        Kind::Secret(_) => builder.hole(&crate::model::Why::Runtime("a secret value".into())),
    }
}

fn json_float(x: f64) -> String {
    if x.fract() == 0.0 && x.abs() < 1e15 { format!("{x:.1}") } else { float_text(x) }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Closes a text that was put together, unless it is too long.
pub fn finish(builder: Builder, what: &'static str) -> Answer {
    if builder.is_too_long() { Err(FunctionError::TooLarge { what, limit: MAX_TEXT }) } else { Ok(builder.finish()) }
}

/// `string(value)`
pub fn string(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    if matches!(value.kind, Kind::Str(_)) {
        return Ok(value.clone());
    }
    let mut builder = Builder::new();
    append(&mut builder, value);
    finish(builder, "string()")
}

/// `int('12')`, `int(1.9)`
pub fn int(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    match &value.kind {
        Kind::Int(_) => Ok(value.clone()),
        #[expect(clippy::cast_possible_truncation, reason = "a cast of floats saturates, and checked to be in range")]
        Kind::Float(x) if x.abs() < 9.2e18 => Ok(Value::from(x.round_ties_even() as i64)),
        Kind::Str(text) => match text.trim().parse::<i64>() {
            Ok(n) => Ok(Value::from(n)),
            Err(_) => invalid(format!("`{text}` is no whole number")),
        },
        _ => Err(args.wrong(0, "a number or the text of a whole number")),
    }
}

/// `float('1.5')`
pub fn float(args: Arguments<'_>) -> Answer {
    match &args.value(0)?.kind {
        Kind::Str(text) => match text.trim().parse::<f64>() {
            Ok(x) if x.is_finite() => Ok(Value::new(Kind::Float(x))),
            _ => invalid(format!("`{text}` is no number")),
        },
        _ => args.number(0).map(|x| Value::new(Kind::Float(x))),
    }
}

/// `json('{"a": 1}')`
pub fn json(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    match &value.kind {
        Kind::Str(text) => parse_json(text),
        _ => Ok(value.clone()),
    }
}

/// Reads JSON as ARM does: also with comments, trailing commas and single quotes.
pub fn parse_json(text: &str) -> Answer {
    let text = text.trim();
    if text.is_empty() {
        return invalid("an empty text is no JSON");
    }
    let read = serde_json::from_str::<serde_json::Value>(text);
    match read {
        Ok(json) => Ok(Value::from_json(&json)),
        Err(error) => match super::loose_json::parse(text) {
            Some(value) => Ok(value),
            None => invalid(format!("the text is no JSON: line {}, column {}", error.line(), error.column())),
        },
    }
}

/// `array(value)`: an array stays what it is, anything else becomes the only item of one.
pub fn array(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    Ok(match &value.kind {
        Kind::Array(_) => value.clone(),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Any | Shape::Type("array") => Value::unknown_shaped(unknown.why.clone(), Shape::Type("array")),
            Shape::OneOf(values) => partial::one_of(&unknown.why, values.iter().map(as_array)),
            _ => Value::array(vec![value.clone()]),
        },
        _ => Value::array(vec![value.clone()]),
    })
}

fn as_array(value: &Value) -> Value {
    if matches!(value.kind, Kind::Array(_)) { value.clone() } else { Value::array(vec![value.clone()]) }
}

/// `createArray(…)`
pub fn create_array(args: Arguments<'_>) -> Answer {
    Ok(Value::array(args.values.to_vec()))
}

/// `createObject('a', 1, …)`
pub fn create_object(args: Arguments<'_>) -> Answer {
    let mut object = Object::with_capacity(args.values.len() / 2);
    let (pairs, rest) = args.values.as_chunks::<2>();
    if !rest.is_empty() {
        return invalid("`createObject` takes pairs of names and values; the last value is missing");
    }
    for (at, [key, value]) in pairs.iter().enumerate() {
        match &key.kind {
            Kind::Str(name) => object.insert(Arc::clone(name), key.span(), value.clone()),
            Kind::Unknown(unknown) => return Ok(Value::unknown_shaped(unknown.why.clone(), Shape::Type("object"))),
            _ => return Err(args.wrong(at * 2, "a string")),
        }
    }
    Ok(Value::object(object))
}
