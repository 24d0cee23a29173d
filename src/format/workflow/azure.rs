//! Azure Pipelines: values to a plan. Stages run one after the other unless they say otherwise.

use std::sync::Arc;

use super::classify::Fact;
use super::plan::{Job, Plan, Stage, Step};
use super::step::{Words, step};
use super::triggers;
use crate::model::{Files, Object, Span, Value};

const WORDS: Words<'static> = Words {
    uses: "task",
    scripts: &["script", "bash", "pwsh", "powershell"],
    inputs: "inputs",
    condition: "condition",
    continues: "continueOnError",
    name: "displayName",
};

/// The plan of a pipeline.
pub fn plan(root: &Value, files: &Files) -> Plan {
    let mut plan = Plan::default();
    for key in ["name", "trigger", "pr", "schedules", "variables", "pool", "resources", "parameters"] {
        if let Some(field) = root.as_object().and_then(|object| object.field(key)) {
            plan.body.insert(key, field.key_span, field.value.clone());
        }
    }
    plan.triggers = triggers::azure(root, root.span());
    let starts = ["trigger", "pr", "schedules", "resources", "pool", "extends"].iter().any(|key| root.get(key).is_some());
    if root.get("parameters").is_some() && !starts {
        plan.elsewhere = Some("what runs before and after, in the pipelines that use this template,".into());
        plan.is_part = true;
    }
    if root.path("resources.pipelines").is_some() {
        plan.elsewhere = Some("what ran before, in the pipelines that this one follows,".into());
    }
    if let Some(extended) = root.path("extends.template").and_then(Value::as_str) {
        plan.elsewhere = Some(format!("what the template `{extended}` does").into());
    }
    let mut before: Vec<Arc<str>> = Vec::new();
    for stage in items(root.get("stages")) {
        if let Some(template) = stage.get("template") {
            plan.elsewhere = Some(format!("what the template `{}` does", template.as_str().unwrap_or_default()).into());
            continue;
        }
        let Some(name) = stage.get("stage") else { continue };
        let id: Arc<str> = name.as_str().unwrap_or_default().into();
        let needs = depends_on(stage).unwrap_or_else(|| plan.stages.last().map(|last| Arc::clone(&last.name)).into_iter().collect());
        let waits: Vec<Arc<str>> =
            plan.jobs.iter().filter(|job| job.stage.as_ref().is_some_and(|of| needs.contains(of))).map(|job| Arc::clone(&job.id)).collect();
        before.clear();
        before.extend(waits);
        let mut body = Object::new();
        for key in ["displayName", "condition", "variables", "pool"] {
            if let Some(value) = stage.get(key) {
                body.set(key, value.clone());
            }
        }
        body.set("dependsOn", Value::array(needs.iter().map(|need| Value::str(Arc::clone(need))).collect()).used_at(name.span()));
        plan.stages.push(Stage { name: Arc::clone(&id), place: name.span(), body });
        jobs(stage, Some(&id), &before, files, &mut plan);
    }
    if root.get("stages").is_none() {
        jobs(root, None, &[], files, &mut plan);
    }
    plan
}

fn items(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).unwrap_or_default()
}

/// What `dependsOn` says; `None` where it is absent, an empty list where it is empty.
fn depends_on(value: &Value) -> Option<Vec<Arc<str>>> {
    let needs = value.get("dependsOn")?;
    let all = std::iter::once(needs).chain(needs.as_array().unwrap_or_default());
    Some(all.filter_map(Value::as_str).map(Arc::from).collect())
}

fn jobs(holder: &Value, stage: Option<&Arc<str>>, before: &[Arc<str>], files: &Files, plan: &mut Plan) {
    let full = |id: &str| stage.map_or_else(|| Arc::from(id), |stage| Arc::from(format!("{stage}/{id}")));
    if holder.get("jobs").is_none() && holder.get("steps").is_some() {
        let id = full("job");
        let job = job(&id, holder.get("steps").map_or(holder.span(), Value::span), holder, stage, before.to_vec(), files);
        plan.jobs.push(job);
        return;
    }
    for value in items(holder.get("jobs")) {
        if let Some(template) = value.get("template") {
            plan.elsewhere = Some(format!("what the template `{}` does", template.as_str().unwrap_or_default()).into());
            continue;
        }
        let Some(name) = value.get("deployment").or_else(|| value.get("job")) else { continue };
        let mut needs: Vec<Arc<str>> = before.to_vec();
        needs.extend(depends_on(value).unwrap_or_default().iter().map(|need| full(need)));
        let made = job(&full(name.as_str().unwrap_or("job")), name.span(), value, stage, needs, files);
        plan.jobs.push(made);
    }
}

fn job(id: &Arc<str>, place: Span, value: &Value, stage: Option<&Arc<str>>, needs: Vec<Arc<str>>, files: &Files) -> Job {
    let mut body = Object::new();
    for key in ["displayName", "condition", "pool", "variables", "continueOnError", "timeoutInMinutes", "strategy"] {
        if let Some(found) = value.get(key) {
            body.set(key, found.clone());
        }
    }
    let mut steps: Vec<Step> = Vec::new();
    let mut opaque = None;
    let mut refuses = false;
    let mut add = |list: &[Value], on_failure: bool| {
        for value in list {
            let mut made = step(value, &WORDS, files);
            if let Some(template) = value.get("template").and_then(Value::as_str) {
                opaque = Some(Arc::from(format!("the template `{template}`")));
            }
            refuses |= value.get("download").and_then(Value::as_str) == Some("none");
            if on_failure && made.facts.has(Fact::Deploys) {
                made.facts.remove(Fact::Deploys);
                made.facts.add(Fact::RollsBack);
            }
            steps.push(made);
        }
    };
    add(items(value.get("steps")), false);
    for kind in ["runOnce", "rolling", "canary"] {
        let Some(strategy) = value.path("strategy").and_then(|strategy| strategy.get(kind)) else { continue };
        for hook in ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic"] {
            add(items(strategy.path(&format!("{hook}.steps"))), false);
        }
        add(items(strategy.path("on.failure.steps")), true);
    }
    // An ordinary job takes the sources by itself, unless it says `checkout: none`.
    if value.get("deployment").is_none()
        && !items(value.get("steps")).iter().any(|step| step.get("checkout").and_then(Value::as_str) == Some("none"))
        && let Some(first) = steps.first_mut()
    {
        first.facts.add(Fact::ChecksOut);
    }
    // A deployment job downloads the artifacts of its pipeline by itself, unless it says `download: none`.
    if value.get("deployment").is_some()
        && !refuses
        && let Some(first) = steps.first_mut()
    {
        first.facts.add(Fact::DownloadsArtifact);
    }
    let environment = value.get("environment").and_then(|environment| environment.get("name").or(Some(environment)));
    Job {
        id: Arc::clone(id),
        place,
        stage: stage.cloned(),
        needs,
        environment: environment.filter(|environment| environment.as_str().is_some()).cloned(),
        condition: value.get("condition").cloned(),
        steps,
        opaque,
        body,
    }
}
