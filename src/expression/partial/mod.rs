//! Computing with what is known of a value that is not known as a whole.

pub mod text;

use std::sync::Arc;

use super::compare::{Truth, equal, type_of};
use crate::model::{Kind, Object, Shape, Unknown, Value, Why};

/// Most alternatives that are kept apart; beyond that only the type is.
pub const MAX_ALTERNATIVES: usize = 16;

/// The value that is one of `alternatives`, for the reason `why`: the value itself where all are equal, else
/// [`Shape::OneOf`] them. Alternatives that fail are left out while others remain: a deployment that fails makes nothing.
pub fn one_of(why: &Why, alternatives: impl IntoIterator<Item = Value>) -> Value {
    let mut kept: Vec<Value> = Vec::new();
    let mut failure: Option<Value> = None;
    let mut open = false;
    let mut crowded = false;
    for value in alternatives {
        match value.as_unknown() {
            Some(Unknown { why: Why::Error(_), .. }) => failure = failure.or(Some(value)),
            Some(Unknown { shape: Shape::Any, .. }) => open = true,
            Some(Unknown { shape: Shape::OneOf(values), .. }) => {
                for value in values.iter() {
                    keep(&mut kept, value.clone(), &mut crowded);
                }
            }
            _ => keep(&mut kept, value, &mut crowded),
        }
    }
    if open {
        return Value::unknown(why.clone());
    }
    if crowded {
        let mut types = kept.iter().map(|value| type_of(&value.kind));
        let first = types.next().flatten();
        let shape = first.filter(|_| types.all(|each| each == first)).map_or(Shape::Any, Shape::Type);
        return Value::unknown_shaped(why.clone(), shape);
    }
    if let [a, b] = kept.as_slice()
        && let (Kind::Bool(_), Kind::Bool(_)) = (&a.kind, &b.kind)
    {
        return Value::unknown_shaped(why.clone(), Shape::Type("bool"));
    }
    match kept.pop() {
        None => failure.unwrap_or_else(|| Value::unknown(why.clone())),
        Some(only) if kept.is_empty() => only,
        Some(last) => {
            kept.push(last);
            Value::unknown_shaped(why.clone(), Shape::OneOf(kept.into()))
        }
    }
}

fn keep(kept: &mut Vec<Value>, value: Value, crowded: &mut bool) {
    if kept.iter().any(|other| same(other, &value)) {
        return;
    }
    if kept.len() >= MAX_ALTERNATIVES {
        *crowded = true;
    } else {
        kept.push(value);
    }
}

/// The same in every respect: also in the spelling and order of property names, which some functions show.
fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Array(a), Kind::Array(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Kind::Object(a), Kind::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.key == b.key && same(&a.value, &b.value))
        }
        (Kind::Secret(a), Kind::Secret(b)) => match (a.reveal(), b.reveal()) {
            (Some(a), Some(b)) => same(&Value::new(a.clone()), &Value::new(b.clone())),
            (None, None) => a.source == b.source,
            _ => false,
        },
        (Kind::Secret(_), _) | (_, Kind::Secret(_)) => false,
        (Kind::Unknown(a), Kind::Unknown(b)) => Arc::ptr_eq(a, b),
        (Kind::Int(_), Kind::Float(_)) | (Kind::Float(_), Kind::Int(_)) => false,
        _ => equal(a, b) == Truth::Yes,
    }
}

/// The alternatives of a value, if it is one of some.
pub fn alternatives(value: &Value) -> Option<&[Value]> {
    match value.as_unknown() {
        Some(Unknown { shape: Shape::OneOf(values), .. }) => Some(values),
        _ => None,
    }
}

/// The properties that an object certainly has, known as a whole or in part.
pub fn known_fields(value: &Value) -> Option<&Object> {
    match &value.kind {
        Kind::Object(object) => Some(object),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Fields(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Why the first unknown value among `values` is unknown; where none is as a whole, looking into arrays and objects.
pub fn first_why<'a>(values: impl IntoIterator<Item = &'a Value, IntoIter: Clone>) -> Option<&'a Why> {
    let values = values.into_iter();
    values.clone().find_map(|value| value.as_unknown().map(|unknown| &unknown.why)).or_else(|| values.clone().find_map(why_of))
}

fn why_of(value: &Value) -> Option<&Why> {
    match &value.kind {
        Kind::Unknown(unknown) => Some(&unknown.why),
        Kind::Array(items) => items.iter().find_map(why_of),
        Kind::Object(object) => object.iter().find_map(|field| why_of(&field.value)),
        _ => None,
    }
}

/// A boolean, or unknown for the first reason found in `values`.
pub fn truth(truth: Truth, values: &[Value]) -> Value {
    match truth.known() {
        Some(flag) => Value::from(flag),
        None => unknown_like(values, Shape::Type("bool")),
    }
}

/// Unknown for the first reason found in `values`.
pub fn unknown_like<'a>(values: impl IntoIterator<Item = &'a Value, IntoIter: Clone>, shape: Shape) -> Value {
    let why = first_why(values).cloned().unwrap_or_else(|| Why::Runtime(Arc::from("a secret value")));
    Value::unknown_shaped(why, shape)
}

/// Reads a condition: true, false, or unknown. `None` for a value that can be no boolean.
/// A secret condition is read: which way a template branches is no secret.
pub fn condition(value: &Value) -> Option<Truth> {
    match &value.kind {
        Kind::Bool(flag) => Some((*flag).into()),
        Kind::Str(text) if text.eq_ignore_ascii_case("true") => Some(Truth::Yes),
        Kind::Str(text) if text.eq_ignore_ascii_case("false") => Some(Truth::No),
        Kind::Secret(secret) => secret.reveal().map_or(Some(Truth::Maybe), |kind| condition(&Value::new(kind.clone()))),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::OneOf(values) => {
                let mut truths = values.iter().filter_map(condition);
                let first = truths.next()?;
                Some(if truths.all(|truth| truth == first) { first } else { Truth::Maybe })
            }
            Shape::Any | Shape::Type("bool" | "string") | Shape::Text(_) => Some(Truth::Maybe),
            _ => None,
        },
        _ => None,
    }
}
