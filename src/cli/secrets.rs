use super::args::Global;
use super::exit::{Exit, Failure};
use super::secret_args::{History, Secrets, WriteBaseline};
use super::{output, progress::Bar};
use crate::engine::{Environments, HistoryOptions, ScanOptions, history, scan};
use crate::format;
use crate::model::{Confidence, Severity};
use crate::policy::{RuleSet, Settings};
use crate::secret::Baseline;
use crate::source::git::Selection;
use crate::source::{Limits, ModuleCaches};

/// `azward secrets`.
pub fn run(arguments: &Secrets, global: &Global) -> Result<Exit, Failure> {
    match arguments {
        Secrets::History(arguments) => run_history(arguments, global),
        Secrets::Baseline(arguments) => write_baseline(arguments, global),
    }
}

fn run_history(arguments: &History, global: &Global) -> Result<Exit, Failure> {
    let search = arguments.opening.of(arguments.detection.search()?);
    let options = HistoryOptions {
        folder: arguments.path.clone(),
        selection: selection(arguments)?,
        search: &search,
        min_severity: arguments.least.min_severity,
        min_confidence: arguments.least.min_confidence.into(),
    };
    let report = history(&options).map_err(|error| Failure::usage(error.to_string()))?;
    output::write(&report, &arguments.output, global)?;
    Ok(output::exit(&report, &arguments.output))
}

fn selection(arguments: &History) -> Result<Selection, Failure> {
    if arguments.staged {
        return Ok(Selection::Staged);
    }
    if let Some(range) = &arguments.range {
        let ends = range.split_once("..").filter(|(from, to)| !from.is_empty() && !to.is_empty() && !to.starts_with('.'));
        let (from, to) = ends.ok_or_else(|| Failure::usage(format!("`--range {range}`: write A..B, such as origin/main..HEAD")))?;
        return Ok(Selection::Range { from: from.to_owned(), to: to.to_owned() });
    }
    let Some(since) = &arguments.since else { return Ok(Selection::All) };
    let whole = if since.contains(['T', 't']) { since.clone() } else { format!("{since}T00:00:00Z") };
    let moment = whole.parse::<jiff::Timestamp>();
    let moment =
        moment.map_err(|_| Failure::usage(format!("`--since {since}`: write a date such as 2026-01-31, or 2026-01-31T12:00:00Z")))?;
    Ok(Selection::Since(moment.as_second()))
}

fn write_baseline(arguments: &WriteBaseline, global: &Global) -> Result<Exit, Failure> {
    let search = arguments.opening.of(arguments.detection.search()?);
    let rules = RuleSet::default();
    let bar = Bar::new(global);
    let options = ScanOptions {
        paths: arguments.paths.clone(),
        rules: &rules,
        settings: &|_| Settings::new(),
        environments: Environments::default(),
        environment: None,
        profile: String::new(),
        format: format::Options::default(),
        parameter_files: Vec::new(),
        respect_ignore_files: !arguments.no_ignore,
        closed_world: false,
        secrets: Some(&search),
        min_severity: Severity::Info,
        min_confidence: Confidence::Generic,
        limits: Limits::default(),
        modules: ModuleCaches::of_this_user(Vec::new()),
        progress: &bar,
    };
    let report = scan(&options).map_err(|error| Failure::usage(error.to_string()))?;
    drop(bar);
    let mut baseline = Baseline { version: 1, ..Baseline::default() };
    for finding in report.findings.iter().filter(|finding| finding.theme == "secrets") {
        // What the old baseline knows stays known; what a person accepted by name needs no second acceptance.
        if finding.suppressed.as_ref().is_none_or(|suppression| suppression.kind == "baseline") {
            baseline.note(finding.place.path(), &finding.rule, &finding.fingerprint);
        }
    }
    let text = baseline.to_json() + "\n";
    std::fs::write(&arguments.output, text)
        .map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", arguments.output.display())))?;
    if !global.quiet {
        use std::io::Write;
        let known = baseline.known.len();
        writeln!(
            anstream::stderr(),
            "{known} secrets are known now; `azward scan --baseline {}` tells only others",
            arguments.output.display()
        )?;
    }
    Ok(if report.ledger.entries.is_empty() { Exit::Nothing } else { Exit::Clean })
}
