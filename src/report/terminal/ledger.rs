use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Style;
use crate::model::{Report, State};

/// How many gaps are listed before the rest is counted.
const LISTED: usize = 12;

/// Writes what could not be seen, and notices.
pub fn write(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let [evaluated, partly, unreadable, skipped] = report.ledger.totals();
    writeln!(to, "Ledger: {evaluated} evaluated, {partly} in part, {unreadable} unreadable, {skipped} left out.")?;
    let gaps: Vec<_> = report.ledger.gaps().collect();
    let listed = if style.verbose { gaps.len() } else { gaps.len().min(LISTED) };
    for entry in gaps.iter().take(listed) {
        match &entry.state {
            State::Partly(why) => writeln!(to, "  in part     {} ({}): {}", entry.subject, entry.format, shorten(why, style))?,
            State::Unreadable(why) => writeln!(to, "  unreadable  {} ({}): {why}", entry.subject, entry.format)?,
            _ => {}
        }
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

/// Why rules could not decide, counted by reason: the cure is one parameter file more often than not.
fn unknowns(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for finding in &report.findings {
        if let crate::model::Verdict::Unknown(why) = &finding.verdict {
            *reasons.entry(why.clone()).or_default() += 1;
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

fn shorten(gaps: &[String], style: &Style) -> String {
    let shown = if style.verbose { gaps.len() } else { 2 };
    let mut text = gaps.iter().take(shown).cloned().collect::<Vec<_>>().join("; ");
    if gaps.len() > shown {
        text.push_str(&format!("; and {} more", gaps.len() - shown));
    }
    text
}
