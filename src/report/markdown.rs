//! Markdown as GitHub shows it in the step summary of a workflow; a summary holds at most one megabyte.

use std::cmp::Reverse;
use std::io::{self, Write};

use super::Style;
use super::score::{Scored, Standing, of_sections, specifications};
use crate::model::{ClauseStatus, Entry, Finding, Report, Section, Severity, State, Verdict};

/// Most rows of gaps and of findings; the rest is counted. Keeps the page under what a step summary may hold.
const GAPS: usize = 100;
const FINDINGS: usize = 400;
/// Longest text of a cell, in characters.
const CELL: usize = 200;

/// Writes what was not seen, the specifications, then the findings.
pub fn write(report: &Report, _style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let failing = findings(report).iter().filter(|finding| finding.verdict.is_fail()).count();
    writeln!(to, "# azward: {failing} findings\n")?;
    let environment = report.environment.as_deref().unwrap_or("all");
    let resources: usize = report.units.iter().map(|unit| unit.resources).sum();
    writeln!(
        to,
        "Scope {}, profile {}, environment {}; {resources} resources by {} rules; azward {}.\n",
        cell(&report.scope.join(", ")),
        cell(&report.profile),
        cell(environment),
        report.rules.len(),
        cell(&report.version)
    )?;
    unseen(report, to)?;
    for one in specifications(report) {
        specification(&one, to)?;
    }
    table(report, to)
}

/// Writes clauses that belong to no report.
///
/// # Errors
/// What the writer says.
pub fn sections(sections: &[Section], to: &mut dyn Write) -> io::Result<()> {
    of_sections(sections).iter().try_for_each(|one| specification(one, to))
}

/// Not suppressed, worst first, failures before what could not be decided.
fn findings(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.suppressed.is_none()).collect();
    findings.sort_by_key(|finding| (!finding.verdict.is_fail(), Reverse(finding.severity)));
    findings
}

fn unseen(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let [evaluated, partly, unreadable, skipped] = report.ledger.totals();
    writeln!(to, "## What could not be seen\n")?;
    writeln!(to, "{unreadable} unreadable, {partly} read in part, {skipped} left out on purpose, {evaluated} read in full.\n")?;
    let gaps: Vec<&Entry> = report.ledger.gaps().collect();
    if !gaps.is_empty() {
        writeln!(to, "| What | State | Why |\n|---|---|---|")?;
        for entry in gaps.iter().take(GAPS) {
            let (state, why) = match &entry.state {
                State::Partly(why) => ("in part", why.join("; ")),
                State::Unreadable(why) => ("unreadable", why.clone()),
                State::Evaluated | State::Skipped(_) => continue,
            };
            writeln!(to, "| {} ({}) | {state} | {} |", cell(&entry.subject), cell(&entry.format), cell(&why))?;
        }
        more(gaps.len(), GAPS, to)?;
    }
    for notice in &report.notices {
        writeln!(to, "- Notice: {}", cell(notice))?;
    }
    if report.notices.is_empty() { Ok(()) } else { writeln!(to) }
}

fn specification(one: &Scored<'_>, to: &mut dyn Write) -> io::Result<()> {
    writeln!(to, "## Specification {}: {} % of {} clauses hold\n", cell(one.id), one.tally.percent(), one.tally.in_force())?;
    write!(to, "| Section |")?;
    Standing::ALL.iter().try_for_each(|standing| write!(to, " {} |", standing.label()))?;
    writeln!(to, "\n|---|{}", "--:|".repeat(Standing::ALL.len()))?;
    let rows = one.sections.iter().map(|(section, tally)| (cell(&section.title), tally)).chain([("**All**".to_owned(), &one.tally)]);
    for (title, tally) in rows {
        write!(to, "| {title} |")?;
        Standing::ALL.iter().try_for_each(|standing| match tally.get(*standing) {
            0 => write!(to, " · |"),
            count => write!(to, " {count} |"),
        })?;
        writeln!(to)?;
    }
    writeln!(
        to,
        "\n<details><summary>Clause by clause</summary>\n\n| Clause | Stands | What it asks for | Rules | Evidence, or why it cannot be told here |\n|---|---|---|---|---|"
    )?;
    for (section, _) in &one.sections {
        section.clauses.iter().try_for_each(|clause| row(clause, to))?;
    }
    writeln!(to, "\n</details>\n")
}

fn row(clause: &ClauseStatus, to: &mut dyn Write) -> io::Result<()> {
    let (mut rules, mut evidence) =
        (clause.rules.iter().take(4).cloned().collect::<Vec<_>>().join(", "), clause.evidence.first().cloned().unwrap_or_default());
    if clause.rules.len() > 4 {
        rules.push_str(&format!(" and {} more", clause.rules.len() - 4));
    }
    if clause.evidence.len() > 1 {
        evidence = format!("{}; and {} more", cut(&evidence), clause.evidence.len() - 1);
    }
    writeln!(to, "| {} | {} | {} | {} | {} |", cell(&clause.id), cell(&clause.status), cell(&clause.text), cell(&rules), cell(&evidence))
}

fn table(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let findings = findings(report);
    writeln!(to, "## Findings\n")?;
    let count = |severity| findings.iter().filter(|finding| finding.verdict.is_fail() && finding.severity == severity).count();
    let counts: Vec<String> = Severity::ALL.iter().map(|severity| format!("{} {severity}", count(*severity))).collect();
    let unknown = findings.iter().filter(|finding| finding.verdict.is_unknown()).count();
    let suppressed = report.findings.len() - findings.len();
    writeln!(to, "{}; {unknown} not evaluated, {suppressed} suppressed.\n", counts.join(", "))?;
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(to, "| Severity | Rule | Where | What |\n|---|---|---|---|")?;
    for finding in findings.iter().take(FINDINGS) {
        let what = match &finding.verdict {
            Verdict::Unknown(why) => format!("not evaluated: {}: {why}", finding.message),
            _ => finding.message.clone(),
        };
        let place = finding.place.to_string();
        writeln!(to, "| {} | {} | {} | {} |", finding.severity, cell(&finding.rule), cell(&place), cell(&what))?;
    }
    more(findings.len(), FINDINGS, to)
}

fn more(all: usize, shown: usize, to: &mut dyn Write) -> io::Result<()> {
    if all > shown { writeln!(to, "\nAnd {} more.\n", all - shown) } else { writeln!(to) }
}

fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(CELL).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

/// Text of others on one line, of bounded length, with nothing in it that Markdown or HTML would take for its own.
fn cell(text: &str) -> String {
    let text = cut(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match char {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '!' | '$' | '#' | '@' => out.extend(['\\', char]),
            // Between letters it means nothing.
            '_' if before.is_alphanumeric() && next.is_alphanumeric() => out.push('_'),
            '_' => out.push_str("\\_"),
            // Addresses would become links.
            ':' if next == '/' => out.push_str("\\:"),
            '.' if before.eq_ignore_ascii_case(&'w') => out.push_str("\\."),
            '\n' | '\r' | '\t' => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            _ if char.is_control() => out.push('\u{fffd}'),
            _ => out.push(char),
        }
        before = char;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use pulldown_cmark::{Event, Options, Parser};

    fn text(report: &Report) -> String {
        let mut bytes = Vec::new();
        write(report, &Style::default(), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// What the text becomes, text itself taken away.
    fn shape(text: &str) -> Vec<String> {
        // What GitHub turns on.
        let github = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let github = github | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM | Options::ENABLE_MATH;
        let events = Parser::new_ext(text, github);
        let events = events.filter(|event| !matches!(event, Event::Text(_)));
        events.map(|event| format!("{event:?}")).collect()
    }

    #[test]
    fn a_big_report_fits_a_step_summary() {
        let mut report = sample::report("name");
        let (finding, entry) = (report.findings[0].clone(), report.ledger.entries[1].clone());
        report.findings = vec![Finding { message: "long text ".repeat(100), ..finding }; 10_000];
        report.ledger.entries = vec![entry; 10_000];
        let text = text(&report);
        assert!(text.len() < 400_000 && text.contains("And 9600 more."), "{}", text.len());
    }

    proptest::proptest! {
        #[test]
        fn hostile_names_are_text(name in sample::hostile()) {
            let (hostile, calm) = (text(&sample::report(&name)), text(&sample::report("name")));
            proptest::prop_assert_eq!(shape(&hostile), shape(&calm), "{}", hostile);
        }
    }
}
