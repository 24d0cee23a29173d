//! Finds long runs of token bytes without looking at most bytes.
//!
//! A run of [`MIN`] bytes must cover one of any [`MIN`] neighbouring positions, so the search looks at every
//! [`MIN`]th byte and walks back from there: where it meets a byte that ends a run, everything before is settled.
//! In ordinary text it touches about a third of the bytes.
#![expect(clippy::indexing_slicing, reason = "hot loop; every index is below `to`, which is clamped to the length; fuzzed by `secrets`")]

use super::class::{self, RUN};

/// Shortest run that is told.
pub(super) const MIN: usize = 16;

/// Calls `found(start, end)` for each maximal run of at least [`MIN`] token bytes within `from..to`,
/// as long as they begin before `stop`.
/// Runs are cut at the borders of the range: give a range that ends at bytes of your own choosing.
pub(super) fn each(bytes: &[u8], from: usize, stop: usize, to: usize, mut found: impl FnMut(usize, usize)) {
    let to = to.min(bytes.len());
    // The run under inspection starts at or after `base`; bytes `base..known` are token bytes.
    let mut base = from;
    let mut known = from;
    loop {
        if base >= stop {
            return;
        }
        let Some(probe) = base.checked_add(MIN - 1).filter(|&probe| probe < to) else { return };
        let mut at = probe;
        while at >= known && class::is(bytes[at], RUN) {
            if at == 0 {
                break;
            }
            at -= 1;
        }
        let whole = at < known || (at == 0 && class::is(bytes[0], RUN));
        if whole {
            let mut end = probe + 1;
            while end < to && class::is(bytes[end], RUN) {
                end += 1;
            }
            found(base, end);
            base = end + 1;
            known = base;
        } else {
            base = at + 1;
            known = probe + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn skipping(bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut runs = Vec::new();
        each(bytes, 0, bytes.len(), bytes.len(), |start, end| runs.push((start, end)));
        runs
    }

    fn plainly(bytes: &[u8]) -> Vec<(usize, usize)> {
        let mut runs = Vec::new();
        let mut start = 0;
        for at in 0..=bytes.len() {
            if at == bytes.len() || !class::is(bytes[at], RUN) {
                if at - start >= MIN {
                    runs.push((start, at));
                }
                start = at + 1;
            }
        }
        runs
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_walk_finds(text in "([a-z]{1,40}[ .=]{1,3}){0,12}[a-zA-Z0-9/+_-]{0,40}") {
            prop_assert_eq!(skipping(text.as_bytes()), plainly(text.as_bytes()));
        }
    }
}
