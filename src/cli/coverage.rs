//! From a report to where each clause stands.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::Zoned;

use super::exit::Failure;
use crate::model::{Control, Fix, Report, RuleCount, RuleInfo, Severity, Verdict};
use crate::policy::RuleSet;
use crate::spec::{Attestation, Catalogue, Profile, RuleResult, Standing, coverage, read_attestations};

/// Adds the clauses of the profile's specifications to the report.
///
/// `searched` says whether everything was searched for secrets.
pub fn add(report: &mut Report, profile: &Profile, paths: &[PathBuf], searched: bool) -> Result<(), Failure> {
    if profile.specifications.is_empty() {
        return Ok(());
    }
    let catalogue = Catalogue::builtin().map_err(|problem| Failure::usage(problem.to_string()))?;
    let attestations = attestations(paths)?;
    let results = results(report, searched);
    // Rules that did not run here cover clauses all the same: a clause that logs show says so.
    let mut rules: Vec<RuleInfo> = report.rules.iter().map(|rule| rule.info.clone()).collect();
    let known = |rules: &[RuleInfo], info: &RuleInfo| rules.iter().any(|rule| rule.id == info.id);
    for info in searches().into_iter().chain(super::event_rules::Chosen::infos(profile)?) {
        if !known(&rules, &info) {
            rules.push(info);
        }
    }
    for id in &profile.specifications {
        let specification = catalogue.specification(id).ok_or_else(|| unknown(id, &catalogue))?;
        let found = coverage(specification, &catalogue, &rules, Some(&results), &attestations, report.environment.as_deref());
        report.specifications.extend(found.sections);
    }
    Ok(())
}

/// The message for a specification that does not exist.
pub fn unknown(id: &str, catalogue: &Catalogue) -> Failure {
    let known: Vec<&str> = catalogue.specifications.iter().map(|one| one.id.as_str()).collect();
    Failure::usage(format!("there is no specification `{id}`; use one of {}", known.join(", ")))
}

/// The search for secrets, as one rule for each place where it looks: hundreds of detectors would drown a clause.
pub fn searches() -> Vec<RuleInfo> {
    let search = |id: &str, title: &str, covers: &str, kind: &str| RuleInfo {
        id: id.into(),
        title: title.into(),
        description: String::new(),
        severity: Severity::Critical,
        theme: "secrets".into(),
        kinds: vec![kind.into()],
        fix: Fix::default(),
        sources: Vec::new(),
        controls: vec![Control { framework: "spec".into(), id: covers.into() }],
    };
    vec![
        search(FILES, "No file holds a secret", "SEC-001", "Repository/files"),
        search("secrets-in-history", "No version of a file holds a secret", "SEC-002", "Repository/history"),
        search(LOGS, "No log holds a secret", "SEC-003", "Log/text"),
    ]
}

const FILES: &str = "secrets-in-files";
const LOGS: &str = "secrets-in-logs";

/// What each rule said in this run; `searched` says whether everything was searched for secrets.
pub fn results(report: &Report, searched: bool) -> HashMap<String, RuleResult> {
    let counted = report.rules.iter().filter(|rule| rule.pass + rule.fail + rule.unknown > 0);
    let pass = |rule: &RuleCount| RuleResult { pass: rule.pass, resources: rule.resources.clone(), ..RuleResult::default() };
    let mut results: HashMap<String, RuleResult> = counted.map(|rule| (rule.info.id.clone(), pass(rule))).collect();
    let search = if report.category == "logs" { LOGS } else { FILES };
    if searched {
        let [evaluated, partly, ..] = report.ledger.totals();
        results.insert(search.to_owned(), RuleResult { pass: evaluated + partly, ..RuleResult::default() });
    }
    let policies: BTreeSet<String> = RuleSet::builtin_ids().into_iter().collect();
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        let detected = finding.rule.starts_with("secret-") && !policies.contains(&finding.rule);
        let result = results.entry(if detected { search.to_owned() } else { finding.rule.clone() }).or_default();
        match &finding.verdict {
            Verdict::Fail => result.failures.push(format!("{}: {}", finding.place, finding.message)),
            Verdict::Unknown(why) => result.unknowns.push(format!("{}: {why}", finding.place)),
            _ => {}
        }
    }
    results
}

/// Every attestation in the `attestations/` folders of what is scanned.
pub fn attestations(paths: &[PathBuf]) -> Result<Vec<(Attestation, Standing)>, Failure> {
    let today = Zoned::now().date();
    let mut all = Vec::new();
    for path in paths {
        let root = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or_else(|| Path::new(".")) };
        let files = walkdir::WalkDir::new(root.join("attestations")).sort_by_file_name().into_iter().filter_map(Result::ok);
        for file in files.filter(|file| file.path().extension().is_some_and(|end| end == "yaml" || end == "yml")) {
            let name = file.path().display().to_string();
            let text = std::fs::read_to_string(file.path()).map_err(|error| Failure::usage(format!("`{name}` cannot be read: {error}")))?;
            let read = read_attestations(&name, &text).map_err(|problem| Failure::usage(problem.to_string()))?;
            all.extend(read.into_iter().map(|attestation| {
                let standing = attestation.standing(today, root);
                (attestation, standing)
            }));
        }
    }
    Ok(all)
}
