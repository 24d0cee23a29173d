//! Many literals in one pass, with SIMD where the machine has it.

use aho_corasick::{
    AhoCorasick, AhoCorasickKind, MatchKind,
    packed::{self, Searcher},
};

/// A searcher for up to a few hundred literals. Each group of literals is one pass.
#[derive(Debug)]
pub(super) struct Literals {
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    searcher: Engine,
    ids: Vec<u16>,
}

#[derive(Debug)]
enum Engine {
    Packed(Searcher),
    Automaton(Box<AhoCorasick>),
}

impl Literals {
    /// As many as one SIMD pass takes; more make too many false candidates.
    const GROUP: usize = 64;

    /// A searcher for `literals`; a found literal is told by its index.
    pub(super) fn new(literals: &[Vec<u8>]) -> Self {
        let mut order: Vec<u16> = (0..literals.len()).filter_map(|at| u16::try_from(at).ok()).collect();
        let text = |id: u16| literals.get(usize::from(id)).map_or(&[][..], Vec::as_slice);
        // Literals that begin alike share a bucket and cost one candidate. The shortest of a group says how many bytes are
        // compared at once, so literals of three bytes have groups of their own.
        order.sort_by(|a, b| (text(*a).len() > 3).cmp(&(text(*b).len() > 3)).then_with(|| text(*a).cmp(text(*b))));
        let short = order.partition_point(|&id| text(id).len() <= 3);
        let (short, long) = order.split_at(short);
        let groups = short.chunks(Self::GROUP).chain(long.chunks(Self::GROUP)).map(|ids| {
            let packed = packed::Config::new().heuristic_pattern_limits(false).builder().extend(ids.iter().map(|&id| text(id))).build();
            let searcher = packed.map(Engine::Packed).or_else(|| {
                let automaton = AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostFirst)
                    .kind(Some(AhoCorasickKind::ContiguousNFA))
                    .build(ids.iter().map(|&id| text(id)));
                automaton.ok().map(|automaton| Engine::Automaton(Box::new(automaton)))
            });
            searcher.map(|searcher| Group { searcher, ids: ids.to_vec() })
        });
        Self { groups: groups.flatten().collect() }
    }

    /// Calls `found(literal, start, end)` for the literals that start in `from..to`, group by group.
    /// Of literals that overlap each other within one group, the later one may be left out.
    pub(super) fn each(&self, bytes: &[u8], from: usize, to: usize, mut found: impl FnMut(u16, usize, usize)) {
        let to = to.min(bytes.len());
        for group in &self.groups {
            let mut at = from;
            while at < to {
                let hit = match &group.searcher {
                    Engine::Packed(searcher) => searcher.find_in(bytes, aho_corasick::Span { start: at, end: bytes.len().min(to + 64) }),
                    Engine::Automaton(automaton) => automaton.find(aho_corasick::Input::new(bytes).span(at..bytes.len().min(to + 64))),
                };
                let Some(hit) = hit.filter(|hit| hit.start() < to) else { break };
                if let Some(&id) = group.ids.get(hit.pattern().as_usize()) {
                    found(id, hit.start(), hit.end());
                }
                at = hit.end().max(at + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_literals_of_all_groups() {
        let literals: Vec<Vec<u8>> = (0..150).map(|n| format!("lit{n:03}_").into_bytes()).collect();
        let text = b"xx lit003_ yy lit149_lit077_".to_vec();
        let mut hits = Vec::new();
        Literals::new(&literals).each(&text, 0, text.len(), |id, start, _| hits.push((start, id)));
        hits.sort_unstable();
        assert_eq!(hits, [(3, 3), (14, 149), (21, 77)]);
    }

    #[test]
    fn only_starts_within_the_range_are_told() {
        let literals = vec![b"needle".to_vec()];
        let mut hits = 0;
        let searcher = Literals::new(&literals);
        searcher.each(b"needle needle", 1, 7, |_, _, _| hits += 1);
        assert_eq!(hits, 0);
        searcher.each(b"needle needle", 1, 8, |_, _, _| hits += 1);
        assert_eq!(hits, 1);
    }
}
