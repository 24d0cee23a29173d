//! One path through the house: walk, read, plan, evaluate, judge, merge.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use jiff::Zoned;
use jiff::civil::Date;
use rayon::prelude::*;

use super::collect::{Collected, collect};
use super::estate;
use super::evaluate::{Done, evaluate};
use super::finding::finding;
use super::judge::{Count, judge};
use super::merge::merge;
use super::options::{ScanError, ScanOptions};
use super::repository;
use super::units::plan;
use crate::format::Context;
use crate::format::repository::is_neutral;
use crate::model::{
    Entry, EntryKind, FileId, Files, Finding, Ledger, Loader, Report, Resource, RuleCount, SourceFile, State, Unit, UnitSummary,
    line_hashes,
};
use crate::source::{Root, RootLoader, walk};

/// Scans every path that the user named.
///
/// # Errors
/// Only what the user can mend: a path or a parameter file that is not there. Everything else is a line of the ledger.
pub fn scan(options: &ScanOptions<'_>) -> Result<Report, ScanError> {
    let started = Instant::now();
    let now = Zoned::now();
    let files = Arc::new(Files::new());
    let mut report = Report {
        version: env!("CARGO_PKG_VERSION").into(),
        started: now.timestamp().to_string(),
        scope: options.paths.iter().map(|path| path.display().to_string()).collect(),
        profile: options.profile.clone(),
        environment: options.environment.clone(),
        category: "iac".into(),
        ..Report::default()
    };
    let mut counts = BTreeMap::new();
    for path in &options.paths {
        scan_root(path, &files, options, now.date(), &mut report, &mut counts)?;
    }
    report.notices.extend(options.secrets.into_iter().flat_map(|search| search.notices(now.date())));
    finish(&mut report, options, &counts);
    report.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

/// Judges resources that are here already: live ones, a snapshot, events. `entries` is what their source says of itself.
pub fn judge_resources(resources: Vec<Resource>, label: &str, entries: Vec<Entry>, category: &str, options: &ScanOptions<'_>) -> Report {
    let started = Instant::now();
    let mut report = Report {
        version: env!("CARGO_PKG_VERSION").into(),
        started: Zoned::now().timestamp().to_string(),
        scope: vec![label.to_owned()],
        profile: options.profile.clone(),
        environment: options.environment.clone(),
        category: category.to_owned(),
        ..Report::default()
    };
    let unit = |environment: Option<Arc<str>>| Unit { file: FileId::NONE, parameters: None, label: label.to_owned(), environment };
    let mut groups: BTreeMap<Option<Arc<str>>, Vec<Resource>> = BTreeMap::new();
    for resource in resources {
        let environment = resource.environment.clone().or_else(|| {
            options
                .environments
                .of_unit(&unit(None), "", None, std::slice::from_ref(&resource))
                .or_else(|| options.environment.as_deref().map(Arc::from))
        });
        groups.entry(environment).or_default().push(resource);
    }
    let mut done = Vec::new();
    for (environment, resources) in groups {
        done.push(Done { unit: unit(environment), evaluated: crate::model::Evaluated { resources, ..Default::default() } });
    }
    done.extend(estate::environments(&done));
    let mut counts = BTreeMap::new();
    let files = Files::new();
    judge_done(&done, &files, &HashMap::new(), options, &mut report, &mut counts);
    report.ledger = Ledger { entries };
    finish(&mut report, options, &counts);
    report.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    report
}

fn scan_root(
    path: &std::path::Path,
    files: &Arc<Files>,
    options: &ScanOptions<'_>,
    today: Date,
    report: &mut Report,
    counts: &mut BTreeMap<String, Count>,
) -> Result<(), ScanError> {
    let root = Root::new(path)?;
    let mut walked = walk(&root, options.respect_ignore_files);
    let loader = RootLoader::new(root.clone(), Arc::clone(files), options.limits, options.modules.clone());
    let mut collected = collect(&walked.files, files, &loader, options, today);
    let mut format = options.format.clone();
    for file in &options.parameter_files {
        format.parameter_files.push(parameter_file(file, &root, &loader)?);
    }
    let recognised = std::mem::take(&mut collected.recognised);
    let context = Context { files, loader: &loader, recognised: &recognised, options: &format };
    let planned = plan(&mut collected, &context);
    let mut done = evaluate(planned, &context, options.progress);
    set_environments(&mut done, files, options);
    done.extend(repository::of(&root, &walked.files, &done, &context, options));
    if options.environment.is_some() {
        done.retain(|one| one.unit.environment.as_deref() == options.environment.as_deref());
    }
    done.extend(estate::environments(&done));
    collected.entries.append(&mut walked.entries);
    for one in &done {
        note_gaps(one, files, &mut collected.entries);
    }
    settle(&mut collected.entries);
    let before = report.findings.len();
    judge_done(&done, files, &collected.hits, options, report, counts);
    if let Some(own) = report.findings.get_mut(before..) {
        apply_ignores(own, &collected, files, &recognised, today);
    }
    for file in &recognised {
        if let Some(ignores) = collected.ignores.get(&file.file) {
            report.notices.extend(ignores.notices(&files.path(file.file), today));
        }
    }
    for found in &collected.findings {
        let count = counts.entry(found.rule.clone()).or_default();
        count.fail += 1;
    }
    report.findings.append(&mut collected.findings);
    report.notices.append(&mut collected.notices);
    report.ledger.entries.append(&mut collected.entries);
    Ok(())
}

pub(super) fn parameter_file(file: &std::path::Path, root: &Root, loader: &RootLoader) -> Result<FileId, ScanError> {
    let wrong = |message: String| ScanError::ParameterFile { path: file.display().to_string(), message };
    let real = file.canonicalize().map_err(|error| wrong(error.to_string()))?;
    let relative = real.strip_prefix(&root.fence).map_err(|_| wrong("it lies outside the scanned folder".into()))?;
    loader.load(FileId::NONE, &relative.to_string_lossy()).map_err(|error| wrong(error.to_string()))
}

pub(super) fn set_environments(done: &mut [Done], files: &Files, options: &ScanOptions<'_>) {
    done.par_iter_mut().for_each(|one| {
        if one.evaluated.every_environment {
            one.unit.environment = options.environment.as_deref().map(Arc::from);
            return;
        }
        let parameters = one.unit.parameters.map(|file| files.path(file));
        let template = files.path(one.unit.file);
        let resources = &one.evaluated.resources;
        if one.unit.environment.is_none() && !resources.is_empty() && resources.iter().all(|resource| is_neutral(&resource.kind)) {
            one.unit.environment = options.environment.as_deref().map(Arc::from);
            return;
        }
        let found = options.environments.of_unit(&one.unit, &template, parameters.as_deref(), &one.evaluated.resources);
        one.unit.environment = found.or_else(|| options.environment.as_deref().map(Arc::from));
    });
}

/// The notes of a unit as lines of the ledger, which [`settle`] then brings together with what is known of their files.
pub(super) fn note_gaps(one: &Done, files: &Files, entries: &mut Vec<Entry>) {
    entries.extend(one.evaluated.entries.iter().cloned());
    for note in &one.evaluated.notes {
        let file = files.get(note.span.file).or_else(|| files.get(one.unit.file));
        let Some(file) = file else { continue };
        let (line, _) = file.line_of(note.span.start);
        let state = State::Partly(vec![format!("line {line}: {}", note.message)]);
        entries.push(Entry { subject: file.path.to_string(), kind: EntryKind::File, format: "module".into(), state });
    }
}

/// Leaves one line for each file: what was said of it when it was found, and by every unit that read it, becomes one state.
pub(super) fn settle(entries: &mut Vec<Entry>) {
    let mut settled: Vec<Entry> = Vec::with_capacity(entries.len());
    let mut known: HashMap<String, usize> = HashMap::new();
    for entry in entries.drain(..) {
        if entry.kind != EntryKind::File {
            settled.push(entry);
        } else if let Some(first) = known.get(&entry.subject).and_then(|at| settled.get_mut(*at)) {
            first.state = std::mem::replace(&mut first.state, State::Evaluated).merge(entry.state);
        } else {
            known.insert(entry.subject.clone(), settled.len());
            settled.push(entry);
        }
    }
    *entries = settled;
}

fn judge_done(
    done: &[Done],
    files: &Files,
    hits: &HashMap<FileId, Vec<crate::secret::Hit>>,
    options: &ScanOptions<'_>,
    report: &mut Report,
    counts: &mut BTreeMap<String, Count>,
) {
    let (raised, judged) = judge(done, options);
    let make = |raised: &super::judge::Raised<'_>| done.get(raised.unit).map(|one| finding(raised, &one.unit, files, hits));
    report.findings.extend(raised.par_iter().filter_map(make).collect::<Vec<Finding>>());
    for (rule, count) in judged {
        counts.entry(rule).or_default().merge(count);
    }
    report.units.extend(done.iter().map(|one| UnitSummary {
        label: one.unit.label.clone(),
        environment: one.unit.environment.as_deref().map(str::to_owned),
        resources: one.evaluated.resources.iter().filter(|resource| !resource.existing).count(),
    }));
}

fn apply_ignores(findings: &mut [Finding], collected: &Collected, files: &Files, recognised: &[crate::format::Recognised], today: Date) {
    let by_path: HashMap<Arc<str>, FileId> = recognised.iter().map(|file| (files.path(file.file), file.file)).collect();
    for finding in &mut *findings {
        let ignores = by_path.get(finding.place.path()).and_then(|file| collected.ignores.get(file));
        let line = finding.place.line().and_then(|line| u32::try_from(line).ok());
        if let (Some(ignores), Some(line)) = (ignores, line) {
            finding.suppressed = ignores.accepts(&finding.rule, line, today);
        }
    }
    hash_lines(findings_with_files(findings, &by_path, files));
}

type Placed<'a> = Vec<(Arc<SourceFile>, Vec<&'a mut Finding>)>;

fn findings_with_files<'a>(findings: &'a mut [Finding], by_path: &HashMap<Arc<str>, FileId>, files: &Files) -> Placed<'a> {
    let mut grouped: BTreeMap<FileId, Vec<&'a mut Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(file) = by_path.get(finding.place.path()) {
            grouped.entry(*file).or_default().push(finding);
        }
    }
    grouped.into_iter().filter_map(|(file, findings)| Some((files.get(file)?, findings))).collect()
}

fn hash_lines(placed: Placed<'_>) {
    placed.into_par_iter().for_each(|(file, findings)| {
        let hashes = line_hashes(&file.text);
        for finding in findings {
            let line = finding.place.line().and_then(|line| usize::try_from(line).ok()).unwrap_or(0);
            finding.line_hash = line.checked_sub(1).and_then(|at| hashes.get(at)).cloned();
        }
    });
}

/// Merges, orders, and adds the texts of the rules that ran.
fn finish(report: &mut Report, options: &ScanOptions<'_>, counts: &BTreeMap<String, Count>) {
    report.findings = merge(std::mem::take(&mut report.findings));
    report.ledger.entries.sort();
    report.ledger.entries.dedup();
    report.notices.sort();
    report.notices.dedup();
    report.units.sort();
    let policy = options.rules.iter().map(|rule| rule.info().clone());
    let detectors = options.secrets.into_iter().flat_map(|search| search.scanner.rules());
    let detectors = detectors.filter(|info| counts.contains_key(&info.id));
    report.rules = policy
        .chain(detectors)
        .map(|info| {
            let count = counts.get(&info.id).cloned().unwrap_or_default();
            RuleCount { info, pass: count.pass, fail: count.fail, unknown: count.unknown, resources: count.named }
        })
        .collect();
    report.rules.sort_by(|a, b| a.info.id.cmp(&b.info.id));
}
