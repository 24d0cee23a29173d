//! For people at a terminal: each finding with its line and what to do, then a summary, then what could not be seen.

mod clauses;
mod finding;
mod ledger;
mod summary;

use std::io::{self, Write};

use crate::model::Report;

/// How to draw.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Colours and styles, by ANSI escapes.
    pub color: bool,
    /// Columns.
    pub width: usize,
    /// Print where each value came from.
    pub why: bool,
    /// List what could not be evaluated finding by finding, and the ledger line by line.
    pub verbose: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 120, why: false, verbose: false }
    }
}

/// Writes findings, summary and ledger.
pub fn write(report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
    for finding in report.findings.iter().filter(|finding| finding.suppressed.is_none()) {
        if finding.verdict.is_fail() || style.verbose {
            finding::write(finding, style, to)?;
        }
    }
    summary::write(report, style, to)?;
    clauses::write(report, style, to)?;
    ledger::write(report, style, to)?;
    summary::verdict(report, to)
}
