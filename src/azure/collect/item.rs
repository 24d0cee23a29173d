use serde_json::{Map, Value};

use crate::azure::{
    ident, kinds,
    snapshot::{Item, Source, UNREAD_MARK},
};

/// What came of an item of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Normal {
    /// A resource; where a part of it is malformed, what that is.
    Whole(Item, Option<String>),
    /// Not a resource at all; what is wrong with it.
    Broken(String),
}

/// Columns that Resource Graph adds; the id says the same.
const COLUMNS: &[&str] = &["subscriptionId", "resourceGroup", "tenantId"];

/// Makes a resource of whatever an API sent: any field may be missing, null, or of another type.
///
/// `expected` is the type that was asked for, `base` what the id starts with where the answer has none.
pub fn normalise(sent: Value, expected: &str, base: &str, collector: &str, api_version: Option<&str>) -> Normal {
    let Value::Object(mut body) = sent else { return Normal::Broken("an item is no object".to_owned()) };
    let name = body.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
    let id = body.get("id").and_then(Value::as_str).filter(|id| id.starts_with('/') && ident::full_name(id).is_some());
    let id = match (id, name) {
        (Some(id), _) => id.to_owned(),
        (None, Some(name)) if !base.is_empty() => format!("{base}/{}", name.rsplit('/').next().unwrap_or(name)),
        _ => return Normal::Broken("an item has neither id nor name".to_owned()),
    };
    let sent_kind = body.get("type").and_then(Value::as_str).filter(|kind| kind.contains('/')).map(str::to_owned);
    // Some services call their parts by the type of what they are parts of: the id knows better.
    let deeper = |own: &String, sent: &String| {
        own.get(..sent.len()).is_some_and(|head| head.eq_ignore_ascii_case(sent)) && own.as_bytes().get(sent.len()) == Some(&b'/')
    };
    let kind = match (sent_kind, ident::kind(&id)) {
        (Some(sent), Some(own)) if deeper(&own, &sent) => own,
        (sent, own) => sent.or(own).unwrap_or_else(|| expected.to_owned()),
    };
    let kind = match kinds::canonical(&kind).into_owned() {
        // Resource Graph's name for groups is not that of templates.
        container if container.eq_ignore_ascii_case("microsoft.resources/subscriptions/resourcegroups") => {
            "Microsoft.Resources/resourceGroups".to_owned()
        }
        other => other,
    };
    body.retain(|key, value| !(COLUMNS.contains(&key.as_str()) || value.is_null() || value.as_str() == Some("")));
    let malformed = repair(&mut body);
    let subscription = ident::subscription(&id).or_else(|| ident::subscription(base)).unwrap_or_default().to_owned();
    let (source, api_version) = (if api_version.is_some() { Source::Manager } else { Source::Graph }, api_version.map(str::to_owned));
    let item = Item { kind, id, subscription, collector: collector.to_owned(), api_version, source, body: Value::Object(body) };
    Normal::Whole(item, malformed)
}

/// Marks the parts of the envelope that have a type that they cannot have: rules over them are undecided.
fn repair(body: &mut Map<String, Value>) -> Option<String> {
    let mut wrong = Vec::new();
    for (key, fits) in [
        ("properties", Value::is_object as fn(&Value) -> bool),
        ("tags", Value::is_object),
        ("sku", |sku| sku.is_object() || sku.is_string()),
        ("identity", Value::is_object),
        ("location", Value::is_string),
        ("zones", Value::is_array),
        ("kind", Value::is_string),
    ] {
        let Some(value) = body.get_mut(key).filter(|value| !fits(value)) else { continue };
        wrong.push(format!("`{key}` is not what it should be"));
        let mut mark = Map::new();
        mark.insert(UNREAD_MARK.to_owned(), Value::from(format!("`{key}`, which came malformed,")));
        *value = Value::Object(mark);
    }
    for key in ["id", "name", "type"] {
        if body.get(key).is_some_and(|value| !value.is_string()) {
            wrong.push(format!("`{key}` is not text"));
            body.remove(key);
        }
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const BASE: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app/config";

    fn whole(sent: Value) -> (Item, Option<String>) {
        match normalise(sent, "Microsoft.Web/sites/config", BASE, "app-service", Some("2023-12-01")) {
            Normal::Whole(item, malformed) => (item, malformed),
            Normal::Broken(why) => panic!("{why}"),
        }
    }

    #[test]
    fn rows_of_the_graph_become_arm_bodies() {
        let row = json!({ "id": "/subscriptions/s/resourceGroups/g", "type": "microsoft.resources/subscriptions/resourcegroups",
            "name": "g", "kind": "", "sku": null, "resourceGroup": "g", "subscriptionId": "s", "tags": { "a": "b" } });
        let Normal::Whole(item, malformed) = normalise(row, "", "", "resources", None) else { panic!("a resource") };
        assert_eq!((item.kind.as_str(), item.source, malformed), ("Microsoft.Resources/resourceGroups", Source::Graph, None));
        assert_eq!(item.body.as_object().map(|body| body.keys().map(String::as_str).collect()), Some(vec!["id", "type", "name", "tags"]));
    }

    #[test]
    fn an_item_without_id_gets_one_from_its_name() {
        let (item, _) = whole(json!({ "name": "web", "properties": {} }));
        assert_eq!((item.id, item.kind.as_str(), item.subscription.as_str()), (format!("{BASE}/web"), "Microsoft.Web/sites/config", "s"));
    }

    #[test]
    fn a_part_that_is_called_by_the_type_of_its_whole_keeps_its_own() {
        let id = format!("{BASE}/configreferences/appsettings/DATABASE_URL");
        let (item, _) = whole(json!({ "id": id, "type": "microsoft.web/SITES", "properties": { "status": "Resolved" } }));
        assert_eq!(item.kind, "Microsoft.Web/sites/config/appsettings");
    }

    #[test]
    fn malformed_parts_are_marked_and_said() {
        let (item, malformed) = whole(json!({ "name": "web", "type": 5, "properties": "text", "tags": [1], "zones": null }));
        assert!(malformed.is_some_and(|why| why.contains("properties") && why.contains("tags") && why.contains("type")));
        assert!(item.body.pointer(&format!("/properties/{UNREAD_MARK}")).is_some());
        for odd in [json!(null), json!([]), json!({}), json!({ "id": 7 }), json!({ "id": "x", "name": "" })] {
            assert!(matches!(normalise(odd.clone(), "K/l", BASE, "c", None), Normal::Broken(_)), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn any_value_in_any_place_is_a_resource_or_a_reason(key in "id|name|type|properties|tags|sku|identity|location|kind|zones", pick in 0usize..7) {
            let odd = [json!(null), json!(7), json!("é/x"), json!(["a"]), json!({}), json!(true), json!("")];
            let mut sent = json!({ "id": format!("{BASE}/web"), "name": "web", "type": "Microsoft.Web/sites/config", "properties": { "a": 1 } });
            if let (Some(fields), Some(odd)) = (sent.as_object_mut(), odd.get(pick)) {
                fields.insert(key, odd.clone());
            }
            match normalise(sent, "Microsoft.Web/sites/config", BASE, "c", None) {
                Normal::Whole(item, _) => prop_assert!(!item.id.is_empty() && item.kind.contains('/')),
                Normal::Broken(why) => prop_assert!(!why.is_empty()),
            }
        }
    }
}
