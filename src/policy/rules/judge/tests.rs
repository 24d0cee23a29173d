use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::model::{Certainty, Judgement, Kind, Object, Piece, Resource, Secret, SecretSource, Shape, Span, Value, Verdict, Why};
use crate::policy::{Aliases, Index, Rule, RuleSet, Settings, World};

fn rule(condition: &str) -> Rule {
    let head = "id: a-rule\ntitle: What must hold\ndescription: d\nseverity: low\ntheme: tls\nkind: N.S/a\nmessage: \"{name}: {actual}, not {expected}\"\n";
    Rule::parse("a-rule.yaml", &format!("{head}{condition}\n"), &Arc::new(Aliases::built_in()))
        .unwrap_or_else(|problem| panic!("{problem}"))
}

fn resource(kind: &str, name: &str, body: &Json) -> Resource {
    let mut resource = Resource::new(kind, name.into(), Value::from_json(body), Span::NONE);
    resource.id = format!("/g/providers/{kind}/{name}").into();
    resource
}

fn subject(properties: &Json) -> Resource {
    resource("N.S/a", "x", &json!({ "type": "N.S/a", "name": "x", "properties": properties }))
}

fn judge(rule: &Rule, all: &[Resource], prepare: impl for<'w> Fn(World<'w>) -> World<'w>) -> Judgement {
    let index = Index::new(all);
    rule.judge(&all[0], &prepare(World::new(&index)), &Settings::new())
}

fn verdict(rule: &Rule, all: &[Resource]) -> Verdict {
    judge(rule, all, |world| world).verdict
}

/// `prefix` and `suffix` around what cannot be known.
fn holed(prefix: &str, suffix: &str) -> Value {
    let pieces = [Piece::Text(prefix.into()), Piece::Hole, Piece::Text(suffix.into())];
    let pieces: Vec<Piece> = pieces.into_iter().filter(|piece| !matches!(piece, Piece::Text(text) if text.is_empty())).collect();
    Value::unknown_shaped(Why::Parameter("p".into()), Shape::Text(pieces.into()))
}

#[test]
fn a_failure_names_the_leaf_the_place_and_both_values() {
    let rule = rule("require: { allOf: [ { field: properties.a, equals: 1 }, { field: 'properties.list[*].b', notEquals: bad } ] }");
    let all = [subject(&json!({ "a": 1, "list": [{ "b": "good" }, { "b": "BAD" }] }))];
    let judged = judge(&rule, &all, |world| world);
    assert_eq!(judged.verdict, Verdict::Fail);
    let leaves: Vec<(&str, &str)> = judged.evidence.iter().map(|leaf| (leaf.leaf.as_str(), leaf.path.as_str())).collect();
    assert_eq!(leaves, [("require.allOf[1]", "/properties/list/1/b")]);
    assert_eq!(judged.message, "x: BAD, not bad");
}

#[test]
fn an_absent_property_takes_the_services_default_and_says_so() {
    let rule = rule("require: { field: properties.tls, default: TLS1_0, greaterOrEquals: '1.2' }");
    let judged = judge(&rule, &[subject(&json!({}))], |world| world);
    assert!(judged.verdict.is_fail() && judged.evidence[0].defaulted);
    assert_eq!(judged.message, "x: TLS1_0, not 1.2");
    assert_eq!(verdict(&rule, &[subject(&json!({ "tls": "TLS1_2" }))]), Verdict::Pass);
}

#[test]
fn counts_with_items_that_cannot_be_known_stay_open_only_where_those_decide() {
    let rule = rule(
        "require: { count: { field: 'properties.list[*]', where: { field: 'properties.list[*].on', equals: true } }, lessOrEquals: 2 }",
    );
    let with = |known: usize, open: usize| {
        let mut items: Vec<Value> = (0..known).map(|_| Value::from_json(&json!({ "on": true }))).collect();
        items.extend((0..open).map(|_| Value::unknown(Why::Parameter("item".into()))));
        let mut all = [subject(&json!({}))];
        let mut body = all[0].body.as_object().cloned().unwrap();
        let mut properties = Object::new();
        properties.set("list", Value::array(items));
        body.set("properties", Value::object(properties));
        all[0].body = Value::object(body);
        verdict(&rule, &all)
    };
    assert_eq!((with(1, 1), with(3, 1)), (Verdict::Pass, Verdict::Fail));
    assert!(with(2, 1).is_unknown());
}

#[test]
fn nested_counts_see_their_own_items() {
    let rule = rule(
        "forbid: { count: { field: 'properties.groups[*]', where: { count: { field: 'properties.groups[*].members[*]', where: { allOf: [ \
         { field: 'properties.groups[*].open', equals: true }, { value: \"[current('properties.groups[*].members[*]')]\", equals: eve } ] } }, \
         greater: 0 } }, greater: 0 }",
    );
    let groups = |open: bool, member: &str| json!({ "groups": [{ "open": false, "members": ["eve"] }, { "open": open, "members": ["bob", member] }] });
    assert_eq!(verdict(&rule, &[subject(&groups(true, "eve"))]), Verdict::Fail);
    assert_eq!(verdict(&rule, &[subject(&groups(false, "eve"))]), Verdict::Pass);
    assert_eq!(verdict(&rule, &[subject(&groups(true, "ann"))]), Verdict::Pass);
}

#[test]
fn where_a_secret_came_from_is_said_and_the_secret_is_not() {
    let rule = rule("forbid: { field: 'properties.setting.@secret', in: [parameter, listKeys, derived] }");
    let of = |value: Value| {
        let mut resource = subject(&json!({}));
        let mut properties = Object::new();
        properties.set("setting", value);
        let mut body = resource.body.as_object().cloned().unwrap_or_default();
        body.set("properties", Value::object(properties));
        resource.body = Value::object(body);
        verdict(&rule, &[resource])
    };
    let known = |source| Value::new(Kind::Secret(Secret::known(source, Kind::Str("hunter2".into()))));
    assert_eq!(of(known(SecretSource::Parameter)), Verdict::Fail);
    assert_eq!(of(Value::new(Kind::Secret(Secret::opaque(SecretSource::ListKeys)))), Verdict::Fail);
    assert_eq!(of(known(SecretSource::KeyVault)), Verdict::Pass);
    assert_eq!(of(Value::str("plain text")), Verdict::Pass);
    assert!(of(Value::unknown(Why::Parameter("p".into()))).is_unknown());
}

#[test]
fn keys_and_entries_of_objects_are_lists() {
    let entries = rule(
        "forbid: { count: { field: 'properties.@entries[*]', where: { allOf: [ { field: 'properties.@entries[*].key', matchesRegex: '(?i)pass' }, \
         { field: 'properties.@entries[*].value', notLike: '@Microsoft.KeyVault*' } ] } }, greater: 0 }",
    );
    assert_eq!(verdict(&entries, &[subject(&json!({ "DbPassword": "x", "other": "y" }))]), Verdict::Fail);
    assert_eq!(verdict(&entries, &[subject(&json!({ "DbPassword": "@Microsoft.KeyVault(x)", "other": "y" }))]), Verdict::Pass);
    let keys = rule("require: { field: 'properties.@keys[*]', notLike: 'x-*' }");
    assert_eq!(verdict(&keys, &[subject(&json!({ "a": 1, "X-b": 2 }))]), Verdict::Fail);
}

mod relations {
    use super::*;

    const ENDPOINT: &str = "require: { related: { kind: N.E/endpoints, reference: 'properties.links[*].target', where: { field: properties.state, \
                            equals: ok } } }";

    fn endpoint(target: &Json, state: &str) -> Resource {
        resource("N.E/endpoints", "e", &json!({ "properties": { "links": [{ "target": target }], "state": state } }))
    }

    #[test]
    fn a_reference_is_found_in_the_unit_and_then_in_the_environment() {
        let rule = rule(ENDPOINT);
        let own = subject(&json!({}));
        let target = json!("/G/providers/N.S/a/X");
        assert_eq!(verdict(&rule, &[own.clone(), endpoint(&target, "ok")]), Verdict::Pass);
        assert_eq!(verdict(&rule, &[own.clone(), endpoint(&target, "pending")]), Verdict::Fail);
        assert_eq!(verdict(&rule, &[own.clone(), endpoint(&json!("/g/other"), "ok")]), Verdict::Fail);
        let others = [endpoint(&target, "ok")];
        let (unit, environment) = ([own], Index::new(&others));
        let index = Index::new(&unit);
        let world = World::new(&index).with_environment(&environment);
        assert_eq!(rule.judge(&unit[0], &world, &Settings::new()).verdict, Verdict::Pass);
    }

    #[test]
    fn what_nobody_can_see_leaves_it_open_unless_the_world_is_closed() {
        let rule = rule(ENDPOINT);
        let all = [subject(&json!({}))];
        let opaque = ["module `net` of main.bicep".to_owned()];
        assert_eq!(verdict(&rule, &all), Verdict::Fail);
        let index = Index::new(&all);
        let open = World::new(&index).with_opaque(&opaque);
        let judged = rule.judge(&all[0], &open, &Settings::new());
        assert!(matches!(&judged.verdict, Verdict::Unknown(why) if why.contains("module `net`")), "{judged:?}");
        assert_eq!(rule.judge(&all[0], &open.closed(true), &Settings::new()).verdict, Verdict::Fail);
        let mut unsure = endpoint(&json!(null), "ok");
        unsure.body = Value::from_json(&json!({ "properties": { "links": [{}], "state": "ok" } }));
        let mut links = Object::new();
        links.set("target", holed("/g/providers/N.S/a/", ""));
        let mut properties = Object::new();
        properties.set("links", Value::array(vec![Value::object(links)]));
        properties.set("state", "ok".into());
        let mut body = Object::new();
        body.set("properties", Value::object(properties));
        unsure.body = Value::object(body);
        assert!(verdict(&rule, &[subject(&json!({})), unsure]).is_unknown());
    }

    #[test]
    fn children_are_found_by_partly_known_ids_where_nothing_else_looks_alike() {
        let rule = rule("require: { related: { kind: N.S/a/locks, child: true } }");
        let mut parent = subject(&json!({}));
        parent.id = holed("/g/providers/N.S/a/st-", "");
        let mut lock = resource("N.S/a/locks", "l", &json!({}));
        lock.id = holed("/g/providers/N.S/a/st-", "/locks/l");
        assert_eq!(verdict(&rule, &[parent.clone(), lock.clone()]), Verdict::Pass);
        let twin = Resource { name: "y".into(), ..parent.clone() };
        assert!(verdict(&rule, &[parent.clone(), lock.clone(), twin]).is_unknown());
        lock.certainty = Certainty::Maybe(Why::Parameter("withLock".into()));
        assert!(verdict(&rule, &[parent, lock]).is_unknown());
    }

    #[test]
    fn parents_and_named_resources_that_are_not_here_are_elsewhere() {
        let plan = rule("require: { related: { kind: N.P/plans, via: properties.planId, where: { field: sku.tier, equals: Premium } } }");
        let with = |all: &[Resource]| verdict(&plan, all);
        let site = subject(&json!({ "planId": "/g/providers/N.P/plans/p" }));
        assert_eq!(with(&[site.clone(), resource("N.P/plans", "p", &json!({ "sku": { "tier": "Premium" } }))]), Verdict::Pass);
        assert_eq!(with(&[site.clone(), resource("N.P/plans", "p", &json!({ "sku": { "tier": "Basic" } }))]), Verdict::Fail);
        assert!(with(std::slice::from_ref(&site)).is_unknown());
        let mut existing = resource("N.P/plans", "p", &json!({}));
        existing.existing = true;
        assert!(with(&[site, existing]).is_unknown());
        assert_eq!(with(&[subject(&json!({}))]), Verdict::Fail);
    }

    #[test]
    fn every_and_none_are_what_they_say() {
        let of = |quantifier: &str| {
            rule(&format!(
                "require: {{ related: {{ kind: N.R/rules, anywhere: true, quantifier: {quantifier}, where: {{ field: open, equals: true }} }} }}"
            ))
        };
        let rules = |open: &[bool]| {
            let mut all = vec![subject(&json!({}))];
            all.extend(open.iter().map(|open| resource("N.R/rules", "r", &json!({ "open": open }))));
            all
        };
        assert_eq!(verdict(&of("every"), &rules(&[true, true])), Verdict::Pass);
        assert_eq!(verdict(&of("every"), &rules(&[true, false])), Verdict::Fail);
        assert_eq!(verdict(&of("every"), &rules(&[])), Verdict::Pass);
        assert_eq!(verdict(&of("none"), &rules(&[false])), Verdict::Pass);
        assert_eq!(verdict(&of("none"), &rules(&[false, true])), Verdict::Fail);
    }
}

#[test]
fn parameters_come_in_layers_and_in_the_services_own_words() {
    let rule = rule(
        "parameters: { minTls: { type: string, default: '1.2', allowed: ['1.2', '1.3'], spelling: { '1.2': TLS1_2, '1.3': TLS1_3 } } }\n\
         require: { field: properties.tls, equals: \"[parameters('minTls')]\" }",
    );
    let all = [subject(&json!({ "tls": "TLS1_2" }))];
    let index = Index::new(&all);
    let world = World::new(&index);
    let judge = |settings: &Settings| rule.judge(&all[0], &world, settings).verdict;
    let mut settings = Settings::new();
    assert_eq!(judge(&settings), Verdict::Pass);
    settings.set("a-rule.minTls", "1.3".into());
    assert_eq!(judge(&settings), Verdict::Fail);
    settings.push_layer();
    settings.set_text("MINTLS", "1.2");
    assert_eq!(judge(&settings), Verdict::Pass);
}

#[test]
fn settings_that_no_rule_can_take_are_named_with_the_nearest() {
    let rule = rule(
        "parameters: { days: { type: int, default: 7 } }\nrequire: { field: properties.days, greaterOrEquals: \"[parameters('days')]\" }",
    );
    let rules = RuleSet::new([Arc::new(rule)]);
    let mut settings = Settings::new();
    settings.set_text("dayz", "1");
    settings.set_text("days", "many");
    settings.set_text("a-rul.days", "3");
    let problems: Vec<String> = settings.check(&rules).iter().map(ToString::to_string).collect();
    assert_eq!(
        problems,
        [
            "no rule has a parameter `dayz`; did you mean `days`?",
            "parameter `a-rul.days`: there is no rule `a-rul`; did you mean `a-rule`?",
            "parameter `days` of rule `a-rule` must be of type int, not string",
        ]
    );
}

#[test]
fn mistakes_in_rule_files_are_named_with_place_and_cure() {
    let fault = |condition: &str| {
        let head = "id: r\ntitle: t\ndescription: d\nseverity: low\ntheme: t\nkind: N.S/a\nmessage: m\n";
        Rule::parse("r.yaml", &format!("{head}{condition}\n"), &Arc::new(Aliases::built_in())).unwrap_err().to_string()
    };
    assert_eq!(fault("require: { field: a, equal: 1 }"), "r.yaml:8:22: `equal` is not an operator; did you mean `equals`?");
    assert_eq!(
        fault("requires: { field: a, equals: 1 }"),
        "r.yaml:1:1: a rule has exactly one of `require` (what must hold) and `forbid` (what must not)"
    );
    assert_eq!(
        fault("require: { field: a, equals: 1 }\nsource: []"),
        "r.yaml:9:1: `source` is not a key that belongs here; did you mean `sources`?"
    );
    assert!(fault("require: { field: a, equals: \"[parametrs('x')]\" }").contains("did you mean `parameters`?"));
    assert!(fault("require: { field: a, equals: \"[parameters('x')]\" }").contains("`x` is not a parameter of this rule"));
    assert!(fault("require: { field: a, matchesRegex: '(' }").contains("this is no regular expression"));
    assert!(fault("require: { allOf: [], field: a }").contains("cannot stand beside `allOf`"));
    assert!(fault("require: { count: { field: a.b }, equals: 1 }").contains("write `a.b[*]`"));
    assert!(fault("require: { field: 'a[', equals: 1 }").contains("names no field"));
}

#[test]
fn other_kinds_environments_and_mere_references_are_not_applicable() {
    let rule = rule("environments: [production]\nrequire: { field: a, equals: 1 }");
    let all = [subject(&json!({}))];
    let index = Index::new(&all);
    let judge = |environment: Option<&str>, subject: &Resource| {
        rule.judge(subject, &World::new(&index), &Settings::new().in_environment(environment.map(Arc::from))).verdict
    };
    assert_eq!(judge(Some("prod"), &all[0]), Verdict::Fail);
    assert_eq!(judge(Some("test"), &all[0]), Verdict::NotApplicable);
    assert_eq!(judge(None, &all[0]), Verdict::NotApplicable);
    assert_eq!(judge(Some("prod"), &Resource { existing: true, ..all[0].clone() }), Verdict::NotApplicable);
    assert_eq!(judge(Some("prod"), &Resource { kind: "N.S/b".into(), ..all[0].clone() }), Verdict::NotApplicable);
}
