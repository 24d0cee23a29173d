//! Workflow commands: GitHub shows them as annotations of the run and beside the changed lines.
//!
//! GitHub takes ten errors, ten warnings and ten notices of a step, so the worst come first.
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::cmp::Reverse;
use std::io::{self, Write};

use super::Style;
use super::score::{Standing, specifications};
use crate::model::{Finding, Place, Report, Severity, State, Verdict};

/// Writes gaps as warnings, findings by their severity, and one notice a specification.
pub fn write(report: &Report, _style: &Style, to: &mut dyn Write) -> io::Result<()> {
    for entry in report.ledger.gaps() {
        let why = match &entry.state {
            State::Unreadable(why) => format!("could not be read: {why}"),
            State::Partly(why) => format!("was judged in part: {}", why.join("; ")),
            _ => continue,
        };
        let message = format!("{} ({}) {why}", entry.subject, entry.format);
        writeln!(to, "::warning file={},title=azward%3A not seen::{}", property(&entry.subject), data(&message))?;
    }
    let mut findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.suppressed.is_none()).collect();
    findings.sort_by_key(|finding| (!finding.verdict.is_fail(), Reverse(finding.severity)));
    for finding in findings {
        annotate(finding, to)?;
    }
    for one in specifications(report) {
        let tally = &one.tally;
        let text = format!(
            "{} of {} clauses hold, {} fail, {} are not evaluated",
            tally.get(Standing::Holds),
            tally.in_force(),
            tally.get(Standing::Fails),
            tally.get(Standing::Undecided)
        );
        writeln!(to, "::notice title=azward%3A {}::{}", property(one.id), data(&text))?;
    }
    Ok(())
}

fn annotate(finding: &Finding, to: &mut dyn Write) -> io::Result<()> {
    let command = match (&finding.verdict, finding.severity) {
        (Verdict::Fail, Severity::Critical | Severity::High) => "error",
        (Verdict::Fail, Severity::Medium) => "warning",
        _ => "notice",
    };
    write!(to, "::{command} ")?;
    match &finding.place {
        Place::File { path, start, end } => {
            write!(to, "file={},line={},endLine={}", property(path), start.line, end.line.max(start.line))?;
            // Columns only make sense on one line.
            if start.line == end.line {
                write!(to, ",col={},endColumn={}", start.column, end.column.max(start.column))?;
            }
            write!(to, ",")?;
        }
        Place::LogLine { path, line, .. } => write!(to, "file={},line={line},", property(path))?,
        Place::Resource { .. } => {}
    }
    let mut message = finding.message.clone();
    match &finding.verdict {
        Verdict::Unknown(why) => message.push_str(&format!("\nNot evaluated: {why}")),
        _ => message.extend(finding.fix.iter().map(|fix| format!("\nFix: {fix}"))),
    }
    if let Place::Resource { id } = &finding.place {
        message.push_str(&format!("\n{id}"));
    }
    writeln!(to, "title={} ({})::{}", property(&finding.rule), finding.severity, data(&message))
}

/// Text after the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of `key=value`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_name_starts_a_command_of_its_own(name in sample::hostile()) {
            let mut bytes = Vec::new();
            write(&sample::report(&name), &Style::default(), &mut bytes).unwrap();
            let mut calm = Vec::new();
            write(&sample::report("name"), &Style::default(), &mut calm).unwrap();
            let commands = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                text.split(['\n', '\r']).map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
            };
            proptest::prop_assert_eq!(commands(&bytes), commands(&calm));
        }
    }
}
