//! Whatever a rule judges or looks for in subscriptions is read by a collector, and the printed role allows it.

use std::collections::{BTreeMap, BTreeSet};

use azward::{
    azure::{
        collector::{ALL, Child, INSIDE},
        permissions,
    },
    policy::{Rule, RuleSet},
};
use serde_json::Value;

/// Kinds that no subscription holds: whole environments, and parts of template files.
fn is_virtual(kind: &str) -> bool {
    kind == "*" || !kind.split('/').next().is_some_and(|namespace| namespace.contains('.'))
}

fn live_rules() -> Vec<std::sync::Arc<Rule>> {
    let all = RuleSet::builtin().unwrap();
    all.iter().filter(|rule| rule.targets().is_empty() || rule.targets().iter().any(|target| target == "live")).cloned().collect()
}

/// The kinds that conditions look for, and whether as children.
fn related(written: &Value, found: &mut Vec<(String, bool)>) {
    match written {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "related" {
                    let kinds = value["kind"].as_array().cloned().unwrap_or_else(|| vec![value["kind"].clone()]);
                    found.extend(kinds.iter().filter_map(|kind| Some((kind.as_str()?.to_owned(), value["child"] == true))));
                }
                related(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| related(item, found)),
        _ => {}
    }
}

fn calls() -> impl Iterator<Item = &'static Child> {
    ALL.iter().flat_map(|collector| collector.children.iter().chain(collector.subscription))
}

/// The permissions that reading a kind takes; empty where nobody reads it.
fn permissions_of(kind: &str) -> BTreeSet<String> {
    let same = |one: &str| one.eq_ignore_ascii_case(kind);
    let listed = ALL.iter().flat_map(|collector| collector.kinds).filter(|listed| same(listed.kind));
    let mut all: BTreeSet<String> = listed.map(|listed| format!("{}/read", listed.kind)).collect();
    all.extend(calls().filter(|child| child.kinds().any(same)).map(|child| child.permission.to_owned()));
    all.extend(INSIDE.iter().filter(|(child, ..)| same(child)).map(|(_, parent, _)| format!("{parent}/read")));
    if same("Microsoft.Resources/resourceGroups") {
        all.insert("Microsoft.Resources/subscriptions/resourceGroups/read".into());
    }
    all
}

#[test]
fn every_kind_that_a_rule_names_has_a_collector_and_its_permission_is_in_the_role() {
    let allowed: BTreeSet<String> = permissions::actions(&[]).iter().map(|action| action.to_lowercase()).collect();
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rule in live_rules() {
        let mut kinds: Vec<(String, bool)> = rule.kinds().iter().map(|kind| (kind.clone(), false)).collect();
        related(&rule.written().to_json(), &mut kinds);
        for (kind, _) in kinds.into_iter().filter(|(kind, _)| !is_virtual(kind)) {
            named.entry(kind).or_default().insert(rule.info().id.clone());
        }
    }
    assert!(named.len() > 110, "{}", named.len());
    let mut unread = Vec::new();
    for (kind, rules) in &named {
        let needed = permissions_of(kind);
        if needed.is_empty() {
            unread.push(format!("nobody reads {kind}, which {rules:?} ask for"));
        }
        unread.extend(needed.iter().filter(|one| !allowed.contains(&one.to_lowercase())).map(|one| format!("the role lacks {one}")));
    }
    println!("score live.kinds: {} of {} kinds that live rules name have a collector", named.len() - unread.len(), named.len());
    assert!(unread.is_empty(), "{unread:#?}");
}

/// A child that is looked for below a parent must be read for that parent, or its absence means nothing.
#[test]
fn children_that_rules_look_for_are_read_for_the_parents_that_they_judge() {
    let mut unread = Vec::new();
    for rule in live_rules() {
        let mut kinds = Vec::new();
        related(&rule.written().to_json(), &mut kinds);
        for (child, _) in kinds.iter().filter(|(kind, is_child)| *is_child && !is_virtual(kind)) {
            let is_below = |parent: &&String| child.to_lowercase().starts_with(&format!("{}/", parent.to_lowercase()));
            let nearest = rule.kinds().iter().filter(is_below).max_by_key(|parent| parent.len());
            // An extension may stand below any of them; where its list in the subscription has all, that is enough.
            let parents: Vec<&String> = nearest.map_or_else(|| rule.kinds().iter().collect(), |nearest| vec![nearest]);
            let same = |kind: &str| kind.eq_ignore_ascii_case(child);
            let everywhere = ALL.iter().flat_map(|collector| collector.subscription).any(|call| same(call.kind))
                && !ALL.iter().flat_map(|collector| collector.children).any(|call| same(call.kind));
            let listed = ALL.iter().flat_map(|collector| collector.kinds).any(|listed| same(listed.kind));
            if everywhere || listed || INSIDE.iter().any(|(kind, ..)| same(kind)) {
                continue;
            }
            for parent in parents.into_iter().filter(|kind| !is_virtual(kind)) {
                if !calls().any(|call| call.belongs_to(parent) && call.kinds().any(same)) {
                    unread.push(format!("{}: {child} below {parent}", rule.info().id));
                }
            }
        }
    }
    assert!(unread.is_empty(), "{unread:#?}");
}
