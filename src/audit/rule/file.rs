use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::yaml;
use crate::model::{Control, Fix, RuleInfo, Severity};

/// An event rule as its file has it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What people read of it.
    pub info: RuleInfo,
    /// Which values it takes.
    pub parameters: BTreeMap<String, Parameter>,
    /// Which events it speaks of.
    pub condition: Value,
    /// How events make a finding; without one, every event does.
    pub window: Option<Window>,
    /// Fields that tell findings apart: events that agree in all of them are one finding.
    pub group: Vec<String>,
    /// The sentence for people.
    pub message: String,
    /// Its own proof.
    pub examples: Examples,
}

/// A rule file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event rule {name}: {why}")]
pub struct RuleError {
    /// Its file.
    pub name: String,
    /// What is wrong.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RuleFile {
    id: String,
    title: String,
    description: String,
    severity: Severity,
    theme: String,
    input: Vec<String>,
    #[serde(default)]
    parameters: BTreeMap<String, Parameter>,
    r#where: Value,
    window: Option<Window>,
    #[serde(default)]
    group: Vec<String>,
    message: String,
    #[serde(default)]
    fix: Fix,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    controls: Vec<String>,
    examples: Examples,
}

/// A value that a rule takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// `string`, `number`, `array`.
    pub r#type: String,
    /// What it is without a profile. Without a default, the rule is not auditable until someone says.
    pub default: Option<Value>,
    /// What it means.
    pub description: String,
}

/// How events make a finding.
#[expect(clippy::large_enum_variant, reason = "one a rule, read once")]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub enum Window {
    /// That many within that time.
    Count(CountWindow),
    /// None for that long.
    #[serde(rename_all = "camelCase")]
    Absence {
        /// Longest allowed time without one (`24h`).
        within: Value,
        /// Fields whose values are watched one by one.
        #[serde(default)]
        by: Vec<String>,
        /// Events that make a value known, also when none of the wanted events has it.
        subjects: Option<Value>,
        /// Values are only judged once they were active in so many hours: a vault that is hardly used is quiet by nature.
        #[serde(default)]
        active_hours: u32,
    },
    /// All steps, in this order, before the last one.
    Sequence {
        /// Fields that tell runs apart.
        by: Vec<String>,
        /// The steps; the last is the one that needs the others.
        steps: Vec<Step>,
    },
    /// Each event must be followed by another within that time.
    FollowedBy {
        /// The other event's condition.
        r#where: Value,
        /// How soon.
        within: Value,
        /// Fields that both must agree in.
        #[serde(default)]
        by: Vec<String>,
        /// The log is whole (that of a pipeline's run is): its end is the end, also where it comes before the time is over.
        #[serde(default)]
        closed: bool,
    },
    /// Each event must have another before it, within that time.
    PrecededBy {
        /// The other event's condition.
        r#where: Value,
        /// How long before.
        within: Value,
        /// Fields that both must agree in.
        #[serde(default)]
        by: Vec<String>,
    },
    /// Events that come after another, within that time, are the finding.
    #[serde(rename_all = "camelCase")]
    After {
        /// The other event's condition.
        r#where: Value,
        /// How long before.
        within: Value,
        /// Fields that both must agree in.
        #[serde(default)]
        by: Vec<String>,
        /// How many make a finding; 1 unless said.
        at_least: Option<Value>,
    },
    /// Of the events, at most that many per cent are such.
    #[serde(rename_all = "camelCase")]
    Share {
        /// The events that are counted.
        of: Value,
        /// Per cent.
        at_most: Value,
        /// How many events it takes to speak of a share.
        events: Value,
        /// Counted anew for each such stretch of time (`10m`); over everything unless said.
        within: Option<Value>,
        /// Fields that count apart.
        #[serde(default)]
        by: Vec<String>,
        /// An event that excuses a stretch when it follows.
        unless: Option<Unless>,
    },
    /// From the first event to the last, at most that long.
    #[serde(rename_all = "camelCase")]
    Lasting {
        /// Longest time allowed (`15m`).
        at_most: Value,
        /// Fields that tell apart what is measured.
        by: Vec<String>,
        /// Where the clock starts; with the first event unless said.
        since: Option<Value>,
    },
}

/// An event that excuses others.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unless {
    /// Its condition.
    pub r#where: Value,
    /// How soon it must follow.
    pub within: Value,
}

/// That many within that time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CountWindow {
    /// How many make a finding.
    pub at_least: Value,
    /// Within which time (`5m`).
    pub within: Value,
    /// Fields that count apart.
    pub by: Vec<String>,
}

/// A step of a sequence.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What people call it.
    pub name: String,
    /// Its event.
    pub r#where: Value,
}

/// Streams that prove the rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Streams without a finding.
    pub pass: Vec<Example>,
    /// Streams with at least one.
    pub fail: Vec<Example>,
}

/// A stream of log lines.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The lines.
    pub logs: String,
    /// Parameter values.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// How many findings; for `fail`, 1 unless said.
    pub findings: Option<usize>,
}

impl Rule {
    /// The value of a parameter: given to this rule (`rule.name`), given to all (`name`), or its default.
    pub fn value(&self, name: &str, given: &BTreeMap<String, Value>) -> Option<Value> {
        let own = self.parameters.get(name)?;
        given.get(&format!("{}.{name}", self.info.id)).or_else(|| given.get(name)).cloned().or_else(|| own.default.clone())
    }

    /// Reads a rule file.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn read(name: &str, text: &str) -> Result<Self, RuleError> {
        let fail = |why: String| RuleError { name: name.to_owned(), why };
        let json = yaml::read(text).map_err(fail)?;
        let file: RuleFile = serde_json::from_value(json).map_err(|error| fail(error.to_string()))?;
        let controls = file.controls.iter().map(|text| {
            let (framework, id) = text.split_once(':').ok_or_else(|| fail(format!("`{text}` is no control: write framework:id")))?;
            Ok(Control { framework: framework.to_owned(), id: id.to_owned() })
        });
        let info = RuleInfo {
            id: file.id,
            title: file.title,
            description: file.description,
            severity: file.severity,
            theme: file.theme,
            kinds: file.input,
            fix: file.fix,
            sources: file.sources,
            controls: controls.collect::<Result<_, _>>()?,
        };
        let rule = Self {
            info,
            parameters: file.parameters,
            condition: file.r#where,
            window: file.window,
            group: file.group,
            message: file.message,
            examples: file.examples,
        };
        // A rule that only lacks values of the profile is whole.
        match super::compile(&rule, &BTreeMap::new()) {
            Ok(_) | Err(super::super::condition::Invalid::MissingParameter(_)) => Ok(rule),
            Err(error) => Err(fail(error.to_string())),
        }
    }
}
