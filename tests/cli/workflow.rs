//! Workflows and pipelines as people scan them: environments, bad input, calls between files.

use super::support::{azward_in, folder};

const DEPLOY: &str = "on: { push: { branches: [main] } }\npermissions: { contents: read }\njobs:\n  staging:\n    runs-on: ubuntu-24.04\n    environment: staging\n    steps:\n      - run: az webapp deploy --name shop-stg --src-path app.zip\n  production:\n    needs: staging\n    runs-on: ubuntu-24.04\n    environment: production\n    steps:\n      - run: az webapp deploy --name shop --src-path app.zip\n";

fn line(finding: &serde_json::Value) -> u64 {
    finding["place"]["start"]["line"].as_u64().expect("a place in a file has a line")
}

/// The lines of the findings of `rule`.
fn lines(report: &serde_json::Value, rule: &str) -> Vec<u64> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule && finding["verdict"] == "fail");
    findings.map(line).collect()
}

fn entry(report: &serde_json::Value, path: &str) -> serde_json::Value {
    let found = report["ledger"]["entries"].as_array().unwrap().iter().find(|entry| entry["subject"] == path).cloned();
    found.unwrap_or_else(|| panic!("{path} is not in the ledger"))
}

#[test]
fn a_job_is_judged_in_its_own_environment_whatever_the_file_is_called() {
    // `test.yml` runs tests: it is no environment called test.
    let folder = folder(&[(".github/workflows/test.yml", DEPLOY)]);
    let of = |arguments: &[&str]| {
        let run = azward_in(folder.path(), &[&["scan", ".", "--rule", "tests-before-deployment", "--format", "json"], arguments].concat());
        lines(&run.json(), "tests-before-deployment")
    };
    assert_eq!(of(&[]), [8, 14]);
    assert_eq!(of(&["--env", "production"]), [14]);
    assert_eq!(of(&["--env", "staging"]), [8]);
    assert_eq!(of(&["--env", "development"]), [0u64; 0]);
}

#[test]
fn a_broken_workflow_is_a_line_of_the_ledger_and_the_rest_goes_on() {
    let mut bomb = "on: push\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..12 {
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(10)));
    }
    let folder = folder(&[
        (".github/workflows/good.yml", DEPLOY),
        (".github/workflows/broken.yml", "on: push\njobs:\n  a: [1, 2\n  b: }\n"),
        (".github/workflows/bomb.yml", &bomb),
        ("azure-pipelines.yml", "- a\n- list\n"),
    ]);
    let run = azward_in(folder.path(), &["scan", ".", "--rule", "tests-before-deployment", "--format", "json"]);
    let report = run.json();
    assert_eq!(lines(&report, "tests-before-deployment").len(), 2);
    for (path, says) in [
        (".github/workflows/broken.yml", "line 4"),
        (".github/workflows/bomb.yml", "aliases"),
        ("azure-pipelines.yml", "a list of properties was expected"),
    ] {
        let entry = entry(&report, path);
        assert!(["partly", "unreadable"].iter().any(|state| entry["state"] == *state), "{entry}");
        assert!(entry["why"].to_string().contains(says), "{entry}");
    }
}

#[test]
fn a_reusable_workflow_is_judged_where_it_is_called() {
    let caller = "on: { push: { branches: [main] } }\njobs:\n  test: { runs-on: x, steps: [{ run: pytest }] }\n  ship:\n    needs: test\n    uses: ./.github/workflows/ship.yml\n    with: { where: production }\n";
    let called = "on: { workflow_call: { inputs: { where: { type: string } } } }\njobs:\n  deploy:\n    runs-on: x\n    environment: ${{ inputs.where }}\n    steps:\n      - run: bash tools/go.sh\n";
    let script = "az webapp deploy --name shop --src-path app.zip\n";
    let folder = folder(&[(".github/workflows/cd.yml", caller), (".github/workflows/ship.yml", called), ("tools/go.sh", script)]);
    let arguments = ["scan", ".", "--rule", "tests-before-deployment", "--rule", "smoke-test-after-deployment", "--format", "json"];
    let report = azward_in(folder.path(), &arguments).json();
    assert!(lines(&report, "tests-before-deployment").is_empty(), "the caller tests before it calls");
    let smoke =
        report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "smoke-test-after-deployment").cloned().unwrap();
    assert_eq!((smoke["place"]["path"].as_str(), line(&smoke)), (Some("tools/go.sh"), 1));
    assert!(entry(&report, ".github/workflows/ship.yml")["format"].as_str().unwrap().contains("a module"));
}

#[test]
fn a_workflow_in_the_same_repository_sees_its_templates() {
    let vault = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": [{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv", "location": "westeurope",
        "properties": { "publicNetworkAccess": "Disabled", "tenantId": "x", "sku": { "family": "A", "name": "standard" } } }] }"#;
    let reads =
        DEPLOY.replace("az webapp deploy --name shop --src-path app.zip", "az keyvault secret show --vault-name kv --name db -o tsv");
    let rule = "hosted-runner-reaches-no-private-resource";
    for (files, wanted) in [
        (vec![(".github/workflows/cd.yml", reads.as_str()), ("infra/main.prod.json", vault)], 1),
        (vec![(".github/workflows/cd.yml", reads.as_str())], 0),
    ] {
        let folder = folder(&files);
        let report = azward_in(folder.path(), &["scan", ".", "--rule", rule, "--format", "json"]).json();
        assert_eq!(lines(&report, rule).len(), wanted);
    }
}
