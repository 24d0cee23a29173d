//! The sample repository of the README: every planted violation is found at its line, and no look-alike is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

const ROOT: &str = "fixtures/contoso";
/// What the tables write for the secret detectors, which have many ids.
const SECRETS: &str = "secrets in files";

/// File, line and rule of one row.
type Row = (String, u64, String);

/// The rows of the table under `heading`.
fn table(readme: &str, heading: &str) -> Vec<Row> {
    let section = readme.split("\n## ").find(|section| section.starts_with(heading)).expect("the heading is there");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        (cells[1].to_owned(), cells[2].parse().expect("a line number"), cells[3].to_owned())
    })
    .collect()
}

/// File, line and rule of every failed finding of a scan. Secrets count under one name.
fn found() -> BTreeSet<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(ROOT);
    let output = assert_cmd::Command::cargo_bin("azward")
        .unwrap()
        .args(["scan", "--exit-zero", "--format", "json"])
        .arg(folder)
        .output()
        .expect("azward runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    let policies: BTreeSet<String> = azward::policy::RuleSet::builtin_ids().into_iter().collect();
    let mut rows = BTreeSet::new();
    for finding in report["findings"].as_array().expect("findings") {
        if finding["verdict"] != "fail" {
            continue;
        }
        let (rule, place) = (finding["rule"].as_str().unwrap_or_default(), &finding["place"]);
        let line = place["start"]["line"].as_u64().or_else(|| place["line"].as_u64()).unwrap_or_default();
        let path = place["path"].as_str().unwrap_or_default().replace('\\', "/");
        let path = path.rsplit_once("fixtures/contoso/").map_or(path.as_str(), |(_, path)| path);
        let rule = if rule.starts_with("secret-") && !policies.contains(rule) { SECRETS } else { rule };
        rows.insert((path.to_owned(), line, rule.to_owned()));
    }
    rows
}

#[test]
fn planted_violations_are_found_and_look_alikes_are_not() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(ROOT).join("README.md")).unwrap();
    let (planted, alike) = (table(&readme, "Planted violations"), table(&readme, "Look-alikes"));
    assert!(planted.len() >= 30 && alike.len() >= 25, "{} planted, {} look-alikes", planted.len(), alike.len());
    let found = found();
    let missed: Vec<_> = planted.iter().filter(|row| !found.contains(*row)).collect();
    let wrong: Vec<_> = alike.iter().filter(|row| found.contains(*row)).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "not found: {missed:#?}\nfound though they are fine: {wrong:#?}\nall: {found:#?}");
}
