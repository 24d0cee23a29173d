//! Where a finding on Bicep stands: the property that people edit, and the way that its value came.

use super::support::{azward_in, folder};

const MODULE: &str = "param tls string\n\nresource st 'Microsoft.Storage/storageAccounts@2023-05-01' = {\n  name: 'stcontoso'\n  location: 'westeurope'\n  properties: {\n    minimumTlsVersion: tls\n  }\n}\n";
const MAIN: &str =
    "param tls string = 'TLS1_2'\n\nmodule storage 'modules/storage.bicep' = {\n  name: 'storage'\n  params: {\n    tls: tls\n  }\n}\n";
const RULE: &[&str] = &["--no-secrets", "--rule", "storage-min-tls"];

fn scan(files: &[(&str, &str)], more: &[&str]) -> super::support::Run {
    let folder = folder(files);
    azward_in(folder.path(), &[&["scan", "."], RULE, more].concat())
}

#[test]
fn the_finding_is_on_the_property_and_tells_the_way() {
    let parameters = "using 'main.bicep'\n\nparam tls = 'TLS1_0'\n";
    let files = [("modules/storage.bicep", MODULE), ("main.bicep", MAIN), ("main.prod.bicepparam", parameters)];
    let run = scan(&files, &["--format", "json"]);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{report}");
    let finding = &findings[0];
    let at = |place: &serde_json::Value| (place["path"].as_str().unwrap_or("").to_owned(), place["start"]["line"].as_u64().unwrap_or(0));
    assert_eq!(at(&finding["place"]), ("modules/storage.bicep".to_owned(), 7), "{finding}");
    assert_eq!(finding["environments"][0], "production", "{finding}");
    let related: Vec<_> = finding["related"].as_array().unwrap().iter().map(|one| at(&one["place"])).collect();
    for place in [("modules/storage.bicep", 1), ("main.bicep", 1), ("main.prod.bicepparam", 3), ("main.bicep", 3)] {
        assert!(related.contains(&(place.0.to_owned(), place.1)), "{place:?} is not in {related:?}");
    }
    let why = scan(&files, &["--why"]).stdout;
    for part in ["modules/storage.bicep:7", "modules/storage.bicep:1", "main.bicep:6", "main.prod.bicepparam:3", "main.bicep:3"] {
        assert!(why.contains(part), "`{part}` is not in\n{why}");
    }
}

#[test]
fn every_parameter_file_is_a_unit() {
    let json = |tls: &str| {
        format!(
            "{{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\",\n  \"contentVersion\": \"1.0.0.0\",\n  \"parameters\": {{ \"tls\": {{ \"value\": \"{tls}\" }} }}\n}}\n"
        )
    };
    let (staging, other) = (json("TLS1_0"), json("TLS1_1"));
    let files = [
        ("modules/storage.bicep", MODULE),
        ("main.bicep", MAIN),
        ("main.bicepparam", "using 'main.bicep'\n"),
        ("env/dev.bicepparam", "using '../main.bicep'\nparam tls = 'TLS1_0'\n"),
        ("env/base.bicepparam", "using none\nparam tls = 'TLS1_1'\n"),
        ("env/live.bicepparam", "using '../main.bicep'\nextends 'base.bicepparam'\n"),
        ("main.parameters.uat.json", staging.as_str()),
        ("unrelated.parameters.json", other.as_str()),
    ];
    let report = scan(&files, &["--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let mut units: Vec<String> =
        findings.iter().flat_map(|one| one["units"].as_array().unwrap()).map(|unit| unit.as_str().unwrap().to_owned()).collect();
    units.sort();
    assert_eq!(
        units,
        ["main.bicep + env/dev.bicepparam", "main.bicep + env/live.bicepparam", "main.bicep + main.parameters.uat.json"],
        "{report}"
    );
    let mut environments: Vec<&str> =
        findings.iter().flat_map(|one| one["environments"].as_array().unwrap()).filter_map(|one| one.as_str()).collect();
    environments.sort_unstable();
    assert_eq!(environments, ["development", "production", "staging"]);
}

#[test]
fn parameters_without_a_name_belong_to_the_template_that_declares_them() {
    let given = |name: &str| {
        format!(
            "{{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\",\n  \"contentVersion\": \"1.0.0.0\",\n  \"parameters\": {{ \"{name}\": {{ \"value\": \"TLS1_0\" }} }}\n}}\n"
        )
    };
    let (fits, strange) = (given("tls"), given("size"));
    let units = |text: &str| {
        let report =
            scan(&[("modules/storage.bicep", MODULE), ("main.bicep", MAIN), ("parameters.json", text)], &["--format", "json"]).json();
        report["findings"].as_array().unwrap().len()
    };
    assert_eq!((units(&fits), units(&strange)), (1, 0));
}

#[test]
fn an_ignore_stands_in_a_comment() {
    let with = |comment: &str| {
        MODULE.replace("param tls string", "param tls string = 'TLS1_0'").replace("    minimum", &format!("    {comment}\n    minimum"))
    };
    for comment in
        ["// azward:ignore storage-min-tls: an appliance that is replaced in May", "/* azward:ignore storage-min-tls: replaced in May */"]
    {
        let run = scan(&[("main.bicep", &with(comment))], &[]);
        assert_eq!(run.code, 0, "{}", run.stdout);
        assert!(run.stdout.contains("1 suppressed"), "{}", run.stdout);
    }
    assert_eq!(scan(&[("main.bicep", &with("// azward:ignore storage-min-tls"))], &[]).code, 1);
    assert_eq!(scan(&[("main.bicep", &with("// azward:ignore another-rule: why"))], &[]).code, 1);
}

#[test]
fn a_module_that_is_not_here_is_said_once_with_its_cure() {
    let main = "module kv 'br/public:avm/res/key-vault/vault:0.11.0' = {\n  name: 'kv'\n  params: { name: 'kv' }\n}\nmodule spec 'ts:00000000-0000-0000-0000-000000000000/rg/storage:1.0' = {\n  name: 'spec'\n}\n";
    let report = scan(&[("main.bicep", main)], &["--format", "json"]).json();
    let ledger = report["ledger"].to_string();
    assert!(ledger.contains("`azward modules restore` fetches it") && ledger.contains("`bicep restore` fetches it"), "{ledger}");
}
