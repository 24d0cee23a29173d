//! Event rules, out of arguments: which of them run, and their values, out of the same profiles as those of resource rules.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::path::Path;

use super::args::Choice;
use super::exit::Failure;
use super::profile::{problems, rule_files};
use crate::audit::approvals;
use crate::audit::rule::{Parameter, Rule, builtin};
use crate::model::RuleInfo;
use crate::policy::{self, ParameterType, Problem, RuleSet, SettingProblem, Settings};
use crate::spec::{Beside, Profile};

/// The event rules to run, with their values.
pub struct Chosen {
    /// The profile in force.
    pub profile: Profile,
    /// The rules.
    pub rules: Vec<Rule>,
    /// Values by `rule.parameter`.
    pub values: BTreeMap<String, serde_json::Value>,
}

impl Chosen {
    /// What people read of the event rules that azward brings and the profile leaves on.
    pub fn infos(profile: &Profile) -> Result<Vec<RuleInfo>, Failure> {
        let rules = builtin().map_err(|error| Failure::usage(error.to_string()))?;
        Ok(rules.into_iter().map(|rule| rule.info).filter(|info| !profile.is_off(info)).collect())
    }

    /// Reads profile, rules and values; everything that is named must exist.
    pub fn new(choice: &Choice) -> Result<Self, Failure> {
        let all = rules(choice)?;
        let profile = Profile::load(&choice.profile).map_err(|error| Failure::usage(error.to_string()))?;
        let resources = RuleSet::builtin().map_err(problems)?;
        let wrong = check_with(&profile, &resources, &all);
        if !wrong.is_empty() {
            return Err(problems(wrong));
        }
        let mut settings = profile.settings(choice.environment.as_deref());
        settings.push_layer();
        for given in &choice.param {
            let (name, value) = given.split_once('=').ok_or_else(|| Failure::usage(format!("`--param {given}`: write NAME=VALUE")))?;
            let name = name.trim();
            let (rule, parameter) = name.split_once('.').map_or((None, name), |(rule, parameter)| (Some(rule), parameter));
            if !takes(&all, rule, parameter) {
                let known: std::collections::BTreeSet<_> = all.iter().flat_map(|rule| rule.parameters.keys()).map(String::as_str).collect();
                let known = known.into_iter().collect::<Vec<_>>().join(", ");
                return Err(Failure::usage(format!("no event rule takes `{name}`; there are: {known}")));
            }
            settings.set_text(name, value);
        }
        let values = values(&all, &settings)?;
        let wanted = |info: &RuleInfo| {
            let asked = choice.rule.is_empty() || choice.rule.iter().any(|word| names(info, word));
            asked && !choice.skip_rule.iter().any(|word| names(info, word)) && !profile.is_off(info)
        };
        let mut rules: Vec<Rule> = all.into_iter().filter(|rule| wanted(&rule.info)).collect();
        for rule in &mut rules {
            if let Some(severity) = profile.severity(&rule.info.id) {
                rule.info.severity = severity;
            }
        }
        Ok(Self { profile, rules, values })
    }
}

impl Chosen {
    /// Adds the approvals of a file to the values of every rule that takes some.
    pub fn approve(&mut self, path: &Path) -> Result<(), Failure> {
        let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("the approvals `{}` cannot be used: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        let read = approvals(&text).map_err(|why| wrong(&why))?;
        for rule in self.rules.iter().filter(|rule| rule.parameters.contains_key(APPROVALS)) {
            let mut all = match rule.value(APPROVALS, &self.values) {
                Some(serde_json::Value::Array(items)) => items,
                _ => Vec::new(),
            };
            all.extend(read.iter().cloned());
            self.values.insert(format!("{}.{APPROVALS}", rule.info.id), all.into());
        }
        Ok(())
    }
}

/// The parameter of rules that approvals excuse from.
const APPROVALS: &str = "approvedHotfixes";

/// Ours and the user's; of a folder with both kinds of rules, those with an `input` are event rules.
fn rules(choice: &Choice) -> Result<Vec<Rule>, Failure> {
    let mut rules = builtin().map_err(|error| Failure::usage(error.to_string()))?;
    for path in &choice.rule_files {
        for (name, text) in rule_files(path, |event| event)? {
            let rule = Rule::read(&name, &text).map_err(|error| Failure::usage(error.to_string()))?;
            rules.retain(|known| known.info.id != rule.info.id);
            rules.push(rule);
        }
    }
    for word in choice.rule.iter().chain(&choice.skip_rule) {
        let known = word.starts_with("secret") || rules.iter().any(|rule| names(&rule.info, word));
        if !known {
            let all: Vec<_> = rules.iter().map(|rule| rule.info.id.as_str()).collect();
            return Err(Failure::usage(format!("there is no event rule or theme `{word}`; there are: {}", all.join(", "))));
        }
    }
    Ok(rules)
}

fn names(info: &RuleInfo, word: &str) -> bool {
    info.id == word || info.theme == word || info.controls.iter().any(|control| control.id == word)
}

/// Whether one of `rules` (or the named one) has the parameter, in any case.
pub fn takes(rules: &[Rule], rule: Option<&str>, parameter: &str) -> bool {
    let named = |known: &&Rule| rule.is_none_or(|rule| known.info.id == rule);
    rules.iter().filter(named).any(|known| known.parameters.keys().any(|name| name.eq_ignore_ascii_case(parameter)))
}

/// What nobody knows in a profile: neither a resource rule nor an event rule that azward brings.
pub fn check(profile: &Profile, resources: &RuleSet) -> Vec<Problem> {
    // Most runs need none of them.
    let events = LazyCell::new(|| builtin().unwrap_or_default());
    let parameter = |rule: Option<&str>, name: &str| takes(&events, rule, name);
    let rule = |word: &str| events.iter().any(|rule| names(&rule.info, word));
    profile.check(resources, &Beside { parameter: &parameter, rule: &rule })
}

/// Settings of the command line that neither kind of rule takes.
pub fn without_known(mut wrong: Vec<SettingProblem>) -> Vec<SettingProblem> {
    let events = LazyCell::new(|| builtin().unwrap_or_default());
    wrong.retain(|wrong| !wrong.undeclared().is_some_and(|(rule, name)| takes(&events, rule, name)));
    wrong
}

fn check_with(profile: &Profile, resources: &RuleSet, events: &[Rule]) -> Vec<Problem> {
    let parameter = |rule: Option<&str>, name: &str| takes(events, rule, name);
    let rule = |word: &str| events.iter().any(|rule| names(&rule.info, word));
    profile.check(resources, &Beside { parameter: &parameter, rule: &rule })
}

/// The value of every parameter that somebody gave, by `rule.parameter`.
fn values(rules: &[Rule], settings: &Settings) -> Result<BTreeMap<String, serde_json::Value>, Failure> {
    let mut values = BTreeMap::new();
    for rule in rules {
        for (name, parameter) in &rule.parameters {
            let kind = kind(parameter);
            let Some(given) = settings.given_to(&rule.info.id, &policy::Parameter::of_type(name, kind)) else { continue };
            let value = given.map_err(|why| Failure::usage(format!("parameter `{name}` of event rule `{}` {why}", rule.info.id)))?;
            values.insert(format!("{}.{name}", rule.info.id), value.to_json());
        }
    }
    Ok(values)
}

fn kind(parameter: &Parameter) -> ParameterType {
    ParameterType::named(&parameter.r#type).unwrap_or(ParameterType::Any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_that_ships_is_read_and_fits_both_kinds_of_rules() {
        let rules = RuleSet::builtin().unwrap();
        for name in Profile::names() {
            let profile = Profile::load(&name).unwrap();
            let problems = check(&profile, &rules);
            assert!(problems.is_empty(), "{problems:#?}");
        }
        assert!(builtin().unwrap().iter().all(|rule| rule.parameters.values().all(|one| ParameterType::named(&one.r#type).is_some())));
    }

    #[test]
    fn a_profile_gives_event_rules_their_values_by_environment_and_by_rule() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.yaml");
        let text = "title: Own\nextends: baseline\nparameters:\n  deploymentWindows: [\"Mon 01:00-02:00Z\"]\n  \
            vault-read-unapproved-identity.approvedIdentities: [app-1]\nenvironments:\n  production:\n    parameters:\n      \
            deploymentWindows: [\"Sun 01:00-02:00Z\"]\noff: [log-tampering]\nseverity:\n  vault-read-by-person: critical\n";
        std::fs::write(&path, text).unwrap();
        let settings = |environment| Profile::load(&path.display().to_string()).unwrap().settings(environment);
        let all = builtin().unwrap();
        let of = |environment, name: &str| values(&all, &settings(environment)).unwrap().get(name).cloned();
        let window = "deployment-outside-window.deploymentWindows";
        assert_eq!(of(None, window), Some(serde_json::json!(["Mon 01:00-02:00Z"])));
        assert_eq!(of(Some("production"), window), Some(serde_json::json!(["Sun 01:00-02:00Z"])));
        assert_eq!(of(None, "vault-read-unapproved-identity.approvedIdentities"), Some(serde_json::json!(["app-1"])));
        let profile = Profile::load(&path.display().to_string()).unwrap();
        assert!(check(&profile, &RuleSet::builtin().unwrap()).is_empty());
        assert!(all.iter().any(|rule| profile.is_off(&rule.info)));
        std::fs::write(&path, "title: Own\nparameters:\n  deploymentWindow: []\n").unwrap();
        let profile = Profile::load(&path.display().to_string()).unwrap();
        assert_eq!(check(&profile, &RuleSet::builtin().unwrap()).len(), 1);
    }
}
