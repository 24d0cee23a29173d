//! The whole report as JSON, `format: azward-report-1`. Fields are only ever added within a version.

use std::io::{self, Write};

use serde::Serialize;

use super::Style;
use crate::model::Report;

#[derive(Serialize)]
struct Versioned<'a> {
    format: &'static str,
    #[serde(flatten)]
    report: &'a Report,
}

/// Writes the report, pretty-printed, with a final newline.
pub fn write(report: &Report, _style: &Style, to: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, &Versioned { format: "azward-report-1", report })?;
    writeln!(to)
}
