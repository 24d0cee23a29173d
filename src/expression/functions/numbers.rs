//! Whole numbers of 64 bits, and floats where one is given.

use super::Answer;
use super::arguments::{Arguments, invalid};
use crate::model::{Kind, Value};

fn arithmetic(args: Arguments<'_>, ints: fn(i64, i64) -> Option<i64>, floats: fn(f64, f64) -> f64) -> Answer {
    if let (Kind::Int(a), Kind::Int(b)) = (&args.value(0)?.kind, &args.value(1)?.kind) {
        return match ints(*a, *b) {
            Some(n) => Ok(Value::from(n)),
            None => invalid(format!("`{}({a}, {b})` has no result in 64 bits", args.function.name)),
        };
    }
    let (a, b) = (args.number(0)?, args.number(1)?);
    let x = floats(a, b);
    if x.is_finite() { Ok(Value::new(Kind::Float(x))) } else { invalid(format!("`{}({a}, {b})` is no number", args.function.name)) }
}

pub fn add(args: Arguments<'_>) -> Answer {
    arithmetic(args, i64::checked_add, |a, b| a + b)
}

pub fn sub(args: Arguments<'_>) -> Answer {
    arithmetic(args, i64::checked_sub, |a, b| a - b)
}

pub fn mul(args: Arguments<'_>) -> Answer {
    arithmetic(args, i64::checked_mul, |a, b| a * b)
}

pub fn div(args: Arguments<'_>) -> Answer {
    arithmetic(args, i64::checked_div, |a, b| a / b)
}

pub fn modulo(args: Arguments<'_>) -> Answer {
    arithmetic(args, i64::checked_rem, |a, b| a % b)
}

pub fn min(args: Arguments<'_>) -> Answer {
    extreme(args, |candidate, best| candidate < best)
}

pub fn max(args: Arguments<'_>) -> Answer {
    extreme(args, |candidate, best| candidate > best)
}

/// Of numbers, or of one array of numbers.
fn extreme(args: Arguments<'_>, better: fn(f64, f64) -> bool) -> Answer {
    let numbers = match args.values {
        [only] if only.as_array().is_some() => args.array(0)?,
        values => values,
    };
    let mut best: Option<(&Value, f64)> = None;
    for value in numbers {
        let number = match value.kind {
            #[expect(clippy::cast_precision_loss, reason = "whole numbers are compared as such below")]
            Kind::Int(n) => n as f64,
            Kind::Float(x) => x,
            _ => return invalid(format!("`{}` takes numbers, not a value of type {}", args.function.name, value.type_name())),
        };
        let wins = match best {
            None => true,
            Some((Value { kind: Kind::Int(best), .. }, _)) if matches!(value.kind, Kind::Int(_)) => {
                let n = value.as_int().unwrap_or(*best);
                n != *best && better(if n > *best { 1.0 } else { -1.0 }, 0.0)
            }
            Some((_, best)) => better(number, best),
        };
        if wins {
            best = Some((value, number));
        }
    }
    best.map_or_else(|| invalid(format!("`{}` of no numbers", args.function.name)), |(value, _)| Ok(value.clone()))
}
