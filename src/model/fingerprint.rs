//! Line hashes as GitHub code scanning computes them for `primaryLocationLineHash`.
//!
//! The hash of a line is a rolling base-37 polynomial over the 100 characters that follow the line's
//! start, spaces and tabs left out, every line ending read as `\n`. Characters are UTF-16 code units;
//! an end marker of `0xFFFF` follows the last one and zeroes pad the rest. The number after the colon
//! counts the lines so far with the same hash.
//! Source: github/codeql-action, `src/fingerprints.ts`, whose published vectors are the tests below.

use std::collections::HashMap;

const WINDOW: usize = 100;
const BASE: u64 = 37;
const END_OF_FILE: u16 = u16::MAX;

/// One fingerprint for each line of `text`, first line first.
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut rolling = Rolling::new();
    let mut starts_line = true;
    let mut after_cr = false;
    for unit in text.encode_utf16().chain([END_OF_FILE]) {
        let second_half_of_crlf = after_cr && unit == u16::from(b'\n');
        if unit == u16::from(b' ') || unit == u16::from(b'\t') || second_half_of_crlf {
            after_cr = false;
            continue;
        }
        after_cr = unit == u16::from(b'\r');
        let unit = if after_cr { u16::from(b'\n') } else { unit };
        rolling.push(u64::from(unit), starts_line);
        starts_line = unit == u16::from(b'\n');
    }
    for _ in 0..WINDOW {
        rolling.push(0, false);
    }
    rolling.lines
}

struct Rolling {
    /// `BASE` to the power of `WINDOW`: takes the leaving character out again.
    leaving_factor: u64,
    window: [(u64, bool); WINDOW],
    at: usize,
    hash: u64,
    seen: HashMap<u64, u32>,
    lines: Vec<String>,
}

impl Rolling {
    fn new() -> Self {
        let leaving_factor = (0..WINDOW).fold(1u64, |power, _| power.wrapping_mul(BASE));
        Self { leaving_factor, window: [(0, false); WINDOW], at: 0, hash: 0, seen: HashMap::new(), lines: Vec::new() }
    }

    fn push(&mut self, unit: u64, starts_line: bool) {
        let Some(slot) = self.window.get_mut(self.at) else { return };
        let (leaving, line_is_complete) = std::mem::replace(slot, (unit, starts_line));
        if line_is_complete {
            let count = self.seen.entry(self.hash).or_default();
            *count += 1;
            self.lines.push(format!("{:x}:{count}", self.hash));
        }
        self.hash = BASE.wrapping_mul(self.hash).wrapping_add(unit).wrapping_sub(self.leaving_factor.wrapping_mul(leaving));
        self.at = (self.at + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::line_hashes;

    #[test]
    fn matches_the_vectors_of_codeql_action() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        let mixed = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        for text in [
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
        ] {
            assert_eq!(line_hashes(text), mixed);
        }
        let repeated = line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        assert_eq!(repeated.iter().filter(|hash| hash.starts_with("a7f2ff13bc495cf2:")).count(), 6);
        assert_eq!(repeated.last().map(String::as_str), Some("c129715d7a2bc9a3:1"));
    }
}
