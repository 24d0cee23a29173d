//! Finds long runs of token bytes, 64 bytes at a step.
//!
//! A step makes one bit for each byte (is it a token byte?). Shifting those bits over themselves leaves a bit wherever
//! [`MIN`] token bytes begin, so text without long runs costs no branch for a byte.

use super::class::{self, RUN};

/// Shortest run that is told.
pub(super) const MIN: usize = 16;

const STEP: usize = 64;

/// Calls `found(start, end)` for each maximal run of at least [`MIN`] token bytes within `from..to`,
/// as long as they begin before `stop`.
/// Runs are cut at the borders of the range: give a range that ends at bytes of your own choosing.
pub(super) fn each(bytes: &[u8], from: usize, stop: usize, to: usize, mut found: impl FnMut(usize, usize)) {
    // Bits are shifted over themselves four times, each time twice as far.
    const { assert!(MIN == 1 << 4) };
    let to = to.min(bytes.len());
    let mut at = from;
    // The bits of this step and of the next one: a run that begins here may end there.
    let mut bits = step(bytes, at, to);
    // Everything before is told.
    let mut done = from;
    while at < stop.min(to) {
        let next = step(bytes, at + STEP, to);
        let both = u128::from(bits) | u128::from(next) << STEP;
        // A bit stays where all of the fifteen bits above are set too.
        let two = both & both >> 1;
        let four = two & two >> 2;
        let eight = four & four >> 4;
        #[expect(clippy::cast_possible_truncation, reason = "runs that begin in the next step are its own")]
        let mut starts = (eight & eight >> 8) as u64;
        while starts != 0 {
            let place = starts.trailing_zeros();
            let start = at + place as usize;
            if start < done {
                starts = if done - at < STEP { starts & u64::MAX << (done - at) } else { 0 };
                continue;
            }
            if start >= stop {
                return;
            }
            let length = (both >> place).trailing_ones();
            let mut end = start + length as usize;
            if place + length >= 2 * STEP as u32 {
                end += bytes.get(end..to).unwrap_or_default().iter().take_while(|&&byte| class::is(byte, RUN)).count();
            }
            found(start, end);
            done = end + 1;
        }
        bits = next;
        at += STEP;
    }
}

/// The bits of the bytes from `at`, those at and after `to` being none.
fn step(bytes: &[u8], at: usize, to: usize) -> u64 {
    let rest = bytes.get(at..to).unwrap_or_default();
    if let Some(block) = rest.first_chunk::<STEP>() {
        return block_bits(block);
    }
    rest.iter().enumerate().fold(0, |bits, (place, &byte)| bits | u64::from(class::is(byte, RUN)) << place)
}

/// One bit for each byte: whether it is a token byte.
#[cfg(target_arch = "x86_64")]
fn block_bits(block: &[u8; STEP]) -> u64 {
    #[expect(unsafe_code, reason = "SSE2 is part of every x86-64 processor, so the function may always be called; it takes no pointer")]
    unsafe {
        block_bits_sse2(block)
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
fn block_bits_sse2(block: &[u8; STEP]) -> u64 {
    use std::arch::x86_64::{
        __m128i, _mm_add_epi8, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };
    #[expect(clippy::cast_possible_wrap, reason = "bytes are bits here")]
    let all = |byte: u8| _mm_set1_epi8(byte as i8);
    // Whether byte - `first` is at most `span`, as unsigned numbers.
    let within = |bytes: __m128i, first: u8, span: u8| {
        let moved = _mm_add_epi8(bytes, all(first.wrapping_neg()));
        _mm_cmpeq_epi8(_mm_min_epu8(moved, all(span)), moved)
    };
    let (parts, _) = block.as_chunks::<16>();
    parts.iter().enumerate().fold(0, |bits, (part, sixteen)| {
        let (halves, _) = sixteen.as_chunks::<8>();
        let [low, high] = [0, 1].map(|half| halves.get(half).map_or(0, |half| i64::from_le_bytes(*half)));
        let bytes = _mm_set_epi64x(high, low);
        let letters = within(_mm_or_si128(bytes, all(0x20)), b'a', 25);
        let digits = within(bytes, b'/', 10);
        let signs = _mm_or_si128(
            _mm_cmpeq_epi8(bytes, all(b'_')),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, all(b'-')), _mm_cmpeq_epi8(bytes, all(b'+'))),
        );
        #[expect(clippy::cast_sign_loss, reason = "sixteen bits of a mask")]
        let mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), signs)) as u32;
        bits | u64::from(mask) << (part * 16)
    })
}

/// One bit for each byte: whether it is a token byte.
#[cfg(not(target_arch = "x86_64"))]
fn block_bits(block: &[u8; STEP]) -> u64 {
    block.iter().enumerate().fold(0, |bits, (place, &byte)| bits | u64::from(class::is(byte, RUN)) << place)
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

    #[test]
    fn every_byte_has_its_bit() {
        for byte in 0..=255u8 {
            let expected = if class::is(byte, RUN) { u64::MAX } else { 0 };
            assert_eq!(block_bits(&[byte; STEP]), expected, "{byte}");
        }
    }

    #[test]
    fn runs_longer_than_two_steps_are_whole() {
        for length in [15, 16, 63, 64, 65, 127, 128, 129, 500] {
            for before in [0, 1, 47, 48, 63, 64, 100] {
                let text = " ".repeat(before) + &"a".repeat(length) + " b";
                assert_eq!(skipping(text.as_bytes()), plainly(text.as_bytes()), "{before} {length}");
            }
        }
    }

    proptest! {
        #[test]
        fn finds_what_a_plain_walk_finds(text in "([a-z]{1,40}[ .=]{1,3}){0,12}[a-zA-Z0-9/+_-]{0,200}") {
            prop_assert_eq!(skipping(text.as_bytes()), plainly(text.as_bytes()));
        }
    }
}
