//! Any text: it is a rule or is refused with a place, and a rule judges and runs its examples within its budget.
#![no_main]

use std::sync::{Arc, LazyLock};

use azward::model::{Resource, Span, Value};
use azward::policy::{Aliases, Index, Rule, Settings, World, testing};
use libfuzzer_sys::fuzz_target;

static ALIASES: LazyLock<Arc<Aliases>> = LazyLock::new(|| Arc::new(Aliases::built_in()));
static BODY: &str = r#"{"type":"N.S/a","name":"x","location":"West Europe","tags":{"env":"prod"},"properties":{"a":"1.2","list":[{"b":1,"c":["x"]},{"b":null}],"on":true}}"#;

fuzz_target!(|text: &str| {
    let rule = match Rule::parse("fuzz.yaml", text, &ALIASES) {
        Ok(rule) => rule,
        Err(problem) => {
            assert!(problem.line >= 1 && problem.column >= 1 && !problem.message.is_empty());
            return;
        }
    };
    let body: serde_json::Value = serde_json::from_str(BODY).expect("JSON");
    let kind = rule.kinds().first().cloned().unwrap_or_default();
    let resources = [Resource::new(kind, "x".into(), Value::from_json(&body), Span::NONE)];
    let index = Index::new(&resources);
    let _ = rule.judge(&resources[0], &World::new(&index), &Settings::new());
    let _ = testing::run(&rule, &|_| None);
});
