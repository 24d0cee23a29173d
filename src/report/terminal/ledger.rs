use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};

use super::Style;
use crate::model::{Entry, EntryKind, Report, State};

/// Marks the collectors of which some calls failed: the calls have lines of their own.
const PARTLY: &str = "in part";
/// How many gaps are listed before the rest is counted.
const LISTED: usize = 12;

/// Writes what could not be seen, and notices.
pub fn write(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let [evaluated, partly, unreadable, skipped] = report.ledger.totals();
    writeln!(to, "Ledger: {evaluated} evaluated, {partly} in part, {unreadable} unreadable, {skipped} left out.")?;
    let gaps = if style.verbose { report.ledger.gaps().map(|entry| line(entry, style)).collect() } else { together(report, style) };
    let listed = if style.verbose { gaps.len() } else { gaps.len().min(LISTED) };
    for gap in gaps.iter().take(listed) {
        writeln!(to, "{gap}")?;
    }
    if gaps.len() > listed {
        writeln!(to, "  … and {} more; `--verbose` lists all", gaps.len() - listed)?;
    }
    if style.verbose {
        for entry in &report.ledger.entries {
            if let State::Skipped(why) = &entry.state {
                writeln!(to, "  left out    {} ({}): {why}", entry.subject, entry.format)?;
            }
        }
    } else if skipped > 0 {
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in &report.ledger.entries {
            if let State::Skipped(why) = &entry.state {
                *reasons.entry(why).or_default() += 1;
            }
        }
        for (why, count) in reasons {
            writeln!(to, "  left out    {count}: {why}")?;
        }
    }
    unknowns(report, style, to)?;
    for notice in &report.notices {
        writeln!(to, "  notice      {notice}")?;
    }
    writeln!(to)
}

fn line(entry: &Entry, style: &Style) -> String {
    match &entry.state {
        State::Partly(why) => format!("  in part     {} ({}): {}", entry.subject, entry.format, shorten(why, style)),
        State::Unreadable(why) => format!("  unreadable  {} ({}): {why}", entry.subject, entry.format),
        _ => String::new(),
    }
}

/// One line for each gap; calls to Azure that one scope refused for one reason share theirs.
fn together(report: &Report, style: &Style) -> Vec<String> {
    let mut lines: Vec<(String, Vec<&str>, &Entry)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for entry in report.ledger.gaps() {
        let refused = match (&entry.kind, &entry.state, entry.subject.split_once(": ")) {
            (EntryKind::Collector, State::Unreadable(why), Some((scope, kind))) => {
                Some((scope, kind, why.split(';').next().unwrap_or(why)))
            }
            (EntryKind::Collector, State::Partly(_), Some((scope, collector))) => Some((scope, collector, PARTLY)),
            _ => None,
        };
        let Some((scope, kind, why)) = refused else {
            lines.push((String::new(), Vec::new(), entry));
            continue;
        };
        let key = format!("{scope}\n{why}");
        match known.get(&key).and_then(|at| lines.get_mut(*at)) {
            Some((_, kinds, _)) => kinds.push(kind),
            None => {
                known.insert(key.clone(), lines.len());
                lines.push((key, vec![kind], entry));
            }
        }
    }
    let told = lines.into_iter().map(|(key, kinds, first)| match (key.split_once('\n'), kinds.as_slice()) {
        (Some((scope, PARTLY)), [one, two, .., _]) => {
            format!("  in part     {scope}: {} collectors ({one}, {two}, …): calls of theirs failed", kinds.len())
        }
        (Some((scope, why)), [one, two, .., _]) => {
            format!("  unreadable  {scope}: {} kinds ({one}, {two}, …): {why}; `--verbose` lists them with their permissions", kinds.len())
        }
        _ => line(first, style),
    });
    told.collect()
}

/// Why rules could not decide, counted by reason: the cure is one parameter file more often than not.
fn unknowns(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &report.findings {
        if let crate::model::Verdict::Unknown(why) = &finding.verdict {
            *reasons.entry(if style.verbose { why.clone() } else { of_any_kind(why) }).or_default() += 1;
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let listed = if style.verbose { reasons.len() } else { 5 };
    for (why, count) in reasons.iter().take(listed) {
        writeln!(to, "  unknown     {count} × {why}")?;
    }
    if reasons.len() > listed {
        writeln!(to, "  unknown     … and {} more reasons", reasons.len() - listed)?;
    }
    Ok(())
}

/// The reason without the kind of resource that one refusal left unread: forty kinds of one subscription have one cure.
fn of_any_kind(why: &str) -> String {
    match why.split_once(" of ") {
        Some((kind, scope)) if kind.contains('/') && !kind.contains(' ') => format!("what is in {scope}"),
        _ => why.to_owned(),
    }
}

fn shorten(gaps: &[String], style: &Style) -> String {
    let shown = if style.verbose { gaps.len() } else { 2 };
    let mut text = gaps.iter().take(shown).cloned().collect::<Vec<_>>().join("; ");
    if gaps.len() > shown {
        text.push_str(&format!("; and {} more", gaps.len() - shown));
    }
    text
}
