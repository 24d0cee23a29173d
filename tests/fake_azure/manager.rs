//! Resource Manager: a path is a resource or the list of a type, by its segments alone.

use azward::azure::ident;
use serde_json::{Value, json};

use super::tenant::{Tenant, is_tracked, lower_kind};

/// What a path comes to.
pub enum Answer {
    One(Value),
    List(Vec<Value>),
    Denied,
    Missing,
}

/// Lists whose items are not right below their path.
const ELSEWHERE: &[(&str, &str)] = &[
    ("/backupprotecteditems", "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems"),
    (
        "/replicationprotecteditems",
        "microsoft.recoveryservices/vaults/replicationfabrics/replicationprotectioncontainers/replicationprotecteditems",
    ),
];

/// Answers a GET of `path`.
pub fn answer(tenant: &Tenant, path: &str) -> Answer {
    let path = path.trim_end_matches('/').to_lowercase();
    if path == "/subscriptions" {
        return Answer::List(tenant.subscriptions.iter().map(|known| subscription(tenant, known)).collect());
    }
    if path.starts_with("/providers/microsoft.management/managementgroups/") && path.ends_with("/descendants") {
        let child = |known: &super::tenant::Subscription| json!({ "id": format!("/subscriptions/{}", known.id), "type": "Microsoft.Management/managementGroups/subscriptions", "name": known.id });
        return Answer::List(tenant.subscriptions.iter().map(child).collect());
    }
    let Some(own) = ident::subscription(&path) else { return Answer::Missing };
    if !tenant.may_read(own) {
        return Answer::Denied;
    }
    if let Some(root) = path.strip_suffix("/resources") {
        let below = tenant.below(format!("{root}/")).filter(|(_, body)| is_tracked(&lower_kind(body)));
        let slim = below.map(|(_, body)| {
            let mut body = body.clone();
            body.as_object_mut().expect("an object").remove("properties");
            body
        });
        return Answer::List(slim.collect());
    }
    if let Some(root) = path.strip_suffix("/resourcegroups") {
        return Answer::List(
            tenant.groups.iter().filter(|(id, _)| id.starts_with(&format!("{root}/"))).map(|(_, body)| body.clone()).collect(),
        );
    }
    if let Some(body) = tenant.resources.get(&path) {
        return Answer::One(body.clone());
    }
    if let Some((root, kind)) = ELSEWHERE.iter().find_map(|(suffix, kind)| Some((path.strip_suffix(suffix)?, kind))) {
        let below = tenant.below(format!("{root}/")).filter(|(_, body)| lower_kind(body) == **kind);
        return Answer::List(below.map(|(_, body)| body.clone()).collect());
    }
    if let Some(zone) = path.strip_suffix("/recordsets") {
        return Answer::List(tenant.below(format!("{zone}/")).map(|(_, body)| body.clone()).collect());
    }
    let (scope, tail) = path.rsplit_once("/providers/").unwrap_or((&path, ""));
    let in_subscription = scope == format!("/subscriptions/{own}");
    let prefix = if in_subscription { format!("{scope}/") } else { format!("{path}/") };
    let items = tenant.below(prefix).filter(|(id, body)| {
        let below = id.strip_prefix(&format!("{path}/")).is_some_and(|rest| !rest.contains('/'));
        // The list of a type in a subscription has those of every group, but not extensions of single resources.
        let listed = in_subscription && lower_kind(body) == tail && is_tracked(tail);
        below || listed
    });
    let items: Vec<Value> = items.map(|(_, body)| body.clone()).collect();
    // A path with a name at its end is a resource that is not there; one with a type is a list that may be empty.
    let names_a_resource = tail.split('/').count() % 2 == 1 && !path.ends_with("/configreferences/appsettings");
    if items.is_empty() && names_a_resource { Answer::Missing } else { Answer::List(items) }
}

fn subscription(tenant: &Tenant, known: &super::tenant::Subscription) -> Value {
    json!({ "id": format!("/subscriptions/{}", known.id), "subscriptionId": known.id, "displayName": known.name, "state": known.state,
        "tenantId": tenant.id, "tags": known.tags, "authorizationSource": "RoleBased" })
}
