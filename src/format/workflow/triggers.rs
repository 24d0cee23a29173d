//! When a workflow or pipeline runs, in the same words for both systems, and for which branches a job does.

use super::plan::{Job, Plan};
use crate::model::{Kind, Object, Span, Value, Why};

/// `push`, `pullRequest`, `tags`: lists of patterns; `pathExcludes`, `pathIncludes`; `manual`, `schedule`, `called`, `release`: flags.
/// Absent where nothing of the kind starts it.
pub fn github(on: &Value) -> Object {
    let mut made = Object::new();
    let list = |event: &Value, key: &str| event.get(key).cloned().map(|value| listed(&value));
    if let Some(push) = on.get("push") {
        let branches = list(push, "branches");
        let only_tags = branches.is_none() && (push.get("tags").is_some() && push.get("branches-ignore").is_none());
        if !only_tags {
            made.set("push", branches.unwrap_or_else(|| any(push.span())));
        }
        if let Some(tags) = list(push, "tags") {
            made.set("tags", tags);
        }
    }
    if let Some(request) = on.get("pull_request").or_else(|| on.get("pull_request_target")) {
        made.set("pullRequest", list(request, "branches").unwrap_or_else(|| any(request.span())));
    }
    for (name, key) in [("pathExcludes", "paths-ignore"), ("pathIncludes", "paths")] {
        let found = ["push", "pull_request"].iter().find_map(|event| list(on.get(event)?, key));
        if let Some(found) = found {
            made.set(name, found);
        }
    }
    for (name, events) in [
        ("manual", &["workflow_dispatch", "repository_dispatch"][..]),
        ("schedule", &["schedule"]),
        ("called", &["workflow_call", "workflow_run"]),
        ("release", &["release"]),
    ] {
        let found = events.iter().find_map(|event| on.get(event));
        made.set(name, Value::at(Kind::Bool(found.is_some()), found.map_or(on.span(), Value::span)));
    }
    made
}

/// The same for Azure Pipelines: without `trigger` every push starts one, without `pr` no pull request does (in Azure Repos).
pub fn azure(root: &Value, place: Span) -> Object {
    let mut made = Object::new();
    let branches = |value: &Value| -> Option<Value> {
        if value.as_str() == Some("none") {
            return None;
        }
        let include = value.path("branches.include").or_else(|| value.get("include")).or_else(|| value.get("branches"));
        let own = (value.as_array().is_some() || value.as_str().is_some()).then_some(value);
        Some(include.or(own).map_or_else(|| any(value.span()), listed))
    };
    match root.get("trigger") {
        Some(trigger) => {
            let only_tags = trigger.get("tags").is_some() && trigger.get("branches").is_none();
            if let Some(found) = branches(trigger).filter(|_| !only_tags) {
                made.set("push", found);
            }
            if let Some(tags) = trigger.path("tags.include") {
                made.set("tags", listed(tags));
            }
        }
        None => made.set("push", any(place)),
    }
    if let Some(found) = root.get("pr").and_then(branches) {
        made.set("pullRequest", found);
    }
    for (name, key) in [("pathExcludes", "paths.exclude"), ("pathIncludes", "paths.include")] {
        if let Some(found) = ["trigger", "pr"].iter().find_map(|event| root.get(event)?.path(key)) {
            made.set(name, listed(found));
        }
    }
    // Everybody with the right can start any pipeline; one that nothing else starts is meant for that.
    let by_hand = root.get("trigger").and_then(Value::as_str) == Some("none");
    let schedule = root.get("schedules");
    let called = root.path("resources.pipelines");
    for (name, found) in
        [("manual", root.get("trigger").filter(|_| by_hand)), ("schedule", schedule), ("called", called), ("release", None)]
    {
        made.set(name, Value::at(Kind::Bool(found.is_some()), found.map_or(place, Value::span)));
    }
    made
}

fn any(span: Span) -> Value {
    Value::array(vec![Value::str("*").used_at(span)]).used_at(span)
}

fn listed(value: &Value) -> Value {
    if value.as_array().is_some() { value.clone() } else { Value::array(vec![value.clone()]).used_at(value.span()) }
}

/// The branches for which `job` runs: names, `*` for any, and `pull_request`, `manual`, `tag`, `schedule` for what is no branch.
pub fn branches(job: &Job, plan: &Plan, triggers: &Object) -> Value {
    let mut conditions: Vec<&Value> = job.condition.iter().collect();
    conditions
        .extend(plan.stages.iter().filter(|stage| Some(&stage.name) == job.stage.as_ref()).filter_map(|stage| stage.body.get("condition")));
    let named: Vec<Value> = conditions.iter().flat_map(|condition| of_condition(condition)).collect();
    if !named.is_empty() {
        return Value::array(named).used_at(job.place);
    }
    if triggers.get("called").and_then(Value::as_bool) == Some(true) {
        return Value::unknown(Why::Elsewhere("what starts it".into())).used_at(job.place);
    }
    let says = |word: &str| conditions.iter().filter_map(|condition| condition.as_str()).any(|text| text.contains(word));
    let mut found: Vec<Value> = triggers.get("push").and_then(Value::as_array).unwrap_or_default().to_vec();
    let not_for_requests = says("== 'push'") || says("!= 'pull_request'") || says("'PullRequest'") || says("== 'workflow_dispatch'");
    if let Some(request) = triggers.get("pullRequest").filter(|_| !not_for_requests) {
        found.push(Value::str("pull_request").used_at(request.span()));
    }
    for (name, word) in [("manual", "manual"), ("schedule", "schedule"), ("release", "tag")] {
        if let Some(flag) = triggers.get(name).filter(|flag| flag.as_bool() == Some(true)) {
            found.push(Value::str(word).used_at(flag.span()));
        }
    }
    if let Some(tags) = triggers.get("tags") {
        found.push(Value::str("tag").used_at(tags.span()));
    }
    Value::array(found).used_at(job.place)
}

/// The branches that a condition asks for: quoted names that stand beside the branch of the run, unless it must not be that one.
fn of_condition(condition: &Value) -> Vec<Value> {
    const COMPARISONS: [(&str, bool); 6] =
        [("==", true), ("!=", false), ("eq(", true), ("ne(", false), ("startsWith(", true), ("notIn(", false)];
    let Some(text) = condition.as_str() else { return Vec::new() };
    let mut found = Vec::new();
    let mut before = String::new();
    for (index, part) in text.split('\'').enumerate().take(400) {
        if index % 2 == 1 {
            let compared = COMPARISONS.iter().filter_map(|(word, wanted)| Some((before.rfind(word)?, *wanted))).max();
            let wanted = compared.is_none_or(|(_, wanted)| wanted);
            let by_name = compared.is_some_and(|(at, _)| {
                let start = before.get(..at).and_then(|head| head.rfind(['&', '|', '(', ','])).unwrap_or(0);
                before.get(start..).is_some_and(|near| near.contains("ref_name") || near.contains("SourceBranchName"))
            });
            let name =
                part.strip_prefix("refs/heads/").or_else(|| part.starts_with("refs/tags/").then_some("tag")).or(by_name.then_some(part));
            if let Some(name) = name.filter(|name| wanted && !name.is_empty()) {
                found.push(Value::str(name).used_at(condition.span()));
            }
        }
        before.push_str(part);
        before.push('\'');
    }
    if found.is_empty() && text.contains("event_name == 'release'") {
        found.push(Value::str("tag").used_at(condition.span()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_name_their_branches() {
        let of = |text: &str| Value::array(of_condition(&Value::str(text))).to_json().to_string();
        assert_eq!(of("github.ref == 'refs/heads/main'"), r#"["main"]"#);
        assert_eq!(of("and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/release/1'))"), r#"["release/1"]"#);
        assert_eq!(of("eq(variables['Build.SourceBranchName'], 'main')"), r#"["main"]"#);
        assert_eq!(of("github.ref_name == 'main' && success()"), r#"["main"]"#);
        assert_eq!(of("github.ref != 'refs/heads/main'"), "[]");
        assert_eq!(of("startsWith(github.ref, 'refs/tags/v')"), r#"["tag"]"#);
        assert_eq!(of("success() && github.event_name == 'push'"), "[]");
    }
}
