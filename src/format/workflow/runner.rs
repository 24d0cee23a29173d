//! Where a job runs, and with which runtimes.

use super::plan::{Job, Plan, Step};
use super::variables::Variables;
use crate::model::{Kind, Object, Value, Why};

/// The labels or pool of `job`: the nearest that is said; `None` where nothing is.
pub fn runner(job: &Job, plan: &Plan) -> Option<Value> {
    let stage = plan.stages.iter().find(|stage| Some(&stage.name) == job.stage.as_ref());
    let said = job.body.get("runs-on").or_else(|| job.body.get("pool")).or_else(|| stage.and_then(|stage| stage.body.get("pool")));
    said.or_else(|| plan.body.get("pool")).cloned()
}

/// Sets `runner` (names) and `hosted`: whether the machine is one of Microsoft's or GitHub's, outside every private network.
pub fn describe(body: &mut Object, job: &Job, plan: &Plan, variables: &Variables<'_>) {
    let Some(said) = runner(job, plan) else {
        body.set("runner", Value::array(Vec::new()).used_at(job.place));
        // Azure Pipelines uses its own machines where nothing is said; a job that calls another says nothing of machines.
        body.set("hosted", Value::at(Kind::Bool(job.opaque.is_none()), job.place));
        return;
    };
    let image = said.get("vmImage");
    let name = image.or_else(|| said.get("name")).or_else(|| said.get("group")).or_else(|| said.get("labels")).unwrap_or(&said);
    let names = variables.values(name);
    let hosted = if names.iter().any(Value::is_unknown) || names.is_empty() {
        Value::unknown(Why::Parameter("the machine that it runs on".into())).used_at(said.span())
    } else {
        let known = names.iter().filter_map(Value::as_str).any(is_hosted);
        Value::at(Kind::Bool(image.is_some() || known), said.span())
    };
    body.set("runner", Value::array(names).used_at(said.span()));
    body.set("hosted", hosted);
}

fn is_hosted(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    label == "azure pipelines" || ["ubuntu-", "windows-", "macos-", "vs2"].iter().any(|start| label.starts_with(start))
}

/// The most minutes that it may take: what is said, else what the system allows.
pub fn timeout(job: &Job, is_github: bool) -> Value {
    let said = job.body.get("timeout-minutes").or_else(|| job.body.get("timeoutInMinutes"));
    match said {
        Some(value) => value.clone(),
        None => Value::at(Kind::Int(if is_github { 360 } else { 60 }), job.place),
    }
}

/// Every runtime that a job sets up or deploys for: `{ name, version }`, the version unknown where only a run tells.
pub fn runtimes(job: &Job, variables: &Variables<'_>) -> Value {
    let mut found = Vec::new();
    for step in &job.steps {
        for (name, version) in of_step(step) {
            for version in variables.values(version) {
                let mut one = Object::new();
                one.set("name", Value::str(name).used_at(version.span()));
                let plain =
                    version.as_str().map(|text| text.trim_start_matches(|c: char| !c.is_ascii_digit()).trim_end_matches(".x").to_owned());
                let kept = plain.filter(|text| !text.is_empty()).map(|text| Value::str(text).used_at(version.span()));
                one.set(
                    "version",
                    kept.unwrap_or_else(|| Value::unknown(Why::Parameter("the version of the runtime".into())).used_at(version.span())),
                );
                found.push(Value::object(one).used_at(version.span()));
            }
        }
    }
    Value::array(found).used_at(job.place)
}

fn of_step(step: &Step) -> Vec<(&'static str, &Value)> {
    const SETUPS: [(&str, &str, &[&str]); 9] = [
        ("actions/setup-python@", "python", &["python-version"]),
        ("astral-sh/setup-uv@", "python", &["python-version"]),
        ("actions/setup-node@", "node", &["node-version"]),
        ("actions/setup-dotnet@", "dotnet", &["dotnet-version"]),
        ("actions/setup-java@", "java", &["java-version"]),
        ("UsePythonVersion@", "python", &["versionSpec"]),
        ("NodeTool@", "node", &["versionSpec"]),
        ("UseNode@", "node", &["version"]),
        ("UseDotNet@", "dotnet", &["version"]),
    ];
    let mut found = Vec::new();
    let Some(inputs) = &step.inputs else { return found };
    let uses = step.uses.as_ref().and_then(Value::as_str).unwrap_or_default();
    if let Some((_, name, keys)) = SETUPS.iter().find(|(start, ..)| starts_with(uses, start)) {
        found.extend(keys.iter().filter_map(|key| Some((*name, inputs.get(key)?))));
    }
    let stack = inputs.get("runtimeStack").or_else(|| inputs.get("RuntimeStack")).filter(|stack| stack.as_str().is_some());
    if let Some(stack) = stack {
        let text = stack.as_str().unwrap_or_default().to_ascii_lowercase();
        let name = ["python", "node", "dotnet", "java"].iter().find(|name| text.starts_with(**name));
        found.extend(name.map(|name| (*name, stack)));
    }
    found
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}
