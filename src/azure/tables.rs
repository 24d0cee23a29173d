//! The queries that azward asks Resource Graph: a fixed few, of `where`, `project` and `order` alone.

/// What every row must have, and in which order rows come: without an order there is no second page.
const COLUMNS: &str =
    "project id, name, type, location, kind, managedBy, sku, plan, identity, zones, extendedLocation, tags, properties | order by id asc";

/// Everything that is deployed.
pub fn resources() -> String {
    format!("resources | {COLUMNS}")
}

/// The wanted types of another table.
pub fn table(name: &str, kinds: &[&str]) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
    // Tables other than `resources` are not sure to have all of its columns.
    format!("{name} | where type in~ ({}) | project id, name, type, location, tags, properties | order by id asc", kinds.join(", "))
}

/// Resources that changed after a time (RFC 3339). Resource Graph keeps changes for two weeks.
pub fn changes(since: &str) -> String {
    format!(
        "resourcechanges | extend target = tostring(properties.targetResourceId), changed = todatetime(properties.changeAttributes.timestamp) \
         | where changed >= datetime({since}) | project id, target, changed | order by id asc"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_projects_and_orders_by_id() {
        for query in [resources(), table("resourcecontainers", &["a/b"]), changes("2026-01-01T00:00:00Z")] {
            assert!(query.contains("project id,") && query.ends_with("order by id asc"), "{query}");
        }
    }
}
