//! Which bytes wake which detector.

use std::{collections::HashMap, sync::OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{detector::Detector, literals::Literals};

/// What a literal wakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A detector's pattern.
    Detector(u16),
    /// A part of a name of a secret: `assw`, `ecret`.
    Stem,
    /// `://`.
    Url,
    /// `uthorization`.
    Authorization,
    /// `curl`.
    Curl,
    /// An escape of JSON: `\u00`.
    JsonEscape,
    /// An escape of URLs: `%3D`.
    PercentEscape,
}

/// Stems of names whose values may be short: at least three bytes, rare enough in prose.
const STEMS: &[&str] = &[
    "assw",
    "ASSW",
    "assW",
    "assph",
    "ASSPH",
    "assPh",
    "ecret",
    "ECRET",
    "pass=",
    "pass:",
    "pass\"",
    "pass'",
    "PASS=",
    "PASS:",
    "PASS\"",
    "PASS'",
    "Pass=",
    "pass =",
    "PASS =",
    "redential",
    "REDENTIAL",
];

/// All triggers of a set of detectors.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) literals: Literals,
    pub(super) targets: Vec<Vec<Target>>,
    prefixes: HashMap<[u8; 3], Vec<(Vec<u8>, u16)>>,
    /// One bit for each hash of three bytes: says quickly that no prefix begins here.
    bloom: Box<[u64; 1024]>,
    signatures: HashMap<[u8; 4], u16>,
    annotated: HashMap<String, u16>,
    names: OnceLock<Option<AhoCorasick>>,
    name_list: Vec<(String, u16)>,
}

impl Index {
    pub(super) fn new(detectors: &[Detector]) -> Self {
        let mut wanted: Vec<(Vec<u8>, Target)> = Vec::new();
        let mut prefixes: HashMap<[u8; 3], Vec<(Vec<u8>, u16)>> = HashMap::new();
        let mut bloom = Box::new([0u64; 1024]);
        let mut signatures = HashMap::new();
        let mut annotated = HashMap::new();
        let mut name_list = Vec::new();
        for (at, detector) in detectors.iter().enumerate() {
            let Ok(id) = u16::try_from(at) else { break };
            wanted.extend(detector.literals.iter().map(|literal| (literal.clone().into_bytes(), Target::Detector(id))));
            for prefix in &detector.prefixes {
                let Some(head) = prefix.as_bytes().first_chunk::<3>() else { continue };
                prefixes.entry(*head).or_default().push((prefix.clone().into_bytes(), id));
                let hash = hash(*head);
                if let Some(word) = bloom.get_mut(usize::from(hash >> 6)) {
                    *word |= 1 << (hash & 63);
                }
            }
            for signature in &detector.signatures {
                if let Some(head) = signature.as_bytes().first_chunk::<4>() {
                    signatures.insert(*head, id);
                }
            }
            annotated.extend(detector.annotated.iter().map(|provider| (provider.clone(), id)));
            name_list.extend(detector.names.iter().map(|name| (name.clone(), id)));
        }
        // Three bytes alone are found in every hash and word: they count where the name may end or go on.
        for stem in ["pwd", "PWD", "Pwd"] {
            let next = "=:\"' \t\\])>,(_-0123456789";
            wanted.extend(next.chars().map(|next| (format!("{stem}{next}").into_bytes(), Target::Stem)));
        }
        wanted.extend(STEMS.iter().map(|stem| (stem.as_bytes().to_vec(), Target::Stem)));
        let fixed: [(&str, Target); 10] = [
            ("://", Target::Url),
            ("uthorization", Target::Authorization),
            ("UTHORIZATION", Target::Authorization),
            ("curl ", Target::Curl),
            ("\\u00", Target::JsonEscape),
            ("%3D", Target::PercentEscape),
            ("%3d", Target::PercentEscape),
            ("%2B", Target::PercentEscape),
            ("%22", Target::PercentEscape),
            ("%3A", Target::PercentEscape),
        ];
        wanted.extend(fixed.iter().map(|(literal, target)| (literal.as_bytes().to_vec(), *target)));
        wanted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut literals: Vec<Vec<u8>> = Vec::new();
        let mut targets: Vec<Vec<Target>> = Vec::new();
        for (literal, target) in wanted {
            if literals.last() == Some(&literal) {
                if let Some(last) = targets.last_mut() {
                    last.push(target);
                }
            } else {
                literals.push(literal);
                targets.push(vec![target]);
            }
        }
        for list in prefixes.values_mut() {
            // The longest prefix first: `github_pat_` before `git`.
            list.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        }
        Self { literals: Literals::new(&literals), targets, prefixes, bloom, signatures, annotated, names: OnceLock::new(), name_list }
    }

    /// Whether some prefix may begin with these three bytes.
    pub(super) fn may_begin(&self, head: [u8; 3]) -> bool {
        let hash = hash(head);
        self.bloom.get(usize::from(hash >> 6)).is_some_and(|word| word & (1 << (hash & 63)) != 0)
    }

    /// The detectors whose prefix `text` begins with, longest prefix first.
    pub(super) fn beginning<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (&'a [u8], u16)> {
        let list = text.first_chunk::<3>().and_then(|head| self.prefixes.get(head));
        list.into_iter().flatten().filter(|(prefix, _)| text.starts_with(prefix)).map(|(prefix, id)| (prefix.as_slice(), *id))
    }

    /// The detector of keys with this signature.
    pub(super) fn signature(&self, text: &[u8]) -> Option<u16> {
        text.first_chunk::<4>().and_then(|head| self.signatures.get(head)).copied()
    }

    /// The detector of common annotated keys of this provider.
    pub(super) fn annotated(&self, provider: &[u8]) -> Option<u16> {
        let named = std::str::from_utf8(provider).ok().and_then(|provider| self.annotated.get(provider));
        named.or_else(|| self.annotated.get("*")).copied()
    }

    /// The detectors whose name stands in `text`, the last name first.
    pub(super) fn named(&self, text: &[u8]) -> Vec<u16> {
        let names = self.names.get_or_init(|| {
            let list = self.name_list.iter().map(|(name, _)| name.as_bytes());
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(list).ok()
        });
        let Some(names) = names.as_ref().filter(|_| !self.name_list.is_empty()) else { return Vec::new() };
        let mut found: Vec<u16> = Vec::new();
        for hit in names.find_overlapping_iter(text) {
            // A name begins a word: `box` is not in `inbox`.
            let begins = hit.start() == 0
                || text
                    .get(hit.start() - 1)
                    .is_some_and(|byte| !byte.is_ascii_lowercase() || text.get(hit.start()).is_some_and(u8::is_ascii_uppercase));
            if begins && let Some((_, id)) = self.name_list.get(hit.pattern().as_usize()) {
                found.push(*id);
            }
        }
        found.reverse();
        found
    }
}

const fn hash(head: [u8; 3]) -> u16 {
    let [a, b, c] = head;
    let number = (a as u32) | (b as u32) << 8 | (c as u32) << 16;
    (number.wrapping_mul(0x9E37_79B1) >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::catalogue;

    #[test]
    fn prefixes_names_and_signatures_are_found() {
        let text = "vendor: X\ndetectors:\n- {id: a, title: A, severity: high, prefix: [ghp_], match: 'ghp_x'}\n- {id: b, title: B, severity: high, name: [box], match: 'x'}\n";
        let index = Index::new(&catalogue::read("t.yaml", text).unwrap());
        assert!(index.may_begin(*b"ghp"));
        assert_eq!(index.beginning(b"ghp_abc").map(|(_, id)| id).collect::<Vec<_>>(), [0]);
        assert_eq!(index.named(b"BOX_TOKEN"), [1]);
        assert_eq!(index.named(b"inbox"), Vec::<u16>::new());
    }
}
