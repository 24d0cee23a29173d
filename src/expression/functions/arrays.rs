//! Arrays, and the functions that take a part of an array or of a text.

use super::arguments::{Arguments, invalid};
use super::{Answer, objects, strings};
use crate::expression::{FunctionError, MAX_NODES, Truth, equal, partial};
use crate::model::{Kind, Shape, Value};

fn unknown_array(values: &[Value]) -> Value {
    partial::unknown_like(values, Shape::Type("array"))
}

/// The arrays among the arguments; `None` where one is not known.
fn arrays(args: Arguments<'_>) -> Result<Option<Vec<&[Value]>>, FunctionError> {
    let mut arrays = Vec::with_capacity(args.values.len());
    let mut open = false;
    for (at, value) in args.values.iter().enumerate() {
        match &value.kind {
            Kind::Array(items) => arrays.push(items.as_slice()),
            Kind::Unknown(_) => open = true,
            _ => return Err(args.wrong(at, "an array")),
        }
    }
    Ok((!open).then_some(arrays))
}

/// `concat(array, array)`
pub fn concat(args: Arguments<'_>) -> Answer {
    Ok(match arrays(args)? {
        Some(arrays) => Value::array(arrays.concat()),
        None => unknown_array(args.values),
    })
}

/// `first(array | text)`
pub fn first(args: Arguments<'_>) -> Answer {
    end(args, false)
}

/// `last(array | text)`
pub fn last(args: Arguments<'_>) -> Answer {
    end(args, true)
}

fn end(args: Arguments<'_>, last: bool) -> Answer {
    let value = args.value(0)?;
    match &value.kind {
        Kind::Array(items) => Ok((if last { items.last() } else { items.first() }).cloned().unwrap_or_else(Value::null)),
        Kind::Unknown(unknown) if !matches!(unknown.shape, Shape::Text(_) | Shape::Type("string")) => {
            Ok(Value::unknown(unknown.why.clone()))
        }
        _ => strings::end_letter(value, last).ok_or_else(|| args.wrong(0, "a string or an array")),
    }
}

/// `take(array | text, 2)`
pub fn take(args: Arguments<'_>) -> Answer {
    part(args, |items, n| items.get(..n).unwrap_or(items).to_vec(), strings::take)
}

/// `skip(array | text, 2)`
pub fn skip(args: Arguments<'_>) -> Answer {
    part(args, |items, n| items.get(n..).unwrap_or(&[]).to_vec(), strings::skip)
}

fn part(args: Arguments<'_>, of_items: fn(&[Value], usize) -> Vec<Value>, of_text: fn(&Value, usize) -> Option<Value>) -> Answer {
    let value = args.value(0)?;
    let is_text = matches!(value.kind, Kind::Str(_))
        || value.as_unknown().is_some_and(|unknown| matches!(unknown.shape, Shape::Text(_) | Shape::Type("string")));
    if args.value(1)?.is_unknown() || (value.is_unknown() && !is_text) {
        let shape = if is_text {
            Shape::Type("string")
        } else if value.is_unknown() {
            Shape::Any
        } else {
            Shape::Type("array")
        };
        return Ok(partial::unknown_like(args.values, shape));
    }
    // A negative count takes or skips nothing.
    let n = usize::try_from(args.int(1)?.max(0)).unwrap_or(usize::MAX);
    match &value.kind {
        Kind::Array(items) => Ok(Value::array(of_items(items, n))),
        _ => of_text(value, n).ok_or_else(|| args.wrong(0, "a string or an array")),
    }
}

/// `range(1, 3)`
pub fn range(args: Arguments<'_>) -> Answer {
    let (start, count) = (args.int(0)?, args.int(1)?);
    if count < 0 {
        return invalid("`range` cannot make fewer than 0 numbers");
    }
    if count.unsigned_abs() > 10_000 {
        return Err(FunctionError::TooLarge { what: "range()", limit: 10_000 });
    }
    let end = start.checked_add(count).filter(|end| *end <= i64::from(i32::MAX) + 1);
    match end {
        Some(end) => Ok(Value::array((start..end).map(Value::from).collect())),
        None => invalid("`range` goes beyond 2147483647"),
    }
}

/// Adds `value` to a set; `false` where it is not known whether it is there already.
fn add_to_set(set: &mut Vec<Value>, value: &Value, steps: &mut u64) -> bool {
    let mut maybe = false;
    for known in set.iter() {
        *steps += 1;
        match equal(known, value) {
            Truth::Yes => return true,
            Truth::Maybe => maybe = true,
            Truth::No => {}
        }
    }
    if !maybe {
        set.push(value.clone());
    }
    !maybe && *steps < MAX_NODES * 40
}

/// The distinct values of `items`, in order; `None` where that depends on what is not known.
fn set_of<'a>(items: impl IntoIterator<Item = &'a Value>) -> Option<Vec<Value>> {
    let mut set = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut steps = 0;
    let mut only_texts = true;
    for item in items {
        // Arrays of plain texts, the usual case, need no comparing in pairs.
        if let (true, Kind::Str(text)) = (only_texts, &item.kind) {
            if seen.insert(text.clone()) {
                set.push(item.clone());
            }
            continue;
        }
        only_texts = false;
        if !add_to_set(&mut set, item, &mut steps) {
            return None;
        }
    }
    Some(set)
}

/// `distinct(array)`
pub fn distinct(args: Arguments<'_>) -> Answer {
    if args.value(0)?.is_unknown() {
        return Ok(unknown_array(args.values));
    }
    Ok(set_of(args.array(0)?).map_or_else(|| unknown_array(args.values), Value::array))
}

/// `union(array, array)`, `union(object, object)`
pub fn union(args: Arguments<'_>) -> Answer {
    if args.values.iter().any(|value| matches!(value.kind, Kind::Object(_)) || partial::known_fields(value).is_some()) {
        return objects::union(args);
    }
    let is_object = |value: &Value| value.as_unknown().is_some_and(|unknown| matches!(unknown.shape, Shape::Type("object")));
    if args.values.iter().any(is_object) {
        return Ok(partial::unknown_like(args.values, Shape::Type("object")));
    }
    if args.values.iter().all(|value| value.as_unknown().is_some_and(|unknown| matches!(unknown.shape, Shape::Any))) {
        return Ok(partial::unknown_like(args.values, Shape::Any));
    }
    let Some(arrays) = arrays(args)? else { return Ok(unknown_array(args.values)) };
    Ok(set_of(arrays.into_iter().flatten()).map_or_else(|| unknown_array(args.values), Value::array))
}

/// `intersection(array, array)`, `intersection(object, object)`
pub fn intersection(args: Arguments<'_>) -> Answer {
    if args.values.iter().any(|value| matches!(value.kind, Kind::Object(_)) || partial::known_fields(value).is_some()) {
        return objects::intersection(args);
    }
    if args.values.iter().all(Value::is_unknown) {
        return Ok(partial::unknown_like(args.values, Shape::Any));
    }
    let Some(arrays) = arrays(args)? else { return Ok(unknown_array(args.values)) };
    let Some((first, rest)) = arrays.split_first() else { return Ok(Value::array(Vec::new())) };
    let cost = rest.iter().map(|items| items.len() as u64).sum::<u64>().saturating_mul(first.len() as u64);
    if cost > MAX_NODES * 40 {
        return Err(FunctionError::TooLarge { what: "intersection()", limit: 10_000 });
    }
    let Some(candidates) = set_of(*first) else { return Ok(unknown_array(args.values)) };
    let mut common = Vec::new();
    for item in candidates {
        match Truth::all(rest.iter().map(|items| Truth::any(items.iter().map(|other| equal(&item, other))))) {
            Truth::Yes => common.push(item),
            Truth::Maybe => return Ok(unknown_array(args.values)),
            Truth::No => {}
        }
    }
    Ok(Value::array(common))
}

/// `flatten(arrayOfArrays)`
pub fn flatten(args: Arguments<'_>) -> Answer {
    if args.value(0)?.is_unknown() {
        return Ok(unknown_array(args.values));
    }
    let mut flat = Vec::new();
    for item in args.array(0)? {
        match &item.kind {
            Kind::Array(items) => flat.extend(items.iter().cloned()),
            Kind::Unknown(_) | Kind::Secret(_) => return Ok(unknown_array(args.values)),
            _ => return invalid(format!("`flatten` takes an array of arrays, but an item is of type {}", item.type_name())),
        }
    }
    Ok(Value::array(flat))
}

/// `indexFromEnd(array, 1)`: the last item.
pub fn index_from_end(args: Arguments<'_>) -> Answer {
    match from_end(args)? {
        Some(value) => Ok(value),
        None => invalid(format!("there is no item {} from the end", args.int(1)?)),
    }
}

/// `tryIndexFromEnd(array, 1)`: the last item, or null.
pub fn try_index_from_end(args: Arguments<'_>) -> Answer {
    if args.value(0)?.is_null() {
        return Ok(Value::null());
    }
    Ok(from_end(args)?.unwrap_or_else(Value::null))
}

fn from_end(args: Arguments<'_>) -> Result<Option<Value>, FunctionError> {
    if args.values.iter().any(Value::is_unknown) {
        return Ok(Some(partial::unknown_like(args.values.iter().filter(|value| value.is_unknown()), Shape::Any)));
    }
    let items = args.array(0)?;
    let at = usize::try_from(args.int(1)?).ok().filter(|at| *at > 0);
    Ok(at.and_then(|at| items.len().checked_sub(at)).and_then(|at| items.get(at)).cloned())
}
