use serde_json::{Map, Value};

use super::deploy_window::DeployWindow;
use super::{Approval, Condition, Field, Glob, Test};
use crate::log::address::Range;

/// A condition that cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The rule names a field that events do not have.
    #[error("`{0}` is no field of an event")]
    UnknownField(String),
    /// The rule uses an operator that conditions over events do not have.
    #[error("`{0}` is no operator of event conditions")]
    UnknownOperator(String),
    /// The operand is not what the operator needs.
    #[error("`{operator}` cannot take {value}")]
    BadOperand {
        /// The operator.
        operator: String,
        /// What it was given.
        value: String,
    },
    /// The rule needs a value that nobody has given.
    #[error("parameter `{0}` has no value")]
    MissingParameter(String),
    /// Neither a leaf nor `allOf`, `anyOf`, `not`.
    #[error("not a condition: {0}")]
    Shape(String),
}

const DEPTH_LIMIT: u32 = 32;

/// Compiles a condition; `parameter` gives the value of `[parameters('name')]`.
///
/// # Errors
/// See [`Invalid`].
pub fn parse(json: &Value, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<Condition, Invalid> {
    node(json, parameter, 0)
}

fn node(json: &Value, parameter: &dyn Fn(&str) -> Option<Value>, depth: u32) -> Result<Condition, Invalid> {
    let Value::Object(map) = json else { return Err(Invalid::Shape(json.to_string())) };
    if depth > DEPTH_LIMIT {
        return Err(Invalid::Shape("nested too deep".into()));
    }
    let parts = |value: &Value| match value {
        Value::Array(items) => items.iter().map(|item| node(item, parameter, depth + 1)).collect::<Result<Vec<_>, _>>(),
        other => Err(Invalid::Shape(other.to_string())),
    };
    if map.len() == 1 {
        if let Some(inner) = map.get("allOf") {
            return parts(inner).map(Condition::All);
        }
        if let Some(inner) = map.get("anyOf") {
            return parts(inner).map(Condition::Any);
        }
        if let Some(inner) = map.get("not") {
            return Ok(Condition::Not(Box::new(node(inner, parameter, depth + 1)?)));
        }
    }
    leaf(map, parameter)
}

fn leaf(map: &Map<String, Value>, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<Condition, Invalid> {
    let name = map.get("field").and_then(Value::as_str).ok_or_else(|| Invalid::Shape(Value::Object(map.clone()).to_string()))?;
    let field = Field::named(name).ok_or_else(|| Invalid::UnknownField(name.to_owned()))?;
    let mut tests = Vec::new();
    for (operator, value) in map.iter().filter(|(key, _)| *key != "field") {
        let value = resolve(value, parameter)?;
        let (positive, negated) = positive(operator);
        let leaf = Condition::Leaf(field.clone(), test(positive, &value).map_err(|()| unfit(operator, &value))?);
        tests.push(if negated { Condition::Not(Box::new(leaf)) } else { leaf });
    }
    match tests.len() {
        0 => Err(Invalid::Shape(format!("field `{name}` without an operator"))),
        1 => tests.pop().ok_or_else(|| Invalid::Shape(name.to_owned())),
        _ => Ok(Condition::All(tests)),
    }
}

/// The operator without its `not`, and whether it had one.
fn positive(operator: &str) -> (&str, bool) {
    match operator {
        "notEquals" => ("equals", true),
        "notIn" => ("in", true),
        "notLike" => ("like", true),
        "notContains" => ("contains", true),
        "notMatchesRegex" => ("matchesRegex", true),
        "notInIpRanges" => ("inIpRanges", true),
        "notInWindows" => ("inWindows", true),
        "notApprovedBy" => ("approvedBy", true),
        "greaterOrEquals" => ("greaterOrEquals", false),
        "lessOrEquals" => ("greater", true),
        other => (other, false),
    }
}

fn test(operator: &str, value: &Value) -> Result<Test, ()> {
    Ok(match operator {
        "equals" => Test::Equals(scalar(value).ok_or(())?),
        "in" => Test::In(texts(value)?.into_iter().map(|text| text.to_ascii_lowercase()).collect()),
        "like" => Test::Like(texts(value)?.iter().map(|text| Glob::new(text)).collect()),
        "contains" => Test::Contains(texts(value)?.into_iter().map(|text| text.to_ascii_lowercase()).collect()),
        "exists" => Test::Exists(scalar(value).and_then(|text| text.parse().ok()).ok_or(())?),
        "matchesRegex" => {
            Test::Regex(regex::bytes::RegexBuilder::new(value.as_str().ok_or(())?).size_limit(1 << 20).build().map_err(|_| ())?)
        }
        "less" => Test::Less(number(value)?),
        "greaterOrEquals" => Test::AtLeast(number(value)?),
        "greater" => Test::AtLeast(number(value)?.next_up()),
        "inIpRanges" => Test::InRanges(texts(value)?.iter().map(|text| Range::parse(text).ok_or(())).collect::<Result<_, _>>()?),
        "inWindows" => Test::InWindows(texts(value)?.iter().map(|text| DeployWindow::parse(text).ok_or(())).collect::<Result<_, _>>()?),
        "approvedBy" => Test::Approved(approved(value)?),
        _ => return Err(()),
    })
}

/// Approved changes. One that is no approval makes the rule unusable rather than everything a violation.
fn approved(value: &Value) -> Result<Vec<Approval>, ()> {
    let Value::Array(items) = value else { return Err(()) };
    let read = items.iter().map(|item| Approval::read(item).map_err(|_| ()));
    Ok(read.collect::<Result<Vec<_>, ()>>()?.into_iter().flatten().collect())
}

fn unfit(operator: &str, value: &Value) -> Invalid {
    let known = [
        "equals",
        "in",
        "like",
        "contains",
        "exists",
        "matchesRegex",
        "less",
        "greaterOrEquals",
        "greater",
        "inIpRanges",
        "inWindows",
        "approvedBy",
    ];
    if known.contains(&positive(operator).0) {
        Invalid::BadOperand { operator: operator.to_owned(), value: value.to_string() }
    } else {
        Invalid::UnknownOperator(operator.to_owned())
    }
}

/// Replaces `[parameters('name')]` by its value, also as an item of a list, where a list is spliced in.
fn resolve(value: &Value, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<Value, Invalid> {
    match value {
        Value::String(text) => match named(text) {
            Some(name) => parameter(name).ok_or_else(|| Invalid::MissingParameter(name.to_owned())),
            None => Ok(value.clone()),
        },
        Value::Array(items) => {
            let mut all = Vec::new();
            for item in items {
                match resolve(item, parameter)? {
                    Value::Array(inner) => all.extend(inner),
                    other => all.push(other),
                }
            }
            Ok(Value::Array(all))
        }
        other => Ok(other.clone()),
    }
}

/// `name` of `[parameters('name')]`.
pub(crate) fn named(text: &str) -> Option<&str> {
    text.strip_prefix("[parameters('")?.strip_suffix("')]")
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

fn texts(value: &Value) -> Result<Vec<String>, ()> {
    match value {
        Value::Array(items) => items.iter().map(|item| scalar(item).ok_or(())).collect(),
        other => scalar(other).map(|text| vec![text]).ok_or(()),
    }
}

fn number(value: &Value) -> Result<f64, ()> {
    scalar(value).and_then(|text| text.parse().ok()).filter(|number: &f64| number.is_finite()).ok_or(())
}
