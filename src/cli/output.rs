use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};

use super::args::{Global, Output, When};
use super::exit::{Exit, Failure};
use crate::model::Report;
use crate::report::{self, Style};

/// Writes the report to stdout and to every `--output` file.
pub fn write(report: &Report, output: &Output, global: &Global) -> Result<(), Failure> {
    let style = style(output, global);
    for path in &output.output {
        let name = path.display().to_string();
        let writer = report::Output::for_path(&name).ok_or_else(|| {
            let known: Vec<_> = report::ALL.iter().flat_map(|output| output.suffixes).copied().collect();
            Failure::usage(format!("`{name}`: the suffix tells no format; use one of {}", known.join(" ")))
        })?;
        let plain = Style { color: false, ..style };
        let file = File::create(path).map_err(|error| Failure::usage(format!("`{name}` cannot be written: {error}")))?;
        let mut file = BufWriter::new(file);
        writer.write(report, &plain, &mut file)?;
        file.flush()?;
    }
    let writer = report::Output::named(&output.format).ok_or_else(|| Failure::usage(format!("there is no format `{}`", output.format)))?;
    let mut stdout = BufWriter::new(std::io::stdout().lock());
    writer.write(report, &style, &mut stdout)?;
    stdout.flush()?;
    Ok(())
}

/// The exit code of a report under these options.
pub fn exit(report: &Report, output: &Output) -> Exit {
    let fails = |finding: &&crate::model::Finding| {
        // What is known by its shape alone never fails a build.
        let counts = finding.verdict.is_fail() && finding.suppressed.is_none() && finding.confidence > crate::model::Confidence::Generic;
        counts && finding.severity >= output.fail_on
    };
    let incomplete = report.ledger.gaps().next().is_some()
        || report.findings.iter().any(|finding| finding.verdict.is_unknown() && finding.suppressed.is_none());
    let scanned = !report.ledger.entries.is_empty();
    match () {
        () if !scanned => Exit::Nothing,
        () if output.exit_zero => Exit::Clean,
        () if report.findings.iter().find(fails).is_some() => Exit::Findings,
        () if output.strict && incomplete => Exit::Incomplete,
        () => Exit::Clean,
    }
}

fn style(output: &Output, global: &Global) -> Style {
    let stdout = std::io::stdout();
    let color = match global.color {
        When::Always => true,
        When::Never => false,
        When::Auto => anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never,
    };
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.unwrap_or(if stdout.is_terminal() { 120 } else { 140 });
    Style { color, width, why: output.why, verbose: output.verbose }
}
