//! Which kind of environment a job deploys to.

use super::classify::Fact;
use super::plan::Job;
use crate::model::{Kind, Value, Why};

/// Words for each kind, in the order of the question.
const KINDS: [(&str, &[&str]); 4] = [
    ("staging", &["staging", "stage", "stg", "uat", "preprod", "preproduction", "acceptance", "acc"]),
    ("production", &["production", "prod", "prd", "live"]),
    ("test", &["test", "tst", "qa"]),
    ("development", &["development", "dev", "develop", "sandbox", "preview"]),
];

/// `production`, `staging`, `test` or `development`; `none` where nothing says; unknown where an expression does.
pub fn kind(job: &Job) -> Value {
    if let Some(environment) = &job.environment {
        let text = environment.as_str().unwrap_or_default();
        if text.contains("${{") || text.contains("$(") {
            return Value::unknown(Why::Parameter(text.into())).used_at(environment.span());
        }
        if let Some(kind) = of_text(text, true) {
            return Value::str(kind).used_at(environment.span());
        }
    }
    let title = job.body.get("name").or_else(|| job.body.get("displayName")).and_then(Value::as_str).unwrap_or_default();
    let titles = [&*job.id, title];
    if let Some(kind) = titles.iter().find_map(|text| of_text(text, false)) {
        return Value::at(Kind::Str(kind.into()), job.place);
    }
    let deploying: Vec<_> = job.steps.iter().filter(|step| step.facts.has(Fact::Deploys)).collect();
    if !deploying.is_empty() && deploying.iter().all(|step| step.slot().is_some()) {
        return Value::at(Kind::Str("staging".into()), job.place);
    }
    let texts = deploying.iter().flat_map(|step| {
        let inputs = step.inputs.iter().filter_map(Value::as_object).flatten().map(|field| &field.value);
        step.commands.iter().chain(inputs).filter_map(Value::as_str)
    });
    let mut found = texts.filter_map(|text| of_text(text, false));
    Value::at(Kind::Str(found.next().unwrap_or("none").into()), job.place)
}

/// The kind that a word of `text` says. A job called `test` runs tests: only an environment of that name is one.
fn of_text(text: &str, is_environment: bool) -> Option<&'static str> {
    let words: Vec<String> = text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect();
    let says = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    KINDS.iter().filter(|(kind, _)| is_environment || *kind != "test").find(|(_, known)| says(known)).map(|(kind, _)| *kind)
}

/// Whether two jobs deploy to the same kind of place before production.
pub fn is_before_production(kind: &Value) -> bool {
    matches!(kind.as_str(), Some("staging" | "test"))
}
