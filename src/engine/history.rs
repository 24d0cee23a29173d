//! Secrets in a git history: each blob once, one finding for a secret of a path however many versions hold it.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use jiff::{Timestamp, Zoned};

use super::Search;
use super::ignores::Ignores;
use super::{packed, secrets};
use crate::model::{Confidence, Entry, EntryKind, Finding, Ledger, Related, Report, RuleCount, Severity, State};
use crate::secret::Hit;
use crate::source::decode_text;
use crate::source::git::{self, Blob, GitError, Selection};

/// What a search of a history is asked to do.
pub struct HistoryOptions<'a> {
    /// The folder that holds `.git`.
    pub folder: PathBuf,
    /// Which part of the history.
    pub selection: Selection,
    /// Detectors, and what is accepted.
    pub search: &'a Search,
    /// Drop findings below this severity.
    pub min_severity: Severity,
    /// Drop findings below this confidence.
    pub min_confidence: Confidence,
}

/// One secret in one version of a file.
struct Version {
    date: i64,
    commit: String,
    in_tip: bool,
    finding: Finding,
}

/// Most further versions that a finding lists.
const RELATED: usize = 5;

/// Searches a history.
///
/// # Errors
/// Where there is no repository, or a revision does not exist. Everything else is in the ledger.
pub fn history(options: &HistoryOptions<'_>) -> Result<Report, GitError> {
    let started = Instant::now();
    let now = Zoned::now();
    let today = now.date();
    let versions = Mutex::new(Vec::new());
    let gaps = Mutex::new(Vec::new());
    let mut walked = git::walk(&options.folder, &options.selection, git::Limits::default(), |blob| {
        let (found, notes) = search_blob(blob, options, today);
        if !notes.is_empty() {
            gaps.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(notes);
        }
        if !found.is_empty() {
            versions.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(found);
        }
    })?;
    let versions = versions.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut gaps = gaps.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    gaps.sort();
    gaps.dedup();
    walked.notes.append(&mut gaps);
    let findings = super::merge::merge(fold(versions));
    let scope = options.folder.display().to_string();
    let mut entries = Vec::new();
    // An empty selection was looked at all the same; a repository without commits holds nothing to look at.
    if walked.commits > 0 || !walked.notes.is_empty() || options.selection != Selection::All {
        let format = if options.selection == Selection::Staged {
            format!("{} staged files", walked.blobs)
        } else {
            format!("git history: {} commits, {} versions of files", walked.commits, walked.blobs)
        };
        let state = if walked.notes.is_empty() { State::Evaluated } else { State::Partly(walked.notes) };
        entries.push(Entry { subject: scope.clone(), kind: EntryKind::History, format, state });
    }
    Ok(Report {
        version: env!("CARGO_PKG_VERSION").into(),
        started: now.timestamp().to_string(),
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        scope: vec![scope],
        category: "history".into(),
        rules: counts(options.search, &findings),
        findings,
        ledger: Ledger { entries },
        notices: options.search.notices(today),
        ..Report::default()
    })
}

/// What a version of a file holds, and what of it could not be read.
fn search_blob(blob: &Blob<'_>, options: &HistoryOptions<'_>, today: jiff::civil::Date) -> (Vec<Version>, Vec<String>) {
    let version = |finding| Version { date: blob.date, commit: blob.commit.to_owned(), in_tip: blob.in_tip, finding };
    let wants = |hit: &Hit| hit.confidence >= options.min_confidence && hit.severity >= options.min_severity;
    if packed::packing(options.search, blob.data).is_some() {
        let inside = packed::Inside { search: options.search, severity: options.min_severity, confidence: options.min_confidence, today };
        let mut findings = Vec::new();
        let notes = inside.unpack(blob.path, Cursor::new(blob.data), &mut findings);
        return (findings.into_iter().map(version).collect(), notes);
    }
    let text = decode_text(blob.data);
    if text.is_none() && memchr::memchr(0, blob.data.get(..8192).unwrap_or(blob.data)).is_some() {
        let mut hits = options.search.scanner.scan(blob.path, blob.data);
        hits.retain(wants);
        let findings = secrets::binary(options.search, blob.path, &hits, today);
        return (findings.into_iter().map(version).collect(), Vec::new());
    }
    let text = text.unwrap_or_else(|| String::from_utf8_lossy(blob.data));
    let mut hits = options.search.scanner.scan(blob.path, text.as_bytes());
    hits.retain(wants);
    if hits.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let findings = secrets::findings(options.search, blob.path, &text, &hits, &Ignores::parse(&text), today);
    (findings.into_iter().map(version).collect(), Vec::new())
}

/// One finding for each secret of a path: that of the oldest version, which says where else it is.
fn fold(versions: Vec<Version>) -> Vec<Finding> {
    let mut groups: BTreeMap<(String, String, String), Vec<Version>> = BTreeMap::new();
    for version in versions {
        let finding = &version.finding;
        let key = (finding.place.path().to_owned(), finding.rule.clone(), finding.fingerprint.clone());
        groups.entry(key).or_default().push(version);
    }
    groups.into_values().filter_map(fold_one).collect()
}

fn fold_one(mut versions: Vec<Version>) -> Option<Finding> {
    versions.sort_by(|a, b| (a.date, &a.commit, &a.finding.place).cmp(&(b.date, &b.commit, &b.finding.place)));
    // A secret that stands twice in one version is one secret of that version.
    versions.dedup_by(|later, first| later.commit == first.commit);
    let in_tip = versions.iter().any(|version| version.in_tip);
    let suppressed = versions.iter().all(|version| version.finding.suppressed.is_some());
    let more = versions.len().saturating_sub(1);
    let mut rest = versions.into_iter();
    let first = rest.next()?;
    let mut finding = first.finding;
    if !suppressed {
        finding.suppressed = None;
    }
    if first.commit.is_empty() {
        finding.message.push_str("; staged for the next commit");
        return Some(finding);
    }
    let later = match more {
        0 => String::new(),
        1 => " and 1 later version".to_owned(),
        _ => format!(" and {more} later versions"),
    };
    let tip = if in_tip { "still in the tip" } else { "no longer in the tip, but in the history" };
    finding.message = format!("{}; commit {} of {}{later}; {tip}", finding.message, short(&first.commit), day(first.date));
    finding
        .related
        .push(Related { place: finding.place.clone(), message: format!("commit {}, author date {}", first.commit, moment(first.date)) });
    finding.related.extend(rest.take(RELATED).map(|version| Related {
        place: version.finding.place,
        message: format!("commit {}, author date {}", version.commit, moment(version.date)),
    }));
    Some(finding)
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| "unknown".to_owned(), |at| at.to_string())
}

fn day(seconds: i64) -> String {
    moment(seconds).split('T').next().unwrap_or_default().to_owned()
}

fn counts(search: &Search, findings: &[Finding]) -> Vec<RuleCount> {
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *by_rule.entry(finding.rule.as_str()).or_default() += 1;
    }
    let count = |info: crate::model::RuleInfo| {
        let fail = *by_rule.get(info.id.as_str())?;
        Some(RuleCount { info, pass: 0, fail, unknown: 0, resources: Vec::new() })
    };
    let mut rules: Vec<RuleCount> = search.scanner.rules().into_iter().filter_map(count).collect();
    rules.sort_by(|a, b| a.info.id.cmp(&b.info.id));
    rules
}
