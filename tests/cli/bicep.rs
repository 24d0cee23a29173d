//! Bicep files and what was compiled from them.

use super::support::{azward_in, folder, storage};

const SOURCE: &str = "resource st 'Microsoft.Storage/storageAccounts@2023-05-01' = {\n  name: 'stcontoso'\n  location: 'westeurope'\n  properties: { minimumTlsVersion: 'TLS1_0' }\n}\n";

/// The same as JSON, as the compiler signs it, or as somebody wrote it.
fn compiled(generator: &str) -> String {
    let metadata = format!("\"metadata\": {{ \"_generator\": {{ \"name\": \"{generator}\", \"version\": \"0.30.3.12046\" }} }},");
    storage("\"TLS1_0\"").replacen('{', &format!("{{\n  {metadata}"), 1)
}

fn places(folder: &std::path::Path, path: &str) -> (Vec<String>, serde_json::Value) {
    let run = azward_in(folder, &["scan", path, "--rule", "storage-min-tls", "--format", "json"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let report = run.json();
    let mut places: Vec<String> =
        report["findings"].as_array().unwrap().iter().map(|one| one["place"]["path"].as_str().unwrap().to_owned()).collect();
    places.sort();
    (places, report["ledger"].clone())
}

#[test]
fn what_was_compiled_from_the_file_beside_it_is_judged_once() {
    let folder = folder(&[("infra/main.bicep", SOURCE), ("infra/main.json", &compiled("bicep")), ("alone/main.json", &compiled("bicep"))]);
    let (judged, ledger) = places(folder.path(), ".");
    assert_eq!(judged, ["alone/main.json", "infra/main.bicep"]);
    let entries = ledger["entries"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["subject"] == "infra/main.json").unwrap();
    assert_eq!((entry["state"].as_str(), entry["why"].as_str()), (Some("skipped"), Some("compiled from main.bicep, which is judged")));
}

#[test]
fn what_was_compiled_is_judged_where_it_is_named_or_no_compiler_wrote_it() {
    let named = folder(&[("main.bicep", SOURCE), ("main.json", &compiled("bicep"))]);
    assert_eq!(places(named.path(), "main.json").0, ["main.json"]);
    let written = folder(&[("main.bicep", SOURCE), ("main.json", &compiled("somebody"))]);
    assert_eq!(places(written.path(), ".").0, ["main.bicep", "main.json"]);
}

#[cfg(not(feature = "azure"))]
#[test]
fn without_the_network_modules_cannot_be_fetched_and_that_is_said() {
    let folder = folder(&[("main.bicep", SOURCE)]);
    let run = azward_in(folder.path(), &["modules", "restore"]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stderr.contains("was built without the network"), "{}", run.stderr);
}
