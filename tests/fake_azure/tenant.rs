//! The state: every resource by its id.

use std::collections::{BTreeMap, BTreeSet};

use azward::azure::ident;
use serde_json::{Map, Value, json};

use super::yaml;

/// One subscription.
#[derive(Clone, Debug)]
pub struct Subscription {
    pub id: String,
    pub name: String,
    pub state: String,
    pub tags: Value,
    /// Nothing in it may be read.
    pub denied: bool,
}

/// Everything in one tenant. Keys are ids in lower case.
#[derive(Clone, Debug, Default)]
pub struct Tenant {
    pub id: String,
    pub subscriptions: Vec<Subscription>,
    pub resources: BTreeMap<String, Value>,
    pub groups: BTreeMap<String, Value>,
}

/// Types below others that Resource Graph has in its main table.
const TRACKED_CHILDREN: &[&str] = &[
    "microsoft.web/sites/slots",
    "microsoft.sql/servers/databases",
    "microsoft.cdn/profiles/afdendpoints",
    "microsoft.cdn/profiles/endpoints",
    "microsoft.compute/virtualmachines/extensions",
    "microsoft.sql/managedinstances/databases",
    "microsoft.network/privatednszones/virtualnetworklinks",
];

/// Types that extend others; they are never in the main table.
const EXTENSIONS: &[&str] = &[
    "microsoft.authorization/",
    "microsoft.security/",
    "microsoft.consumption/",
    "microsoft.insights/diagnosticsettings",
    "microsoft.eventgrid/eventsubscriptions",
];

impl Tenant {
    /// A tenant out of YAML, its resources laid over `bodies` of their types.
    pub fn new(description: &str, bodies: &str) -> Self {
        let (description, bodies) = (yaml::parse(description), yaml::parse(bodies));
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut tenant = Self { id: text(&description, "tenant").expect("a tenant id"), ..Self::default() };
        for listed in description["subscriptions"].as_array().expect("subscriptions") {
            let id = text(listed, "id").expect("a subscription id");
            tenant.subscriptions.push(Subscription {
                name: text(listed, "name").expect("a name"),
                state: text(listed, "state").unwrap_or_else(|| "Enabled".into()),
                tags: listed.get("tags").cloned().unwrap_or_else(|| json!({})),
                denied: listed.get("denied") == Some(&Value::Bool(true)),
                id: id.clone(),
            });
            for (name, tags) in listed.get("groups").and_then(Value::as_object).into_iter().flatten() {
                let group = format!("/subscriptions/{id}/resourceGroups/{name}");
                let body = json!({ "id": group, "name": name, "type": "microsoft.resources/subscriptions/resourcegroups",
                    "location": "westeurope", "tags": tags, "properties": { "provisioningState": "Succeeded" } });
                tenant.groups.insert(group.to_lowercase(), body);
            }
            for resource in listed.get("resources").and_then(Value::as_array).into_iter().flatten() {
                tenant.add(&id, resource, &bodies);
            }
        }
        tenant
    }

    fn add(&mut self, subscription: &str, described: &Value, bodies: &Value) {
        let short = described["id"].as_str().expect("an id");
        let id = match short.split_once('/') {
            Some(("", rest)) => format!("/subscriptions/{subscription}/{rest}"),
            Some((group, rest)) => format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{rest}"),
            None => panic!("`{short}` is no id"),
        };
        let kind = described.get("type").and_then(Value::as_str).map_or_else(|| ident::kind(&id).expect("a type"), str::to_owned);
        // A setting's reference names its type by its path.
        let kind =
            if kind.eq_ignore_ascii_case("Microsoft.Web/sites/config/appsettings") { "Microsoft.Web/sites/config".into() } else { kind };
        let own = bodies.get(&kind).or_else(|| bodies.get("Microsoft.Web/sites/config").filter(|_| kind.ends_with("/config")));
        let mut body = own.cloned().unwrap_or_else(|| panic!("bodies.yaml has no {kind}"));
        lay_over(&mut body, described);
        let fields = body.as_object_mut().expect("an object");
        let name = id.rsplit('/').next().unwrap_or_default();
        let mut whole = Map::from_iter([("id".to_owned(), json!(id)), ("name".to_owned(), json!(name)), ("type".to_owned(), json!(kind))]);
        for (key, value) in fields.iter().filter(|(key, _)| !matches!(key.as_str(), "id" | "name" | "type")) {
            whole.insert(key.clone(), value.clone());
        }
        self.put(Value::Object(whole));
    }

    /// Adds a whole body.
    pub fn put(&mut self, body: Value) {
        let id = body["id"].as_str().expect("an id").to_lowercase();
        self.resources.insert(id, body);
    }

    /// Whether the principal may read in a subscription.
    pub fn may_read(&self, subscription: &str) -> bool {
        !self.subscriptions.iter().any(|known| known.denied && known.id.eq_ignore_ascii_case(subscription))
    }

    /// What Resource Graph's main table shows of some subscriptions.
    pub fn tracked<'a>(&'a self, subscriptions: &'a BTreeSet<String>) -> impl Iterator<Item = &'a Value> {
        self.visible(subscriptions).filter(|body| is_tracked(&lower_kind(body)))
    }

    /// Rows of the given types.
    pub fn of_kinds<'a>(&'a self, subscriptions: &'a BTreeSet<String>, kinds: &'a [String]) -> impl Iterator<Item = &'a Value> {
        self.visible(subscriptions).filter(move |body| kinds.contains(&lower_kind(body)))
    }

    fn visible<'a>(&'a self, subscriptions: &'a BTreeSet<String>) -> impl Iterator<Item = &'a Value> {
        let readable = subscriptions.iter().filter(|own| self.may_read(own));
        readable.flat_map(|own| self.below(format!("/subscriptions/{own}/"))).map(|(_, body)| body)
    }

    /// Everything whose id starts with a prefix, in order.
    pub fn below(&self, prefix: String) -> impl Iterator<Item = (&String, &Value)> {
        self.resources.range(prefix.clone()..).take_while(move |(id, _)| id.starts_with(&prefix))
    }
}

/// The type of a body, in lower case.
pub fn lower_kind(body: &Value) -> String {
    body["type"].as_str().unwrap_or_default().to_lowercase()
}

/// Whether a type is in Resource Graph's main table.
pub fn is_tracked(kind: &str) -> bool {
    let extends = EXTENSIONS.iter().any(|prefix| kind.starts_with(prefix));
    !extends && (kind.matches('/').count() == 1 || TRACKED_CHILDREN.contains(&kind))
}

fn lay_over(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                match under.get_mut(key) {
                    Some(held) => lay_over(held, value),
                    None => {
                        under.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (under, over) => *under = over.clone(),
    }
}
