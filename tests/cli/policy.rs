//! `azward policy test`: authors of rules prove them before they ship.

use super::support::{azward_in, folder};

const RULE: &str = "\
id: vault-named
title: Key vaults say whose they are
description: Names of vaults are found in every log.
severity: low
theme: tags
kind: Microsoft.KeyVault/vaults
require:
  field: name
  like: kv-*
message: \"{name} does not begin with kv-\"
fix: Rename it.
sources: [https://learn.microsoft.com/azure/key-vault/general/overview]
examples:
  pass:
    - arm: { type: Microsoft.KeyVault/vaults, name: kv-one, properties: {} }
  fail:
    - name: without the prefix
      arm: { type: Microsoft.KeyVault/vaults, name: NAME, properties: {} }
";

#[test]
fn examples_that_keep_their_promise_end_with_0() {
    let folder = folder(&[("rules/vault-named.yaml", &RULE.replace("NAME", "vault-one"))]);
    let run = azward_in(folder.path(), &["policy", "test", "rules"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1 rules, 2 examples as promised, 0 not."), "{}", run.stdout);
}

#[test]
fn a_broken_promise_is_named_with_its_line_and_ends_with_1() {
    let folder = folder(&[("rules/vault-named.yaml", &RULE.replace("NAME", "kv-two"))]);
    let run = azward_in(folder.path(), &["policy", "test", "rules"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let wanted = "vault-named.yaml:17: `without the prefix` promises fail, but the verdict is pass";
    assert!(run.stdout.contains(wanted), "{}", run.stdout);
}

#[test]
fn a_rule_that_cannot_be_read_ends_with_2_and_the_nearest_word() {
    let folder = folder(&[("rules/vault-named.yaml", &RULE.replace("like:", "lik:"))]);
    let run = azward_in(folder.path(), &["policy", "test", "rules"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("vault-named.yaml:9") && run.stderr.contains("`like`"), "{}", run.stderr);
}

#[test]
fn a_folder_may_hold_rules_over_resources_and_over_events_and_definitions_of_azure_policy() {
    let event = "\
id: nobody-restarts
title: Nobody restarts
description: A restart hides what went wrong.
severity: low
theme: monitoring
input: [Log/text]
where: { field: message, contains: restarting }
message: '{count} restarts'
fix: { text: Find the cause. }
sources: ['https://learn.microsoft.com/azure/azure-monitor/']
examples:
  pass: [{ name: calm, logs: 'all is well' }]
  fail: [{ name: restart, logs: 'restarting' }]
";
    let definition = r#"{ "name": "tagged", "properties": { "displayName": "Tagged", "policyRule": { "if": { "field": "tags", "exists": false }, "then": { "effect": "audit" } } } }"#;
    let rule = RULE.replace("NAME", "vault-one");
    let folder = folder(&[("r/a.yaml", &rule), ("r/events/b.yaml", event), ("r/c.json", definition), ("r/other.json", "{}")]);
    let run = azward_in(folder.path(), &["policy", "test", "r"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("3 rules, 4 examples as promised, 0 not."), "{}", run.stdout);
    assert_eq!(azward_in(folder.path(), &["policy", "test", "r/events/b.yaml"]).code, 0);
    assert!(azward_in(folder.path(), &["scan", ".", "--rules", "r", "--exit-zero"]).stderr.is_empty());
}

#[test]
fn own_rules_are_listed_and_explained() {
    let folder = folder(&[("rules/vault-named.yaml", &RULE.replace("NAME", "vault-one"))]);
    assert!(azward_in(folder.path(), &["rules", "vault-named", "--rules", "rules"]).stdout.contains("1 rules."));
    assert!(azward_in(folder.path(), &["explain", "vault-named", "--rules", "rules"]).stdout.contains("Names of vaults are found"));
    assert_eq!(azward_in(folder.path(), &["explain", "vault-named"]).code, 2);
}
