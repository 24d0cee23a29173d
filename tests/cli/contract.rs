//! Exit codes, choices, ignores, formats: what scripts rely on.

use super::support::{azward_in, azward_with_stdin, folder, sarif_folder, storage};

const ONLY_TLS: &[&str] = &["--rule", "storage-min-tls"];

fn scan(files: &[(&str, &str)], more: &[&str]) -> super::support::Run {
    let folder = folder(files);
    let arguments: Vec<&str> = ["scan", "."].iter().chain(ONLY_TLS).chain(more).copied().collect();
    azward_in(folder.path(), &arguments)
}

#[test]
fn a_finding_ends_with_1_and_stands_on_the_propertys_own_line() {
    let run = scan(&[("main.json", &storage("\"TLS1_0\""))], &["--format", "json"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["place"]["path"], "main.json");
    assert_eq!(findings[0]["place"]["start"]["line"], 12);
    assert!(findings[0]["evidence"][0]["actual"].as_str().unwrap().contains("TLS1_0"));
}

#[test]
fn nothing_found_ends_with_0_and_says_what_was_seen() {
    let run = scan(&[("main.json", &storage("\"[parameters('tls')]\""))], &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("No findings in"), "{}", run.stdout);
}

#[test]
fn what_cannot_be_known_is_neither_pass_nor_failure_and_strict_says_4() {
    let text = storage("\"[reference('other').tls]\"");
    let run = scan(&[("main.json", &text)], &["--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(run.json()["findings"][0]["verdict"], "unknown");
    assert_eq!(scan(&[("main.json", &text)], &["--strict"]).code, 4);
}

#[test]
fn terraform_is_named_as_what_was_not_judged() {
    let run = scan(&[("main.tf", "resource \"azurerm_storage_account\" \"a\" { min_tls_version = \"TLS1_0\" }\n")], &["--strict"]);
    assert_eq!(run.code, 4, "{}", run.stdout);
    assert!(run.stdout.contains("main.tf (Terraform): Terraform is not evaluated"), "{}", run.stdout);
}

#[test]
fn a_parameter_file_makes_a_unit_and_a_finding_lists_its_units() {
    let text = storage("\"[parameters('tls')]\"");
    let parameters = |tls: &str| {
        format!(
            "{{ \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\", \"contentVersion\": \"1.0.0.0\", \"parameters\": {{ \"tls\": {{ \"value\": \"{tls}\" }} }} }}"
        )
    };
    let files = [
        ("main.json", text.as_str()),
        ("main.dev.parameters.json", &parameters("TLS1_0")),
        ("main.test.parameters.json", &parameters("TLS1_1")),
        ("main.prod.parameters.json", &parameters("TLS1_2")),
    ];
    let run = scan(&files, &["--format", "json"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let report = run.json();
    let findings = report["findings"].as_array().unwrap();
    let units: Vec<String> = findings.iter().flat_map(|one| one["units"].as_array().unwrap()).map(ToString::to_string).collect();
    assert_eq!(units.len(), 2, "{units:?}");
    assert!(!units.iter().any(|unit| unit.contains("prod")), "{units:?}");
    assert!(findings[0]["related"].to_string().contains("parameters.json"), "{}", findings[0]["related"]);
}

#[test]
fn an_inline_ignore_needs_a_reason() {
    let with = |comment: &str| storage("\"TLS1_0\"").replace("        \"minimumTls", &format!("        {comment}\n        \"minimumTls"));
    let accepted = scan(&[("main.json", &with("// azward:ignore storage-min-tls: an appliance that is replaced in May"))], &[]);
    assert_eq!(accepted.code, 0, "{}", accepted.stdout);
    assert!(accepted.stdout.contains("1 suppressed"), "{}", accepted.stdout);
    let refused = scan(&[("main.json", &with("// azward:ignore storage-min-tls"))], &[]);
    assert_eq!(refused.code, 1);
    assert!(refused.stdout.contains("has no reason"), "{}", refused.stdout);
}

#[test]
fn severities_decide_what_fails_and_what_is_shown() {
    let text = storage("\"TLS1_0\"");
    assert_eq!(scan(&[("main.json", &text)], &["--exit-zero"]).code, 0);
    let shown = scan(&[("main.json", &text)], &["--param", "minTls=1.3", "--format", "json"]);
    assert!(shown.json()["findings"][0]["evidence"][0]["expected"].as_str().unwrap().contains("1_3"));
}

#[test]
fn stdin_is_a_file() {
    let folder = folder(&[]);
    let run = azward_with_stdin(folder.path(), &["scan", "-", "--rule", "storage-min-tls"], storage("\"TLS1_0\"").as_bytes());
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
}

#[test]
fn wrong_usage_ends_with_2_and_names_the_cure() {
    let empty = folder(&[]);
    for (arguments, cure) in [
        (&["scan", "does-not-exist"][..], "name a folder or a file that exists"),
        (&["scan", "--rule", "storage-min-tsl"], "did you mean `storage-min-tls`"),
        (&["scan", "--param", "minTsl=1.2"], "did you mean"),
        (&["scan", "--profile", "basline"], "did you mean `baseline`"),
        (&["scan", "--format", "xml"], "terminal, sarif, json"),
        (&["explain", "storage-min-tsl"], "did you mean `storage-min-tls`"),
        (&["scan", "--rules", "."], "no rule file"),
    ] {
        let run = azward_in(empty.path(), arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(cure), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn nothing_to_scan_ends_with_3() {
    let empty = folder(&[]);
    assert_eq!(azward_in(empty.path(), &["scan"]).code, 3);
}

#[test]
fn one_scan_writes_many_files() {
    let folder = folder(&[("main.json", &storage("\"TLS1_0\""))]);
    let sarif = sarif_folder().join("one-finding.sarif");
    let run = azward_in(folder.path(), &["scan", ".", "--output", sarif.to_str().unwrap(), "--output", "report.json", "--exit-zero"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let log: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(sarif).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert!(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().ends_with(":1"));
    assert!(folder.path().join("report.json").is_file());
    assert_eq!(azward_in(folder.path(), &["scan", ".", "--output", "report.exe"]).code, 2);
}

#[test]
fn a_users_rule_runs_and_a_broken_one_names_its_line() {
    let rule = "id: own-rule\ntitle: Names begin with st\ndescription: A convention of ours.\nseverity: low\ntheme: config\nkind: Microsoft.Storage/storageAccounts\nrequire:\n  field: name\n  like: st*\nmessage: \"{name} does not begin with st\"\nsources: [https://learn.microsoft.com/azure/storage/]\nexamples:\n  pass:\n    - arm: { type: Microsoft.Storage/storageAccounts, name: st1 }\n  fail:\n    - arm: { type: Microsoft.Storage/storageAccounts, name: x }\n";
    let files = [
        ("main.json", storage("\"TLS1_2\"")),
        ("rules/own-rule.yaml", rule.to_owned()),
        ("bad/own-rule.yaml", rule.replace("like:", "likes:")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let folder = folder(&files);
    let run = azward_in(folder.path(), &["scan", "main.json", "--rules", "rules", "--rule", "own-rule", "--format", "json"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(run.json()["rules"][0]["pass"], 1);
    let run = azward_in(folder.path(), &["scan", "main.json", "--rules", "bad"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("own-rule.yaml:9") && run.stderr.contains("like"), "{}", run.stderr);
}

#[test]
fn rules_explain_completions_and_man_speak() {
    let empty = folder(&[]);
    let out = |arguments: &[&str]| {
        let run = azward_in(empty.path(), arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        run.stdout
    };
    assert!(out(&["rules", "tls"]).contains("storage-min-tls"));
    let text = out(&["explain", "storage-min-tls"]);
    for part in ["Why", "Fails", "Passes", "Fix", "Sources", "azward:ignore storage-min-tls"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(out(&["completions", "bash"]).contains("azward"));
    assert!(out(&["man"]).contains(".TH"));
    assert!(out(&["spec", "conflicts", "augeo", "az14b"]).contains("70 pairs"));
    assert!(out(&["spec", "coverage", "--spec", "bi10", "--as", "csv"]).contains("DEP-001.a"));
}

#[test]
fn init_writes_a_profile_that_works_and_never_overwrites() {
    let folder = folder(&[("main.json", &storage("\"TLS1_2\""))]);
    assert_eq!(azward_in(folder.path(), &["init", "own.yaml"]).code, 0);
    assert_eq!(azward_in(folder.path(), &["scan", "main.json", "--profile", "own.yaml", "--rule", "storage-min-tls"]).code, 0);
    let again = azward_in(folder.path(), &["init", "own.yaml"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("never overwrites"), "{}", again.stderr);
}

#[test]
fn the_doctor_says_what_a_run_would_find_here() {
    let folder = folder(&[]);
    let run = azward_in(folder.path(), &["doctor"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for said in ["event rules", "for secrets", "baseline, bi10", "module cache    Bicep's:"] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
}
