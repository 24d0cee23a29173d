//! The samples of the specifications break clauses of their own documents: azward says which.
//!
//! The documents stay outside the project: the samples are cut out of them when the test runs. The table holds no text of theirs,
//! only which of the distinct rules behind their clauses each sample must break, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::support::{corpora, score};

/// Rules on what stands beside a sample in a whole repository: pages, plans, packages. A sample is cut out of a page and brings none.
const OF_WHOLE_REPOSITORIES: [&str; 7] = [
    "deployment-documents-present",
    "operations-documents-present",
    "release-notes-present",
    "rollback-documented",
    "recovery-plan-present",
    "recovery-plan-steps",
    "functions-structure",
];

/// What a sample breaks, and why.
struct Expected {
    /// Its name in the score.
    sample: &'static str,
    /// The profile of its document.
    profile: &'static str,
    /// The distinct rules, by the study of the documents.
    described: &'static [(&'static str, &'static str)],
    /// Further ones that the document's own clauses demand, which the study does not name.
    beyond: &'static [(&'static str, &'static str)],
}

const TABLE: &[Expected] = &[
    Expected {
        sample: "bi10-pipeline",
        profile: "bi10",
        described: &[
            ("CICD-005", "no integration tests"),
            ("CICD-007", "no artifact is uploaded or downloaded"),
            ("IDN-006", "no login in the jobs that deploy"),
            ("CICD-011", "no smoke test"),
            ("CICD-013", "no rollback"),
            ("CICD-014", "no way back that a person could start"),
            ("CICD-008", "production does not wait for staging"),
            ("CICD-015", "no window"),
            ("CFG-010", "Python 3.9 is past its end of life"),
            ("CICD-017", "actions on the retired Node 16"),
            ("CICD-012", "the deployment process of the document: no slot, no swap"),
            ("CICD-023", "the deployment process of the document: nothing looks at production or its monitoring afterwards"),
            ("CICD-024", "the deployment process of the document: no configuration of the environment is brought along"),
        ],
        beyond: &[],
    },
    Expected {
        sample: "az14b-pipelines",
        profile: "az14b",
        described: &[
            ("NET-016", "hosted agents read a private vault and migrate a private database"),
            ("CICD-010", "production is never migrated"),
            ("CICD-006", "the promised security scan is missing"),
            ("CICD-018", "publishes a JUnit file that pytest never writes"),
        ],
        beyond: &[("CICD-023", "the checklist of the document wants a health check after the swap")],
    },
    Expected {
        sample: "life-cockpit",
        profile: "life-cockpit",
        described: &[
            ("SEC-014", "secrets are set from the command line"),
            ("CFG-016", "the mutable tag latest; everything is copied without a .dockerignore"),
            ("CFG-014", "a container with a public DNS label"),
            ("CICD-014", "the rollback of the container is a restart, which restores nothing"),
            ("SEC-001", "an instrumentation key in the code"),
            ("MON-018", "the same: the code does not take the telemetry connection from its settings"),
            ("SEC-005", "secrets of the vault are set from the command line"),
            ("SEC-013", "everything is copied without a .dockerignore, a local .env too"),
            ("NET-009", "the container with a public DNS label stands before no edge"),
            ("IDN-005", "the code signs in with a client secret beside managed identities"),
            ("MON-015", "the health endpoint says unhealthy with a success status"),
            ("CFG-020", "the text of an exception is returned to callers"),
            ("CACHE-001", "keys of the cache are made of hash(), which differs from process to process"),
        ],
        beyond: &[],
    },
];

#[test]
fn the_samples_of_the_specifications_break_their_own_clauses() {
    let Some(folder) = corpora().map(|corpora| corpora.join("../spec")).filter(|folder| folder.is_dir()) else {
        println!("skipped: the specifications are not on this machine (set AZWARD_CORPORA)");
        return;
    };
    let samples = samples(&folder);
    let (mut found, mut all) = (0, 0);
    let mut wrong = Vec::new();
    for expected in TABLE {
        let files = samples.get(expected.sample).cloned().unwrap_or_default();
        assert!(!files.is_empty(), "{} was not cut out of its document", expected.sample);
        let broken = broken(&files, expected.profile);
        let described: BTreeSet<&str> = expected.described.iter().map(|(rule, _)| *rule).collect();
        let allowed: BTreeSet<&str> = expected.beyond.iter().map(|(rule, _)| *rule).chain(described.iter().copied()).collect();
        all += described.len();
        for (rule, why) in expected.described.iter().chain(expected.beyond) {
            match broken.get(*rule) {
                Some(_) if described.contains(rule) => found += 1,
                Some(_) => {}
                None => wrong.push(format!("{}: {rule} is not found ({why})", expected.sample)),
            }
        }
        // What only other documents ask for is no contradiction of this one.
        let own = rules_of(expected.profile);
        for (rule, by) in broken.iter().filter(|(rule, _)| own.contains(*rule) && !allowed.contains(rule.as_str())) {
            wrong.push(format!("{}: {rule} is found ({}), but not expected", expected.sample, by.join(", ")));
        }
    }
    wrong.iter().for_each(|line| println!("{line}"));
    score("specification-samples", 100.0 * f64::from(found) / all as f64);
    assert!(wrong.is_empty(), "see above");
}

/// Path and text of the files of each sample.
type Samples = BTreeMap<&'static str, Vec<(String, String)>>;

fn samples(folder: &Path) -> Samples {
    let mut samples = Samples::new();
    let mut scripts = 0;
    for document in documents(folder) {
        let text = fs::read_to_string(&document).unwrap();
        for block in blocks(&text) {
            let first = block.text.lines().next().unwrap_or_default();
            let guide = text.contains("Rollback & Idempotency");
            let named = first.strip_prefix("# ").filter(|name| name.ends_with(".yml") && !name.contains(' '));
            match (block.language.as_str(), named) {
                ("yaml", Some(path)) => samples.entry("az14b-pipelines").or_default().push((path.to_owned(), block.text.clone())),
                ("yaml", None) if block.text.contains("\njobs:") => {
                    samples.entry("bi10-pipeline").or_default().push((".github/workflows/ci.yml".to_owned(), block.text.clone()));
                }
                _ if guide => {
                    scripts += 1;
                    if let Some(path) = path_in_guide(&block, first, scripts) {
                        add(samples.entry("life-cockpit").or_default(), path, &block.text);
                    }
                }
                _ => {}
            }
        }
    }
    samples
}

/// Adds a file. Of a settings file that the guide shows in two halves, each half brings its keys.
fn add(files: &mut Vec<(String, String)>, path: String, text: &str) {
    let body = text.split_once('\n').filter(|_| path.ends_with(".json")).map_or(text, |(_, body)| body);
    let Some((_, known)) = files.iter_mut().find(|(known, _)| *known == path) else {
        files.push((path, body.to_owned()));
        return;
    };
    let halves = [known.as_str(), body].map(|half| serde_json::from_str::<serde_json::Map<_, _>>(half).unwrap());
    let whole: serde_json::Map<String, serde_json::Value> = halves.into_iter().flatten().collect();
    *known = serde_json::to_string_pretty(&whole).unwrap();
}

/// Where a sample of the guide would stand in a repository: scripts are called after the heading above them.
fn path_in_guide(block: &Block, first: &str, number: usize) -> Option<String> {
    let commented = first.trim_start_matches(['#', '/', ' ']).split_whitespace().next().unwrap_or_default();
    match block.language.as_str() {
        "dockerfile" => Some("Dockerfile".to_owned()),
        "python" if commented.ends_with(".py") => Some(commented.to_owned()),
        "python" => Some(format!("samples/sample{number}.py")),
        "json" if commented == "host.json" => Some(commented.to_owned()),
        "bash" if block.text.contains("az ") => {
            let plain: String = block
                .heading
                .chars()
                .filter_map(|c| if c.is_ascii_alphanumeric() { Some(c.to_ascii_lowercase()) } else { (c == ' ').then_some('-') })
                .collect();
            Some(format!("scripts/{}.sh", plain.trim_matches('-')))
        }
        _ => None,
    }
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    found.sort();
    found
}

struct Block {
    heading: String,
    language: String,
    text: String,
}

/// The fenced blocks of a document.
fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut open: Option<Block> = None;
    let mut heading = String::new();
    for line in text.lines() {
        if open.is_none() && line.starts_with('#') {
            line.trim_start_matches(['#', ' ']).clone_into(&mut heading);
        }
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(language), None) => {
                open = Some(Block { heading: heading.clone(), language: language.trim().to_owned(), text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

/// The distinct rules that the files break, each with the rules of azward that say so.
fn broken(files: &[(String, String)], profile: &str) -> BTreeMap<String, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("azward"));
    command.current_dir(folder.path()).env_clear().env("HOME", folder.path());
    let output = command.args(["scan", ".", "--profile", profile, "--format", "json"]).output().unwrap();
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let failing: BTreeSet<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["verdict"] == "fail")
        .filter_map(|finding| finding["rule"].as_str())
        .filter(|rule| !OF_WHOLE_REPOSITORIES.contains(rule))
        .collect();
    let mut broken: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let rules = azward::policy::RuleSet::builtin().unwrap();
    for rule in rules.iter().filter(|rule| failing.contains(rule.info().id.as_str())) {
        for control in rule.info().controls.iter().filter(|control| control.framework == "spec") {
            broken.entry(control.id.to_string()).or_default().push(rule.info().id.clone());
        }
    }
    broken
}

/// The distinct rules behind the clauses of a specification.
fn rules_of(specification: &str) -> BTreeSet<String> {
    let catalogue = azward::spec::Catalogue::builtin().unwrap();
    let own = catalogue.specifications.into_iter().find(|one| one.id == specification).unwrap();
    own.requirements.into_iter().flat_map(|requirement| requirement.rules).collect()
}
