//! From a match to a hit: borders, placeholders, entropy, verification.

use std::ops::Range;

use super::{
    class,
    detector::Detector,
    hit::{self, Hit},
    value,
    verify::Verdict,
};
use crate::model::Confidence;

/// A match on its way to becoming a hit.
pub(super) struct Candidate<'a> {
    pub detector: &'a Detector,
    /// The whole match, for its borders.
    pub whole: Range<usize>,
    pub secret: Range<usize>,
    pub key: Option<Range<usize>>,
    /// The public part, where the detector names none.
    pub public: &'a str,
}

/// The hit, unless the match is part of something longer, a placeholder, or too regular.
pub(super) fn accept(bytes: &[u8], path: &str, candidate: Candidate<'_>) -> Option<Hit> {
    let Candidate { detector, whole, secret: span, key, public } = candidate;
    let secret = bytes.get(span.clone())?;
    if secret.is_empty() || !bordered(bytes, &whole, &detector.word) {
        return None;
    }
    if detector.paths.as_ref().is_some_and(|paths| !paths.is_match(path)) {
        return None;
    }
    if detector.known.iter().any(|known| memchr::memmem::find(secret, known.as_bytes()).is_some()) {
        return None;
    }
    let body = secret.strip_prefix(public.as_bytes()).unwrap_or(secret);
    if !detector.placeholders && (value::is_placeholder(body) || (!detector.structured() && value::is_reference(body))) {
        return None;
    }
    if detector.random && !value::is_random(body) {
        return None;
    }
    if detector.entropy > 0.0 && value::entropy(secret) < detector.entropy {
        return None;
    }
    let verdict = detector.verifier.map(|verifier| verifier.verify(secret));
    let (confidence, note) = match verdict {
        Some(Verdict::Verified) => (Confidence::VerifiedFormat, "; its checksum or structure is valid"),
        Some(Verdict::Failed) if detector.strict => return None,
        Some(Verdict::Failed) => (Confidence::Generic, "; its checksum or structure is not valid, so it may be an example"),
        Some(Verdict::Unproven) | None => (detector.confidence, ""),
    };
    let shown = if detector.public.is_empty() { public } else { &detector.public };
    let name = key.clone().and_then(|key| bytes.get(key)).unwrap_or_default();
    Some(Hit {
        detector: detector.id.clone(),
        severity: detector.severity,
        confidence,
        redacted: hit::redact(shown, secret),
        fingerprint: hit::fingerprint(&detector.id, name, secret, confidence == Confidence::Generic),
        message: format!("{} in plain text{note}", detector.title),
        span,
        key,
        decoded: Vec::new(),
        rank: detector.rank(),
    })
}

/// The hit for a file that is a secret as a whole.
pub(super) fn whole_file(detector: &Detector, bytes: &[u8], confidence: Confidence) -> Hit {
    Hit {
        detector: detector.id.clone(),
        severity: detector.severity,
        confidence,
        span: 0..bytes.len(),
        key: None,
        redacted: format!("{} bytes", bytes.len()),
        fingerprint: hit::fingerprint(&detector.id, b"", bytes, false),
        message: format!("{} in the repository", detector.title),
        decoded: Vec::new(),
        rank: 0,
    }
}

/// Whether the match is not a part of a longer word.
fn bordered(bytes: &[u8], whole: &Range<usize>, word: &[u8]) -> bool {
    let (Some(&first), Some(&last)) = (bytes.get(whole.start), whole.end.checked_sub(1).and_then(|at| bytes.get(at))) else { return false };
    let before = whole.start.checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
    let after = bytes.get(whole.end).copied().unwrap_or(b' ');
    // `\n` and `%3D` end in a letter or digit and begin nothing.
    let escaped = whole.start.checked_sub(2).and_then(|at| bytes.get(at)) == Some(&b'\\')
        || whole.start.checked_sub(3).and_then(|at| bytes.get(at)) == Some(&b'%');
    let joins = |byte: u8| class::is_alnum(byte) || word.contains(&byte);
    let left = !joins(first) || !joins(before) || escaped;
    let right = !joins(last) || !joins(after);
    left && right
}

/// Of hits that overlap, keeps the surest; specific ones before generic ones, longer before shorter.
pub(super) fn settle(mut hits: Vec<Hit>) -> Vec<Hit> {
    // A generic hit must not hide a special one, also where the special one's checksum failed.
    let rank = |hit: &Hit| (hit.rank >= Detector::GENERIC, std::cmp::Reverse(hit.confidence), hit.rank, std::cmp::Reverse(hit.span.len()));
    hits.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.span.start.cmp(&b.span.start)));
    let mut kept: std::collections::BTreeMap<usize, Hit> = std::collections::BTreeMap::new();
    for hit in hits {
        let before = kept.range(..hit.span.end).next_back();
        if before.is_none_or(|(_, other)| other.span.end <= hit.span.start) {
            kept.insert(hit.span.start, hit);
        }
    }
    kept.into_values().collect()
}
