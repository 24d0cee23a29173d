//! Functions that do not evaluate all their arguments.

use super::access::{Missing, item_or, property_or};
use super::evaluator::failed;
use super::{Evaluator, Expr, Truth, partial};
use crate::model::{Kind, Shape, Value, Why};

/// `if(condition, then, else)`: only the branch that is taken; both where the condition is not known.
pub(super) fn choose(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let [condition, then, otherwise] = args else { return failed(&"`if` takes 3 arguments") };
    let condition = eval.eval(condition);
    if fails(&condition) {
        return condition;
    }
    match partial::condition(&condition) {
        Some(Truth::Yes) => eval.eval(then),
        Some(Truth::No) => eval.eval(otherwise),
        Some(Truth::Maybe) => {
            let why = why_of(&condition);
            partial::one_of(&why, [eval.eval(then), eval.eval(otherwise)])
        }
        None => not_a_condition(&condition),
    }
}

fn why_of(condition: &Value) -> Why {
    condition.as_unknown().map_or_else(|| Why::Runtime("a secret value".into()), |unknown| unknown.why.clone())
}

/// Whether evaluating an argument has failed; then the whole call fails.
fn fails(value: &Value) -> bool {
    matches!(value.as_unknown(), Some(unknown) if matches!(unknown.why, Why::Error(_)))
}

fn not_a_condition(value: &Value) -> Value {
    match value.as_unknown() {
        Some(unknown) => Value::unknown(unknown.why.clone()),
        None => failed(&format!("a value of type {} is no condition", value.type_name())),
    }
}

/// `and(…)`: false as soon as one is false, whatever the others are.
pub(super) fn and(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    junction(eval, args, Truth::No)
}

/// `or(…)`: true as soon as one is true, whatever the others are.
pub(super) fn or(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    junction(eval, args, Truth::Yes)
}

fn junction(eval: &mut Evaluator<'_>, args: &[Expr], decides: Truth) -> Value {
    let mut open: Option<Why> = None;
    for arg in args {
        let value = eval.eval(arg);
        // Behind an unknown argument it may not even be evaluated.
        if fails(&value) && open.is_none() {
            return value;
        }
        match partial::condition(&value) {
            Some(Truth::Maybe) => {
                open.get_or_insert_with(|| why_of(&value));
            }
            Some(truth) if truth == decides => return Value::from(decides == Truth::Yes),
            Some(_) => {}
            None => match value.as_unknown() {
                // An unknown that can be no boolean: a fault, which another argument may still make irrelevant.
                Some(unknown) => {
                    open.get_or_insert_with(|| unknown.why.clone());
                }
                None => return not_a_condition(&value),
            },
        }
    }
    match open {
        Some(why) => Value::unknown_shaped(why, Shape::Type("bool")),
        None => Value::from(decides == Truth::No),
    }
}

/// `coalesce(…)`: the first that is not null.
pub(super) fn coalesce(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let mut possible: Vec<Value> = Vec::new();
    let mut why: Option<Why> = None;
    for arg in args {
        let value = eval.eval(arg);
        match nullness(&value) {
            Truth::Yes => {}
            Truth::No => {
                possible.push(value);
                return done(possible, why);
            }
            Truth::Maybe => {
                why.get_or_insert_with(|| why_of(&value));
                possible.push(without_null(value));
            }
        }
    }
    if possible.is_empty() {
        return Value::null();
    }
    possible.push(Value::null());
    done(possible, why)
}

fn done(mut possible: Vec<Value>, why: Option<Why>) -> Value {
    match why {
        Some(why) if possible.len() > 1 => partial::one_of(&why, possible),
        _ => possible.pop().unwrap_or_else(Value::null),
    }
}

/// Whether a value is null.
pub(super) fn nullness(value: &Value) -> Truth {
    match &value.kind {
        Kind::Null => Truth::Yes,
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::OneOf(values) => {
                let nulls = values.iter().filter(|value| nullness(value) != Truth::No).count();
                if nulls == 0 { Truth::No } else { Truth::Maybe }
            }
            Shape::Any if matches!(unknown.why, Why::Error(_)) => Truth::No,
            Shape::Any | Shape::Type("null") => Truth::Maybe,
            _ => Truth::No,
        },
        Kind::Secret(secret) => match secret.reveal() {
            Some(Kind::Null) => Truth::Yes,
            Some(_) => Truth::No,
            // Azure gives a secret a value; an opaque one is treated as given.
            None => Truth::No,
        },
        _ => Truth::No,
    }
}

fn without_null(value: Value) -> Value {
    match partial::alternatives(&value) {
        Some(values) => partial::one_of(&why_of(&value), values.iter().filter(|value| !value.is_null()).cloned()),
        None => value,
    }
}

/// `tryGet(base, 'a', 0, …)`: null as soon as a step is missing or null.
pub(super) fn try_get(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let Some((base, steps)) = args.split_first() else { return Value::null() };
    let mut value = eval.eval(base);
    for step in steps {
        if value.is_null() {
            return value;
        }
        let step = eval.eval(step);
        value = match step.as_str() {
            Some(name) => property_or(&value, name, Missing::Null),
            None => item_or(&value, &step, Missing::Null),
        };
    }
    value
}
