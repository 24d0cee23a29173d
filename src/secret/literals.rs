//! Many literals in few passes, with SIMD where the machine has it.
//!
//! One SIMD search finds a few dozen texts of four bytes well and two hundred badly. So each literal is anchored at
//! four of its bytes, chosen so that many literals share few anchors and anchors are rare in ordinary text: `Key=` stands
//! for every literal that holds it. Where an anchor is found, its literals are compared. What is shorter, or has a byte that
//! is rare by itself (`~`, `%`, `\`), is found by that byte or by a search of its own.

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{
    AhoCorasick, AhoCorasickKind, MatchKind, Span,
    packed::{self, Searcher},
};
use memchr::memmem::Finder;

/// A searcher for up to a few hundred literals.
#[derive(Debug)]
pub(super) struct Literals {
    texts: Vec<Vec<u8>>,
    /// Literals with a rare byte.
    rare: Rare,
    /// Literals of three bytes.
    short: Vec<(Finder<'static>, u16)>,
    groups: Vec<Group>,
}

/// Searches for anchors of [`ANCHOR`] bytes.
#[derive(Debug)]
struct Group {
    engine: Engine,
    /// For each anchor the literals that hold it, and where.
    literals: Vec<Vec<(u16, usize)>>,
}

#[derive(Debug)]
enum Engine {
    Packed(Searcher),
    Automaton(Box<AhoCorasick>),
}

/// The three bytes that are rare by themselves, and which literals hold them where.
#[derive(Debug, Default)]
struct Rare {
    literals: [Vec<(u16, usize)>; 3],
}

const RARE: [u8; 3] = [b'~', b'%', b'\\'];
/// Bytes of an anchor: as many as the SIMD search compares at once.
const ANCHOR: usize = 4;

impl Literals {
    /// As many anchors as one SIMD pass takes; more make too many false candidates.
    const GROUP: usize = 64;

    /// A searcher for `literals`; a found literal is told by its index.
    pub(super) fn new(literals: &[Vec<u8>]) -> Self {
        let mut rare = Rare::default();
        let mut short = Vec::new();
        let mut long = Vec::new();
        for (at, text) in literals.iter().enumerate() {
            let Ok(id) = u16::try_from(at) else { break };
            let byte = RARE.iter().enumerate().find_map(|(slot, byte)| Some((slot, memchr::memchr(*byte, text)?)));
            match byte {
                Some((slot, offset)) => {
                    if let Some(list) = rare.literals.get_mut(slot) {
                        list.push((id, offset));
                    }
                }
                None if text.len() < ANCHOR => short.push((Finder::new(text).into_owned(), id)),
                None => long.push(id),
            }
        }
        let text = |id: u16| literals.get(usize::from(id)).map_or(&[][..], Vec::as_slice);
        let anchors = anchors(&long, text);
        let groups = anchors.chunks(Self::GROUP).filter_map(|anchors| {
            let texts = anchors.iter().map(|(anchor, _)| anchor.as_slice());
            let packed = packed::Config::new().heuristic_pattern_limits(false).builder().extend(texts.clone()).build();
            let engine = packed.map(Engine::Packed).or_else(|| {
                let automaton =
                    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).kind(Some(AhoCorasickKind::ContiguousNFA)).build(texts);
                automaton.ok().map(|automaton| Engine::Automaton(Box::new(automaton)))
            });
            engine.map(|engine| Group { engine, literals: anchors.iter().map(|(_, literals)| literals.clone()).collect() })
        });
        Self { groups: groups.collect(), texts: literals.to_vec(), rare, short }
    }

    /// Calls `found(literal, start, end)` for the literals that start in `from..to`, pass by pass.
    pub(super) fn each(&self, bytes: &[u8], from: usize, to: usize, mut found: impl FnMut(u16, usize, usize)) {
        let to = to.min(bytes.len());
        if from >= to {
            return;
        }
        // An anchor may stand behind the start of its literal.
        let reach = bytes.len().min(to.saturating_add(64));
        let mut compare = |literals: &[(u16, usize)], at: usize| {
            for &(id, offset) in literals {
                let Some(start) = at.checked_sub(offset).filter(|start| (from..to).contains(start)) else { continue };
                let text = self.texts.get(usize::from(id)).map_or(&[][..], Vec::as_slice);
                if bytes.get(start..).is_some_and(|rest| rest.starts_with(text)) {
                    found(id, start, start + text.len());
                }
            }
        };
        let window = bytes.get(from..reach).unwrap_or_default();
        let [a, b, c] = RARE;
        for at in memchr::memchr3_iter(a, b, c, window) {
            let slot = window.get(at).and_then(|byte| RARE.iter().position(|rare| rare == byte));
            if let Some(literals) = slot.and_then(|slot| self.rare.literals.get(slot)) {
                compare(literals, from + at);
            }
        }
        for (finder, id) in &self.short {
            for at in finder.find_iter(window) {
                compare(&[(*id, 0)], from + at);
            }
        }
        for group in &self.groups {
            let mut at = from;
            while at < reach {
                let hit = match &group.engine {
                    Engine::Packed(searcher) => searcher.find_in(bytes, Span { start: at, end: reach }),
                    Engine::Automaton(automaton) => automaton.find(aho_corasick::Input::new(bytes).span(at..reach)),
                };
                let Some(hit) = hit else { break };
                if let Some(literals) = group.literals.get(hit.pattern().as_usize()) {
                    compare(literals, hit.start());
                }
                at = hit.start() + 1;
            }
        }
    }
}

/// Few anchors that cover all literals: the cheapest for what it covers comes first.
fn anchors<'a>(literals: &[u16], text: impl Fn(u16) -> &'a [u8]) -> Vec<([u8; ANCHOR], Vec<(u16, usize)>)> {
    let mut holders: BTreeMap<[u8; ANCHOR], HashMap<u16, usize>> = BTreeMap::new();
    for &id in literals {
        // Literals may be long; the search looks no further ahead than this.
        for (offset, window) in text(id).windows(ANCHOR).enumerate().take(48) {
            if let Some(anchor) = window.first_chunk::<ANCHOR>() {
                holders.entry(*anchor).or_default().entry(id).or_insert(offset);
            }
        }
    }
    let mut chosen = Vec::new();
    while let Some((anchor, _)) = holders
        .iter()
        .filter(|(_, covered)| !covered.is_empty())
        .map(|(anchor, covered)| (*anchor, cost(anchor) / covered.len() as u64))
        .min_by_key(|(anchor, cost)| (*cost, *anchor))
    {
        let mut covered: Vec<(u16, usize)> = holders.remove(&anchor).unwrap_or_default().into_iter().collect();
        covered.sort_unstable();
        for (id, _) in &covered {
            for others in holders.values_mut() {
                others.remove(id);
            }
        }
        chosen.push((anchor, covered));
    }
    // Anchors that begin alike share a bucket of the search and cost one candidate.
    chosen.sort();
    chosen
}

/// What an anchor costs: its place in the search, and how often ordinary text has it (by how common each of its bytes is).
fn cost(anchor: &[u8; ANCHOR]) -> u64 {
    let common = |byte: u8| -> u64 {
        match byte {
            b'e' | b't' | b'a' | b'o' | b'n' | b'i' | b's' | b'r' | b' ' => 10,
            b'a'..=b'z' => 5,
            b'"' | b'.' | b'/' | b'-' | b'0'..=b'9' | b'=' | b':' | b'_' => 4,
            b'A'..=b'Z' => 2,
            _ => 1,
        }
    };
    2_000 + anchor.iter().map(|&byte| common(byte)).product::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(literals: &[Vec<u8>], text: &[u8], from: usize, to: usize) -> Vec<(usize, u16)> {
        let mut hits = Vec::new();
        Literals::new(literals).each(text, from, to, |id, start, _| hits.push((start, id)));
        hits.sort_unstable();
        hits
    }

    #[test]
    fn finds_literals_of_all_kinds_and_groups() {
        let mut literals: Vec<Vec<u8>> = (0..150).map(|n| format!("lit{n:03}_").into_bytes()).collect();
        literals.extend([b"8Q~".to_vec(), b"://".to_vec(), b"%3D".to_vec(), b"t003_ y".to_vec()]);
        let text = b"xx lit003_ yy lit149_lit077_ 8Q~ a://b%3D";
        let all = [(3, 3), (6, 153), (14, 149), (21, 77), (29, 150), (34, 151), (38, 152)];
        assert_eq!(found(&literals, text, 0, text.len()), all);
    }

    #[test]
    fn only_starts_within_the_range_are_told() {
        let literals = vec![b"needle".to_vec(), b"n%".to_vec()];
        assert_eq!(found(&literals, b"needle needle n%", 1, 7), []);
        assert_eq!(found(&literals, b"needle needle n%", 1, 8), [(7, 0)]);
        assert_eq!(found(&literals, b"needle needle n%", 8, 16), [(14, 1)]);
    }

    #[test]
    fn few_anchors_cover_the_detectors() {
        let detectors = crate::secret::catalogue::builtin().unwrap();
        let literals: Vec<Vec<u8>> =
            detectors.iter().flat_map(|detector| &detector.literals).map(|literal| literal.clone().into_bytes()).collect();
        assert!(Literals::new(&literals).groups.len() <= 2);
    }
}
