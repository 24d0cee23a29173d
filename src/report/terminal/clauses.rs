use std::cmp::Reverse;
use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

use super::Style;
use crate::model::{ClauseStatus, Report, Severity};
use crate::report::score::{Scored, Standing, Tally, specifications};

/// How many failing clauses are listed before the rest is counted.
const LISTED: usize = 10;

/// Writes where each specification stands: a row a section in which something fails or is open, then the clauses that fail,
/// worst first; `--verbose` lists every section and clause.
pub fn write(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    specifications(report).iter().try_for_each(|one| specification(one, style, to))
}

fn specification(one: &Scored<'_>, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    let mut header = vec![format!("{}: {} % of {} clauses hold", one.id, one.tally.percent(), one.tally.in_force())];
    // A column in which nothing stands only makes the others narrow.
    let standings: Vec<Standing> = Standing::ALL.into_iter().filter(|standing| one.tally.get(*standing) > 0).collect();
    header.extend(standings.iter().map(|standing| standing.label().to_owned()));
    table.set_header(header);
    let open = |tally: &Tally| tally.get(Standing::Fails) + tally.get(Standing::Undecided) > 0;
    let (shown, calm): (Vec<_>, Vec<_>) = one.sections.iter().partition(|(_, tally)| style.verbose || open(tally));
    let quiet = Tally::sum(calm.iter().map(|(_, tally)| tally));
    let summed = format!("{} sections in which nothing fails", calm.len());
    let shown = shown.iter().map(|(section, tally)| (section.title.as_str(), tally));
    let calm = (!calm.is_empty()).then_some((summed.as_str(), &quiet));
    for (title, tally) in shown.chain(calm).chain([("all", &one.tally)]) {
        let mut cells = vec![Cell::new(title)];
        cells.extend(standings.iter().map(|standing| match tally.get(*standing) {
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
    let mut failing: Vec<_> = clauses().filter(|clause| Standing::of(clause) == Standing::Fails).collect();
    failing.sort_by_key(|clause| Reverse(clause.severity));
    failing.iter().take(LISTED).try_for_each(|clause| self::clause(clause, to))?;
    if failing.len() > LISTED {
        writeln!(to, "  … and {} more clauses that fail; `--verbose` lists all", failing.len() - LISTED)?;
    }
    if failing.is_empty() { Ok(()) } else { writeln!(to) }
}

fn clause(clause: &ClauseStatus, to: &mut dyn Write) -> io::Result<()> {
    let severity = clause.severity.map_or("", Severity::as_str);
    writeln!(to, "  {:<18} {:<14} {severity:<8}  {}", clause.status, clause.id, clause.text)?;
    let by = if clause.rules.is_empty() { String::new() } else { format!("{}: ", clause.rules.join(", ")) };
    match clause.evidence.as_slice() {
        [] if by.is_empty() => Ok(()),
        [] => writeln!(to, "  {:<18} {:<14} {:<8}  └ {}", "", "", "", by.trim_end_matches(": ")),
        [one] => writeln!(to, "  {:<18} {:<14} {:<8}  └ {one}", "", "", ""),
        [first, rest @ ..] => writeln!(to, "  {:<18} {:<14} {:<8}  └ {first}; and {} more", "", "", "", rest.len()),
    }
}
