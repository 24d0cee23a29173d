//! From a report to where each clause stands.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use jiff::Zoned;

use super::exit::Failure;
use crate::model::{Report, RuleInfo, Verdict};
use crate::spec::{Attestation, Catalogue, Profile, RuleResult, Standing, coverage, read_attestations};

/// Adds the clauses of the profile's specifications to the report.
pub fn add(report: &mut Report, profile: &Profile, paths: &[PathBuf]) -> Result<(), Failure> {
    if profile.specifications.is_empty() {
        return Ok(());
    }
    let catalogue = Catalogue::builtin().map_err(|problem| Failure::usage(problem.to_string()))?;
    let attestations = attestations(paths)?;
    let results = results(report);
    let rules: Vec<RuleInfo> = report.rules.iter().map(|rule| rule.info.clone()).collect();
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

/// What each rule said in this run.
pub fn results(report: &Report) -> HashMap<String, RuleResult> {
    let counted = report.rules.iter().filter(|rule| rule.pass + rule.fail + rule.unknown > 0);
    let mut results: HashMap<String, RuleResult> = counted
        .map(|rule| (rule.info.id.clone(), RuleResult { pass: rule.pass, resources: rule.resources.clone(), ..RuleResult::default() }))
        .collect();
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        let result = results.entry(finding.rule.clone()).or_default();
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
