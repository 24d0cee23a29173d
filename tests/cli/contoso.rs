//! The sample reports in `reports/` are what azward says today of the repository of the README and of one that breaks its
//! specification.

use super::support::{azward_in, project, sarif_folder};

/// What is scanned, with which options, and the reports of it.
const SAMPLES: [(&str, &[&str], &[&str]); 2] = [
    ("fixtures/contoso", &[], &["contoso.txt", "contoso.sarif"]),
    ("fixtures/augeo/violating", &["--profile", "augeo", "--env", "production"], &["augeo.html", "augeo.md", "augeo.sarif", "augeo.txt"]),
];

#[test]
fn the_golden_reports_are_what_azward_says() {
    SAMPLES.iter().for_each(|(path, options, names)| golden(path, options, names));
}

fn golden(path: &str, options: &[&str], names: &[&str]) {
    let reports = project().join("reports");
    let fresh = tempfile::tempdir().unwrap();
    let outputs: Vec<String> = names.iter().map(|name| fresh.path().join(name).display().to_string()).collect();
    let mut arguments = vec!["scan", path, "--exit-zero"];
    arguments.extend(options);
    for output in &outputs {
        arguments.extend(["--output", output]);
    }
    let run = azward_in(&project(), &arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for name in names {
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
        if let Some((before, after)) = line.split_once("<dt>When</dt><dd>")
            && let Some((_, after)) = after.split_once('<')
        {
            return format!("{before}<dt>When</dt><dd>2026-01-01T00:00:00Z<{after}");
        }
        match (line.find(" rules in "), line.find(" ms")) {
            (Some(at), Some(end)) if at < end => format!("{} rules in 0{}", &line[..at], &line[end..]),
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}
