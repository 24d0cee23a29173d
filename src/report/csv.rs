//! One finding a line, for spreadsheets. RFC 4180; a cell that a spreadsheet would run as a formula starts with `'`.

use std::io::{self, Write};

use super::Style;
use crate::model::{Finding, Report, Verdict};

const HEADER: [&str; 22] = [
    "rule",
    "theme",
    "severity",
    "verdict",
    "why",
    "confidence",
    "path",
    "line",
    "column",
    "kind",
    "resource",
    "address",
    "id",
    "environments",
    "units",
    "message",
    "property",
    "actual",
    "expected",
    "fix",
    "suppressed",
    "fingerprint",
];

/// Writes header and findings, suppressed ones too.
pub fn write(report: &Report, _style: &Style, to: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(HEADER)?;
    for finding in &report.findings {
        writer.write_record(cells(finding).iter().map(|cell| harmless(cell)))?;
    }
    writer.flush()
}

fn cells(finding: &Finding) -> [String; HEADER.len()] {
    let (evidence, resource) = (finding.evidence.first(), finding.resource.as_ref());
    let column = match &finding.place {
        crate::model::Place::File { start, .. } => start.column.to_string(),
        _ => String::new(),
    };
    let why = if let Verdict::Unknown(why) = &finding.verdict { why.clone() } else { String::new() };
    let confidence = serde_json::to_value(finding.confidence).ok().and_then(|word| word.as_str().map(str::to_owned));
    [
        finding.rule.clone(),
        finding.theme.clone(),
        finding.severity.to_string(),
        finding.verdict.as_str().to_owned(),
        why,
        confidence.unwrap_or_default(),
        finding.place.path().to_owned(),
        finding.place.line().map(|line| line.to_string()).unwrap_or_default(),
        column,
        resource.map(|resource| resource.kind.clone()).unwrap_or_default(),
        resource.map(|resource| resource.name.clone()).unwrap_or_default(),
        resource.map(|resource| resource.address.clone()).unwrap_or_default(),
        resource.and_then(|resource| resource.id.clone()).unwrap_or_default(),
        finding.environments.join(" "),
        finding.units.join("; "),
        finding.message.clone(),
        evidence.map(|evidence| evidence.path.clone()).unwrap_or_default(),
        evidence.map(|evidence| evidence.actual.clone()).unwrap_or_default(),
        evidence.map(|evidence| evidence.expected.clone()).unwrap_or_default(),
        finding.fix.clone().unwrap_or_default(),
        finding.suppressed.as_ref().map(|why| format!("{}: {}", why.kind, why.reason)).unwrap_or_default(),
        finding.fingerprint.clone(),
    ]
}

/// A cell that no spreadsheet takes for a formula.
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_name_stays_in_its_cell_and_none_is_a_formula(name in sample::hostile()) {
            let report = sample::report(&name);
            let mut bytes = Vec::new();
            write(&report, &Style::default(), &mut bytes).unwrap();
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            proptest::prop_assert_eq!(rows.len(), report.findings.len());
            for (row, finding) in rows.iter().zip(&report.findings) {
                proptest::prop_assert_eq!(&row[10], harmless(&finding.resource.as_ref().unwrap().name));
                proptest::prop_assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
            }
        }
    }
}
