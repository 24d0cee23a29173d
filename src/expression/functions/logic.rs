//! Constants, comparison and negation. `and`, `or` and `if` are lazy: see `expression::lazy`.

use super::Answer;
use super::arguments::Arguments;
use crate::expression::{equal, partial};
use crate::model::{Kind, Shape, Value};

pub fn yes(_: Arguments<'_>) -> Answer {
    Ok(Value::from(true))
}

pub fn no(_: Arguments<'_>) -> Answer {
    Ok(Value::from(false))
}

pub fn null(_: Arguments<'_>) -> Answer {
    Ok(Value::null())
}

pub fn not(args: Arguments<'_>) -> Answer {
    let truth = partial::condition(args.value(0)?).ok_or_else(|| args.wrong(0, "a boolean"))?;
    Ok(partial::truth(!truth, args.values))
}

pub fn equals(args: Arguments<'_>) -> Answer {
    Ok(partial::truth(equal(args.value(0)?, args.value(1)?), args.values))
}

/// How two values are ordered; `None` where that depends on what is not known.
fn order(args: Arguments<'_>) -> Result<Option<std::cmp::Ordering>, crate::expression::FunctionError> {
    let (a, b) = (args.value(0)?, args.value(1)?);
    match (&a.kind, &b.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => Ok(None),
        (Kind::Int(a), Kind::Int(b)) => Ok(Some(a.cmp(b))),
        (Kind::Str(a), Kind::Str(b)) => Ok(Some(a.encode_utf16().cmp(b.encode_utf16()))),
        (Kind::Str(_), _) => Err(args.wrong(1, "a string")),
        _ => Ok(args.number(0)?.partial_cmp(&args.number(1)?)),
    }
}

fn ordered(args: Arguments<'_>, holds: fn(std::cmp::Ordering) -> bool) -> Answer {
    Ok(match order(args)? {
        Some(order) => Value::from(holds(order)),
        None => partial::unknown_like(args.values, Shape::Type("bool")),
    })
}

pub fn less(args: Arguments<'_>) -> Answer {
    ordered(args, std::cmp::Ordering::is_lt)
}

pub fn less_or_equals(args: Arguments<'_>) -> Answer {
    ordered(args, std::cmp::Ordering::is_le)
}

pub fn greater(args: Arguments<'_>) -> Answer {
    ordered(args, std::cmp::Ordering::is_gt)
}

pub fn greater_or_equals(args: Arguments<'_>) -> Answer {
    ordered(args, std::cmp::Ordering::is_ge)
}

/// `bool('true')`, `bool(1)`
pub fn bool(args: Arguments<'_>) -> Answer {
    let value = args.value(0)?;
    let flag = match &value.kind {
        Kind::Bool(flag) => Some(*flag),
        Kind::Int(n) => Some(*n != 0),
        Kind::Float(x) => Some(*x != 0.0),
        Kind::Str(text) => match text.trim() {
            text if text.eq_ignore_ascii_case("true") || text == "1" => Some(true),
            text if text.eq_ignore_ascii_case("false") || text == "0" => Some(false),
            _ => None,
        },
        _ => None,
    };
    flag.map(Value::from).ok_or_else(|| args.wrong(0, "a boolean, a number, 'true' or 'false'"))
}

/// A value that passes through: `any`.
pub fn same(args: Arguments<'_>) -> Answer {
    args.value(0).cloned()
}

/// `fail('message')`
pub fn fail(args: Arguments<'_>) -> Answer {
    super::arguments::invalid(format!("the template stops itself: {}", args.text(0)?))
}
