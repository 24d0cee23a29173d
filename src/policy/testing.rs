//! Runs the examples that rules carry: a rule file is its own proof.

use std::sync::Arc;

use crate::model::{Resource, Verdict};
use crate::policy::rules::{Example, Expectation, Rule};
use crate::policy::settings::Settings;
use crate::policy::world::{Index, World};

/// Turns an example into resources, the subject first; `None` where no front end can. Given by whoever knows front ends.
pub type Evaluate<'a> = dyn Fn(&Example) -> Option<Vec<Resource>> + Sync + 'a;

/// What became of one example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleResult {
    /// The rule's id.
    pub rule: String,
    /// The rule's file.
    pub file: String,
    /// The example's line in it, from 1.
    pub line: u32,
    /// The example's name, or `fail 2`.
    pub name: String,
    /// What the author promises.
    pub expected: Expectation,
    /// What came out.
    pub outcome: ExampleOutcome,
}

/// What came out of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExampleOutcome {
    /// As promised.
    AsPromised,
    /// Something else; holds it, with the message.
    Other(Verdict, String),
    /// No front end here reads this language.
    NotRun(String),
}

/// Runs every example of `rule`.
pub fn run(rule: &Rule, evaluate: &Evaluate<'_>) -> Vec<ExampleResult> {
    let mut results = Vec::new();
    let mut counts = [0usize; 4];
    for example in rule.examples() {
        let number = counts.get_mut(example.expectation as usize).map_or(0, |count| {
            *count += 1;
            *count
        });
        let name = example.name.clone().unwrap_or_else(|| format!("{} {number}", example.expectation.as_str()));
        results.push(ExampleResult {
            rule: rule.info().id.clone(),
            file: rule.file().to_owned(),
            line: example.line,
            name,
            expected: example.expectation,
            outcome: outcome(rule, example, evaluate),
        });
    }
    results
}

fn outcome(rule: &Rule, example: &Example, evaluate: &Evaluate<'_>) -> ExampleOutcome {
    let plain = || (!example.is_text()).then(|| example.plain_resources());
    let Some(resources) = evaluate(example).or_else(plain) else {
        return ExampleOutcome::NotRun(format!("no front end here reads `{}`", example.language));
    };
    let index = Index::new(&resources);
    // Everything that matters is written down in an example, unless it shows what cannot be known.
    let world = World::new(&index).closed(example.expectation != Expectation::Unknown);
    let environment = example.environment.as_deref().or_else(|| rule.environments().first().map(String::as_str));
    let mut settings = Settings::new().in_environment(environment.map(Arc::from));
    for (name, value) in &example.parameters {
        settings.set(name, value.clone());
    }
    let subjects = resources.iter().filter(|resource| rule.applies_to(&resource.kind) && !resource.existing);
    // Of a list of resources the first is the subject; a text may make several, and all of them count.
    let subjects: Vec<&Resource> = if !example.is_text() { subjects.take(1).collect() } else { subjects.collect() };
    let judged: Vec<(Verdict, String)> = subjects
        .into_iter()
        .map(|subject| {
            let judgement = rule.judge(subject, &world, &settings);
            (judgement.verdict, judgement.message)
        })
        .collect();
    let (verdict, message) = worst(judged);
    let met = match example.expectation {
        Expectation::Pass => verdict == Verdict::Pass,
        Expectation::Fail => verdict.is_fail(),
        Expectation::Unknown => verdict.is_unknown(),
        Expectation::NotApplicable => verdict == Verdict::NotApplicable,
    };
    if met { ExampleOutcome::AsPromised } else { ExampleOutcome::Other(verdict, message) }
}

/// The verdict over all subjects: one that fails decides, then one that is unknown, then one that passes.
fn worst(judged: Vec<(Verdict, String)>) -> (Verdict, String) {
    let weight = |verdict: &Verdict| match verdict {
        Verdict::Fail => 4,
        Verdict::Unknown(_) => 3,
        Verdict::Manual => 2,
        Verdict::Pass => 1,
        Verdict::NotApplicable => 0,
    };
    let none = (Verdict::NotApplicable, String::new());
    judged.into_iter().fold(none, |worst, next| if weight(&next.0) > weight(&worst.0) { next } else { worst })
}
