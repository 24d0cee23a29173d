//! Which types azward can see in a subscription at all, and how.

use super::{ALL, Shape};
use crate::azure::kinds;
use crate::model::{Piece, Resource, Shape as Form, Span, Value};

/// Children that Azure answers with only as a part of their parent: the child's type, its parent's, and the list that
/// it stands in. Rules judge them there, in templates and live alike; whoever looks for one by its id finds it here.
pub const INSIDE: &[(&str, &str, &str)] = &[
    ("Microsoft.Network/virtualNetworks/subnets", "Microsoft.Network/virtualNetworks", "subnets"),
    ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "Microsoft.Network/virtualNetworks", "virtualNetworkPeerings"),
    ("Microsoft.Network/networkSecurityGroups/securityRules", "Microsoft.Network/networkSecurityGroups", "securityRules"),
    ("Microsoft.Network/routeTables/routes", "Microsoft.Network/routeTables", "routes"),
];

/// Types that Resource Graph's main table does not have, though nothing stands above them.
const ELSEWHERE: &[&str] =
    &["Microsoft.Authorization", "Microsoft.Insights/diagnosticSettings", "Microsoft.Resources", "Microsoft.Security"];

/// Whether a resource of `kind` and that name would have been read, had it existed.
///
/// A resource that stands alone is read whatever its type is; a child or an extension only where a collector reads it,
/// and some of those by one name alone (`config/web`).
pub fn is_read(kind: &str, name: &Value) -> bool {
    let same = |one: &str| one.eq_ignore_ascii_case(kind);
    let listed = || ALL.iter().any(|collector| collector.kinds.iter().any(|listed| same(listed.kind)));
    let mut calls = ALL.iter().flat_map(|collector| collector.children.iter().chain(collector.subscription));
    let mut called = || {
        calls.any(|child| {
            let own_name = child.path.rsplit('/').next().unwrap_or_default();
            child.kinds().any(same) && (child.shape == Shape::List || ends_with(name, own_name))
        })
    };
    let inside = || INSIDE.iter().any(|(child, ..)| same(child));
    let alone = kind.matches('/').count() == 1 && !ELSEWHERE.iter().any(|head| starts_with(kind, head));
    let group = same("Microsoft.Resources/resourceGroups") || same("Microsoft.Resources/subscriptions");
    alone || group || listed() || inside() || called()
}

fn starts_with(kind: &str, head: &str) -> bool {
    kind.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head))
        && matches!(kind.as_bytes().get(head.len()), None | Some(b'/'))
}

/// Whether the last segment of a name, as far as it is known, is `word`.
fn ends_with(name: &Value, word: &str) -> bool {
    let last = |text: &str| text.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(word));
    match (name.as_str(), name.as_unknown().map(|unknown| &unknown.shape)) {
        (Some(text), _) => last(text),
        (None, Some(Form::Text(pieces))) => matches!(pieces.last(), Some(Piece::Text(text)) if last(text)),
        _ => false,
    }
}

/// The children that stand inside a live resource, as resources of their own.
pub fn inside(parent: &Resource) -> Vec<Resource> {
    let lists = INSIDE.iter().filter(|(_, kind, _)| parent.is(kind));
    let mut found = Vec::new();
    for (kind, _, list) in lists {
        let items = parent.body.path(&format!("properties.{list}"));
        for item in items.and_then(Value::as_array).into_iter().flatten() {
            let (Some(above), Some(id), Some(name)) = (parent.name.as_str(), parent.id.as_str(), item.get("name").and_then(Value::as_str))
            else {
                continue;
            };
            let mut child = Resource::new(&*kinds::canonical(kind), Value::str(format!("{above}/{name}")), item.clone(), Span::NONE);
            child.id = Value::str(format!("{id}/{list}/{name}"));
            child.address = format!("{id}/{list}/{name}");
            child.environment.clone_from(&parent.environment);
            found.push(child);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::snapshot::{Item, Source, resource};
    use serde_json::json;

    #[test]
    fn what_is_read_is_known_by_type_and_name() {
        let name = |text: &str| Value::str(text);
        assert!(is_read("Microsoft.Anything/atAll", &name("x")) && is_read("microsoft.network/virtualnetworks/subnets", &name("v/s")));
        assert!(
            is_read("Microsoft.Web/sites/config", &name("app/web")) && !is_read("Microsoft.Web/sites/config", &name("app/appsettings"))
        );
        assert!(
            is_read("Microsoft.Authorization/roleAssignments", &name("x")) && is_read("Microsoft.Resources/resourceGroups", &name("x"))
        );
        for (kind, own) in [
            ("Microsoft.Authorization/policyDefinitions", "x"),
            ("Microsoft.Resources/deployments", "x"),
            ("Microsoft.ServiceBus/namespaces/queues", "n/q"),
        ] {
            assert!(!is_read(kind, &name(own)), "{kind}");
        }
    }

    #[test]
    fn parts_of_a_network_are_children_with_ids() {
        let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v";
        let body = json!({ "properties": { "subnets": [{ "name": "app", "properties": { "addressPrefix": "10.0.0.0/24" } }, { "odd": 1 }, 7],
            "virtualNetworkPeerings": null } });
        let item = Item {
            kind: "Microsoft.Network/virtualNetworks".into(),
            id: id.into(),
            subscription: "s".into(),
            collector: "network".into(),
            api_version: None,
            source: Source::Graph,
            body,
        };
        let parts = inside(&resource(&item));
        assert_eq!(parts.len(), 1);
        assert_eq!((parts[0].name.as_str(), parts[0].id.as_str()), (Some("v/app"), Some(format!("{id}/subnets/app").as_str())));
        assert_eq!(parts[0].body.path("properties.addressPrefix").and_then(Value::as_str), Some("10.0.0.0/24"));
    }
}
