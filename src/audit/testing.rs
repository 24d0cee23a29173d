//! Runs the examples that event rules carry: a rule file is its own proof.

use super::rule::{Example, Rule};
use super::{Settings, run};
use crate::log::source::{Collected, Input};
use crate::model::{EntryKind, State};

/// What a stream did not do as promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The example's name.
    pub name: String,
    /// What came out instead.
    pub why: String,
}

/// Runs every example of `rule`; gives how many kept their promise, and the others.
pub fn prove(rule: &Rule) -> (usize, Vec<Broken>) {
    let pass = rule.examples.pass.iter().map(|example| (example, 0));
    let fail = rule.examples.fail.iter().map(|example| (example, 1));
    let mut broken = Vec::new();
    let mut kept = 0;
    for (example, findings) in pass.chain(fail) {
        match said(rule, example, findings) {
            None => kept += 1,
            Some(why) => broken.push(Broken { name: example.name.clone(), why }),
        }
    }
    (kept, broken)
}

fn said(rule: &Rule, example: &Example, promised: usize) -> Option<String> {
    let rules = std::slice::from_ref(rule);
    let inputs = vec![Input::text("example.log", example.logs.clone().into_bytes())];
    let settings = Settings { parameters: example.parameters.clone(), ..Settings::new(rules) };
    let outcome = match run(Collected { inputs, entries: Vec::new() }, settings) {
        Ok(outcome) => outcome,
        Err(error) => return Some(error.to_string()),
    };
    let gap = outcome.ledger.entries.iter().filter(|entry| entry.kind == EntryKind::Log).find_map(|entry| match &entry.state {
        State::Evaluated => None,
        State::Partly(gaps) => Some(gaps.join("; ")),
        State::Unreadable(why) | State::Skipped(why) => Some(why.clone()),
    });
    if let Some(gap) = gap {
        return Some(gap);
    }
    let wanted = example.findings.unwrap_or(promised);
    let found: Vec<&str> =
        outcome.findings.iter().filter(|finding| finding.verdict.is_fail()).map(|finding| finding.message.as_str()).collect();
    if found.len() != wanted {
        return Some(format!("{} findings, not {wanted}{}{}", found.len(), if found.is_empty() { "" } else { ": " }, found.join("; ")));
    }
    if let Some(nameless) = found.iter().find(|message| message.contains("(unknown)")) {
        return Some(format!("the message names nobody: {nameless}"));
    }
    let undecided = promised == 0 && outcome.rules.first().is_some_and(|count| count.unknown > 0);
    undecided.then(|| "not auditable".to_owned())
}
