//! A compliant and a violating sample repository for each profile: nothing is found in the one, and exactly what was
//! planted in the other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// File, line and rule of a finding.
type Row = (String, u64, String);

struct Run {
    code: i32,
    report: Value,
    stderr: String,
}

fn folder(profile: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(profile)
}

fn scan(profile: &str, which: &str) -> Run {
    let output = assert_cmd::Command::cargo_bin("azward")
        .unwrap()
        .current_dir(folder(profile).join(which))
        .args(["scan", "--profile", profile, "--env", "production", "--format", "json", "--fail-on", "info", "--strict"])
        .output()
        .expect("azward runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{profile}: {error}\n{stderr}"));
    Run { code: output.status.code().unwrap(), report, stderr }
}

/// Failures and what could not be decided; what a person accepted with a reason is neither.
fn findings(report: &Value) -> impl Iterator<Item = &Value> {
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["suppressed"].is_null())
}

fn row(finding: &Value) -> Row {
    let place = &finding["place"];
    let line = place["start"]["line"].as_u64().or_else(|| place["line"].as_u64()).unwrap_or_default();
    (place["path"].as_str().unwrap_or_default().to_owned(), line, finding["rule"].as_str().unwrap().to_owned())
}

/// The rows of the table in the fixture's README.
fn planted(profile: &str) -> BTreeSet<Row> {
    let readme = std::fs::read_to_string(folder(profile).join("README.md")).unwrap();
    let rows = readme.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        (cells[1].to_owned(), cells[2].parse().expect("a line number"), cells[3].to_owned())
    })
    .collect()
}

fn compliant(profile: &str) {
    let run = scan(profile, "compliant");
    let found: Vec<_> = findings(&run.report).map(|finding| format!("{:?}: {}", row(finding), finding["message"])).collect();
    assert!(found.is_empty(), "{profile}: {found:#?}");
    assert_eq!(run.code, 0, "{profile}: {}\n{:#}", run.stderr, run.report["ledger"]);
    let judged: u64 = run.report["units"].as_array().unwrap().iter().map(|unit| unit["resources"].as_u64().unwrap()).sum();
    assert!(judged >= 20, "{profile}: {judged} resources");
}

fn violating(profile: &str) {
    let run = scan(profile, "violating");
    assert_eq!(run.code, 1, "{profile}: {}", run.stderr);
    let found: BTreeSet<Row> = findings(&run.report).map(row).collect();
    let planted = planted(profile);
    let (missed, more): (Vec<_>, Vec<_>) = (planted.difference(&found).collect(), found.difference(&planted).collect());
    assert!(missed.is_empty() && more.is_empty(), "{profile}: planted and not found: {missed:#?}\nfound and not planted: {more:#?}");
    assert!(planted.len() >= 10, "{profile}: {} planted", planted.len());
    // Clauses of the specification fail with them.
    let clauses = run.report["specifications"].as_array().into_iter().flatten().flat_map(|section| section["clauses"].as_array().unwrap());
    let failing = clauses.filter(|clause| clause["status"] == "fail").count();
    assert!(profile == "baseline" || failing >= 5, "{profile}: {failing} clauses fail");
}

macro_rules! profiles {
    ($($name:ident: $profile:literal),+ $(,)?) => {$(
        mod $name {
            #[test]
            fn nothing_is_found_in_the_compliant_one() {
                super::compliant($profile);
            }

            #[test]
            fn exactly_what_was_planted_is_found_in_the_violating_one() {
                super::violating($profile);
            }
        }
    )+};
}

profiles! { baseline: "baseline", bi10: "bi10", augeo: "augeo", az14b: "az14b", life_cockpit: "life-cockpit" }
