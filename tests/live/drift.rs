//! `azward drift` from end to end: templates against the demo tenant.

use serde_json::Value;

use crate::{
    command::{Home, SECRET},
    harness::server,
};

fn project(path: &str) -> String {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path).to_str().unwrap().to_owned()
}

/// The line of the fixture that holds `text`, from 1.
fn line(text: &str) -> u64 {
    let template = std::fs::read_to_string(project("fixtures/azure/drift/main.bicep")).unwrap();
    let mut lines = template.lines().zip(1..).filter(|(line, _)| line.contains(text)).map(|(_, number)| number);
    let only = lines.next().unwrap();
    assert_eq!(lines.next(), None, "`{text}` is there twice");
    only
}

/// Compares the fixture with two whole subscriptions of the demo tenant.
async fn drift(more: &[&str]) -> crate::command::Ran {
    let fake = server().await;
    let home = Home::new(&fake);
    let read =
        ["live", "--subscription", "contoso-production", "--subscription", "contoso-development", "--save", "kept.json.zst", "--exit-zero"];
    let ran = home.ask(&read, SECRET).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    home.run(&[&["drift", &project("fixtures/azure/drift"), "--snapshot", "kept.json.zst"], more].concat()).await
}

fn of_rule<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).collect()
}

#[tokio::test]
async fn a_changed_property_a_missing_resource_and_undeclared_ones_are_found() {
    let ran = drift(&["--undeclared", "--format", "json"]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let report = ran.json();
    let different: Vec<String> =
        of_rule(&report, "drift-different").iter().map(|one| one["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(different.len(), 2, "{different:#?}");
    assert!(
        different.iter().any(|one| one.contains("minimumTlsVersion of stcontosodev is \"TLS1_1\", and declared as \"TLS1_2\"")),
        "{different:#?}"
    );
    assert!(
        different.iter().any(|one| one.contains("access of nsg-app/ssh-from-anywhere is \"Allow\"")),
        "a part of a live resource: {different:#?}"
    );
    let missing = of_rule(&report, "drift-missing");
    assert_eq!(missing.len(), 1, "{missing:#?}");
    assert_eq!(missing[0]["resource"]["name"], "kv-contoso-gone");
    let undeclared: Vec<&str> = of_rule(&report, "drift-undeclared").iter().map(|one| one["resource"]["name"].as_str().unwrap()).collect();
    assert!(undeclared.contains(&"redis-contoso-prod") && !undeclared.contains(&"stcontosodev"), "{undeclared:?}");
    assert!(undeclared.iter().all(|name| !name.contains('/')), "children go with their parents: {undeclared:?}");
    // What azward does not read can be neither there nor missing, and the ledger says so.
    assert!(ran.out.contains("sb-contoso-prod/orders: azward does not read this from subscriptions"), "{}", ran.out);
    assert!(ran.out.contains("/tags: the declared value is not known"), "{}", ran.out);
    let quiet = drift(&["--format", "json", "--set", "owner=ops@contoso.example"]).await;
    let tags = |report: &Value| of_rule(report, "drift-different").iter().any(|one| one["message"].as_str().unwrap().starts_with("/tags"));
    assert!(tags(&quiet.json()) && !tags(&report), "a value that is known can be compared: {}", quiet.out);
    assert!(of_rule(&quiet.json(), "drift-undeclared").is_empty());
}

/// Where a subscription could not be read, what is not found may be there.
#[tokio::test]
async fn a_gap_makes_nothing_missing() {
    let home = Home::new(&*server().await);
    let (template, snapshot) = (project("fixtures/azure/drift"), project("fixtures/azure/demo.snapshot.json.zst"));
    let ran = home.run(&["drift", &template, "--snapshot", &snapshot, "--format", "json", "--strict"]).await;
    let report = ran.json();
    assert!(of_rule(&report, "drift-missing").is_empty(), "{}", ran.out);
    assert!(ran.out.contains("kv-contoso-gone: some resources of the type Microsoft.KeyVault/vaults could not be read"), "{}", ran.out);
}

#[tokio::test]
async fn sarif_points_at_the_line_of_the_template() {
    let ran = drift(&["--format", "sarif", "--exit-zero"]).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let sarif = ran.json();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("drift.sarif"), &ran.out).unwrap();
    let place = |text: &str| {
        let result = sarif["runs"][0]["results"]
            .as_array()
            .unwrap()
            .iter()
            .find(|result| result["message"]["text"].as_str().unwrap().contains(text));
        let place = &result.unwrap_or_else(|| panic!("no result says {text}"))["locations"][0]["physicalLocation"];
        (place["artifactLocation"]["uri"].as_str().unwrap().to_owned(), place["region"]["startLine"].as_u64().unwrap())
    };
    for (message, declared) in [
        ("minimumTlsVersion", "minimumTlsVersion"),
        ("access of nsg-app", "access: 'Deny'"),
        ("kv-contoso-gone is declared", "resource gone"),
    ] {
        let (uri, at) = place(message);
        assert!(uri.ends_with("main.bicep") && at == line(declared), "{message}: {uri}:{at}");
    }
}

/// The same for an ARM template with a parameter file beside it.
#[tokio::test]
async fn an_arm_template_with_its_parameters_is_compared_too() {
    const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "account": { "type": "string" }, "tls": { "type": "string", "defaultValue": "TLS1_2" } },
  "resources": [
    {
      "type": "Microsoft.Storage/storageAccounts",
      "apiVersion": "2023-05-01",
      "name": "[parameters('account')]",
      "location": "uksouth",
      "sku": { "name": "Standard_ZRS" },
      "kind": "StorageV2",
      "properties": {
        "minimumTlsVersion": "[parameters('tls')]"
      }
    },
    { "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv-contoso-never", "location": "uksouth", "properties": {} }
  ]
}
"#;
    let fake = server().await;
    let home = Home::new(&fake);
    let read = ["live", "--subscription", "contoso-development", "--save", "kept.json.zst", "--exit-zero"];
    assert_eq!(home.ask(&read, SECRET).await.code, Some(0));
    std::fs::create_dir(home.file("deploy")).unwrap();
    std::fs::write(home.file("deploy/azuredeploy.json"), TEMPLATE).unwrap();
    let parameters = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0", "parameters": { "account": { "value": "stcontosodev" } } }"#;
    std::fs::write(home.file("deploy/azuredeploy.parameters.json"), parameters).unwrap();
    let ran = home.run(&["drift", "deploy", "--snapshot", "kept.json.zst", "--format", "json"]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    let report = ran.json();
    let different = of_rule(&report, "drift-different");
    assert_eq!(different.len(), 1, "{different:#?}");
    let message = different[0]["message"].as_str().unwrap();
    assert!(message.contains("minimumTlsVersion of stcontosodev is \"TLS1_1\", and declared as \"TLS1_2\""), "{message}");
    assert!(different[0]["place"].to_string().contains("azuredeploy.json"), "{}", different[0]["place"]);
    let missing = of_rule(&report, "drift-missing");
    assert_eq!(missing.len(), 1, "{missing:#?}");
    assert_eq!(missing[0]["resource"]["name"], "kv-contoso-never");
}
