use std::collections::BTreeMap;
use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, Table};

use super::Style;
use crate::model::{EntryKind, Finding, Report, Severity};

/// Writes the table of failures per theme and severity, with passes and unknowns beside them.
pub fn write(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let mut themes: BTreeMap<&str, Row> = BTreeMap::new();
    for rule in &report.rules {
        let row = themes.entry(&rule.info.theme).or_default();
        row.pass += rule.pass;
        row.unknown += rule.unknown;
    }
    for finding in counted(report) {
        let row = themes.entry(&finding.theme).or_default();
        if let Some(count) = Severity::ALL.iter().position(|severity| *severity == finding.severity).and_then(|at| row.failed.get_mut(at)) {
            *count += 1;
        }
    }
    themes.retain(|_, row| row.pass + row.unknown + row.failed.iter().sum::<usize>() > 0);
    if themes.is_empty() {
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
    let mut header = vec!["theme".to_owned()];
    header.extend(Severity::ALL.iter().map(ToString::to_string));
    header.extend(["passed".to_owned(), "not evaluated".to_owned()]);
    table.set_header(header);
    for (theme, row) in &themes {
        let mut cells = vec![Cell::new(theme)];
        cells.extend(row.failed.iter().chain([&row.pass, &row.unknown]).map(|count| number(*count)));
        table.add_row(cells);
    }
    writeln!(to, "{table}\n")
}

/// Writes the last sentence: what was judged, by how much, and what to do next.
pub fn verdict(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let resources: usize = report.units.iter().map(|unit| unit.resources).sum();
    let [_, partly, unreadable, _] = report.ledger.totals();
    // What was read of subscriptions, or could not be, is no file.
    let files = report.ledger.entries.iter().filter(|entry| entry.kind != EntryKind::Collector).count();
    let files = if files == 0 && !report.ledger.entries.is_empty() { String::new() } else { format!(" and {files} files") };
    let failed = counted(report).count();
    let unknown = report.findings.iter().filter(|finding| finding.suppressed.is_none() && finding.verdict.is_unknown()).count();
    let suppressed = report.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
    let what = format!("{resources} resources{files} by {} rules in {} ms", report.rules.len(), report.duration_ms);
    match failed {
        0 => write!(to, "No findings in {what}")?,
        1 => write!(to, "1 finding in {what}")?,
        _ => write!(to, "{failed} findings in {what}")?,
    }
    let mut rest = Vec::new();
    if unknown > 0 {
        rest.push(format!("{unknown} not evaluated"));
    }
    if suppressed > 0 {
        rest.push(format!("{suppressed} suppressed"));
    }
    if partly + unreadable > 0 {
        rest.push(format!("{} not seen in full", partly + unreadable));
    }
    if !rest.is_empty() {
        write!(to, " ({})", rest.join(", "))?;
    }
    writeln!(to, ".")?;
    if let Some(first) = counted(report).max_by_key(|finding| finding.severity) {
        writeln!(to, "Next: `azward explain {}` tells why it matters and how to mend it.", first.rule)?;
    }
    Ok(())
}

#[derive(Default)]
struct Row {
    /// Failures, worst severity first.
    failed: [usize; Severity::ALL.len()],
    pass: usize,
    unknown: usize,
}

fn counted(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| finding.suppressed.is_none() && finding.verdict.is_fail())
}

fn number(count: usize) -> Cell {
    let text = if count == 0 { "·".to_owned() } else { count.to_string() };
    Cell::new(text).set_alignment(CellAlignment::Right)
}
