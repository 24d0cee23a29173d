//! What a run of token bytes is made of, counted without a branch: in random text no branch can be foreseen.

/// How many of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Makeup {
    pub digits: usize,
    pub uppers: usize,
    pub lowers: usize,
    pub slashes: usize,
    pub dashes: usize,
    pub scores: usize,
    /// `+`, and whatever is no token byte.
    pub pluses: usize,
    /// Hexadecimal digits; they count among digits and letters too.
    pub hex: usize,
}

/// For each byte, eight counters of eight bits: digits, upper case, lower case, `/`, `-`, `_`, others, hexadecimal.
const COUNTERS: [u64; 256] = counters();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time; `byte` is below 256")]
const fn counters() -> [u64; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let c = byte as u8;
        let kind = match c {
            b'0'..=b'9' => 0,
            b'A'..=b'Z' => 1,
            b'a'..=b'z' => 2,
            b'/' => 3,
            b'-' => 4,
            b'_' => 5,
            _ => 6,
        };
        table[byte] = 1 << (kind * 8);
        if c.is_ascii_hexdigit() {
            table[byte] |= 1 << 56;
        }
        byte += 1;
    }
    table
}

impl Makeup {
    pub(super) fn of(run: &[u8]) -> Self {
        let mut makeup = Self::default();
        // A counter holds up to 255.
        for part in run.chunks(255) {
            let sum: u64 = part.iter().map(|&byte| COUNTERS.get(usize::from(byte)).copied().unwrap_or_default()).sum();
            let [digits, uppers, lowers, slashes, dashes, scores, pluses, hex] = sum.to_le_bytes();
            makeup.digits += usize::from(digits);
            makeup.uppers += usize::from(uppers);
            makeup.lowers += usize::from(lowers);
            makeup.slashes += usize::from(slashes);
            makeup.dashes += usize::from(dashes);
            makeup.scores += usize::from(scores);
            makeup.pluses += usize::from(pluses);
            makeup.hex += usize::from(hex);
        }
        makeup
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_kind_over_many_parts() {
        let run = "aF9/-_+".repeat(200);
        let each = 200;
        let expected =
            Makeup { digits: each, uppers: each, lowers: each, slashes: each, dashes: each, scores: each, pluses: each, hex: 3 * each };
        assert_eq!(Makeup::of(run.as_bytes()), expected);
    }
}
