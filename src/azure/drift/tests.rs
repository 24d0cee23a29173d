use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::model::{FileId, Unknown, Why};

fn id(name: &str) -> String {
    format!("/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/{name}")
}

fn live(name: &str, body: serde_json::Value) -> Resource {
    let mut resource = Resource::new("microsoft.storage/storageaccounts", Value::str(name), Value::from_json(&body), Span::NONE);
    resource.id = Value::str(id(name));
    resource
}

fn declared(name: &str, body: serde_json::Value) -> Resource {
    let mut resource =
        Resource::new("Microsoft.Storage/storageAccounts", Value::str(name), Value::from_json(&body), Span::new(FileId(0), 7, 9));
    // Templates do not know where they will be deployed.
    resource.id = Value::str(id(name).replace("/s1/", "/00000000-0000-0000-0000-000000000000/"));
    resource
}

fn paths(_: &str) -> Vec<String> {
    ["location", "properties.minimumTlsVersion", "properties.retention", "properties.rules[*].action", "properties.flags"]
        .map(str::to_owned)
        .to_vec()
}

#[test]
fn a_changed_property_points_at_the_template() {
    let template =
        [declared("st", json!({ "location": "West Europe", "properties": { "minimumTlsVersion": "TLS1_2", "retention": "24" } }))];
    let cloud =
        [live("ST", json!({ "location": "westeurope", "properties": { "minimumTlsVersion": "TLS1_0", "retention": 24, "extra": 1 } }))];
    let drift = drift(&template, &cloud, true, paths);
    assert_eq!(drift.matched, 1);
    let [difference] = drift.differences.as_slice() else { panic!("{drift:?}") };
    assert_eq!(difference.path, "/properties/minimumTlsVersion");
    assert_eq!(difference.span, Span::new(FileId(0), 7, 9));
    assert_eq!(difference.live.path(), id("ST"));
    assert!(drift.missing.is_empty() && drift.undeclared.is_empty());
}

#[test]
fn what_the_template_does_not_state_is_no_difference() {
    let drift = drift(&[declared("st", json!({}))], &[live("st", json!({ "properties": { "minimumTlsVersion": "TLS1_0" } }))], true, paths);
    assert!(drift.differences.is_empty());
    assert_eq!(drift.compared, 0);
}

#[test]
fn items_are_matched_by_name_and_lists_in_any_order() {
    let template = declared(
        "st",
        json!({ "properties": { "flags": ["a", "B"], "rules": [{ "name": "one", "action": "Deny" }, { "name": "two", "action": "Allow" }] } }),
    );
    let cloud = live(
        "st",
        json!({ "properties": { "flags": ["b", "A"], "rules": [{ "name": "TWO", "action": "allow" }, { "name": "one", "action": "Allow" }] } }),
    );
    let drift = drift(&[template], &[cloud], true, paths);
    let found: Vec<&str> = drift.differences.iter().map(|difference| difference.path.as_str()).collect();
    assert_eq!(found, ["/properties/rules/0/action"]);
}

#[test]
fn missing_and_undeclared_are_told_apart() {
    let mut existing = declared("referred", json!({}));
    existing.existing = true;
    let drift = drift(&[declared("gone", json!({})), existing], &[live("stray", json!({}))], true, paths);
    assert_eq!(drift.missing.len(), 1);
    assert_eq!(drift.missing[0].resource.name, "gone");
    assert_eq!(drift.undeclared.len(), 1);
    assert_eq!(drift.undeclared[0].name, "stray");
}

#[test]
fn nothing_is_guessed_where_something_is_not_known() {
    let mut named = declared("x", json!({}));
    let pieces: Arc<[Piece]> = Arc::from([Piece::Text("st".into()), Piece::Hole, Piece::Text("prod".into())]);
    named.name = Value::new(Kind::Unknown(Arc::new(Unknown { why: Why::Runtime("uniqueString".into()), shape: Shape::Text(pieces) })));
    let mut body = crate::model::Object::new();
    body.set("location", Value::unknown(Why::Parameter("location".into())));
    named.body = Value::object(body);
    let one = [live("stabc1prod", json!({ "location": "westeurope" })), live("other", json!({}))];
    let found = drift(std::slice::from_ref(&named), &one, true, paths);
    assert_eq!((found.matched, found.undecided.len()), (1, 1));
    let two = [live("stabc1prod", json!({})), live("stxyzprod", json!({}))];
    let found = drift(&[named], &two, true, paths);
    assert_eq!((found.matched, found.undecided.len(), found.undeclared.len()), (0, 1, 0));
    assert!(found.missing.is_empty());
}

#[test]
fn a_type_that_could_not_be_read_is_not_missing() {
    let mut unread = live("x", json!({}));
    unread.name = Value::unknown(Why::Unread("accounts".into()));
    let found = drift(&[declared("st", json!({}))], &[unread], true, paths);
    assert_eq!((found.missing.len(), found.undecided.len()), (0, 1));
}

#[test]
fn what_is_not_read_or_not_all_there_is_not_missing() {
    let mut queue = declared("ns/q", json!({}));
    queue.kind = "Microsoft.ServiceBus/namespaces/queues".into();
    let found = drift(&[queue], &[live("x", json!({}))], true, paths);
    assert_eq!((found.missing.len(), found.undecided.len()), (0, 1));
    let found = drift(&[declared("st", json!({}))], &[live("x", json!({}))], false, paths);
    assert_eq!((found.missing.len(), found.undecided.len()), (0, 1));
}

#[test]
fn a_rule_declared_beside_its_group_is_found_inside_it() {
    let mut template = declared("g/ssh", json!({ "properties": { "rules": [], "access": "Deny" } }));
    template.kind = "Microsoft.Network/networkSecurityGroups/securityRules".into();
    template.id = Value::unknown(Why::Parameter("scope".into()));
    let mut group = live("g", json!({ "properties": { "securityRules": [{ "name": "ssh", "properties": { "access": "Allow" } }] } }));
    group.kind = "Microsoft.Network/networkSecurityGroups".into();
    let found = drift(&[template], &[group], true, |_| vec!["properties.access".into()]);
    assert_eq!((found.matched, found.missing.len(), found.differences.len()), (1, 0, 1));
}
