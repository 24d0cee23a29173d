//! The least-privilege role: exactly what the collectors declare.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::collector::{ALL, Collector};

/// The permissions of the chosen collectors (all, where none is named), sorted, each once.
pub fn actions(collectors: &[String]) -> Vec<String> {
    let chosen = |collector: &&&Collector| collectors.is_empty() || collectors.iter().any(|name| name.eq_ignore_ascii_case(collector.name));
    // Providers spell their actions in more than one case; one of each is enough.
    let mut actions: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |action: String| {
        actions.entry(action.to_ascii_lowercase()).or_insert(action);
    };
    for always in [
        "Microsoft.Management/managementGroups/read",
        "Microsoft.Management/managementGroups/descendants/read",
        "Microsoft.ResourceGraph/resources/read",
        "Microsoft.Resources/subscriptions/read",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Resources/subscriptions/resources/read",
        "Microsoft.Resources/changes/read",
    ] {
        add(always.to_owned());
    }
    for collector in ALL.iter().filter(chosen) {
        for listed in collector.kinds {
            add(format!("{}/read", listed.kind));
        }
        for child in collector.children.iter().chain(collector.subscription) {
            add(child.permission.to_owned());
        }
    }
    actions.into_values().collect()
}

/// A custom role definition, as `az role definition create --role-definition` takes it. It reads configuration: it has
/// no data action and no `listKeys`, and of types that no collector names only what Resource Graph shows to a reader.
///
/// `scope` is where it may be assigned, `/providers/Microsoft.Management/managementGroups/{id}` or `/subscriptions/{id}`.
pub fn role(scope: &str, collectors: &[String]) -> Value {
    json!({
        "Name": "azward auditor",
        "IsCustom": true,
        "Description": "Reads the configuration that azward judges. No data, no keys, no writes.",
        "Actions": actions(collectors),
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": [scope],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_only_reads_and_has_no_wildcard() {
        let actions = actions(&[]);
        assert!(actions.len() > 80);
        for action in &actions {
            assert!(action.ends_with("/read") && !action.contains('*'), "{action}");
        }
        assert_eq!(role("/subscriptions/s", &[]).pointer("/AssignableScopes/0"), Some(&json!("/subscriptions/s")));
    }

    #[test]
    fn one_collector_needs_less() {
        let few = actions(&["storage".into()]);
        assert!(few.iter().any(|action| action.ends_with("blobServices/read")));
        assert!(!few.iter().any(|action| action.contains("Microsoft.Sql")));
    }
}
