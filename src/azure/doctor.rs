//! Tries every call once and says in one line each how it went: the first thing to run against a new tenant.

use std::{collections::BTreeSet, fmt, sync::Arc};

use serde_json::Value;

use super::{
    client::{Call, CallError, Client, GraphPages, Lane},
    collector::{ALL, Shape},
    scope::Scope,
    tables,
};

/// How one call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The collector.
    pub collector: &'static str,
    /// What was asked for: a type, or a table of Resource Graph.
    pub what: String,
    /// API version.
    pub api_version: &'static str,
    /// How it went.
    pub outcome: Outcome,
}

/// How a call went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It answered.
    Answered {
        /// Rows on the first page.
        rows: usize,
        /// Fields of the envelope that azward does not know.
        unknown: BTreeSet<String>,
    },
    /// There is nothing there; holds the status that says so, where there was one.
    Absent(Option<u16>),
    /// There is no resource to try it on.
    Untried,
    /// It failed.
    Failed(CallError),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<18} {:<72} {:<19} ", self.collector, self.what, self.api_version)?;
        match &self.outcome {
            Outcome::Answered { rows, unknown } if unknown.is_empty() => write!(f, "200 ok, rows {rows}"),
            Outcome::Answered { rows, unknown } => {
                let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
                write!(f, "200 ok, rows {rows}, unknown fields {}", unknown.join(" "))
            }
            Outcome::Absent(Some(status)) => write!(f, "{status} ok, none there"),
            Outcome::Absent(None) => f.write_str("200 ok, none there"),
            Outcome::Untried => f.write_str("not tried, no such resource"),
            Outcome::Failed(error) => write!(f, "FAILED {error}"),
        }
    }
}

/// Fields that resources have beside their properties.
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax#resources>
const ENVELOPE: &[&str] = &[
    "id",
    "name",
    "type",
    "location",
    "tags",
    "sku",
    "kind",
    "identity",
    "zones",
    "plan",
    "managedBy",
    "extendedLocation",
    "properties",
    "etag",
    "systemData",
    "eTag",
    "apiVersion",
    "scale",
    "resourceGroup",
    "subscriptionId",
    "tenantId",
];

/// Tries every call on the first subscription of `scope`, one after another.
///
/// # Errors
///
/// Where the subscriptions cannot be listed.
pub async fn examine(client: &Client, scope: &Scope) -> Result<Vec<Line>, CallError> {
    let resolved = scope.resolve(client).await?;
    let mut lines = vec![Line {
        collector: "subscriptions",
        what: "/subscriptions".into(),
        api_version: "2022-12-01",
        outcome: Outcome::Answered { rows: resolved.subscriptions.len(), unknown: BTreeSet::new() },
    }];
    let Some(first) = resolved.subscriptions.first() else { return Ok(lines) };
    let subscriptions = [first.id.clone()];
    let mut found: Vec<Value> = Vec::new();
    let outcome = query(client, &tables::resources(), &subscriptions, Some(&mut found)).await;
    lines.push(Line { collector: "resources", what: "Resource Graph: resources".into(), api_version: "2022-10-01", outcome });
    for collector in ALL {
        for table in collector.tables {
            let outcome = query(client, &tables::table(table.name, table.kinds), &subscriptions, None).await;
            lines.push(Line {
                collector: collector.name,
                what: format!("Resource Graph: {}", table.name),
                api_version: "2022-10-01",
                outcome,
            });
        }
    }
    let root = format!("/subscriptions/{}", first.id);
    for collector in ALL {
        for listed in collector.kinds {
            let Some(api_version) = listed.list else { continue };
            let call = call(&first.id, listed.kind, format!("{root}/providers/{}", listed.kind), api_version, &[]);
            let outcome = ask(client, &call, Shape::List, &[], &mut found).await;
            lines.push(Line { collector: collector.name, what: listed.kind.to_owned(), api_version, outcome });
        }
        for child in collector.subscription {
            let call = call(&first.id, child.kind, format!("{root}{}", child.path), child.api_version, child.query);
            let outcome = ask(client, &call, child.shape, child.absent, &mut found).await;
            let what = format!("{} of the subscription", child.kind);
            lines.push(Line { collector: collector.name, what, api_version: child.api_version, outcome });
        }
    }
    for collector in ALL {
        for child in collector.children {
            let parent = found.iter().find(|item| item.get("type").and_then(Value::as_str).is_some_and(|kind| child.belongs_to(kind)));
            let parent = parent.and_then(|item| item.get("id").and_then(Value::as_str)).map(str::to_owned);
            let outcome = match parent {
                None => Outcome::Untried,
                Some(parent) => {
                    let call = call(&first.id, child.kind, format!("{parent}{}", child.path), child.api_version, child.query);
                    ask(client, &call, child.shape, child.absent, &mut found).await
                }
            };
            let what = format!("{} ({})", child.kind, child.path);
            lines.push(Line { collector: collector.name, what, api_version: child.api_version, outcome });
        }
    }
    Ok(lines)
}

fn call(subscription: &str, kind: &str, path: String, api_version: &'static str, query: &[(&'static str, &str)]) -> Call {
    let provider = kind.split('/').next().unwrap_or_default();
    let lane = Lane { subscription: Arc::from(subscription), provider: provider.into() };
    Call { lane, path, api_version, query: query.iter().map(|(key, value)| (*key, (*value).to_owned())).collect() }
}

async fn query(client: &Client, query: &str, subscriptions: &[String], keep: Option<&mut Vec<Value>>) -> Outcome {
    match GraphPages::new(client, query, subscriptions).next().await {
        Some(Ok(rows)) => {
            let outcome = Outcome::Answered { rows: rows.len(), unknown: unknown(&rows) };
            if let Some(keep) = keep {
                keep.extend(rows);
            }
            outcome
        }
        Some(Err(error)) => Outcome::Failed(error),
        None => Outcome::Absent(None),
    }
}

async fn ask(client: &Client, call: &Call, shape: Shape, absent: &[&str], found: &mut Vec<Value>) -> Outcome {
    let page = match shape {
        Shape::One => client.get(call).await.map(|reply| vec![reply.json]),
        Shape::List => match client.pages(call) {
            Ok(mut pages) => pages.next().await.unwrap_or_else(|| Ok(Vec::new())),
            Err(error) => Err(error),
        },
    };
    match page {
        Ok(rows) => {
            let outcome = Outcome::Answered { rows: rows.len(), unknown: unknown(&rows) };
            found.extend(rows);
            outcome
        }
        Err(error) if error.is_absence() || error.code.as_deref().is_some_and(|code| absent.contains(&code)) => {
            Outcome::Absent(error.status)
        }
        Err(error) => Outcome::Failed(error),
    }
}

fn unknown(rows: &[Value]) -> BTreeSet<String> {
    let keys = rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys());
    keys.filter(|key| !ENVELOPE.contains(&key.as_str())).cloned().collect()
}
