//! Secret hits to findings: placed, masked, and held against inline ignores while the text is at hand.

use jiff::civil::Date;

use super::Search;
use super::ignores::Ignores;
use crate::model::{Files, Finding, Place, Snippet, Span, Verdict, line_hashes};
use crate::secret::{Hit, mask_line};

/// The findings for the hits of one text, with snippets that show no secret.
pub fn findings(search: &Search, path: &str, text: &str, hits: &[Hit], ignores: &Ignores, today: Date) -> Vec<Finding> {
    // A table of its own: the text is let go as soon as the findings are made.
    let files = Files::new();
    let file = files.add(path, text);
    let Some(source) = files.get(file) else { return Vec::new() };
    let hashes = if hits.is_empty() { Vec::new() } else { line_hashes(text) };
    let info = |hit: &Hit| search.scanner.detectors().iter().find(|detector| *detector.id == *hit.detector).map(|detector| detector.info());
    let finding = |hit: &Hit| {
        let offset = |at: usize| u32::try_from(at.min(text.len())).unwrap_or(u32::MAX);
        let span = Span::new(file, offset(hit.span.start), offset(hit.span.end));
        let place = files.place(span)?;
        let line = u32::try_from(place.line()?).ok()?;
        Some(Finding {
            snippet: masked_snippet(source.line(line), source.line_of(span.start).1, line, hits),
            fix: info(hit).and_then(|info| info.fix.text),
            line_hash: hashes.get(line.saturating_sub(1) as usize).cloned(),
            suppressed: ignores.accepts(&hit.rule(), line, today).or_else(|| search.accepts(path, hit, today)),
            ..of(hit, place)
        })
    };
    hits.iter().filter_map(finding).collect()
}

/// The finding for a hit, without a snippet, a fix, or somebody's leave.
pub fn of(hit: &Hit, place: Place) -> Finding {
    Finding {
        rule: hit.rule(),
        theme: "secrets".into(),
        severity: hit.severity,
        verdict: Verdict::Fail,
        confidence: hit.confidence,
        message: format!("{} ({})", hit.message, hit.redacted),
        place,
        snippet: None,
        related: Vec::new(),
        resource: None,
        units: Vec::new(),
        environments: Vec::new(),
        evidence: Vec::new(),
        fix: None,
        fingerprint: hit.fingerprint.clone(),
        line_hash: None,
        suppressed: None,
    }
}

/// The findings for a binary file: only files that are a key as a whole count, for bytes of programs look like anything.
pub fn binary(search: &Search, path: &str, hits: &[Hit], today: Date) -> Vec<Finding> {
    let whole: Vec<Hit> = hits.iter().filter(|hit| &*hit.detector == "pkcs12-file").cloned().collect();
    let mut found = findings(search, path, "", &whole, &Ignores::default(), today);
    for finding in &mut found {
        finding.snippet = None;
    }
    found
}

/// The line with every secret on it masked, the first mask underlined.
pub fn masked_snippet(line: &str, line_start: u32, number: u32, hits: &[Hit]) -> Option<Snippet> {
    const WIDTH: usize = 200;
    let masked = mask_line(line, line_start as usize, hits);
    let start = masked.find(Hit::MASK)?;
    let from = (start.saturating_sub(WIDTH / 2)..=start).find(|at| masked.is_char_boundary(*at))?;
    let to = ((from + WIDTH).min(masked.len())..=masked.len()).find(|at| masked.is_char_boundary(*at))?;
    let text = masked.get(from..to)?.to_owned();
    Some(Snippet { line: number, text, start: start - from, end: start - from + Hit::MASK.len() })
}

/// Whether a place is a line that holds one of these hits: its snippet must be masked whatever finds it.
pub fn touches(place: &Place, hits: &[Hit], line_start: u32, line_len: usize) -> bool {
    let (start, end) = (line_start as usize, line_start as usize + line_len);
    matches!(place, Place::File { .. }) && hits.iter().any(|hit| hit.span.start < end && hit.span.end > start)
}
