//! Marvin32, the hash whose value closes Azure's identifiable keys.
//!
//! Two words of state, four bytes at a time; the end is marked by `0x80`. Described in US patent 20130262421 and in
//! microsoft/security-utilities, whose published vectors are the tests.

const fn block(mut low: u32, mut high: u32) -> (u32, u32) {
    high ^= low;
    low = low.rotate_left(20).wrapping_add(high);
    high = high.rotate_left(9) ^ low;
    low = low.rotate_left(27).wrapping_add(high);
    high = high.rotate_left(19);
    (low, high)
}

/// The 32-bit checksum of `data`.
pub(super) fn checksum(data: &[u8], seed: u64) -> u32 {
    let [low, high] = words(data, seed);
    low ^ high
}

#[expect(clippy::cast_possible_truncation, reason = "the two halves of the seed")]
fn words(data: &[u8], seed: u64) -> [u32; 2] {
    let (mut low, mut high) = (seed as u32, (seed >> 32) as u32);
    let (whole, rest) = data.as_chunks::<4>();
    for chunk in whole {
        low = low.wrapping_add(u32::from_le_bytes(*chunk));
        (low, high) = block(low, high);
    }
    let mut last = [0u8; 4];
    for (slot, byte) in last.iter_mut().zip(rest.iter().chain(&[0x80])) {
        *slot = *byte;
    }
    low = low.wrapping_add(u32::from_le_bytes(last));
    (low, high) = block(low, high);
    (low, high) = block(low, high);
    [low, high]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        let hash = |data: &[u8]| {
            let [low, high] = words(data, 0x004f_b61a_001b_dbcc);
            u64::from(high) << 32 | u64::from(low)
        };
        assert_eq!(hash(b""), 0x30ed_35c1_00cd_3c7d);
        assert_eq!(hash(&[0xAF]), 0x48e7_3fc7_7d75_ddc1);
        assert_eq!(hash(&[0xE7, 0x0F]), 0xb5f6_e1fc_485d_bff8);
    }
}
