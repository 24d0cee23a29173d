//! What is too much to hold is said, never passed over in silence.

use azward::audit::{Settings, run};
use azward::log::source::{Collected, Input};

use crate::support::{fails, gaps, only, rules};

fn denied(n: usize) -> String {
    format!(
        r#"{{"time":"2026-01-13T{:02}:{:02}:{:02}Z","category":"AuditEvent","operationName":"SecretGet","resourceId":"/S/0/RESOURCEGROUPS/RG-PROD/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-PROD","resultSignature":"Forbidden","callerIpAddress":"10.0.0.4","identity":{{"claim":{{"appid":"app-{n}"}}}},"properties":{{"id":"https://kv-prod.vault.azure.net/secrets/db","httpStatusCode":403}}}}
"#,
        n / 3600 % 24,
        n / 60 % 60,
        n % 60
    )
}

#[test]
fn a_window_that_would_hold_too_much_is_not_auditable_and_the_other_rules_stay_whole() {
    let text: String = (0..2_000).map(denied).collect();
    let all: Vec<_> =
        rules().into_iter().filter(|rule| ["vault-denied-burst", "secret-reference-fails"].contains(&rule.info.id.as_str())).collect();
    let inputs = || vec![Input::text("kv.json", text.clone())];
    let settings = Settings { most_waiting: 500, ..Settings::new(&all) };
    let outcome = run(Collected { inputs: inputs(), entries: Vec::new() }, settings).expect("runs");
    let count = |id: &str| outcome.rules.iter().find(|count| count.info.id == id).map(|count| (count.pass, count.fail, count.unknown));
    assert_eq!(count("vault-denied-burst"), Some((0, 0, 1)));
    assert_eq!(count("secret-reference-fails"), Some((0, 2_000, 0)));
    let why = gaps(&outcome, "vault-denied-burst");
    assert!(why.starts_with("not auditable: more than 500 events wait in its window"), "{why}");
    // With room enough it is judged.
    let outcome = run(Collected { inputs: inputs(), entries: Vec::new() }, Settings::new(&all)).expect("runs");
    assert!(outcome.rules.iter().all(|count| count.unknown == 0));
}

#[test]
fn groups_beyond_the_limit_are_one_finding_that_says_so() {
    let rule = only("secret-reference-fails");
    let text: String = (0..60_000).map(denied).collect();
    let outcome = run(Collected { inputs: vec![Input::text("kv.json", text)], entries: Vec::new() }, Settings::new(&rule)).expect("runs");
    let found = fails(&outcome);
    assert_eq!(found.len(), 50_001);
    let rest: Vec<_> = found.iter().filter(|finding| finding.message.contains("are not told apart")).collect();
    assert_eq!(rest.len(), 1);
    assert!(rest[0].message.starts_with("10000 further events"), "{}", rest[0].message);
}

/// A token of the documented shape, made here.
fn secret() -> String {
    format!("{}{}", "sig=", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v%3D")
}

#[test]
fn what_the_register_says_is_concealed_where_it_holds_a_secret() {
    let line = denied(1).replace("secrets/db", &format!("secrets/{}", secret())).replace("app-1", &secret());
    let rule = only("secret-reference-fails");
    let mut register = Vec::new();
    let conceal = |text: &str| text.contains("sig=").then(|| "***".to_owned());
    let settings = Settings { register: Some(&mut register), conceal: Some(&conceal), ..Settings::new(&rule) };
    run(Collected { inputs: vec![Input::text("kv.json", line)], entries: Vec::new() }, settings).expect("runs");
    let text = String::from_utf8(register).expect("text");
    assert!(!text.contains("sig=") && text.contains("***"), "{text}");
}

#[test]
fn redaction_reaches_free_text_and_is_the_same_everywhere() {
    let rules = rules();
    let lines = [
        r#"{"time":"2026-01-13T10:00:00Z","category":"AuditEvent","operationName":"SecretGet","resourceId":"/S/0/RESOURCEGROUPS/RG-PROD/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-PROD","callerIpAddress":"203.0.113.9","identity":{"claim":{"upn":"ann@contoso.com"}},"properties":{"id":"https://kv-prod.vault.azure.net/secrets/db","httpStatusCode":200}}"#,
        r#"{"timestamp":"2026-01-13T10:01:00Z","level":"error","logger":"app","event":"missing required environment variable DB for ann@contoso.com from 203.0.113.9"}"#,
    ];
    let settings = Settings { redact: true, ..Settings::new(&rules) };
    let inputs = vec![Input::text("mixed.json", lines.join("\n"))];
    let outcome = run(Collected { inputs, entries: Vec::new() }, settings).expect("runs");
    let shown = format!("{outcome:?}");
    assert!(!shown.contains("ann@contoso.com") && !shown.contains("203.0.113.9"), "{shown}");
    let message = |id: &str| {
        fails(&outcome).into_iter().find(|finding| finding.rule == id).map(|finding| finding.message.clone()).unwrap_or_default()
    };
    let (read, start) = (message("vault-read-by-person"), message("configuration-failure-at-start"));
    let user = read.split_whitespace().next().unwrap_or("");
    assert!(user.starts_with("user-") && start.contains(&format!("for {user} from address-")), "{read} | {start}");
}
