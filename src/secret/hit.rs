//! What was found, without the secret itself.

use std::{ops::Range, sync::Arc};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::{Confidence, Severity};

/// A secret that was found: where and what kind, never the value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The detector's id, without `secret-`.
    pub detector: Arc<str>,
    /// How bad a leak of this kind is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The secret, in bytes of the scanned text (of the file on disk where it is UTF-16 or encoded).
    pub span: Range<usize>,
    /// The name that the secret is assigned to, where there is one.
    pub key: Option<Range<usize>>,
    /// The public prefix of the format and the length: `ghp_… (40 characters)`.
    pub redacted: String,
    /// Salted and truncated hash of detector and value: the same secret has the same fingerprint wherever it moves,
    /// and no one can compute the value from it.
    pub fingerprint: String,
    /// The sentence for people.
    pub message: String,
    /// How it was hidden: `base64`, `percent`, `json`, `utf-16`; empty for plain text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decoded: Vec<&'static str>,
    /// How special the detector is; lower is more special.
    #[serde(skip)]
    pub(super) rank: u8,
}

impl Hit {
    /// What stands in the place of a secret.
    pub const MASK: &'static str = "***";

    /// The rule id under which this hit is reported.
    pub fn rule(&self) -> String {
        format!("secret-{}", self.detector)
    }
}

/// Replaces every secret on one line: `line` starts at byte `start` of the scanned text.
///
/// Also lines that a secret only passes through (keys of several lines) are masked in that part.
pub fn mask_line(line: &str, start: usize, hits: &[Hit]) -> String {
    let end = start + line.len();
    let mut spans: Vec<Range<usize>> = hits
        .iter()
        .filter(|hit| hit.span.start < end && hit.span.end > start)
        .map(|hit| hit.span.start.saturating_sub(start)..hit.span.end.saturating_sub(start).min(line.len()))
        .collect();
    spans.sort_by_key(|span| span.start);
    let mut masked = String::with_capacity(line.len());
    let mut at = 0;
    for span in spans {
        // A span inside a character would split it: widen to its borders, never narrow.
        let from = (0..=span.start.min(line.len())).rev().find(|&at| line.is_char_boundary(at)).unwrap_or(0);
        let to = (span.end..=line.len()).find(|&at| line.is_char_boundary(at)).unwrap_or(line.len());
        if to <= at {
            continue;
        }
        if from >= at {
            masked.push_str(line.get(at..from).unwrap_or(""));
            masked.push_str(Hit::MASK);
        }
        at = to;
    }
    masked.push_str(line.get(at..).unwrap_or(""));
    masked
}

/// The hash that stands for a secret.
///
/// Values of a known format are random and long: sixty bits name them and give nothing away. Values that people chose
/// could be guessed from a list, so of those only sixteen bits are told: enough to see a change, too few to confirm a guess.
pub(super) fn fingerprint(detector: &str, key: &[u8], secret: &[u8], guessable: bool) -> String {
    let mut hash = Sha256::new();
    hash.update(b"azward secret fingerprint 1\0");
    hash.update(detector.as_bytes());
    hash.update([0]);
    let name = key.to_ascii_lowercase();
    if guessable {
        hash.update(&name);
        hash.update([0]);
    }
    let mut value = Sha256::new();
    value.update(b"azward secret value 1\0");
    value.update(secret);
    let value = value.finalize();
    hash.update(value.get(..if guessable { 2 } else { 32 }).unwrap_or_default());
    let digest = hash.finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The public part of a value and its length.
pub(super) fn redact(public: &str, secret: &[u8]) -> String {
    let length = secret.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    format!("{public}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(span: Range<usize>) -> Hit {
        Hit {
            detector: "x".into(),
            severity: Severity::High,
            confidence: Confidence::Strong,
            span,
            key: None,
            redacted: String::new(),
            fingerprint: String::new(),
            message: String::new(),
            decoded: Vec::new(),
            rank: 0,
        }
    }

    #[test]
    fn masks_every_secret_of_a_line_and_overlaps_once() {
        assert_eq!(mask_line("a=one b=two", 100, &[hit(102..105), hit(108..111)]), "a=*** b=***");
        assert_eq!(mask_line("a=onetwo", 0, &[hit(2..6), hit(4..8)]), "a=***");
        assert_eq!(mask_line("middle", 50, &[hit(0..500)]), "***");
        assert_eq!(mask_line("é=é!", 0, &[hit(4..5)]), "é=***!");
        assert_eq!(mask_line("nothing", 0, &[hit(7..9)]), "nothing");
    }

    #[test]
    fn fingerprints_name_the_value_and_not_the_place() {
        let one = fingerprint("d", b"Key", b"value", false);
        assert_eq!(one, fingerprint("d", b"other", b"value", false));
        assert_ne!(one, fingerprint("d", b"Key", b"valuf", false));
        assert_eq!(one.len(), 16);
    }
}
