//! Objects. Property names compare without regard to case.

use std::sync::Arc;

use super::Answer;
use super::arguments::Arguments;
use crate::expression::{Truth, equal, partial};
use crate::model::{Field, Kind, Object, Shape, Value};

const MAX_DEPTH: u32 = 128;

/// `union(object, object)`: objects inside are merged too, anything else is replaced by the later one.
pub fn union(args: Arguments<'_>) -> Answer {
    merge_all(args, args.values, true)
}

/// `shallowMerge(arrayOfObjects)`: later properties replace earlier ones as a whole.
pub fn shallow_merge(args: Arguments<'_>) -> Answer {
    match &args.value(0)?.kind {
        Kind::Unknown(_) => Ok(partial::unknown_like(args.values, Shape::Type("object"))),
        _ => merge_all(args, args.array(0)?, false),
    }
}

fn merge_all(args: Arguments<'_>, values: &[Value], deep: bool) -> Answer {
    let mut merged: Option<Value> = None;
    for (at, value) in values.iter().enumerate() {
        let fits = match &value.kind {
            Kind::Object(_) | Kind::Secret(_) => true,
            Kind::Unknown(unknown) => matches!(unknown.shape, Shape::Any | Shape::Fields(_) | Shape::OneOf(_) | Shape::Type("object")),
            _ => false,
        };
        if !fits {
            return Err(args.wrong(at, "an object"));
        }
        merged = Some(match merged {
            None => value.clone(),
            Some(earlier) => merge(&earlier, value, deep, MAX_DEPTH),
        });
    }
    // What comes out of merging is an object, whatever else is not known of it.
    Ok(match merged {
        None => Value::object(Object::new()),
        Some(value) => match value.as_unknown() {
            Some(unknown) if matches!(unknown.shape, Shape::Any) => Value::unknown_shaped(unknown.why.clone(), Shape::Type("object")),
            _ => value,
        },
    })
}

/// Where the fields of `value` end: as an object, or as an object that may have more.
fn merge(earlier: &Value, later: &Value, deep: bool, depth: u32) -> Value {
    if let (Kind::Object(a), Kind::Object(b)) = (&earlier.kind, &later.kind) {
        if b.is_empty() {
            return earlier.clone();
        }
        if a.is_empty() {
            return later.clone();
        }
        return Value::object(merge_fields(a, b, deep, depth));
    }
    let Some(why) = partial::first_why([earlier, later].into_iter().filter(|value| value.is_unknown())).cloned() else {
        // A secret object among them: nothing can be said of the whole.
        return partial::unknown_like([earlier, later], Shape::Type("object"));
    };
    let empty = Object::new();
    let (a, b) = (partial::known_fields(earlier).unwrap_or(&empty), partial::known_fields(later).unwrap_or(&empty));
    let mut fields = Object::with_capacity(a.len() + b.len());
    for field in a {
        // A later object that is not known may replace it.
        let value = if later.is_unknown() && !b.contains_key(&field.key) { Value::unknown(why.clone()) } else { field.value.clone() };
        fields.insert(Arc::clone(&field.key), field.key_span, value);
    }
    for field in b {
        let value = match a.get(&field.key) {
            Some(before) => merge_value(before, &field.value, deep, depth),
            // An earlier object that is not known may have an object here, which is merged with this one.
            None if earlier.is_unknown() && deep => merge_value(&Value::unknown(why.clone()), &field.value, deep, depth),
            None => field.value.clone(),
        };
        fields.insert(Arc::clone(&field.key), field.key_span, value);
    }
    let shape = if fields.is_empty() { Shape::Type("object") } else { Shape::Fields(Arc::new(fields)) };
    Value::unknown_shaped(why, shape)
}

fn merge_fields(a: &Object, b: &Object, deep: bool, depth: u32) -> Object {
    let mut fields = a.clone();
    for Field { key, key_span, value } in b {
        let merged = match a.get(key) {
            Some(before) => merge_value(before, value, deep, depth),
            None => value.clone(),
        };
        fields.insert(Arc::clone(key), *key_span, merged);
    }
    fields
}

/// What a property is after a later object has set it.
fn merge_value(before: &Value, after: &Value, deep: bool, depth: u32) -> Value {
    if !deep || depth == 0 {
        return after.clone();
    }
    let could_be_object = |value: &Value| match &value.kind {
        Kind::Object(_) => Truth::Yes,
        Kind::Secret(secret) => {
            if matches!(secret.reveal(), Some(Kind::Object(_)) | None) {
                Truth::Maybe
            } else {
                Truth::No
            }
        }
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Fields(_) | Shape::Type("object") => Truth::Yes,
            Shape::Any | Shape::OneOf(_) => Truth::Maybe,
            _ => Truth::No,
        },
        _ => Truth::No,
    };
    match (could_be_object(before), could_be_object(after)) {
        (Truth::No, _) | (_, Truth::No) => after.clone(),
        (Truth::Yes, Truth::Yes) => merge(before, after, deep, depth - 1),
        // An object that meets something unknown: either it is replaced, or both are merged, and the later fields stay.
        (Truth::Maybe, Truth::Yes) if !matches!(before.kind, Kind::Secret(_)) => {
            if after.as_object().is_some_and(Object::is_empty) {
                return partial::unknown_like([before], Shape::Type("object"));
            }
            merge(before, after, deep, depth - 1)
        }
        (_, Truth::Maybe) if matches!(after.kind, Kind::Secret(_)) => after.clone(),
        (_, Truth::Yes) => after.clone(),
        _ => partial::unknown_like([after, before], Shape::Any),
    }
}

/// `intersection(object, object)`: the properties that all have with equal values.
pub fn intersection(args: Arguments<'_>) -> Answer {
    let mut objects = Vec::new();
    for (at, value) in args.values.iter().enumerate() {
        match &value.kind {
            Kind::Object(object) => objects.push(object),
            Kind::Unknown(_) => return Ok(partial::unknown_like(args.values, Shape::Type("object"))),
            _ => return Err(args.wrong(at, "an object")),
        }
    }
    let Some((first, rest)) = objects.split_first() else { return Ok(Value::object(Object::new())) };
    let mut common = Object::new();
    for field in first.iter() {
        let everywhere = rest.iter().map(|object| object.get(&field.key).map_or(Truth::No, |value| equal(value, &field.value)));
        match Truth::all(everywhere) {
            Truth::Yes => common.insert(Arc::clone(&field.key), field.key_span, field.value.clone()),
            Truth::Maybe => return Ok(partial::unknown_like(args.values, Shape::Type("object"))),
            Truth::No => {}
        }
    }
    Ok(Value::object(common))
}

/// The fields of an object, sorted by name without regard to case.
pub fn sorted(object: &Object) -> Vec<&Field> {
    let mut fields: Vec<&Field> = object.iter().collect();
    fields.sort_by(|a, b| {
        let fold = |text: &str| text.chars().map(partial::text::upper).collect::<Vec<char>>();
        fold(&a.key).cmp(&fold(&b.key)).then_with(|| a.key.cmp(&b.key))
    });
    fields
}

/// `items(object)`: `{ key, value }` of each property, sorted by key.
pub fn items(args: Arguments<'_>) -> Answer {
    if args.value(0)?.is_unknown() {
        return Ok(partial::unknown_like(args.values, Shape::Type("array")));
    }
    let items = sorted(args.object(0)?).into_iter().map(|field| {
        let mut item = Object::with_capacity(2);
        item.insert("key", field.key_span, Value::at(Kind::Str(Arc::clone(&field.key)), field.key_span));
        item.insert("value", field.value.span(), field.value.clone());
        Value::object(item)
    });
    Ok(Value::array(items.collect()))
}

/// `objectKeys(object)`: the names, sorted.
pub fn object_keys(args: Arguments<'_>) -> Answer {
    if args.value(0)?.is_unknown() {
        return Ok(partial::unknown_like(args.values, Shape::Type("array")));
    }
    let keys = sorted(args.object(0)?).into_iter().map(|field| Value::at(Kind::Str(Arc::clone(&field.key)), field.key_span));
    Ok(Value::array(keys.collect()))
}
