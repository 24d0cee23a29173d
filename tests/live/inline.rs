//! Parts that Azure answers with only inside their parents: templates and subscriptions are judged alike, and what can be
//! declared apart is judged by rules on the parent, too.

use std::collections::BTreeSet;

use azward::{
    azure::{
        collector::INSIDE,
        snapshot::{FORMAT, Item, Meta, Record, Source, SubscriptionInfo, VERSION, Writer},
    },
    policy::RuleSet,
};
use serde_json::{Value, json};

use crate::{command::Home, harness::server};

const SUBSCRIPTION: &str = "5a0f3c1e-0000-4000-8000-000000000009";

/// A network whose parts stand inside it, open where they should not be.
fn network() -> Vec<Value> {
    let open = json!({ "name": "ssh", "properties": { "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "priority": 100,
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22" } });
    let subnets = json!([{ "name": "app", "properties": { "addressPrefix": "10.0.1.0/24" } },
        { "name": "GatewaySubnet", "properties": { "addressPrefix": "10.0.255.0/27" } }]);
    vec![
        json!({ "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2024-01-01", "name": "nsg", "location": "westeurope",
            "properties": { "securityRules": [open] } }),
        json!({ "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2024-01-01", "name": "vnet", "location": "westeurope",
            "properties": { "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] }, "subnets": subnets } }),
    ]
}

fn snapshot() -> Vec<u8> {
    let meta = Meta { format: FORMAT.into(), version: VERSION, ..Meta::default() };
    let mut writer = Writer::new(Vec::new(), &meta).unwrap();
    let info = SubscriptionInfo { id: SUBSCRIPTION.into(), name: "one".into(), state: "Enabled".into(), ..SubscriptionInfo::default() };
    writer.write(Record::Subscription(info)).unwrap();
    for body in network() {
        let (kind, name) = (body["type"].as_str().unwrap().to_owned(), body["name"].as_str().unwrap());
        let id = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/{kind}/{name}");
        let item = Item {
            kind,
            id,
            subscription: SUBSCRIPTION.into(),
            collector: "network".into(),
            api_version: None,
            source: Source::Graph,
            body,
        };
        writer.write(Record::Resource(item)).unwrap();
    }
    writer.write(Record::End(azward::azure::snapshot::End { complete: true, ..Default::default() })).unwrap();
    writer.finish().unwrap()
}

/// Rule, verdict, resource and what was found, for the rules about parts of networks.
fn said(report: &Value) -> BTreeSet<String> {
    let all = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"].as_str().unwrap().contains("n"));
    all.map(|finding| format!("{} {} {} {}", finding["rule"], finding["verdict"], finding["resource"]["name"], finding["message"]))
        .collect()
}

#[tokio::test]
async fn a_template_and_a_subscription_with_the_same_network_are_judged_alike() {
    let home = Home::new(&*server().await);
    let template = json!({ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "resources": network() });
    std::fs::write(home.file("main.json"), template.to_string()).unwrap();
    std::fs::write(home.file("kept.json.zst"), snapshot()).unwrap();
    let more = ["--closed-world", "--rule", "network", "--format", "json", "--exit-zero"];
    let declared = home.run(&[&["scan", "main.json"][..], &more].concat()).await.json();
    let live = home.run(&[&["scan", "kept.json.zst"][..], &more].concat()).await.json();
    assert_eq!(said(&declared), said(&live));
    let all: String = said(&live).into_iter().collect();
    assert!(all.contains("nsg-ssh-open") && all.contains("subnet"), "{all}");
    assert!(!all.contains("nsg-rule-open") && !all.contains("separate-subnet"), "nothing is said twice: {all}");
}

#[test]
fn what_may_be_declared_apart_is_judged_inside_its_parent_too() {
    let rules = RuleSet::builtin().unwrap();
    for (child, parent, list) in INSIDE {
        if rules.iter().any(|rule| rule.kinds().iter().any(|kind| kind == child)) {
            let judges =
                |rule: &&std::sync::Arc<azward::policy::Rule>| rule.written().to_json().to_string().contains(&format!("{list}[*]"));
            assert!(rules.for_kind(parent).any(|rule| judges(&rule)), "{child} is judged apart, and nothing judges {list} of {parent}");
        }
    }
}
