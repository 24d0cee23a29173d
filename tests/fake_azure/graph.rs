//! Resource Graph, for the queries that azward asks and for no other.

use std::collections::BTreeSet;

use azward::azure::{collector, ident, tables};
use serde_json::{Value, json};

use super::tenant::Tenant;

/// What a query asks for.
pub enum Asked {
    Resources,
    Kinds(Vec<String>),
    Groups,
    Changes,
}

/// Recognises a query by its whole text.
pub fn recognise(query: &str) -> Option<Asked> {
    if query == tables::resources() {
        return Some(Asked::Resources);
    }
    let changes = tables::changes("@");
    let (before, after) = changes.split_once('@').expect("the time is in it");
    if query.starts_with(before) && query.ends_with(after) {
        return Some(Asked::Changes);
    }
    let tables = collector::ALL.iter().flat_map(|collector| collector.tables);
    let table = tables.into_iter().find(|table| query == tables::table(table.name, table.kinds))?;
    if table.name == "resourcecontainers" {
        return Some(Asked::Groups);
    }
    Some(Asked::Kinds(table.kinds.iter().map(|kind| (*kind).to_owned()).collect()))
}

/// Some rows in order of their ids, and how many there are in all.
pub fn rows(tenant: &Tenant, asked: &Asked, subscriptions: &BTreeSet<String>, from: usize, size: usize) -> (Vec<Value>, usize) {
    let all: Vec<&Value> = match asked {
        Asked::Resources => tenant.tracked(subscriptions).collect(),
        // `config/web` alone is in the table of App Service.
        Asked::Kinds(kinds) => {
            let wanted = tenant.of_kinds(subscriptions, kinds);
            wanted.filter(|body| !body["type"].as_str().unwrap_or_default().ends_with("/config") || body["name"] == "web").collect()
        }
        Asked::Groups => {
            let own = |id: &String| ident::subscription(id).is_some_and(|own| subscriptions.contains(own) && tenant.may_read(own));
            tenant.groups.iter().filter(|(id, _)| own(id)).map(|(_, body)| body).collect()
        }
        // Every storage account changed; nothing else did.
        Asked::Changes => tenant.tracked(subscriptions).filter(|body| body["type"] == "Microsoft.Storage/storageAccounts").collect(),
    };
    let total = all.len();
    let page = all.into_iter().skip(from).take(size);
    let change = |body: &Value| {
        let id = body["id"].as_str().unwrap_or_default();
        json!({ "id": format!("{id}/providers/Microsoft.Resources/changes/1"), "target": id })
    };
    let rows = page.map(|body| match asked {
        Asked::Changes => change(body),
        Asked::Resources => row(body, true),
        _ => row(body, false),
    });
    (rows.collect(), total)
}

/// Columns as Resource Graph fills them: lower-case types, empty text and null where a resource has nothing.
fn row(body: &Value, all: bool) -> Value {
    let column = |key: &str, absent: Value| body.get(key).cloned().unwrap_or(absent);
    let mut row = json!({
        "id": body["id"], "name": body["name"], "type": body["type"].as_str().unwrap_or_default().to_lowercase(),
        "location": column("location", json!("")), "tags": column("tags", Value::Null), "properties": column("properties", Value::Null),
    });
    if all {
        for (key, absent) in [("kind", json!("")), ("managedBy", json!("")), ("sku", Value::Null), ("plan", Value::Null)] {
            row[key] = column(key, absent);
        }
        for key in ["identity", "zones", "extendedLocation"] {
            row[key] = column(key, Value::Null);
        }
    }
    row
}
