use std::collections::HashMap;
use std::sync::Arc;

use super::Parameter;
use crate::model::Value;
use crate::policy::rules::RuleSet;
use crate::policy::text::nearest;

/// Parameter values that people gave, and the environment of the unit under judgement.
///
/// Values come in layers: a profile, its environment, the command line. A later layer beats an earlier one; within a
/// layer a value for one rule (`storage-min-tls.minTls`) beats a value for all rules (`minTls`).
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The environment of the unit: `production`.
    pub environment: Option<Arc<str>>,
    layers: Vec<Layer>,
}

#[derive(Clone, Debug, Default)]
struct Layer {
    /// Lower-cased parameter name.
    by_name: HashMap<String, Given>,
    /// Rule id and lower-cased parameter name.
    by_rule: HashMap<(String, String), Given>,
}

#[derive(Clone, Debug)]
enum Given {
    Value(Value),
    Text(String),
}

/// A setting that no rule can take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingProblem {
    /// The user named a rule that does not exist.
    #[error("parameter `{rule}.{name}`: there is no rule `{rule}`{hint}")]
    UnknownRule {
        /// The rule.
        rule: String,
        /// The parameter.
        name: String,
        /// The nearest rule.
        hint: String,
    },
    /// No rule, or not the named one, declares this parameter.
    #[error("no {} has a parameter `{name}`{hint}", rule.as_deref().map_or_else(|| "rule".to_owned(), |rule| format!("rule `{rule}`")))]
    UnknownParameter {
        /// The rule, where one was named.
        rule: Option<String>,
        /// The parameter.
        name: String,
        /// The nearest parameter.
        hint: String,
    },
    /// The value is of another type, or not allowed.
    #[error("parameter `{name}` of rule `{rule}` {why}")]
    WrongValue {
        /// The rule.
        rule: String,
        /// The parameter.
        name: String,
        /// What is wrong.
        why: String,
    },
}

impl SettingProblem {
    /// The rule, where one was named, and the parameter that no rule here declares; `None` for a value that is wrong.
    pub fn undeclared(&self) -> Option<(Option<&str>, &str)> {
        match self {
            Self::UnknownRule { rule, name, .. } => Some((Some(rule), name)),
            Self::UnknownParameter { rule, name, .. } => Some((rule.as_deref(), name)),
            Self::WrongValue { .. } => None,
        }
    }
}

impl Settings {
    /// No values: every parameter has its default.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same values in another environment.
    #[must_use]
    pub fn in_environment(mut self, environment: Option<Arc<str>>) -> Self {
        self.environment = environment;
        self
    }

    /// Starts a layer that beats everything given so far.
    pub fn push_layer(&mut self) {
        self.layers.push(Layer::default());
    }

    /// Gives a typed value, as a profile does, to a parameter (`minTls`) of all rules, or of one (`storage-min-tls.minTls`).
    pub fn set(&mut self, name: &str, value: Value) {
        self.give(name, Given::Value(value));
    }

    /// Gives a value as typed on the command line; each parameter reads it by its own type.
    pub fn set_text(&mut self, name: &str, text: &str) {
        self.give(name, Given::Text(text.to_owned()));
    }

    fn give(&mut self, name: &str, given: Given) {
        if self.layers.is_empty() {
            self.push_layer();
        }
        let Some(layer) = self.layers.last_mut() else { return };
        match name.split_once('.') {
            Some((rule, name)) => layer.by_rule.insert((rule.to_owned(), name.to_lowercase()), given),
            None => layer.by_name.insert(name.to_lowercase(), given),
        };
    }

    /// The value of `parameter` for `rule`, in the service's own words; `None` where it has neither value nor default.
    pub(crate) fn value_of(&self, rule: &str, parameter: &Parameter) -> Option<Value> {
        let value = self.given(rule, parameter).and_then(|given| Self::typed(given, parameter).ok());
        value.or_else(|| parameter.default.clone()).map(|value| parameter.spell(&value))
    }

    /// What was given to `parameter` of `rule`, by the parameter's type; `None` where nobody gave anything. For rules that are no
    /// resource rules but take their values from the same profiles.
    pub fn given_to(&self, rule: &str, parameter: &Parameter) -> Option<Result<Value, String>> {
        self.given(rule, parameter).map(|given| Self::typed(given, parameter))
    }

    fn given(&self, rule: &str, parameter: &Parameter) -> Option<&Given> {
        if self.layers.is_empty() {
            return None;
        }
        let name = parameter.name.to_lowercase();
        let key = (rule.to_owned(), name);
        self.layers.iter().rev().find_map(|layer| layer.by_rule.get(&key).or_else(|| layer.by_name.get(&key.1)))
    }

    fn typed(given: &Given, parameter: &Parameter) -> Result<Value, String> {
        match given {
            Given::Value(value) => parameter.check(value),
            Given::Text(text) => parameter.parse(text),
        }
    }

    /// Everything that was given and that no rule of `rules` can take, sorted. Values that fail are not used.
    pub fn check(&self, rules: &RuleSet) -> Vec<SettingProblem> {
        let mut problems = Vec::new();
        let suggest = |near: Option<&str>| near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        for layer in &self.layers {
            for ((id, name), given) in &layer.by_rule {
                let Some(rule) = rules.get(id) else {
                    let hint = suggest(nearest(id, rules.iter().map(|rule| rule.info().id.as_str())));
                    problems.push(SettingProblem::UnknownRule { rule: id.clone(), name: name.clone(), hint });
                    continue;
                };
                let Some(parameter) = rule.parameter(name) else {
                    let hint = suggest(nearest(name, rule.parameters().iter().map(|parameter| parameter.name.as_str())));
                    problems.push(SettingProblem::UnknownParameter { rule: Some(id.clone()), name: name.clone(), hint });
                    continue;
                };
                if let Err(why) = Self::typed(given, parameter) {
                    problems.push(SettingProblem::WrongValue { rule: id.clone(), name: parameter.name.clone(), why });
                }
            }
            for (name, given) in &layer.by_name {
                let mut taken = false;
                for rule in rules.iter() {
                    let Some(parameter) = rule.parameter(name) else { continue };
                    taken = true;
                    if let Err(why) = Self::typed(given, parameter) {
                        problems.push(SettingProblem::WrongValue { rule: rule.info().id.clone(), name: parameter.name.clone(), why });
                    }
                }
                if !taken {
                    let all = rules.iter().flat_map(|rule| rule.parameters().iter().map(|parameter| parameter.name.as_str()));
                    problems.push(SettingProblem::UnknownParameter { rule: None, name: name.clone(), hint: suggest(nearest(name, all)) });
                }
            }
        }
        problems.sort_by_key(ToString::to_string);
        problems
    }
}
