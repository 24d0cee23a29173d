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
        let (writer, name) = target(&path.display().to_string())?;
        let plain = Style { color: false, ..style };
        // What earlier commands of the same step wrote to the summary stays there.
        let append = std::env::var_os("GITHUB_STEP_SUMMARY").is_some_and(|summary| summary == *name);
        let file = File::options().create(true).write(true).append(append).truncate(!append).open(&name);
        let file = file.map_err(|error| Failure::usage(format!("`{name}` cannot be written: {error}")))?;
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

/// Format and path of `--output FILE` or `--output FORMAT=FILE`.
fn target(given: &str) -> Result<(&'static report::Output, String), Failure> {
    if let Some((format, path)) = given.split_once('=')
        && let Some(writer) = report::Output::named(format)
    {
        return Ok((writer, path.to_owned()));
    }
    let writer = report::Output::for_path(given).ok_or_else(|| {
        let known: Vec<_> = report::ALL.iter().flat_map(|output| output.suffixes).copied().collect();
        Failure::usage(format!("`{given}`: the suffix tells no format; use one of {}, or write FORMAT=FILE", known.join(" ")))
    })?;
    Ok((writer, given.to_owned()))
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
