//! Web apps as rules know them. Azure keeps what a template writes in a site's `siteConfig` in a resource of its own,
//! `config/web`, and answers with nulls in the site itself; settings and connection strings it hands out only to those
//! who may list secrets, which azward never asks for.
//!
//! So that one rule judges a site in a template and a site that is deployed, the site gets its configuration back, and
//! what was not asked for is unknown instead of absent.

use std::collections::HashMap;

use crate::model::{Object, Resource, Span, Value, Why};

/// A site or slot, and the type of its configuration.
const SITES: &[(&str, &str)] =
    &[("Microsoft.Web/sites", "Microsoft.Web/sites/config"), ("Microsoft.Web/sites/slots", "Microsoft.Web/sites/slots/config")];

/// Fields of `siteConfig` that hold secrets, and what people call them.
const WITHHELD: &[(&str, &str)] = &[
    ("appSettings", "its application settings, whose values azward never asks for,"),
    ("connectionStrings", "its connection strings, whose values azward never asks for,"),
    ("azureStorageAccounts", "its mounted storage, whose keys azward never asks for,"),
];

/// Configurations of their own that Azure hands out only with their secrets.
const UNASKED: &[(&str, &str)] = &[("appsettings", "appSettings"), ("connectionstrings", "connectionStrings")];

/// Gives sites and slots their configuration.
pub(super) fn complete(resources: &mut Vec<Resource>) {
    let mut configurations: HashMap<String, Value> = HashMap::new();
    for resource in resources.iter().filter(|resource| SITES.iter().any(|(_, config)| resource.is(config))) {
        if let (Some(id), Some(properties)) = (resource.id.as_str(), resource.body.get("properties")) {
            configurations.insert(id.to_ascii_lowercase(), properties.clone());
        }
    }
    let mut unasked = Vec::new();
    for site in resources.iter_mut().filter(|resource| !resource.name.is_unknown()) {
        let Some((_, config)) = SITES.iter().find(|(kind, _)| site.is(kind)) else { continue };
        let Some(id) = site.id.as_str().map(str::to_owned) else { continue };
        let held = |name: &str| configurations.get(&format!("{id}/config/{name}").to_ascii_lowercase());
        for (name, field) in UNASKED.iter().filter(|(name, _)| held(name).is_none()) {
            unasked.push(unknown(site, config, &id, name, withheld(field)));
        }
        let web = held("web").or_else(|| configurations.get(&format!("{id}/config/(unread)").to_ascii_lowercase()));
        configure(site, web);
    }
    resources.extend(unasked);
}

fn withheld(field: &str) -> Why {
    let what = WITHHELD.iter().find(|(known, _)| *known == field).map_or("a part of it", |(_, what)| what);
    Why::Unread(what.into())
}

/// Writes what `config/web` says into the site where the site itself says nothing.
fn configure(site: &mut Resource, web: Option<&Value>) {
    let Some(properties) = site.body.get("properties").and_then(Value::as_object) else { return };
    let mut own = match properties.get("siteConfig") {
        Some(given) if given.is_unknown() => return,
        Some(given) => given.as_object().cloned().unwrap_or_default(),
        None => Object::new(),
    };
    let silent = |own: &Object, key: &str| own.get(key).is_none_or(Value::is_null);
    for (field, _) in WITHHELD {
        if silent(&own, field) {
            own.set(*field, Value::unknown(withheld(field)));
        }
    }
    match web {
        Some(web) => match web.as_object() {
            Some(fields) => {
                for field in fields.iter().filter(|field| !field.value.is_null()) {
                    if silent(&own, &field.key) {
                        own.set(&*field.key, field.value.clone());
                    }
                }
                set(site, Value::object(own));
            }
            // It is there, and was not read: then nothing of it is known, not even what is not in it.
            None => set(site, web.clone()),
        },
        // No configuration was asked for: collectors were chosen, or the snapshot is a part.
        None => set(site, Value::unknown(Why::Unread("its configuration, `config/web`,".into()))),
    }
}

fn set(site: &mut Resource, config: Value) {
    let mut body = site.body.as_object().cloned().unwrap_or_default();
    let mut properties = body.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    properties.set("siteConfig", config);
    body.set("properties", Value::object(properties));
    site.body = Value::object(body);
}

/// A configuration that exists, of which nothing is known.
fn unknown(site: &Resource, kind: &str, id: &str, name: &str, why: Why) -> Resource {
    let full = format!("{}/{name}", site.name.as_str().unwrap_or_default());
    let id = format!("{id}/config/{name}");
    let mut body = Object::new();
    for (key, text) in [("type", kind), ("name", &*full), ("id", &*id)] {
        body.set(key, Value::str(text));
    }
    body.set("properties", Value::unknown(why));
    let mut resource = Resource::new(kind, Value::str(full), Value::object(body), Span::NONE);
    resource.id = Value::str(&*id);
    resource.address = id;
    resource.environment.clone_from(&site.environment);
    resource
}

#[cfg(test)]
mod tests {
    use super::super::{Item, Source, Unread, load::unread_with_parts, resource};
    use super::*;
    use serde_json::{Value as Json, json};

    const SITE: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app";

    fn item(kind: &str, id: &str, properties: Json) -> Resource {
        let (kind, id, subscription, collector) = (kind.to_owned(), id.to_owned(), "s".to_owned(), "app-service".to_owned());
        resource(&Item {
            kind,
            id,
            subscription,
            collector,
            api_version: None,
            source: Source::Graph,
            body: json!({ "properties": properties }),
        })
    }

    fn completed(mut resources: Vec<Resource>) -> Vec<Resource> {
        complete(&mut resources);
        resources
    }

    #[test]
    fn a_site_gets_its_configuration_back_and_its_settings_are_unknown() {
        let config = format!("{SITE}/Config/WEB");
        let site = json!({ "siteConfig": { "minTlsVersion": null, "http20Enabled": true, "appSettings": null } });
        let web = json!({ "minTlsVersion": "1.0", "http20Enabled": false, "healthCheckPath": null });
        let all = completed(vec![item("Microsoft.Web/sites", SITE, site), item("Microsoft.Web/sites/config", &config, web)]);
        let config = all[0].body.path("properties.siteConfig").expect("a configuration");
        assert_eq!(config.get("minTlsVersion").and_then(Value::as_str), Some("1.0"));
        assert_eq!(config.get("http20Enabled").and_then(Value::as_bool), Some(true), "what the site says itself stands");
        assert!(config.get("healthCheckPath").is_none() && config.get("appSettings").is_some_and(Value::is_unknown));
        let names: Vec<&str> = all.iter().skip(2).filter_map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["app/appsettings", "app/connectionstrings"]);
        assert!(all.iter().skip(2).all(|one| one.body.get("properties").is_some_and(Value::is_unknown) && one.id.as_str().is_some()));
    }

    #[test]
    fn settings_that_a_snapshot_has_are_kept() {
        let settings = item("Microsoft.Web/sites/config", &format!("{SITE}/config/appsettings"), json!({ "A": "1" }));
        let all = completed(vec![item("Microsoft.Web/sites", SITE, json!({})), settings]);
        assert_eq!(all.iter().filter(|one| one.name.as_str() == Some("app/appsettings")).count(), 1);
    }

    #[test]
    fn a_configuration_that_was_not_read_makes_everything_in_it_unknown() {
        for with in [true, false] {
            let unread =
                Unread { kind: "Microsoft.Web/sites/config".into(), parent: SITE.into(), subscription: "s".into(), why: "403".into() };
            let mut all = vec![item("Microsoft.Web/sites", SITE, json!({ "siteConfig": null }))];
            all.extend(with.then(|| unread_with_parts(&unread)).into_iter().flatten());
            let all = completed(all);
            assert!(all[0].body.path("properties.siteConfig").is_some_and(Value::is_unknown), "{with}");
        }
    }
}
