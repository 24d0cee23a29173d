//! Any text: it is a policy definition or is refused with a place, and a definition judges within its budget.
#![no_main]

use std::sync::{Arc, LazyLock};

use azward::model::{Resource, Span, Value};
use azward::policy::definition::{Context, Definition};
use azward::policy::{Aliases, Index, Settings, World};
use libfuzzer_sys::fuzz_target;

static ALIASES: LazyLock<Arc<Aliases>> = LazyLock::new(|| Arc::new(Aliases::built_in()));
static BODY: &str = r#"{"type":"N.S/a","name":"x","location":"West Europe","tags":{"env":"prod"},"properties":{"a":"1.2","list":[{"b":1,"c":["x"]},{"b":null}],"on":true}}"#;

fuzz_target!(|text: &str| {
    let definition = match Definition::parse("fuzz.json", text, &ALIASES) {
        Ok(definition) => definition,
        Err(problem) => {
            assert!(problem.line >= 1 && problem.column >= 1 && !problem.message.is_empty());
            return;
        }
    };
    let body: serde_json::Value = serde_json::from_str(BODY).expect("JSON");
    let resources = [Resource::new("N.S/a", "x".into(), Value::from_json(&body), Span::NONE)];
    let index = Index::new(&resources);
    let _ = definition.evaluate(&resources[0], &World::new(&index), &Settings::new(), &Context::default());
    let _ = definition.unknown_functions();
    let _ = definition.into_rule();
});
