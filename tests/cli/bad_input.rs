//! Untrusted input: one clear message each, the rest of the run goes on, the ledger shows it, nothing panics.

use super::support::{azward_in, folder, storage, template};

/// The ledger line of `path`, after a scan of `files` beside one good template.
fn ledger_line(files: &[(&str, &[u8])], path: &str) -> (serde_json::Value, super::support::Run) {
    let folder = folder(&[("good.json", &storage("\"TLS1_0\""))]);
    for (path, bytes) in files {
        std::fs::write(folder.path().join(path), bytes).unwrap();
    }
    let run = azward_in(folder.path(), &["scan", ".", "--rule", "storage-min-tls", "--format", "json"]);
    let report = run.json();
    let good = report["findings"].as_array().unwrap().iter().filter(|finding| finding["place"]["path"] == "good.json").count();
    assert_eq!(good, 1, "the rest of the run goes on");
    let line = report["ledger"]["entries"].as_array().unwrap().iter().find(|entry| entry["subject"] == path).cloned();
    (line.unwrap_or_else(|| panic!("{path} is not in the ledger")), run)
}

fn gap(files: &[(&str, &[u8])], path: &str) -> String {
    let (line, _) = ledger_line(files, path);
    assert!(line["state"] == "unreadable" || line["state"] == "partly", "{line}");
    line["why"].to_string()
}

#[test]
fn broken_json_names_line_and_cure() {
    let broken = storage("\"TLS1_0\"").replace("\"name\": \"stcontoso\",", "\"name\": ");
    let why = gap(&[("broken.json", broken.as_bytes())], "broken.json");
    assert!(why.contains("line"), "{why}");
}

#[test]
fn an_unknown_function_and_a_missing_parameter_are_unknown_not_errors() {
    for value in ["\"[frobnicate('x')]\"", "\"[parameters('gone')]\""] {
        let folder = folder(&[("main.json", &storage(value))]);
        let run = azward_in(folder.path(), &["scan", ".", "--rule", "storage-min-tls", "--format", "json"]);
        assert_eq!(run.json()["findings"][0]["verdict"], "unknown", "{value}");
    }
}

#[test]
fn nesting_200_000_deep_is_refused_in_one_line() {
    let deep = format!(
        "{{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \"contentVersion\": \"1.0.0.0\", \"resources\": {}{}}}",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let why = gap(&[("deep.json", deep.as_bytes())], "deep.json");
    assert!(why.len() < 1000, "{why}");
}

#[test]
fn a_template_nested_in_itself_ends() {
    let mut text = storage("\"TLS1_0\"");
    for _ in 0..40 {
        let inner = text;
        text = template(&format!(
            "{{ \"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2022-09-01\", \"name\": \"n\", \"properties\": {{ \"mode\": \"Incremental\", \"template\": {inner} }} }}"
        ));
    }
    let (line, run) = ledger_line(&[("nested.json", text.as_bytes())], "nested.json");
    assert!(line["state"].is_string() && run.stderr.is_empty(), "{line} {}", run.stderr);
}

#[test]
fn invalid_utf8_in_a_template_is_a_gap() {
    let mut bytes = storage("\"TLS1_0\"").into_bytes();
    bytes.extend_from_slice(b"\xFF\xFE\xFD");
    let why = gap(&[("latin.json", &bytes)], "latin.json");
    assert!(why.contains("UTF-8"), "{why}");
}

#[test]
fn a_two_gigabyte_file_is_a_line_of_the_ledger() {
    let folder = folder(&[("good.json", &storage("\"TLS1_0\""))]);
    let file = std::fs::File::create(folder.path().join("huge.bin")).unwrap();
    file.set_len(2 * 1024 * 1024 * 1024).unwrap();
    let run = azward_in(folder.path(), &["scan", ".", "--no-secrets", "--rule", "storage-min-tls", "--format", "json"]);
    let report = run.json();
    let line = report["ledger"]["entries"].as_array().unwrap().iter().find(|entry| entry["subject"] == "huge.bin").unwrap().clone();
    assert_eq!(line["state"], "skipped", "{line}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_a_locked_folder_is_said() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("good.json", &storage("\"TLS1_0\"")), ("locked/main.json", &storage("\"TLS1_0\""))]);
    symlink(".", folder.path().join("loop")).unwrap();
    symlink("/etc", folder.path().join("out")).unwrap();
    std::fs::set_permissions(folder.path().join("locked"), std::fs::Permissions::from_mode(0o000)).unwrap();
    let run = azward_in(folder.path(), &["scan", ".", "--rule", "storage-min-tls", "--format", "json"]);
    std::fs::set_permissions(folder.path().join("locked"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let report = run.json();
    let entries = report["ledger"]["entries"].as_array().unwrap();
    let state = |subject: &str| entries.iter().find(|entry| entry["subject"] == subject).map(|entry| entry["state"].to_string());
    assert_eq!(state("loop").as_deref(), Some("\"skipped\""));
    assert_eq!(state("out").as_deref(), Some("\"skipped\""));
    // root reads everything: the folder is either said to be locked, or was read.
    let read = entries.iter().any(|entry| entry["subject"] == "locked/main.json");
    assert!(read || state("locked").as_deref() == Some("\"unreadable\""), "{entries:?}");
}

#[test]
fn two_spellings_of_one_key_are_said() {
    let twice = storage("\"TLS1_2\"").replace("\"properties\": {", "\"Properties\": {}, \"properties\": {");
    let why = gap(&[("twice.json", twice.as_bytes())], "twice.json");
    assert!(why.to_lowercase().contains("properties"), "{why}");
}
