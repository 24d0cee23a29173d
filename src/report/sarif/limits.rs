//! What GitHub takes of an upload: 25 000 results a run, and ten megabytes compressed. One above that is refused as a whole, so
//! the least severe results stay out, and a notification says how many.
//! <https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning>

use std::cmp::Reverse;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::model::{Message, Notification};
use crate::model::Finding;

/// Most results of a run.
pub const RESULTS: usize = 25_000;
/// Largest upload, compressed; a tenth stays free, because who uploads chooses the compression.
pub const BYTES: usize = 9_000_000;

/// The findings that an upload has room for, in the order of the report: where there are more, the worst.
pub fn within(findings: Vec<&Finding>, most: usize) -> Vec<&Finding> {
    if findings.len() <= most {
        return findings;
    }
    let mut ranked: Vec<(usize, &Finding)> = findings.into_iter().enumerate().collect();
    ranked.sort_by_key(|(at, finding)| (Reverse(finding.severity), *at));
    ranked.truncate(most);
    ranked.sort_by_key(|(at, _)| *at);
    ranked.into_iter().map(|(_, finding)| finding).collect()
}

/// The notification that something was left out.
pub fn left_out(shown: usize, all: usize) -> Option<Notification> {
    let text = format!(
        "{} of {all} results were left out, because no upload may be larger: the {shown} most severe are here. Other outputs hold all of them.",
        all.saturating_sub(shown)
    );
    (shown < all).then(|| Notification { level: "warning", message: Message::text(text) })
}

/// How many of `results` have room, where `text` with all of them has none.
pub fn cut(text: &[u8], results: usize, room: usize) -> io::Result<Option<usize>> {
    // Compression makes nothing larger that is worth a thought.
    if text.len() <= room || results == 0 {
        return Ok(None);
    }
    let mut compressed = GzEncoder::new(Counter(0), Compression::default());
    compressed.write_all(text)?;
    let size = compressed.finish()?.0;
    // Rules and clauses take their part too: a tenth less each time until it fits.
    let most = (results * room).checked_div(size).unwrap_or(0) * 9 / 10;
    Ok((size > room).then_some(most.min(results - 1)))
}

/// Counts what is written.
struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Report, Severity};
    use crate::report::{Style, sample};
    use serde_json::Value;

    fn large(results: usize) -> Report {
        let mut report = sample::report("name");
        let calm = Finding { severity: Severity::Low, ..report.findings[0].clone() };
        let mut findings = vec![calm; results];
        findings[results - 1].severity = Severity::Critical;
        report.findings = findings;
        report
    }

    fn written(report: &Report, room: usize) -> Value {
        let mut bytes = Vec::new();
        super::super::write_within(report, room, &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn the_worst_stay_where_there_are_too_many() {
        let sarif = written(&large(RESULTS + 3), usize::MAX);
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert_eq!((results.len(), results.last().unwrap()["level"].as_str()), (RESULTS, Some("error")));
        let said = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
        assert!(said.contains("3 of 25003 results were left out"), "{said}");
    }

    #[test]
    fn an_upload_is_cut_until_it_fits() {
        let report = large(3000);
        let mut whole = Vec::new();
        super::super::write(&report, &Style::default(), &mut whole).unwrap();
        assert!(!String::from_utf8(whole).unwrap().contains("left out, because"));
        let sarif = written(&report, 12_000);
        let results = sarif["runs"][0]["results"].as_array().unwrap().len();
        assert!((1..3000).contains(&results), "{results}");
        assert!(sarif.to_string().contains("of 3000 results were left out"));
    }
}
