//! One case through azward.

use std::path::Path;
use std::sync::Arc;

use azward::model::{Resource, Span, Value};
use azward::policy::definition::{Context, Definition};
use azward::policy::{Aliases, Index, Settings, Truth, World};
use serde_json::{Value as Json, json};

use crate::cases::{Case, Suite};

pub enum Outcome {
    Passed,
    Failed(String),
}

pub fn aliases(suite: &Suite, folder: &Path) -> Arc<Aliases> {
    let mut aliases = Aliases::default();
    if let Some(file) = &suite.aliases {
        let path = [folder.join(file), folder.join("aliases").join(file)].into_iter().find(|path| path.is_file());
        let text = std::fs::read_to_string(path.unwrap_or_else(|| panic!("the alias file {file} is not there"))).expect("text");
        aliases.extend_from_providers(&text).expect("an alias catalogue");
    }
    Arc::new(aliases)
}

pub fn run(suite: &Suite, case: &Case, aliases: &Arc<Aliases>) -> Outcome {
    let own = case.policy_definition.as_ref().or(case.policy_rule.as_ref());
    let text = own.or(suite.policy_definition.as_ref()).or(suite.policy_rule.as_ref()).expect("every case has a rule");
    let definition = match Definition::parse("case", text, aliases) {
        Ok(_) if case.wants_parse_error() => return Outcome::Failed("is read, but should be refused".to_owned()),
        Ok(definition) => definition,
        Err(_) if case.wants_parse_error() || case.wants_compile_error() => return Outcome::Passed,
        Err(problem) => return Outcome::Failed(format!("is not read: {problem}")),
    };
    if case.wants_compile_error() {
        return Outcome::Failed(format!("is read, but should be refused: {:?}", case.want_compile_error_contains));
    }
    let mut subject = resource(case.resource.clone().unwrap_or_else(|| json!({})), None);
    subject.api_version = case.api_version.as_deref().map(Into::into);
    if subject.id.is_null() && !case.host_await.is_empty() {
        subject.id = Value::str(format!("/subscriptions/s/resourceGroups/g/providers/{}/x", subject.kind));
    }
    let related = case.host_await.iter().filter_map(|entry| {
        let body = entry.response.clone().filter(|response| !response.is_null())?;
        let kind = entry.resource_type.clone().or_else(|| details_type(text));
        let mut resource = resource(body, kind.as_deref());
        // Whatever the relation, the host has found it: its id is below the subject's.
        let id = subject.id.as_str().unwrap_or_default();
        let below = resource.kind.get(..subject.kind.len()).filter(|head| head.eq_ignore_ascii_case(&subject.kind));
        let tail = below.and_then(|head| resource.kind.get(head.len()..)?.strip_prefix('/'));
        resource.id = Value::str(match tail {
            Some(tail) => format!("{id}/{}/found", tail.replace('/', "/x/")),
            None => format!("{id}/providers/{}/found", resource.kind),
        });
        Some(resource)
    });
    let all: Vec<Resource> = related.collect();
    let index = Index::new(&all);
    let world = World::new(&index).closed(true);
    let mut settings = Settings::new();
    for (name, value) in case.parameters.as_ref().and_then(Json::as_object).into_iter().flatten() {
        settings.set(name, Value::from_json(value));
    }
    let found = definition.evaluate(&subject, &world, &settings, &context(case));
    match (&found.matched, &case.want_effect) {
        (Truth::True, Some(wanted)) if found.effect.as_ref().is_some_and(|effect| effect.eq_ignore_ascii_case(wanted)) => Outcome::Passed,
        (Truth::False, None) if case.want_eval_error_contains.is_none() => Outcome::Passed,
        (Truth::Unknown(_), None) if case.want_eval_error_contains.is_some() => Outcome::Passed,
        (truth, wanted) => {
            let leaves = found
                .evidence
                .iter()
                .take(2)
                .map(|leaf| format!("{} {} is {}, wants {}", leaf.leaf, leaf.path, leaf.actual.to_json(), leaf.expected.to_json()));
            let wanted = wanted.clone().or_else(|| case.want_eval_error_contains.clone());
            Outcome::Failed(format!("{truth:?} with {:?}, wanted {wanted:?}; {}", found.effect, leaves.collect::<Vec<_>>().join("; ")))
        }
    }
}

fn resource(body: Json, kind: Option<&str>) -> Resource {
    let text = |key: &str| body.get(key).and_then(Json::as_str).map(str::to_owned);
    let kind = kind.map(str::to_owned).or_else(|| text("type")).unwrap_or_default();
    let name = text("name").map_or_else(Value::null, Value::str);
    let id = text("id");
    let mut resource = Resource::new(kind, name, Value::from_json(&body), Span::NONE);
    resource.id = id.map_or_else(Value::null, Value::str);
    resource
}

fn details_type(text: &str) -> Option<String> {
    let json: Json = serde_json::from_str(text).ok()?;
    let rule = json.pointer("/properties/policyRule").or_else(|| json.get("policyRule")).unwrap_or(&json);
    rule.pointer("/then/details/type")?.as_str().map(str::to_owned)
}

fn context(case: &Case) -> Context {
    let usual = json!({
        "resourceGroup": { "name": "myResourceGroup", "location": "eastus" },
        "subscription": { "subscriptionId": "00000000-0000-0000-0000-000000000000" },
    });
    let mut context = case.context.clone().unwrap_or(usual);
    let requested = case.request_context.clone().or_else(|| case.api_version.as_ref().map(|version| json!({ "apiVersion": version })));
    if let (Some(request), Some(object)) = (requested, context.as_object_mut()) {
        object.entry("requestContext").or_insert(request);
    }
    Context::new(Value::from_json(&context))
}
