use std::collections::BTreeMap;

use crate::support::{audit, fails, gaps, only, rules};

#[test]
fn every_rule_finds_what_it_should_and_nothing_else_in_its_own_streams() {
    let mut streams = 0;
    let mut wrong = Vec::new();
    for rule in rules() {
        let id = &rule.info.id;
        assert!(!rule.examples.pass.is_empty() && !rule.examples.fail.is_empty(), "{id} has no proof");
        let (kept, broken) = azward::audit::testing::prove(&rule);
        streams += kept;
        wrong.extend(broken.into_iter().map(|broken| format!("{id}, {}: {}", broken.name, broken.why)));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    println!("{streams} streams");
}

#[test]
fn a_rule_without_its_log_is_not_auditable_and_never_a_pass() {
    let text = b"2026-01-13T02:15:00.1234567Z ##[section]Starting: build\n".to_vec();
    let outcome = audit(&rules(), &[("build.txt", text)], &BTreeMap::new());
    for count in &outcome.rules {
        if !count.info.kinds.iter().any(|kind| kind == "Log/azurePipelines") {
            assert_eq!((count.pass, count.fail, count.unknown), (0, 0, 1), "{}", count.info.id);
        }
    }
    let why = gaps(&outcome, "storage-anonymous-access");
    assert_eq!(why, "not auditable: there is no Storage log among the logs");
    let why = gaps(&outcome, "vault-read-unapproved-identity");
    assert!(why.contains("parameter `approvedIdentities` has no value"), "{why}");
}

#[test]
fn redaction_masks_the_same_user_by_the_same_word() {
    let line = |minute: u32| {
        format!(
            r#"{{"time":"2026-01-13T10:{minute:02}:00Z","category":"AuditEvent","operationName":"SecretGet","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG-PROD/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-PROD","callerIpAddress":"203.0.113.9","identity":{{"claim":{{"upn":"ann@contoso.com"}}}},"properties":{{"id":"https://kv-prod.vault.azure.net/secrets/db/1","httpStatusCode":200}}}}"#
        )
    };
    let text = format!("{}\n{}\n", line(1), line(2));
    let all = rules();
    let mut register = Vec::new();
    let mut settings = azward::audit::Settings::new(&all);
    settings.redact = true;
    settings.register = Some(&mut register);
    let inputs = vec![azward::log::source::Input::text("kv.json", text)];
    let outcome = azward::audit::run(azward::log::source::Collected { inputs, entries: Vec::new() }, settings).expect("runs");
    let shown = format!("{outcome:?}{}", String::from_utf8(register.clone()).expect("text"));
    assert!(!shown.contains("ann@contoso.com") && !shown.contains("203.0.113.9"), "{shown}");
    let register = String::from_utf8(register).expect("text");
    assert_eq!(register.lines().count(), 3);
    assert!(register.lines().skip(1).all(|row| row.contains(",kv-prod,secrets/db,SecretGet,user-1,")), "{register}");
    let found = fails(&outcome);
    assert!(
        found.iter().any(|finding| finding.rule == "vault-read-by-person"
            && finding.message.starts_with("user-1 read secrets of KV-PROD: 2 reads, first secrets/db")),
        "{found:#?}"
    );
}

#[test]
fn repeats_are_one_finding_with_first_last_and_count() {
    let rule = only("storage-account-key-used");
    let example = rule[0].examples.fail[0].logs.clone();
    let text: String = (0..500).map(|n| example.replace("10:00:00", &format!("10:{:02}:{:02}", n / 60, n % 60))).collect();
    let outcome = audit(&rule, &[("st.json", text.into_bytes())], &BTreeMap::new());
    let found = fails(&outcome);
    assert_eq!(found.len(), 1);
    let evidence = |leaf: &str| found[0].evidence.iter().find(|evidence| evidence.leaf == leaf).map(|evidence| evidence.actual.clone());
    assert_eq!(evidence("count").as_deref(), Some("500"));
    assert_eq!(evidence("first").as_deref(), Some("2026-01-13T10:00:00Z"));
    assert_eq!(evidence("last").as_deref(), Some("2026-01-13T10:08:19Z"));
}
