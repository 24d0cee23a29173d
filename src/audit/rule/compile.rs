use std::collections::BTreeMap;

use serde_json::Value;

use super::super::condition::{Condition, Field, Invalid, parse};
use super::super::message::Message;
use super::gate::gate;
use super::{CountWindow, Rule, Window};
use crate::log::LogKind;
use crate::log::time::{DAY, HOUR, SECOND};

/// A rule with its values filled in, ready to run.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The logs that it needs.
    pub kinds: Vec<LogKind>,
    /// Which events it speaks of.
    pub condition: Condition,
    /// How events make a finding.
    pub following: Following,
    /// Fields that tell findings apart.
    pub group: Vec<Field>,
    /// The sentence.
    pub message: Message,
}

/// How events make a finding; times in microseconds.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of `Window`, compiled")]
pub enum Following {
    /// Every event does.
    Each,
    /// That many within that time.
    Count { at_least: usize, within: i64 },
    /// None for that long.
    Absence { within: i64, subjects: Option<Condition>, active_hours: u32 },
    /// All steps in order before the last one.
    Sequence { steps: Vec<(String, Condition)>, gate: Option<Condition> },
    /// Each stands in a relation to another event.
    Related { condition: Condition, within: i64, by: Vec<Field>, relation: Relation },
    /// At most so many per cent are such.
    Share { of: Condition, at_most: f64, events: u64, within: Option<i64>, unless: Option<(Condition, i64)> },
    /// From first to last at most that long.
    Lasting { at_most: i64, since: Option<Condition> },
}

/// What the other event has to do with each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It must follow; where the log is whole, its end is the end.
    Followed {
        /// Whether the log is whole.
        closed: bool,
    },
    /// It must come before.
    Preceded,
    /// It must not come before; so many times make a finding.
    After {
        /// How many.
        at_least: usize,
    },
}

/// Fills in the values and compiles.
///
/// # Errors
/// What is wrong with the rule, or which value is missing.
pub fn compile(rule: &Rule, given: &BTreeMap<String, Value>) -> Result<Compiled, Invalid> {
    let parameter = |name: &str| rule.value(name, given);
    let kinds = rule.info.kinds.iter().map(|kind| LogKind::named(kind).ok_or_else(|| Invalid::Shape(format!("`{kind}` is no log"))));
    let kinds = kinds.collect::<Result<_, _>>()?;
    let condition = parse(&rule.condition, &parameter)?;
    let mut group = fields(&rule.group)?;
    let following = match &rule.window {
        None => Following::Each,
        Some(Window::Count(CountWindow { at_least, within, by })) => {
            group = fields(by)?;
            Following::Count { at_least: count(at_least, &parameter)?, within: duration_of(within, &parameter)? }
        }
        Some(Window::Absence { within, by, subjects, active_hours }) => {
            group = fields(by)?;
            let subjects = subjects.as_ref().map(|subjects| parse(subjects, &parameter)).transpose()?;
            Following::Absence { within: duration_of(within, &parameter)?, subjects, active_hours: *active_hours }
        }
        Some(Window::Sequence { by, steps }) => {
            group = fields(by)?;
            let steps = steps.iter().map(|step| Ok((step.name.clone(), parse(&step.r#where, &parameter)?)));
            let steps = steps.collect::<Result<Vec<_>, Invalid>>()?;
            Following::Sequence { gate: gate(steps.iter().map(|(_, condition)| condition)), steps }
        }
        Some(Window::FollowedBy { r#where, within, by, closed }) => {
            related(r#where, within, by, Relation::Followed { closed: *closed }, &parameter)?
        }
        Some(Window::PrecededBy { r#where, within, by }) => related(r#where, within, by, Relation::Preceded, &parameter)?,
        Some(Window::After { r#where, within, by, at_least }) => {
            let at_least = at_least.as_ref().map_or(Ok(1), |number| count(number, &parameter))?;
            related(r#where, within, by, Relation::After { at_least }, &parameter)?
        }
        Some(Window::Share { of, at_most, events, within, by, unless }) => {
            group = fields(by)?;
            let unless = unless.as_ref().map(|unless| Ok((parse(&unless.r#where, &parameter)?, duration_of(&unless.within, &parameter)?)));
            Following::Share {
                of: parse(of, &parameter)?,
                at_most: per_cent(at_most, &parameter)?,
                events: count(events, &parameter)? as u64,
                within: within.as_ref().map(|within| duration_of(within, &parameter)).transpose()?,
                unless: unless.transpose()?,
            }
        }
        Some(Window::Lasting { at_most, by, since }) => {
            group = fields(by)?;
            let since = since.as_ref().map(|since| parse(since, &parameter)).transpose()?;
            Following::Lasting { at_most: duration_of(at_most, &parameter)?, since }
        }
    };
    let message = Message::parse(&rule.message, &parameter)?;
    Ok(Compiled { kinds, condition, following, group, message })
}

fn related(
    condition: &Value,
    within: &Value,
    by: &[String],
    relation: Relation,
    parameter: &dyn Fn(&str) -> Option<Value>,
) -> Result<Following, Invalid> {
    let within = duration_of(within, parameter)?;
    Ok(Following::Related { condition: parse(condition, parameter)?, within, by: fields(by)?, relation })
}

fn per_cent(json: &Value, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<f64, Invalid> {
    let value = value(json, parameter)?;
    let number =
        value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok())).filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| Invalid::BadOperand { operator: "atMost".into(), value: value.to_string() })
}

fn fields(names: &[String]) -> Result<Vec<Field>, Invalid> {
    names.iter().map(|name| Field::named(name).ok_or_else(|| Invalid::UnknownField(name.clone()))).collect()
}

fn value(json: &Value, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<Value, Invalid> {
    match json.as_str().and_then(super::super::condition::named) {
        Some(name) => parameter(name).ok_or_else(|| Invalid::MissingParameter(name.to_owned())),
        None => Ok(json.clone()),
    }
}

fn count(json: &Value, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<usize, Invalid> {
    let value = value(json, parameter)?;
    let number = value.as_u64().and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0);
    number.ok_or_else(|| Invalid::BadOperand { operator: "atLeast".into(), value: value.to_string() })
}

fn duration_of(json: &Value, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<i64, Invalid> {
    let value = value(json, parameter)?;
    value.as_str().and_then(duration).ok_or_else(|| Invalid::BadOperand { operator: "within".into(), value: value.to_string() })
}

/// `90s`, `5m`, `24h`, `92d` in microseconds.
fn duration(text: &str) -> Option<i64> {
    let unit = match text.bytes().last()? {
        b's' => SECOND,
        b'm' => 60 * SECOND,
        b'h' => HOUR,
        b'd' => DAY,
        _ => return None,
    };
    let number: i64 = text.get(..text.len() - 1)?.parse().ok()?;
    number.checked_mul(unit).filter(|duration| *duration > 0)
}
