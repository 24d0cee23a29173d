use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, Table};

use super::Style;
use crate::model::{ClauseStatus, Report};
use crate::report::score::{Scored, Standing, specifications};

/// How many failing clauses are listed before the rest is counted.
const LISTED: usize = 10;

/// Writes where each specification stands: a row a section, then the clauses that fail; `--verbose` lists every clause.
pub fn write(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    specifications(report).iter().try_for_each(|one| specification(one, style, to))
}

fn specification(one: &Scored<'_>, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
    let mut header = vec![format!("{}: {} % of {} clauses hold", one.id, one.tally.percent(), one.tally.in_force())];
    header.extend(Standing::ALL.map(|standing| standing.label().to_owned()));
    table.set_header(header);
    let all = one.sections.iter().map(|(section, tally)| (section.title.as_str(), tally)).chain([("all", &one.tally)]);
    for (title, tally) in all {
        let mut cells = vec![Cell::new(title)];
        cells.extend(Standing::ALL.map(|standing| match tally.get(standing) {
            0 => Cell::new("·").set_alignment(CellAlignment::Right),
            count => Cell::new(count).set_alignment(CellAlignment::Right),
        }));
        table.add_row(cells);
    }
    writeln!(to, "{table}\n")?;
    let clauses = || one.sections.iter().flat_map(|(section, _)| &section.clauses);
    if style.verbose {
        clauses().try_for_each(|clause| self::clause(clause, to))?;
        return writeln!(to);
    }
    let failing: Vec<_> = clauses().filter(|clause| Standing::of(clause) == Standing::Fails).collect();
    failing.iter().take(LISTED).try_for_each(|clause| self::clause(clause, to))?;
    if failing.len() > LISTED {
        writeln!(to, "  … and {} more clauses that fail; `--verbose` lists all", failing.len() - LISTED)?;
    }
    if failing.is_empty() { Ok(()) } else { writeln!(to) }
}

fn clause(clause: &ClauseStatus, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "  {:<18} {:<14} {}", clause.status, clause.id, clause.text)?;
    let by = if clause.rules.is_empty() { String::new() } else { format!("{}: ", clause.rules.join(", ")) };
    match clause.evidence.as_slice() {
        [] if by.is_empty() => Ok(()),
        [] => writeln!(to, "  {:<18} {:<14} └ {}", "", "", by.trim_end_matches(": ")),
        [one] => writeln!(to, "  {:<18} {:<14} └ {one}", "", ""),
        [first, rest @ ..] => writeln!(to, "  {:<18} {:<14} └ {first}; and {} more", "", "", rest.len()),
    }
}
