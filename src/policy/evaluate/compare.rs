//! The tests of leaves on single values, as Azure Policy defines them.
//! <https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule#conditions>

use std::borrow::Cow;
use std::cmp::Ordering;

use super::order::{number, order};
use super::{address, partial};
use crate::model::{Kind, Object, Value, Why};
use crate::policy::condition::{Pattern, Test};
use crate::policy::truth::Truth;

/// Whether `test` holds of `left` (absent where `None`) and `right`.
pub(super) fn holds(test: Test, left: Option<&Value>, right: &Value, regex: Option<&regex::Regex>) -> Truth {
    if let Some(Kind::Secret(secret)) = left.map(|left| &left.kind) {
        if test == Test::Exists {
            return holds(test, Some(&Value::str("a secret")), right, regex);
        }
        // The answer tells one bit of the secret, as the verdict must; the value itself stays hidden.
        return match secret.reveal() {
            Some(kind) => holds(test, Some(&Value::new(kind.clone())), right, regex),
            None => Truth::Unknown(Why::Runtime("the value of a secret".into())),
        };
    }
    match &right.kind {
        Kind::Secret(secret) => match secret.reveal() {
            Some(kind) => return holds(test, left, &Value::new(kind.clone()), regex),
            None => return Truth::Unknown(Why::Runtime("the value of a secret".into())),
        },
        Kind::Unknown(unknown) => {
            let symmetric = test == Test::Equals && left.is_some_and(|left| !left.is_unknown());
            return match left {
                Some(left) if symmetric => partial::holds_of_unknown(test, unknown, left, regex),
                _ => Truth::Unknown(unknown.why.clone()),
            };
        }
        _ => {}
    }
    if let Some(unknown) = left.and_then(Value::as_unknown) {
        return partial::holds_of_unknown(test, unknown, right, regex);
    }
    match test {
        Test::Equals => left.map_or_else(|| right.is_null().into(), |left| equals(left, right)),
        Test::Exists => (left.is_some_and(|left| !left.is_null()) == (boolean(right) == Some(true))).into(),
        Test::In => is_in(left, right),
        _ => left.map_or(Truth::False, |left| of_present(test, left, right, regex)),
    }
}

fn of_present(test: Test, left: &Value, right: &Value, regex: Option<&regex::Regex>) -> Truth {
    let ordered = |wanted: fn(Ordering) -> bool| Truth::from(order(left, right).is_some_and(wanted));
    match test {
        Test::Less => ordered(Ordering::is_lt),
        Test::LessOrEquals => ordered(Ordering::is_le),
        Test::Greater => ordered(Ordering::is_gt),
        Test::GreaterOrEquals => ordered(Ordering::is_ge),
        Test::Contains => contains(left, right),
        Test::ContainsKey => match &left.kind {
            Kind::Object(object) => scalar_text(right).is_some_and(|key| object.contains_key(&key)).into(),
            _ => Truth::False,
        },
        Test::Like => texts(left, right).is_some_and(|(input, pattern)| like(&fold(&input), &fold(&pattern))).into(),
        Test::Match => texts(left, right).is_some_and(|(input, pattern)| matches(&input, &pattern)).into(),
        Test::MatchInsensitively => texts(left, right).is_some_and(|(input, pattern)| matches(&fold(&input), &fold(&pattern))).into(),
        Test::MatchesRegex => match_regex(left, right, regex),
        Test::IpRangeContains => range_contains(left, right),
        Test::Equals | Test::Exists | Test::In => Truth::False,
    }
}

/// Equality without regard to case; numbers and booleans equal their spelling; `null` equals empty text.
pub(super) fn equals(left: &Value, right: &Value) -> Truth {
    match (&left.kind, &right.kind) {
        (Kind::Unknown(_) | Kind::Secret(_), _) | (_, Kind::Unknown(_) | Kind::Secret(_)) => holds(Test::Equals, Some(left), right, None),
        (Kind::Null, Kind::Null) => Truth::True,
        (Kind::Null, Kind::Str(text)) | (Kind::Str(text), Kind::Null) => text.is_empty().into(),
        (Kind::Str(a), Kind::Str(b)) => same_text(a, b).into(),
        (Kind::Bool(a), Kind::Bool(b)) => (a == b).into(),
        (Kind::Bool(flag), Kind::Str(text)) | (Kind::Str(text), Kind::Bool(flag)) => (parse_boolean(text) == Some(*flag)).into(),
        (Kind::Array(a), Kind::Array(b)) if a.len() == b.len() => Truth::all(a.iter().zip(b.iter()).map(|(a, b)| equals(a, b))),
        (Kind::Object(a), Kind::Object(b)) if a.len() == b.len() => same_fields(a, b),
        (Kind::Int(a), Kind::Int(b)) => (a == b).into(),
        (Kind::Int(_) | Kind::Float(_), Kind::Int(_) | Kind::Float(_) | Kind::Str(_)) | (Kind::Str(_), Kind::Int(_) | Kind::Float(_)) => {
            #[expect(clippy::float_cmp, reason = "as written: no arithmetic happened to either side")]
            let same = matches!((number(left), number(right)), (Some(a), Some(b)) if a == b);
            same.into()
        }
        _ => Truth::False,
    }
}

fn same_fields(a: &Object, b: &Object) -> Truth {
    Truth::all(a.iter().map(|field| b.get(&field.key).map_or(Truth::False, |other| equals(&field.value, other))))
}

fn is_in(left: Option<&Value>, right: &Value) -> Truth {
    let Some(items) = right.as_array() else {
        return left.map_or(Truth::False, |left| if left.is_null() { Truth::False } else { equals(left, right) });
    };
    match left {
        None => items.iter().any(Value::is_null).into(),
        Some(left) if left.is_null() => Truth::False,
        Some(left) => Truth::any(items.iter().filter(|item| !item.is_null()).map(|item| equals(left, item))),
    }
}

/// Part of a text, item of a list, key of an object.
fn contains(left: &Value, right: &Value) -> Truth {
    match &left.kind {
        Kind::Array(items) => Truth::any(items.iter().map(|item| equals(item, right))),
        Kind::Object(object) => scalar_text(right).is_some_and(|key| object.contains_key(&key)).into(),
        Kind::Str(text) => scalar_text(right).is_some_and(|needle| fold(text).contains(fold(&needle).as_ref())).into(),
        _ => match (&right.kind, scalar_text(left)) {
            (Kind::Str(needle), Some(text)) => fold(&text).contains(fold(needle).as_ref()).into(),
            _ => Truth::False,
        },
    }
}

fn match_regex(left: &Value, right: &Value, regex: Option<&regex::Regex>) -> Truth {
    let Some(text) = scalar_text(left) else { return Truth::False };
    if let Some(regex) = regex {
        return regex.is_match(&text).into();
    }
    match right.as_str().map(Pattern::new) {
        Some(Ok(pattern)) => pattern.0.is_match(&text).into(),
        Some(Err(why)) => Truth::Unknown(Why::Error(why.into())),
        None => Truth::Unknown(Why::Error("a regular expression must be text".into())),
    }
}

/// Whether the range on the left, or any of a list of ranges, holds the one on the right, or any of that list.
fn range_contains(left: &Value, right: &Value) -> Truth {
    if let Some(items) = left.as_array() {
        return Truth::any(items.iter().map(|item| holds(Test::IpRangeContains, Some(item), right, None)));
    }
    if let Some(items) = right.as_array() {
        return Truth::any(items.iter().map(|item| holds(Test::IpRangeContains, Some(left), item, None)));
    }
    matches!((left.as_str(), right.as_str()), (Some(outer), Some(inner)) if address::contains(outer, inner) == Some(true)).into()
}

fn texts<'v>(left: &'v Value, right: &'v Value) -> Option<(Cow<'v, str>, Cow<'v, str>)> {
    Some((scalar_text(left)?, scalar_text(right)?))
}

/// The spelling of a scalar.
pub(super) fn scalar_text(value: &Value) -> Option<Cow<'_, str>> {
    match &value.kind {
        Kind::Str(text) => Some(Cow::Borrowed(text)),
        Kind::Int(n) => Some(Cow::Owned(n.to_string())),
        Kind::Float(x) => Some(Cow::Owned(x.to_string())),
        Kind::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        _ => None,
    }
}

pub(super) fn boolean(value: &Value) -> Option<bool> {
    match &value.kind {
        Kind::Bool(flag) => Some(*flag),
        Kind::Str(text) => parse_boolean(text),
        _ => None,
    }
}

fn parse_boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        return Some(true);
    }
    text.eq_ignore_ascii_case("false").then_some(false)
}

/// Lower case, the way texts are compared.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    match text {
        text if lower(text) => Cow::Borrowed(text),
        text if text.is_ascii() => Cow::Owned(text.to_ascii_lowercase()),
        // By way of upper case, which writes `ß` as `SS` and ligatures as letters.
        text => Cow::Owned(text.to_uppercase().to_lowercase()),
    }
}

fn same_text(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!(a.is_ascii() && b.is_ascii()) && fold(a) == fold(b))
}

/// `*` stands for any text, `?` for any one character. Linear in practice: only the last `*` is ever tried again.
pub(super) fn like(input: &str, pattern: &str) -> bool {
    let (mut input, mut pattern) = (input.chars(), pattern.chars());
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let (before_input, before_pattern) = (input.clone(), pattern.clone());
        match (input.next(), pattern.next()) {
            (None, None) => return true,
            (_, Some('*')) => {
                input = before_input.clone();
                retry = Some((before_input, pattern.clone()));
            }
            (Some(_), Some('?')) => {}
            (Some(a), Some(b)) if a == b => {}
            (None, _) if before_pattern.clone().all(|c| c == '*') => return true,
            (None, _) => return false,
            _ => {
                let Some((from, after_star)) = &mut retry else { return false };
                if from.next().is_none() {
                    return false;
                }
                input = from.clone();
                pattern = after_star.clone();
            }
        }
    }
}

/// `#` stands for a digit, `?` for a letter, `.` for any character.
fn matches(input: &str, pattern: &str) -> bool {
    let (mut input, mut pattern) = (input.chars(), pattern.chars());
    loop {
        let fits = match (input.next(), pattern.next()) {
            (None, None) => return true,
            (Some(_), Some('.')) => true,
            (Some(c), Some('#')) => c.is_ascii_digit(),
            (Some(c), Some('?')) => c.is_ascii_alphabetic(),
            (Some(a), Some(b)) => a == b,
            _ => false,
        };
        if !fits {
            return false;
        }
    }
}

#[cfg(test)]
mod tests;
