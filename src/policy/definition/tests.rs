use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Context, Definition};
use crate::model::{Kind, Object, Resource, Span, Value, Why};
use crate::policy::{Aliases, Index, Settings, Truth, World};

fn matched(condition: &Json, body: &Value) -> Truth {
    let rule = json!({ "if": condition, "then": { "effect": "audit" } }).to_string();
    let definition =
        Definition::parse("p.json", &rule, &Arc::new(Aliases::default())).unwrap_or_else(|problem| panic!("{problem}: {rule}"));
    let subject = Resource::new("N.S/a", "x".into(), body.clone(), Span::NONE);
    let index = Index::default();
    definition.evaluate(&subject, &World::new(&index), &Settings::new(), &Context::default()).matched
}

#[test]
fn a_definition_becomes_a_rule_that_says_the_opposite() {
    let text = json!({
        "name": "0b1c", "properties": {
            "displayName": "Accounts refuse old TLS", "mode": "Indexed", "metadata": { "category": "Storage" },
            "parameters": { "effect": { "type": "String", "defaultValue": "Audit", "allowedValues": ["Audit", "Disabled"] },
                            "wanted": { "type": "String", "defaultValue": "TLS1_2" } },
            "policyRule": {
                "if": { "allOf": [{ "field": "type", "equals": "Microsoft.Storage/storageAccounts" },
                                  { "field": "Microsoft.Storage/storageAccounts/minimumTlsVersion", "notEquals": "[parameters('wanted')]" }] },
                "then": { "effect": "[parameters('effect')]" } } } });
    let parse = || Definition::parse("p.json", &text.to_string(), &Arc::new(Aliases::built_in())).unwrap();
    let rule = parse().into_rule().unwrap();
    assert_eq!((rule.info().id.as_str(), rule.kinds()), ("azure-policy-0b1c", ["Microsoft.Storage/storageAccounts".to_owned()].as_slice()));
    let account = |tls: &str| {
        let body = Value::from_json(&json!({ "properties": { "minimumTlsVersion": tls } }));
        Resource::new("Microsoft.Storage/storageAccounts", "x".into(), body, Span::NONE)
    };
    let index = Index::default();
    let mut settings = Settings::new();
    let judge = |settings: &Settings, tls: &str| rule.judge(&account(tls), &World::new(&index), settings).verdict.as_str();
    assert_eq!((judge(&settings, "TLS1_0"), judge(&settings, "TLS1_2")), ("fail", "pass"));
    settings.set("effect", "Disabled".into());
    assert_eq!(judge(&settings, "TLS1_0"), "not applicable");
}

#[test]
fn other_files_and_modes_are_refused_with_a_reason() {
    let aliases = Arc::new(Aliases::built_in());
    let parse = |text: &str| Definition::parse("p.json", text, &aliases);
    assert!(parse("{}").unwrap_err().to_string().contains("`if` is missing"));
    assert!(parse("[").unwrap_err().to_string().starts_with("p.json:1:"));
    let text = r#"{ "mode": "Microsoft.Kubernetes.Data", "policyRule": { "if": { "field": "type", "equals": "x" }, "then": { "effect": "audit" } } }"#;
    assert!(parse(text).unwrap().into_rule().unwrap_err().contains("Microsoft.Kubernetes.Data"));
}

/// Values of resources and right sides of conditions.
fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![Just(json!(null)), any::<bool>().prop_map(Json::from), (0..4i64).prop_map(Json::from), "[ab1]{0,2}".prop_map(Json::from)]
}

fn field() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b.c", "list[*]", "list[*].x", "tags.t"])
}

fn leaf() -> impl Strategy<Value = Json> {
    let compare =
        prop::sample::select(vec!["equals", "notEquals", "like", "notLike", "contains", "notContains", "less", "greaterOrEquals"]);
    let simple = (field(), compare, scalar()).prop_map(|(field, operator, right)| json!({ "field": field, operator: right }));
    let listed = (field(), prop::sample::select(vec!["in", "notIn"]), prop::collection::vec(scalar(), 0..3))
        .prop_map(|(field, operator, right)| json!({ "field": field, operator: right }));
    let exists = (field(), any::<bool>()).prop_map(|(field, wanted)| json!({ "field": field, "exists": wanted }));
    let count = (scalar(), 0..3i64, prop::sample::select(vec!["equals", "greater", "lessOrEquals", "notEquals"])).prop_map(|(item, number, operator)| {
        json!({ "count": { "field": "list[*]", "where": { "field": "list[*].x", "equals": item } }, operator: number })
    });
    let function = (scalar(), any::<bool>())
        .prop_map(|(right, _)| json!({ "value": "[if(equals(field('a'), 'b'), 'ab', field('b.c'))]", "equals": right }));
    prop_oneof![4 => simple, 2 => listed, 2 => exists, 2 => count, 1 => function]
}

fn condition() -> impl Strategy<Value = Json> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(|all| json!({ "allOf": all })),
            prop::collection::vec(inner.clone(), 1..4).prop_map(|any| json!({ "anyOf": any })),
            inner.prop_map(|not| json!({ "not": not })),
        ]
    })
}

fn body() -> impl Strategy<Value = Json> {
    let items = prop::collection::vec(prop_oneof![scalar(), scalar().prop_map(|x| json!({ "x": x }))], 0..3);
    (prop::option::of(scalar()), prop::option::of(scalar()), prop::option::of(items), prop::option::of("[ab]{1,2}")).prop_map(
        |(a, c, list, tag)| {
            let mut body = serde_json::Map::new();
            a.map(|a| body.insert("a".to_owned(), a));
            c.map(|c| body.insert("b".to_owned(), json!({ "c": c })));
            list.map(|list| body.insert("list".to_owned(), json!(list)));
            tag.map(|tag| body.insert("tags".to_owned(), json!({ "t": tag })));
            Json::Object(body)
        },
    )
}

/// Makes some values unknown: one for each set bit, in the order of a walk.
fn blur(value: &Value, mask: &mut u32) -> Value {
    let hit = *mask & 1 == 1;
    *mask >>= 1;
    if hit {
        return Value::unknown(Why::Parameter("p".into()));
    }
    match &value.kind {
        Kind::Array(items) => Value::array(items.iter().map(|item| blur(item, mask)).collect()),
        Kind::Object(object) => {
            let mut blurred = Object::new();
            for field in object.iter() {
                blurred.set(Arc::clone(&field.key), blur(&field.value, mask));
            }
            Value::object(blurred)
        }
        _ => value.clone(),
    }
}

proptest! {
    /// Whatever an unknown value turns out to be, an answer given before still holds.
    #[test]
    fn unknown_values_never_lead_to_a_wrong_answer(condition in condition(), body in body(), mask in any::<u32>()) {
        let sharp = Value::from_json(&body);
        // The root itself stays known: a resource without a body is not one.
        let blurred = blur(&sharp, &mut (mask & !1));
        let (before, after) = (matched(&condition, &blurred), matched(&condition, &sharp));
        prop_assert!(before.is_unknown() || before == after, "{before:?} then {after:?}\n{condition}\n{body}\n{}", blurred.to_json());
    }

    /// `not` turns every answer around, and de Morgan's laws hold.
    #[test]
    fn negation_is_dual(first in condition(), second in condition(), body in body(), mask in any::<u32>()) {
        let body = blur(&Value::from_json(&body), &mut (mask & !1));
        let known = |condition: Json| match matched(&condition, &body) { Truth::True => Some(true), Truth::False => Some(false), Truth::Unknown(_) => None };
        prop_assert_eq!(known(json!({ "not": first })), known(first.clone()).map(|holds| !holds));
        let both = known(json!({ "not": { "allOf": [first, second] } }));
        let either = known(json!({ "anyOf": [{ "not": first }, { "not": second }] }));
        prop_assert_eq!(both, either);
    }

    /// No text breaks the reader.
    #[test]
    fn no_text_breaks_the_reader(text in ".{0,200}") {
        let _ = Definition::parse("p.json", &text, &Arc::new(Aliases::default()));
    }
}
