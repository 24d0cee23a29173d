//! The sample repository of the README: what is planted is found, what only looks like it is not, and the reports in
//! `reports/` are what azward says today.

use super::support::{azward_in, project, sarif_folder};

const REPORTS: [&str; 3] = ["contoso.txt", "contoso.sarif", "contoso.json"];

#[test]
fn the_golden_reports_are_what_azward_says() {
    let reports = project().join("reports");
    let fresh = tempfile::tempdir().unwrap();
    let outputs: Vec<String> = REPORTS.iter().map(|name| fresh.path().join(name).display().to_string()).collect();
    let mut arguments = vec!["scan", "fixtures/contoso", "--exit-zero"];
    for output in &outputs {
        arguments.extend(["--output", output]);
    }
    let run = azward_in(&project(), &arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for name in REPORTS {
        let text = steady(&std::fs::read_to_string(fresh.path().join(name)).unwrap());
        if name.ends_with(".sarif") {
            std::fs::write(sarif_folder().join(name), &text).unwrap();
        }
        let golden = reports.join(name);
        if std::env::var_os("AZWARD_BLESS").is_some() {
            std::fs::create_dir_all(&reports).unwrap();
            std::fs::write(&golden, text).unwrap();
            continue;
        }
        let kept = std::fs::read_to_string(&golden).unwrap_or_default();
        assert!(
            kept == text,
            "reports/{name} is not what azward says; look at the difference, then run AZWARD_BLESS=1 cargo test --test cli"
        );
    }
}

/// Without what differs from run to run: times.
fn steady(text: &str) -> String {
    let line = |line: &str| {
        let trimmed = line.trim_start();
        if trimmed.starts_with("\"started\":") {
            return line.split_once(':').map_or_else(String::new, |(key, _)| format!("{key}: \"2026-01-01T00:00:00Z\","));
        }
        if trimmed.starts_with("\"durationMs\":") {
            return line.split_once(':').map_or_else(String::new, |(key, _)| format!("{key}: 0,"));
        }
        match (line.find(" rules in "), line.find(" ms")) {
            (Some(at), Some(end)) if at < end => format!("{} rules in 0{}", &line[..at], &line[end..]),
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// One row of the tables in the sample's README.
struct Row {
    path: String,
    line: u64,
    rule: String,
}

fn rows(section: &str) -> Vec<Row> {
    let readme = std::fs::read_to_string(project().join("fixtures/contoso/README.md")).unwrap();
    let (_, after) = readme.split_once(&format!("## {section}")).expect("the section is there");
    let table = after.split("\n## ").next().unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        let line = cells.get(1)?.parse().ok()?;
        Some(Row { path: cells[0].to_owned(), line, rule: cells[2].to_owned() })
    };
    table.lines().filter_map(row).collect()
}

/// Every failure of a scan of the sample, as rule and all the places that it names: its own, and where the value came from.
fn failures() -> Vec<(String, Vec<(String, u64)>)> {
    let run = azward_in(&project(), &["scan", "fixtures/contoso", "--exit-zero", "--format", "json"]);
    let report = run.json();
    let failing =
        report["findings"].as_array().unwrap().iter().filter(|finding| finding["verdict"] == "fail" && finding["suppressed"].is_null());
    failing
        .map(|finding| {
            let mut places = vec![&finding["place"]];
            places.extend(finding["related"].as_array().into_iter().flatten().map(|related| &related["place"]));
            let spot = |place: &serde_json::Value| Some((place["path"].as_str()?.to_owned(), place["start"]["line"].as_u64()?));
            (finding["rule"].as_str().unwrap().to_owned(), places.into_iter().filter_map(spot).collect())
        })
        .collect()
}

fn is_named(row: &Row, rule: &str, places: &[(String, u64)]) -> bool {
    let same_rule = if row.rule == "secrets in files" { rule.starts_with("secret-") } else { rule == row.rule };
    same_rule && places.iter().any(|(path, line)| *path == row.path && *line == row.line)
}

#[test]
fn everything_planted_is_found() {
    let found = failures();
    let planted = rows("Planted violations");
    assert!(planted.len() >= 30, "the table is read");
    let missing: Vec<String> = planted
        .iter()
        .filter(|row| !found.iter().any(|(rule, places)| is_named(row, rule, places)))
        .map(|row| format!("{}:{} {}", row.path, row.line, row.rule))
        .collect();
    assert!(missing.is_empty(), "not found: {missing:#?}");
}

#[test]
fn no_look_alike_is_reported() {
    let found = failures();
    let alike = rows("Look-alikes");
    assert!(alike.len() >= 10, "the table is read");
    // A parameter's own line may be related to a failure elsewhere; what must be silent is a finding that stands here.
    let wrong: Vec<String> = alike
        .iter()
        .filter(|row| found.iter().any(|(rule, places)| is_named(row, rule, &places[..1])))
        .map(|row| format!("{}:{} {}", row.path, row.line, row.rule))
        .collect();
    assert!(wrong.is_empty(), "reported: {wrong:#?}");
}
