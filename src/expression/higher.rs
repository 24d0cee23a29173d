//! Functions that take a lambda. A lambda may take the index as a further variable.

use std::sync::Arc;

use super::access::hidden;
use super::evaluator::failed;
use super::{Evaluator, Expr, Lambda, Truth, partial};
use crate::model::{Kind, Object, Secret, SecretSource, Shape, Value, Why};

/// Evaluates the first argument and runs `run` on its items: on each alternative where it is one of some arrays, in
/// secret where it is secret. Where the array is not known, neither is the result, of type `returns`.
fn over_items(eval: &mut Evaluator<'_>, args: &[Expr], returns: Option<&'static str>, run: Over<'_>) -> Value {
    let Some(first) = args.first() else { return Value::null() };
    let value = eval.eval(first);
    let result = over(eval, &value, returns, run);
    eval.measured(result)
}

type Over<'f> = &'f mut dyn FnMut(&mut Evaluator<'_>, &[Value]) -> Value;

fn over(eval: &mut Evaluator<'_>, value: &Value, returns: Option<&'static str>, run: Over<'_>) -> Value {
    match &value.kind {
        Kind::Array(items) => run(eval, items),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::OneOf(values) => {
                let results: Vec<Value> = values.iter().map(|value| over(eval, value, returns, run)).collect();
                partial::one_of(&unknown.why, results)
            }
            Shape::Any | Shape::Type("array") => Value::unknown_shaped(unknown.why.clone(), returns.map_or(Shape::Any, Shape::Type)),
            _ => failed(&"a lambda function runs over an array, and this is none"),
        },
        Kind::Secret(secret) => match secret.reveal() {
            Some(Kind::Array(items)) => {
                let items: Vec<Value> = items.iter().map(hidden).collect();
                hidden(&run(eval, &items))
            }
            _ => Value::new(Kind::Secret(Secret::opaque(SecretSource::Derived))),
        },
        _ => failed(&format!("a lambda function runs over an array, not over a value of type {}", value.type_name())),
    }
}

fn lambda<'e>(args: &'e [Expr], at: usize) -> Result<Lambda<'e>, Value> {
    args.get(at).and_then(Lambda::of).ok_or_else(|| failed(&format!("argument {} must be a lambda", at + 1)))
}

fn index(at: usize) -> Value {
    Value::from(i64::try_from(at).unwrap_or(i64::MAX))
}

/// `lambdaVariables('x')`
pub(super) fn variable(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let Some(name) = args.first().and_then(Expr::as_str) else { return failed(&"`lambdaVariables` takes the name of a variable") };
    eval.local(name).cloned().unwrap_or_else(|| failed(&format!("there is no lambda variable `{name}` here")))
}

/// `lambda(…)` by itself is no value.
pub(super) fn bare(_: &mut Evaluator<'_>, _: &[Expr]) -> Value {
    failed(&"a lambda stands here where a value is wanted")
}

/// `map(array, lambda('x', …))`
pub(super) fn map(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let body = match lambda(args, 1) {
        Ok(lambda) => lambda,
        Err(error) => return error,
    };
    over_items(eval, args, Some("array"), &mut |eval, items| {
        Value::array(items.iter().enumerate().map(|(at, item)| eval.apply(body, &[item, &index(at)])).collect())
    })
}

/// `filter(array, lambda('x', …))`
pub(super) fn filter(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let test = match lambda(args, 1) {
        Ok(lambda) => lambda,
        Err(error) => return error,
    };
    over_items(eval, args, Some("array"), &mut |eval, items| {
        let mut kept = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let answer = eval.apply(test, &[item, &index(at)]);
            match partial::condition(&answer) {
                Some(Truth::Yes) => kept.push(item.clone()),
                Some(Truth::No) => {}
                _ => return undecided(&answer, "array"),
            }
        }
        Value::array(kept)
    })
}

/// The result of a function one of whose lambdas gave no usable answer.
fn undecided(answer: &Value, returns: &'static str) -> Value {
    match &answer.kind {
        Kind::Unknown(unknown) => Value::unknown_shaped(unknown.why.clone(), Shape::Type(returns)),
        Kind::Secret(_) => Value::unknown_shaped(Why::Runtime("a secret value".into()), Shape::Type(returns)),
        _ => failed(&format!("the lambda returns a value of type {}, which does not fit", answer.type_name())),
    }
}

/// `reduce(array, start, lambda('sum', 'x', …))`
pub(super) fn reduce(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let step = match lambda(args, 2) {
        Ok(lambda) => lambda,
        Err(error) => return error,
    };
    let Some(start) = args.get(1) else { return Value::null() };
    let start = eval.eval(start);
    over_items(eval, args, None, &mut |eval, items| {
        let mut sum = start.clone();
        for (at, item) in items.iter().enumerate() {
            sum = eval.apply(step, &[&sum, item, &index(at)]);
        }
        sum
    })
}

/// `sort(array, lambda('a', 'b', less(…)))`: the lambda says whether `a` comes before `b`. Stable.
pub(super) fn sort(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let before = match lambda(args, 1) {
        Ok(lambda) => lambda,
        Err(error) => return error,
    };
    over_items(eval, args, Some("array"), &mut |eval, items| match merge_sort(eval, items.to_vec(), before) {
        Ok(sorted) => Value::array(sorted),
        Err(answer) => undecided(&answer, "array"),
    })
}

/// A merge sort of our own: the standard one may panic where a template's lambda contradicts itself.
fn merge_sort(eval: &mut Evaluator<'_>, mut items: Vec<Value>, before: Lambda<'_>) -> Result<Vec<Value>, Value> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let left = merge_sort(eval, items, before)?;
    let right = merge_sort(eval, right, before)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let answer = eval.apply(before, &[b, a]);
        let next = match partial::condition(&answer) {
            Some(Truth::Yes) => right.next(),
            Some(Truth::No) => left.next(),
            _ => return Err(answer),
        };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

/// The key that a lambda gives, as a property name.
fn key_of(answer: &Value) -> Option<Arc<str>> {
    match &answer.kind {
        Kind::Str(text) => Some(Arc::clone(text)),
        Kind::Int(n) => Some(n.to_string().into()),
        _ => None,
    }
}

/// `toObject(array, lambda('x', key), lambda('x', value))`
pub(super) fn to_object(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let (key, value) = match keyed(args) {
        Ok(lambdas) => lambdas,
        Err(error) => return error,
    };
    over_items(eval, args, Some("object"), &mut |eval, items| {
        let mut object = Object::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let answer = eval.apply(key, &[item, &index(at)]);
            let Some(name) = key_of(&answer) else { return undecided(&answer, "object") };
            let made = value.map_or_else(|| item.clone(), |value| eval.apply(value, &[item, &index(at)]));
            object.insert(name, answer.span(), made);
        }
        Value::object(object)
    })
}

fn keyed(args: &[Expr]) -> Result<(Lambda<'_>, Option<Lambda<'_>>), Value> {
    Ok((lambda(args, 1)?, if args.len() > 2 { Some(lambda(args, 2)?) } else { None }))
}

/// `groupBy(array, lambda('x', key), lambda('x', value))`: an object of arrays.
pub(super) fn group_by(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let (key, value) = match keyed(args) {
        Ok(lambdas) => lambdas,
        Err(error) => return error,
    };
    over_items(eval, args, Some("object"), &mut |eval, items| {
        let mut groups: Vec<Vec<Value>> = Vec::new();
        let mut places = Object::new();
        for (at, item) in items.iter().enumerate() {
            let answer = eval.apply(key, &[item, &index(at)]);
            let Some(name) = key_of(&answer) else { return undecided(&answer, "object") };
            let made = value.map_or_else(|| item.clone(), |value| eval.apply(value, &[item, &index(at)]));
            let place = places.get(&name).and_then(Value::as_int).and_then(|place| usize::try_from(place).ok());
            match place.and_then(|place| groups.get_mut(place)) {
                Some(group) => group.push(made),
                None => {
                    places.insert(name, answer.span(), index(groups.len()));
                    groups.push(vec![made]);
                }
            }
        }
        for (value, group) in places.values_mut().zip(groups) {
            *value = Value::array(group);
        }
        Value::object(places)
    })
}

/// `mapValues(object, lambda('x', …))`
pub(super) fn map_values(eval: &mut Evaluator<'_>, args: &[Expr]) -> Value {
    let body = match lambda(args, 1) {
        Ok(lambda) => lambda,
        Err(error) => return error,
    };
    let Some(first) = args.first() else { return Value::null() };
    let value = eval.eval(first);
    let result = mapped_values(eval, &value, body);
    eval.measured(result)
}

fn mapped_values(eval: &mut Evaluator<'_>, value: &Value, body: Lambda<'_>) -> Value {
    let mut each = |object: &Object| {
        let mut mapped = object.clone();
        for value in mapped.values_mut() {
            *value = eval.apply(body, &[value]);
        }
        mapped
    };
    match &value.kind {
        Kind::Object(object) => Value::object(each(object)),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Fields(object) => Value::unknown_shaped(unknown.why.clone(), Shape::Fields(Arc::new(each(object)))),
            Shape::OneOf(values) => {
                let results: Vec<Value> = values.iter().map(|value| mapped_values(eval, value, body)).collect();
                partial::one_of(&unknown.why, results)
            }
            Shape::Any | Shape::Type("object") => Value::unknown_shaped(unknown.why.clone(), Shape::Type("object")),
            _ => failed(&"`mapValues` runs over an object, and this is none"),
        },
        Kind::Secret(secret) => match secret.reveal() {
            Some(Kind::Object(object)) => hidden(&Value::object(each(object))),
            _ => Value::new(Kind::Secret(Secret::opaque(SecretSource::Derived))),
        },
        _ => failed(&format!("`mapValues` runs over an object, not over a value of type {}", value.type_name())),
    }
}
