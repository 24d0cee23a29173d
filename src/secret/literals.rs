//! Hundreds of literals in one pass.
//!
//! Every few positions the next bytes are looked up in small tables (they stay in the first cache). A literal of seven bytes or
//! more is entered with four of its quadruples in a row, so that looking at every fourth position meets one of them; one of
//! five or six with two, for every second position; one of four with its two triples. So a stray hit is rare, and the number
//! of literals costs next to nothing. Literals of three bytes are searched by SIMD: by a byte that is rare in itself, or one by one.
#![expect(clippy::indexing_slicing, reason = "hot loop; a hash indexes a table of its own size; fuzzed by `secrets`")]

use std::ops::Range;

use memchr::memmem::Finder;

/// Bits of a hash.
const BITS: u32 = 15;
const SLOTS: usize = 1 << BITS;
/// Bytes that are rare by themselves.
const RARE: [u8; 4] = *b"~%\\$";

/// A searcher for up to a few thousand literals.
#[derive(Debug)]
pub(super) struct Literals {
    texts: Vec<Vec<u8>>,
    /// For each hash of four bytes at which positions it counts: bit 0 at every fourth, bit 1 at every second; bit 2: of three
    /// bytes, at every second.
    table: Box<[u8; SLOTS]>,
    /// Where the literals of each hash begin in `entries`.
    first: Box<[u16]>,
    entries: Vec<Entry>,
    /// Literals of three bytes with a rare one, where it stands, and all three.
    rare: [Vec<(u16, usize, [u8; 3])>; 4],
    short: Vec<(Finder<'static>, u16)>,
}

/// A few bytes of a literal.
#[derive(Clone, Copy, Debug)]
struct Entry {
    slot: u16,
    literal: u16,
    /// The bytes, and which of them count.
    gram: u32,
    mask: u32,
    /// Where in the literal they stand.
    offset: u8,
    /// Of which position they answer: a mask of the position's low bits that must be zero.
    aligned: u8,
}

const THREE: u32 = 0x00FF_FFFF;

const fn hash(gram: u32) -> usize {
    (gram.wrapping_mul(0x9E37_79B1) >> (32 - BITS)) as usize
}

impl Literals {
    /// A searcher for `literals`; a found literal is told by its index. Literals of less than three bytes are never found.
    pub(super) fn new(literals: &[Vec<u8>]) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut table = Box::new([0u8; SLOTS]);
        let mut rare: [Vec<(u16, usize, [u8; 3])>; 4] = Default::default();
        let mut short = Vec::new();
        for (at, text) in literals.iter().enumerate() {
            let Ok(literal) = u16::try_from(at) else { break };
            if let &[a, b, c] = text.as_slice()
                && let Some((slot, offset)) = RARE.iter().enumerate().find_map(|(slot, byte)| Some((slot, memchr::memchr(*byte, text)?)))
            {
                rare[slot].push((literal, offset, [a, b, c]));
                continue;
            }
            let (stride, length, bit) = match text.len() {
                ..3 => continue,
                3 => {
                    short.push((Finder::new(text).into_owned(), literal));
                    continue;
                }
                4 => (2, 3, 4),
                5..7 => (2, 4, 2),
                _ => (4, 4, 1),
            };
            let grams: Vec<&[u8]> = text.windows(length).take(60).collect();
            let rarest = grams.windows(stride).enumerate().min_by_key(|(_, row)| row.iter().map(|gram| cost(gram)).sum::<u32>());
            let Some((from, row)) = rarest else { continue };
            for (offset, bytes) in row.iter().enumerate() {
                let gram = bytes.iter().rev().fold(0, |gram, &byte| gram << 8 | u32::from(byte));
                let slot = hash(gram);
                table[slot] |= bit;
                let (Ok(offset), Ok(aligned), Ok(slot)) = (u8::try_from(from + offset), u8::try_from(stride - 1), u16::try_from(slot))
                else {
                    continue;
                };
                let mask = if length == 3 { THREE } else { u32::MAX };
                entries.push(Entry { slot, literal, gram, mask, offset, aligned });
            }
        }
        entries.sort_by_key(|entry| (entry.slot, entry.literal, entry.offset));
        let mut first = vec![0u16; SLOTS + 1];
        for entry in &entries {
            first[usize::from(entry.slot) + 1] += 1;
        }
        for slot in 0..SLOTS {
            first[slot + 1] += first[slot];
        }
        Self { texts: literals.to_vec(), table, first: first.into_boxed_slice(), entries, rare, short }
    }

    /// Calls `found(literal, start, end)` for the literals that start in `from..to`, pass by pass.
    pub(super) fn each(&self, bytes: &[u8], from: usize, to: usize, mut found: impl FnMut(u16, usize, usize)) {
        let to = to.min(bytes.len());
        if from >= to {
            return;
        }
        // What is looked for may stand behind the start of its literal.
        let reach = bytes.len().min(to.saturating_add(64));
        self.short(bytes, from..to, reach, &mut found);
        // Blocks begin at multiples of four, so that each place in a block has its own alignment.
        let mut at = from & !3;
        let table = &*self.table;
        while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()).filter(|_| at < reach) {
            let block = u64::from_le_bytes(*block);
            #[expect(clippy::cast_possible_truncation, reason = "the bytes that are wanted are the low ones")]
            let (low, high) = (block as u32, (block >> 16) as u32);
            let four = table[hash(low)] & 3;
            let three = table[hash(low & THREE)] & 4;
            let later = table[hash(high)] & 2;
            let last = table[hash(high & THREE)] & 4;
            if four | three | later | last != 0 {
                for (awake, at, gram, mask) in [
                    (four, at, low, u32::MAX),
                    (three, at, low & THREE, THREE),
                    (later, at + 2, high, u32::MAX),
                    (last, at + 2, high & THREE, THREE),
                ] {
                    if awake != 0 {
                        self.compare(bytes, gram, mask, at, from..to, &mut found);
                    }
                }
            }
            at += 4;
        }
        while at < reach {
            let rest = bytes.get(at..).unwrap_or_default();
            let gram = rest.iter().take(4).rev().fold(0, |gram, &byte| gram << 8 | u32::from(byte));
            if rest.len() >= 4 {
                self.compare(bytes, gram, u32::MAX, at, from..to, &mut found);
            }
            if rest.len() >= 3 {
                self.compare(bytes, gram & THREE, THREE, at, from..to, &mut found);
            }
            at += 1;
        }
    }

    /// Compares the literals that hold these bytes, which stand at `at`.
    #[inline(never)]
    fn compare(&self, bytes: &[u8], gram: u32, mask: u32, at: usize, range: Range<usize>, found: &mut impl FnMut(u16, usize, usize)) {
        let slot = hash(gram);
        for entry in &self.entries[usize::from(self.first[slot])..usize::from(self.first[slot + 1])] {
            if entry.gram != gram || entry.mask != mask || at & usize::from(entry.aligned) != 0 {
                continue;
            }
            self.tell(bytes, entry.literal, at.checked_sub(usize::from(entry.offset)), &range, found);
        }
    }

    fn tell(&self, bytes: &[u8], literal: u16, start: Option<usize>, range: &Range<usize>, found: &mut impl FnMut(u16, usize, usize)) {
        let Some(start) = start.filter(|start| range.contains(start)) else { return };
        let text = &self.texts[usize::from(literal)];
        let end = start + text.len();
        // The ends first: of what holds these few bytes by chance, most differ there.
        if end <= bytes.len() && bytes[start] == text[0] && bytes[end - 1] == text[text.len() - 1] && bytes[start..end] == **text {
            found(literal, start, end);
        }
    }

    /// Literals of three bytes, and those with a rare byte.
    fn short(&self, bytes: &[u8], range: Range<usize>, reach: usize, found: &mut impl FnMut(u16, usize, usize)) {
        let window = &bytes[range.start..reach];
        let [a, b, c, d] = RARE;
        let mut rare = |at: usize, slot: usize| {
            for &(literal, offset, text) in &self.rare[slot] {
                let Some(start) = (range.start + at).checked_sub(offset).filter(|start| range.contains(start)) else { continue };
                if bytes[start..].first_chunk() == Some(&text) {
                    found(literal, start, start + text.len());
                }
            }
        };
        for at in memchr::memchr3_iter(a, b, c, window) {
            rare(at, RARE.iter().position(|&byte| byte == window[at]).unwrap_or_default());
        }
        for at in memchr::memchr_iter(d, window) {
            rare(at, 3);
        }
        for (finder, literal) in &self.short {
            for at in finder.find_iter(window) {
                self.tell(bytes, *literal, Some(range.start + at), &range, found);
            }
        }
    }
}

/// Parts of words that logs and programs are full of.
const COMMON: &[&str] = &[
    "use", "ser", "ass", "wor", "aut", "uth", "api", "app", "htt", "HTT", "TTP", "://", "/v1", "win", "dow", "cac", "ach", "com", "ken",
    "tok", "\":", "err", "inf", "con", "ess", "ion", "the", "ult", "acc", "net", "new", "str", "get", "set", "cod", "res", "pro", " un",
    " in",
];

/// How common these bytes are in ordinary text, each by itself; more where they make a common word.
fn cost(gram: &[u8]) -> u32 {
    let common = |byte: u8| -> u32 {
        match byte {
            b'e' | b't' | b'a' | b'o' | b'n' | b'i' | b's' | b'r' | b' ' => 10,
            b'a'..=b'z' => 5,
            b'"' | b'.' | b'/' | b'-' | b'0'..=b'9' | b':' | b'_' => 6,
            b'A'..=b'Z' | b'=' => 2,
            _ => 1,
        }
    };
    let words = if COMMON.iter().any(|word| memchr::memmem::find(gram, word.as_bytes()).is_some()) { 10_000 } else { 0 };
    gram.iter().map(|&byte| common(byte)).product::<u32>() + words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(literals: &[Vec<u8>], text: &[u8], from: usize, to: usize) -> Vec<(usize, u16)> {
        let mut hits = Vec::new();
        Literals::new(literals).each(text, from, to, |id, start, _| hits.push((start, id)));
        hits.sort_unstable();
        hits
    }

    #[test]
    fn finds_many_literals_also_where_they_overlap() {
        let mut literals: Vec<Vec<u8>> = (0..150).map(|n| format!("lit{n:03}_").into_bytes()).collect();
        literals.extend([b"8Q~".to_vec(), b"://".to_vec(), b"%3D".to_vec(), b"t003_ y".to_vec()]);
        let text = b"xx lit003_ yy lit149_lit077_ 8Q~ a://b%3D";
        let all = [(3, 3), (5, 153), (14, 149), (21, 77), (29, 150), (34, 151), (38, 152)];
        assert_eq!(found(&literals, text, 0, text.len()), all);
    }

    #[test]
    fn only_starts_within_the_range_are_told() {
        let literals = vec![b"needle".to_vec()];
        assert_eq!(found(&literals, b"needle needle", 1, 7), []);
        assert_eq!(found(&literals, b"needle needle", 1, 8), [(7, 0)]);
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_search_finds(text in "[abc%]{0,80}", from in 0usize..20, to in 0usize..80) {
            let literals: Vec<Vec<u8>> = ["abc", "aab", "abca", "bcabc", "aabbcc", "cabcabca", "caba", "bbbbb", "a%b"].iter().map(|text| text.as_bytes().to_vec()).collect();
            let to = to.min(text.len());
            let mut plain: Vec<(usize, u16)> = Vec::new();
            for start in from..to {
                for (id, literal) in literals.iter().enumerate() {
                    if text.as_bytes()[start..].starts_with(literal) {
                        plain.push((start, u16::try_from(id).unwrap()));
                    }
                }
            }
            prop_assert_eq!(found(&literals, text.as_bytes(), from, to), plain);
        }
    }
}
