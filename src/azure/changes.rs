//! What changed since a time, for runs that read no more than that.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    client::{CallError, Client, GraphPages},
    ident, tables,
};

/// Longest time for which Resource Graph keeps changes.
/// <https://learn.microsoft.com/azure/governance/resource-graph/changes/resource-graph-changes>
pub const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(14 * 24);

/// Keys ([`ident::key`]) of the resources in `subscriptions` that changed at or after `since`.
///
/// # Errors
///
/// Where Resource Graph cannot be asked.
pub async fn changed(client: &Client, subscriptions: &[String], since: jiff::Timestamp) -> Result<HashSet<u64>, CallError> {
    let mut pages = GraphPages::new(client, &tables::changes(&since.to_string()), subscriptions);
    let mut keys = HashSet::new();
    while let Some(page) = pages.next().await {
        for row in page? {
            if let Some(target) = row.get("target").and_then(Value::as_str) {
                // A change of a child is a change of the resource that rules judge with it.
                keys.insert(ident::key(ident::root(target)));
            }
        }
    }
    Ok(keys)
}
