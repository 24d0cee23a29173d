//! Which subscriptions, groups and resources are read.

use serde_json::Value;

use super::{
    client::{Call, CallError, Client, Lane},
    ident,
    snapshot::{Gap, Item, SubscriptionInfo},
};

/// What was asked for. Patterns are globs of `*` and compare without regard to case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Subscriptions by id or display name; empty means all that can be seen.
    pub subscriptions: Vec<String>,
    /// Management groups by id; their subscriptions are added.
    pub management_groups: Vec<String>,
    /// Resource groups by name; empty means all.
    pub resource_groups: Vec<String>,
    /// Tags that a resource must have, `name` or `name=value`; all of them.
    pub tags: Vec<(String, Option<String>)>,
    /// Subscriptions (id or name) and resource groups that are left out.
    pub exclude: Vec<String>,
}

/// What a scope comes to in a tenant.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// Subscriptions to read.
    pub subscriptions: Vec<SubscriptionInfo>,
    /// Subscriptions that are left out on purpose, and why.
    pub skipped: Vec<(SubscriptionInfo, String)>,
    /// What was asked for and cannot be seen.
    pub gaps: Vec<Gap>,
}

impl Scope {
    /// Whether single resources are chosen, and not whole subscriptions.
    pub fn is_narrow(&self) -> bool {
        !self.resource_groups.is_empty() || !self.tags.is_empty()
    }

    /// Whether a resource is in scope. Children and extensions go with the resource at their top.
    pub fn admits(&self, item: &Item) -> bool {
        let group = ident::resource_group(&item.id);
        let excluded = group.is_some_and(|group| self.exclude.iter().any(|pattern| glob(pattern, group)));
        let grouped =
            self.resource_groups.is_empty() || group.is_some_and(|group| self.resource_groups.iter().any(|pattern| glob(pattern, group)));
        let tagged = self.tags.iter().all(|(name, value)| {
            let found = item.body.get("tags").and_then(Value::as_object);
            let found = found.and_then(|tags| tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
            found.is_some_and(|(_, have)| value.as_ref().is_none_or(|want| have.as_str().is_some_and(|have| glob(want, have))))
        });
        !excluded && grouped && tagged
    }

    /// The scope in words, for reports.
    pub fn words(&self) -> Vec<String> {
        let list = |what: &'static str, all: &[String]| all.iter().map(move |one| format!("{what} {one}")).collect::<Vec<_>>();
        let mut words = list("subscription", &self.subscriptions);
        words.extend(list("management group", &self.management_groups));
        words.extend(list("resource group", &self.resource_groups));
        words.extend(self.tags.iter().map(|(name, value)| match value {
            Some(value) => format!("tag {name}={value}"),
            None => format!("tag {name}"),
        }));
        words.extend(list("without", &self.exclude));
        if words.is_empty() {
            words.push("every subscription that can be seen".to_owned());
        }
        words
    }

    /// Finds the subscriptions of this scope.
    ///
    /// # Errors
    ///
    /// Where the list of subscriptions itself cannot be read.
    pub async fn resolve(&self, client: &Client) -> Result<Resolved, CallError> {
        let mut resolved = Resolved::default();
        let mut wanted = self.subscriptions.clone();
        for group in &self.management_groups {
            match descendants(client, group).await {
                Ok(found) => wanted.extend(found),
                Err(error) => resolved.gaps.push(gap(group, "Microsoft.Management/managementGroups", &error)),
            }
        }
        let visible = visible(client).await?;
        let all = wanted.is_empty() && self.management_groups.is_empty();
        for info in visible.iter().cloned() {
            let named = |pattern: &String| glob(pattern, &info.id) || glob(pattern, &info.name);
            if !all && !wanted.iter().any(named) {
                continue;
            }
            if self.exclude.iter().any(named) {
                resolved.skipped.push((info, "excluded".to_owned()));
            } else if all && info.state.eq_ignore_ascii_case("Disabled") {
                resolved
                    .skipped
                    .push((info, "the subscription is disabled; name it with --subscription to read it all the same".to_owned()));
            } else if info.state.eq_ignore_ascii_case("Deleted") {
                resolved.skipped.push((info, "the subscription is deleted".to_owned()));
            } else {
                resolved.subscriptions.push(info);
            }
        }
        for pattern in &wanted {
            if !visible.iter().any(|info| glob(pattern, &info.id) || glob(pattern, &info.name)) {
                resolved.gaps.push(Gap {
                    subscription: pattern.clone(),
                    collector: "subscriptions".into(),
                    kind: "Microsoft.Resources/subscriptions".into(),
                    message: "this identity cannot see it: it is in another tenant (--tenant), or the role Reader is missing".into(),
                    permission: Some("Microsoft.Resources/subscriptions/read".into()),
                    count: 1,
                    ..Gap::default()
                });
            }
        }
        Ok(resolved)
    }
}

pub(super) fn gap(whose: &str, kind: &str, error: &CallError) -> Gap {
    Gap {
        subscription: whose.to_owned(),
        collector: "subscriptions".into(),
        kind: kind.to_owned(),
        status: error.status,
        code: error.code.clone(),
        message: error.message.clone(),
        permission: Some(format!("{kind}/read")),
        count: 1,
        ..Gap::default()
    }
}

async fn visible(client: &Client) -> Result<Vec<SubscriptionInfo>, CallError> {
    let call = Call { lane: tenant(), path: "/subscriptions".into(), api_version: "2022-12-01", query: Vec::new() };
    let mut pages = client.pages(&call)?;
    let mut all = Vec::new();
    while let Some(page) = pages.next().await {
        for item in page? {
            let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
            let Some(id) = text("subscriptionId").or_else(|| text("id").and_then(|id| ident::subscription(&id).map(str::to_owned))) else {
                continue;
            };
            let tags = item.get("tags").and_then(Value::as_object).cloned().unwrap_or_default();
            let (name, state) = (text("displayName").unwrap_or_else(|| id.clone()), text("state").unwrap_or_default());
            all.push(SubscriptionInfo { id, name, state, tenant: text("tenantId"), tags });
        }
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(all)
}

async fn descendants(client: &Client, group: &str) -> Result<Vec<String>, CallError> {
    let path = format!("/providers/Microsoft.Management/managementGroups/{group}/descendants");
    let call = Call { lane: tenant(), path, api_version: "2023-04-01", query: Vec::new() };
    let mut pages = client.pages(&call)?;
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        for item in page? {
            let text = |key: &str| item.get(key).and_then(Value::as_str);
            let kind = text("type").unwrap_or("").to_ascii_lowercase();
            if kind.ends_with("/subscriptions") {
                found.extend(text("name").map(str::to_owned));
            }
        }
    }
    Ok(found)
}

fn tenant() -> Lane {
    Lane { subscription: "".into(), provider: "Microsoft.Resources".into() }
}

/// Whether `text` fits a pattern of plain text and `*`, without regard to case.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some((_, after)) = rest.split_once(*part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::snapshot::Source;
    use serde_json::json;

    #[test]
    fn globs() {
        assert!(glob("rg-*-Prod", "RG-shop-prod") && glob("*", "") && glob("a*b*c", "aXbYc") && glob("same", "SAME"));
        assert!(!glob("rg-*-prod", "rg-shop-dev") && !glob("a", "ab") && !glob("a*a", "a"));
    }

    #[test]
    fn groups_tags_and_exclusions_choose() {
        let item = |group: &str| Item {
            kind: "K".into(),
            id: format!("/subscriptions/s/resourceGroups/{group}/providers/A.B/c/d"),
            subscription: "s".into(),
            collector: "c".into(),
            api_version: None,
            source: Source::Graph,
            body: json!({ "tags": { "Env": "Prod", "n": 1 } }),
        };
        let scope = Scope { resource_groups: vec!["rg-*".into()], exclude: vec!["rg-old".into()], ..Scope::default() };
        assert!(scope.admits(&item("RG-new")) && !scope.admits(&item("rg-old")) && !scope.admits(&item("other")));
        let tagged = |name: &str, value: Option<&str>| Scope { tags: vec![(name.into(), value.map(str::to_owned))], ..Scope::default() };
        assert!(tagged("env", Some("prod")).admits(&item("x")) && tagged("env", None).admits(&item("x")));
        assert!(
            !tagged("env", Some("dev")).admits(&item("x"))
                && !tagged("n", Some("1")).admits(&item("x"))
                && !tagged("none", None).admits(&item("x"))
        );
    }
}
