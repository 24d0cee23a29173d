use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::time::Instant;

use super::args::{Choice, Global, Logs};
use super::event_rules::Chosen;
use super::exit::{Exit, Failure};
use super::output;
use crate::audit::{Settings, Tapped, run as audit};
use crate::engine::{self, Search};
use crate::log::source::{Collected, collect};
use crate::log::time::{self, Moment};
use crate::model::{Confidence, Finding, Place, Report, RuleCount, Snippet};
use crate::secret::{Hit, Scanner, mask_line};

/// `azward logs`.
pub fn run(arguments: &Logs, global: &Global) -> Result<Exit, Failure> {
    let started = (jiff::Timestamp::now(), Instant::now());
    let mut chosen = Chosen::new(&arguments.choice)?;
    for path in &arguments.approved {
        chosen.approve(path)?;
    }
    let range = range(arguments)?;
    let mut collected = local(arguments, range);
    super::logs_remote::blobs(arguments, global, range, &mut collected)?;
    // Secrets in what is shown are masked, also where nobody looks for them.
    let masking = Scanner::builtin();
    let conceal = |text: &str| conceal(&masking, text);
    let wanted = !arguments.choice.no_secrets && wants(&arguments.choice, "secrets");
    let search = wanted.then(|| arguments.detection.search()).transpose()?;
    let scanner = search.as_ref().map(|search| &search.scanner);
    let today = jiff::Zoned::now().date();
    let sure = arguments.choice.min_confidence.into();
    let tap = |bytes: Tapped<'_>| search.as_ref().map_or_else(Vec::new, |search| secrets(search, bytes, sure, today));
    let mut register = match &arguments.register {
        Some(path) => Some(BufWriter::new(
            File::create(path).map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", path.display())))?,
        )),
        None => None,
    };
    let settings = Settings {
        parameters: chosen.values.clone(),
        range,
        now: range.map(|(_, until)| until).filter(|_| arguments.until.is_some()),
        redact: arguments.redact,
        register: register.as_mut().map(|file| file as &mut (dyn std::io::Write + Send)),
        tap: scanner.map(|_| &tap as _),
        conceal: Some(&conceal),
        ..Settings::new(&chosen.rules)
    };
    let outcome = match &arguments.workspace {
        Some(workspace) => super::logs_remote::ask(arguments, global, workspace, &chosen, range)?,
        None => audit(collected, settings).map_err(Failure::usage)?,
    };
    let mut report = Report {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: started.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        scope: arguments
            .paths
            .iter()
            .map(|path| unsigned(path))
            .chain(arguments.workspace.iter().map(|id| format!("workspace {id}")))
            .collect(),
        profile: chosen.profile.name.clone(),
        environment: arguments.choice.environment.clone(),
        category: "logs".to_owned(),
        findings: outcome.findings,
        rules: outcome.rules,
        ledger: outcome.ledger,
        notices: outcome.notices,
        ..Report::default()
    };
    for total in outcome.totals {
        report.notices.push(format!("{}: {} events, {} bytes", total.kind.title(), total.events, total.bytes));
    }
    if let Some(search) = &search {
        report.notices.extend(search.notices(today));
    }
    if let Some(scanner) = scanner {
        count_secrets(&mut report, scanner);
    }
    for finding in &mut report.findings {
        // Texts of events reach the sentences.
        finding.message = conceal(&finding.message).unwrap_or_else(|| std::mem::take(&mut finding.message));
        for evidence in &mut finding.evidence {
            evidence.actual = conceal(&evidence.actual).unwrap_or_else(|| std::mem::take(&mut evidence.actual));
        }
        // A line of a log has more persons in it than any list of patterns finds.
        if arguments.redact {
            finding.snippet = None;
        }
    }
    super::coverage::add(&mut report, &chosen.profile, &[], scanner.is_some())?;
    // Logs speak of the clauses whose rules ran over them.
    let ran: std::collections::BTreeSet<&str> = report.rules.iter().map(|rule| rule.info.id.as_str()).collect();
    for section in &mut report.specifications {
        section.clauses.retain(|clause| clause.rules.iter().any(|rule| ran.contains(rule.as_str())));
    }
    report.specifications.retain(|section| !section.clauses.is_empty());
    report.findings.retain(|finding| finding.severity >= arguments.choice.min_severity);
    report.duration_ms = u64::try_from(started.1.elapsed().as_millis()).unwrap_or(u64::MAX);
    output::write(&report, &arguments.output, global)?;
    Ok(output::exit(&report, &arguments.output))
}

/// A container's address without the signature that may follow it.
fn unsigned(path: &str) -> String {
    if path.starts_with("https://") { path.split('?').next().unwrap_or(path).to_owned() } else { path.to_owned() }
}

fn wants(choice: &Choice, theme: &str) -> bool {
    let named = |words: &[String]| words.iter().any(|word| word == theme || word.starts_with("secret-"));
    (choice.rule.is_empty() || named(&choice.rule)) && !choice.skip_rule.iter().any(|word| word == theme)
}

fn range(arguments: &Logs) -> Result<Option<(Moment, Moment)>, Failure> {
    let moment = |text: &String| {
        let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.clone() };
        time::parse(whole.as_bytes())
            .map(|parsed| parsed.moment)
            .ok_or_else(|| Failure::usage(format!("`{text}` is no time; write 2026-01-13T02:00:00Z or 2026-01-13")))
    };
    let since = arguments.since.as_ref().map(moment).transpose()?;
    let until = arguments.until.as_ref().map(moment).transpose()?;
    Ok((since.is_some() || until.is_some()).then(|| (since.unwrap_or(Moment(i64::MIN)), until.unwrap_or(Moment(i64::MAX)))))
}

fn local(arguments: &Logs, range: Option<(Moment, Moment)>) -> Collected {
    let paths: Vec<PathBuf> = arguments.paths.iter().filter(|path| !path.starts_with("https://")).map(PathBuf::from).collect();
    collect(&paths, range)
}

/// Secrets in some bytes of a log, placed by line and byte.
fn secrets(search: &Search, bytes: Tapped<'_>, sure: Confidence, today: jiff::civil::Date) -> Vec<Finding> {
    let hits = search.scanner.scan(bytes.path, bytes.bytes);
    let finding = |hit: &Hit| {
        let before = bytes.bytes.get(..hit.span.start).unwrap_or(&[]);
        let line = bytes.line + memchr::memchr_iter(b'\n', before).count() as u64;
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let rest = bytes.bytes.get(start..).unwrap_or(&[]);
        let end = memchr::memchr(b'\n', rest).map_or(bytes.bytes.len(), |at| start + at);
        let shown = around(bytes.bytes.get(start..end).unwrap_or(&[]), start, &hits, hit, line);
        Finding {
            snippet: shown,
            fix: Some("Revoke the secret; stop logging it; restrict and expire the log.".to_owned()),
            suppressed: search.accepts(bytes.path, hit, today),
            ..engine::secret_finding(hit, Place::LogLine { path: bytes.path.to_owned(), line, byte: bytes.byte + start as u64 })
        }
    };
    hits.iter().filter(|hit| hit.confidence >= sure).map(finding).collect()
}

/// The part of the line around a hit, every secret masked.
fn around(line: &[u8], start: usize, hits: &[Hit], hit: &Hit, number: u64) -> Option<Snippet> {
    const WIDTH: usize = 160;
    let text = std::str::from_utf8(line).ok()?;
    let masked = mask_line(text, start, hits);
    // Masks before this one shift it: it is found by its order on the line.
    let earlier = hits.iter().filter(|other| other.span.start >= start && other.span.start < hit.span.start).count();
    let at = masked.match_indices(Hit::MASK).nth(earlier).or_else(|| masked.match_indices(Hit::MASK).last()).map(|(at, _)| at)?;
    let from = (at.saturating_sub(WIDTH / 2)..=at).find(|at| masked.is_char_boundary(*at))?;
    let to = ((from + WIDTH).min(masked.len())..=masked.len()).find(|at| masked.is_char_boundary(*at))?;
    let cut = masked.get(from..to)?.to_owned();
    Some(Snippet {
        line: u32::try_from(number).unwrap_or(u32::MAX),
        text: cut,
        start: at - from,
        end: (at - from + Hit::MASK.len()).min(to - from),
    })
}

/// The text with its secrets masked; `None` where it has none.
fn conceal(scanner: &Scanner, text: &str) -> Option<String> {
    let hits = scanner.scan("message", text.as_bytes());
    (!hits.is_empty()).then(|| mask_line(text, 0, &hits))
}

/// The rules of secrets that found something take their place in the report's list.
fn count_secrets(report: &mut Report, scanner: &Scanner) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.theme == "secrets") {
        *counts.entry(finding.rule.as_str()).or_default() += 1;
    }
    let infos = scanner.rules();
    let found = infos.into_iter().filter_map(|info| {
        counts.get(info.id.as_str()).map(|fail| RuleCount { fail: *fail, pass: 0, unknown: 0, resources: Vec::new(), info })
    });
    let found: Vec<_> = found.filter(|count| !report.rules.iter().any(|known| known.info.id == count.info.id)).collect();
    report.rules.extend(found);
    report.rules.sort_by(|a, b| a.info.id.cmp(&b.info.id));
}
