//! From a judgement to a finding that people can act on.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::cure::cure;
use super::items::listed;
use super::judge::Raised;
use super::secrets::{masked_snippet, touches};
use crate::model::{
    Confidence, Evidence, FileId, Files, Finding, FindingEvidence, HopKind, Kind, Place, Related, Resource, ResourceRef, Snippet, Span,
    Unit, Value,
};
use crate::secret::Hit;

/// Longest piece of evidence that a report carries, in characters.
const EVIDENCE_LIMIT: usize = 400;

/// The finding for one judgement of one unit.
pub fn finding(raised: &Raised<'_>, unit: &Unit, files: &Files, hits: &HashMap<FileId, Vec<Hit>>) -> Finding {
    let Raised { resource, rule, judgement, .. } = raised;
    let info = rule.info();
    let deciding = judgement.evidence.first();
    let span = deciding.map_or(Span::NONE, |evidence| evidence.actual.span()).or(resource.place).or(Span::new(unit.file, 0, 0));
    let place = place_of(span, resource, files);
    let hidden = |evidence: &Evidence| is_secret(&evidence.actual, &info.theme, hits);
    let secret = deciding.is_some_and(hidden);
    let mut message = judgement.evidence.iter().filter(|evidence| hidden(evidence)).fold(judgement.message.clone(), without);
    if let Some(evidence) = deciding.filter(|_| judgement.verdict.is_fail()) {
        message.push_str(&listed(evidence, info.theme == "secrets", |value| is_secret(value, "", hits)));
    }
    Finding {
        rule: info.id.clone(),
        theme: info.theme.clone(),
        severity: info.severity,
        verdict: judgement.verdict.clone(),
        confidence: Confidence::Strong,
        message,
        snippet: snippet(span, &place, secret, files, hits),
        related: related(resource, deciding, files),
        resource: Some(reference(resource)),
        units: vec![unit.label.clone()],
        environments: unit.environment.iter().map(ToString::to_string).collect(),
        evidence: judgement.evidence.iter().take(8).map(|evidence| written(evidence, hidden(evidence), files)).collect(),
        fix: cure(raised, &place),
        fingerprint: fingerprint(&info.id, resource, deciding, &place, files),
        line_hash: None,
        suppressed: None,
        place,
    }
}

fn place_of(span: Span, resource: &Resource, files: &Files) -> Place {
    if span.is_none()
        && let Some(id) = resource.id.as_str()
    {
        return Place::Resource { id: id.to_owned() };
    }
    files.place(span).unwrap_or_else(|| Place::Resource { id: resource.display_name() })
}

/// Whether reports must not show a value: it is secret, the secret engine found something in it, or it is the text that a rule
/// about secrets objects to.
fn is_secret(value: &Value, theme: &str, hits: &HashMap<FileId, Vec<Hit>>) -> bool {
    let found_in = |span: Span| {
        let on_file = hits.get(&span.file).into_iter().flatten();
        on_file.into_iter().any(|hit| hit.span.start < span.end as usize && hit.span.end > span.start as usize)
    };
    match value.kind {
        Kind::Secret(_) => true,
        Kind::Str(_) if theme == "secrets" => true,
        Kind::Str(_) | Kind::Array(_) | Kind::Object(_) => found_in(value.provenance.defined) || found_in(value.provenance.used),
        _ => false,
    }
}

/// The message without the value, where a rule quotes it.
fn without(message: String, evidence: &Evidence) -> String {
    match evidence.actual.as_str() {
        Some(text) if !text.is_empty() => message.replace(text, Hit::MASK),
        _ => message,
    }
}

/// The line, with every secret on it masked; a value that is itself secret is masked as a whole.
fn snippet(span: Span, place: &Place, secret: bool, files: &Files, hits: &HashMap<FileId, Vec<Hit>>) -> Option<Snippet> {
    let file = files.get(span.file)?;
    let (line, start) = file.line_of(span.start);
    let text = file.line(line);
    let no_hits = Vec::new();
    let on_file = hits.get(&span.file).unwrap_or(&no_hits);
    if secret && touches(place, on_file, start, text.len()) {
        let covered = on_file.iter().any(|hit| hit.span.start <= span.start as usize + 1 && hit.span.end + 1 >= span.end as usize);
        // Secrets that the detectors do not know beside those that they know: no line is better than half a mask.
        return if covered { masked_snippet(text, start, line, on_file) } else { None };
    }
    if secret {
        let end = (span.end as usize).min(start as usize + text.len());
        let own = mask_range(text, span.start.saturating_sub(start) as usize, end.saturating_sub(start as usize))?;
        return Some(Snippet { line, text: own.0, start: own.1, end: own.1 + Hit::MASK.len() });
    }
    if touches(place, on_file, start, text.len()) {
        return masked_snippet(text, start, line, on_file);
    }
    files.snippet(span)
}

/// `text` without everything from `from` on: what follows a secret on its line may be part of it.
fn mask_range(text: &str, from: usize, to: usize) -> Option<(String, usize)> {
    let head = text.get(..from)?;
    let tail = text.get(to..).unwrap_or("");
    Some((format!("{head}{}{tail}", Hit::MASK), head.len()))
}

/// Where the value came from, nearest first, then the module calls that led to the resource.
fn related(resource: &Resource, deciding: Option<&Evidence>, files: &Files) -> Vec<Related> {
    let mut all = Vec::new();
    if let Some(evidence) = deciding {
        let provenance = &evidence.actual.provenance;
        for hop in provenance.hops() {
            if let Some(place) = files.place(hop.span) {
                let what = if hop.kind == HopKind::ParameterFile { "set in the" } else { "through" };
                all.push(Related { place, message: format!("{what} {} `{}`", hop.kind.label(), hop.name) });
            }
        }
        if provenance.defined != provenance.used
            && let Some(place) = files.place(provenance.defined)
        {
            all.push(Related { place, message: Related::WRITTEN.into() });
        }
    }
    for call in resource.calls.iter().rev() {
        if let Some(place) = files.place(*call) {
            all.push(Related { place, message: "called as a module here".into() });
        }
    }
    all.dedup_by(|a, b| a.place == b.place);
    all
}

fn reference(resource: &Resource) -> ResourceRef {
    ResourceRef {
        kind: resource.kind.to_string(),
        name: resource.display_name(),
        address: resource.address.clone(),
        id: resource.id.as_str().map(str::to_owned),
    }
}

fn written(evidence: &Evidence, hidden: bool, files: &Files) -> FindingEvidence {
    let cut = |value: &Value| {
        let text = value.to_json().to_string();
        if text.chars().count() <= EVIDENCE_LIMIT { text } else { text.chars().take(EVIDENCE_LIMIT).chain("…".chars()).collect() }
    };
    let expected = cut(&evidence.expected);
    FindingEvidence {
        leaf: evidence.leaf.clone(),
        path: evidence.path.clone(),
        actual: if hidden { format!("\"{}\"", crate::model::Secret::MASK) } else { cut(&evidence.actual) },
        must: evidence.must(&expected),
        expected,
        defaulted: evidence.defaulted,
        place: files.place(evidence.actual.span()),
    }
}

/// Stable over line moves and the same under every parameter set: rule, file, the resource's name as it is written, property.
fn fingerprint(rule: &str, resource: &Resource, deciding: Option<&Evidence>, place: &Place, files: &Files) -> String {
    let mut hash = Sha256::new();
    let written = files.text(resource.name.provenance.used);
    let name = if written.is_empty() { resource.display_name() } else { written };
    let path = deciding.map_or("", |evidence| evidence.path.as_str());
    for part in [rule, place.path(), &resource.kind, &name, path] {
        hash.update(part.to_ascii_lowercase());
        hash.update([0]);
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}
