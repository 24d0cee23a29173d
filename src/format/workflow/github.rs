//! GitHub Actions: values to a plan.

use std::sync::Arc;

use super::plan::{Job, Plan};
use super::step::{Words, step};
use super::triggers;
use crate::model::{Files, Object, Value};

const WORDS: Words<'static> =
    Words { uses: "uses", scripts: &["run"], inputs: "with", condition: "if", continues: "continue-on-error", name: "name" };

/// The plan of a workflow, or of a composite action (one job named `runs`).
pub fn plan(root: &Value, files: &Files) -> Plan {
    let mut plan = Plan::default();
    for key in ["name", "permissions", "concurrency", "env", "defaults"] {
        if let Some(field) = root.as_object().and_then(|object| object.field(key)) {
            plan.body.insert(key, field.key_span, field.value.clone());
        }
    }
    if let Some(on) = root.get("on").or_else(|| root.get("true")) {
        let on = normal(on);
        if let Some(after) = on.get("workflow_run") {
            let names = after.get("workflows").map(|names| names.to_json().to_string()).unwrap_or_default();
            plan.elsewhere = Some(format!("what ran before, in {names},").into());
        }
        if on.get("workflow_call").is_some() && on.as_object().is_some_and(|on| on.len() == 1) {
            plan.elsewhere = Some("what runs before and after, in the workflows that call this one,".into());
            plan.is_part = true;
        }
        plan.triggers = triggers::github(&on);
        plan.body.set("on", on);
    }
    if let Some(jobs) = root.get("jobs").and_then(Value::as_object) {
        for field in jobs {
            plan.jobs.push(job(&field.key, field.key_span, &field.value, root, files));
        }
    } else if let Some(runs) = root.get("runs") {
        plan.elsewhere = Some("what runs before and after, in the workflows that use this action,".into());
        plan.is_part = true;
        plan.jobs.push(job(&Arc::from("runs"), runs.span(), runs, root, files));
    }
    plan
}

/// `push`, `[push, …]` and `{ push: … }` all become the object.
fn normal(on: &Value) -> Value {
    let mut object = Object::new();
    for name in std::iter::once(on).chain(on.as_array().unwrap_or_default()) {
        if let Some(text) = name.as_str() {
            object.insert(text, name.span(), Value::object(Object::new()).used_at(name.span()));
        }
    }
    for field in on.as_object().into_iter().flatten() {
        let value = if field.value.is_null() { Value::object(Object::new()).used_at(field.key_span) } else { field.value.clone() };
        object.insert(Arc::clone(&field.key), field.key_span, value);
    }
    Value::object(object).used_at(on.span())
}

fn job(id: &Arc<str>, place: crate::model::Span, value: &Value, root: &Value, files: &Files) -> Job {
    let mut body = Object::new();
    for key in
        ["name", "runs-on", "if", "uses", "env", "strategy", "timeout-minutes", "continue-on-error", "concurrency", "secrets", "with"]
    {
        if let Some(field) = value.as_object().and_then(|object| object.field(key)) {
            body.insert(key, field.key_span, field.value.clone());
        }
    }
    if let Some(permissions) = value.get("permissions").or_else(|| root.get("permissions")) {
        body.set("permissions", permissions.clone());
    }
    let needs = value.get("needs");
    let needs = needs.into_iter().flat_map(|needs| std::iter::once(needs).chain(needs.as_array().unwrap_or_default()));
    let environment = value.get("environment").and_then(|environment| environment.get("name").or(Some(environment)));
    let uses = value.get("uses").and_then(Value::as_str);
    Job {
        id: Arc::clone(id),
        place,
        stage: None,
        needs: needs.filter_map(Value::as_str).map(Arc::from).collect(),
        environment: environment.filter(|environment| environment.as_str().is_some()).cloned(),
        condition: value.get("if").cloned(),
        steps: value.get("steps").and_then(Value::as_array).unwrap_or_default().iter().map(|value| step(value, &WORDS, files)).collect(),
        opaque: uses.map(|uses| format!("the reusable workflow `{uses}`").into()),
        body,
    }
}
