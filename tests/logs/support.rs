//! Runs rules over texts.

use std::collections::BTreeMap;

use azward::audit::rule::{Rule, builtin};
use azward::audit::{Outcome, Settings, run};
use azward::log::source::{Collected, Input};
use azward::model::{Finding, State};

pub fn rules() -> Vec<Rule> {
    builtin().expect("the built-in event rules are whole")
}

pub fn only(id: &str) -> Vec<Rule> {
    rules().into_iter().filter(|rule| rule.info.id == id).collect()
}

pub fn audit(rules: &[Rule], logs: &[(&str, Vec<u8>)], parameters: &BTreeMap<String, serde_json::Value>) -> Outcome {
    let inputs = logs.iter().map(|(name, text)| Input::text(*name, text.clone())).collect();
    let settings = Settings { parameters: parameters.clone(), ..Settings::new(rules) };
    run(Collected { inputs, entries: Vec::new() }, settings).expect("it runs")
}

pub fn fails(outcome: &Outcome) -> Vec<&Finding> {
    outcome.findings.iter().filter(|finding| finding.verdict.is_fail()).collect()
}

/// What the ledger says of a log: its gaps, joined.
pub fn gaps(outcome: &Outcome, name: &str) -> String {
    let entry =
        outcome.ledger.entries.iter().find(|entry| entry.subject.ends_with(name)).unwrap_or_else(|| panic!("{name} is not in the ledger"));
    match &entry.state {
        State::Evaluated => String::new(),
        State::Partly(gaps) => gaps.join("\n"),
        State::Unreadable(why) | State::Skipped(why) => why.clone(),
    }
}
