//! The small encodings that token formats are made of.

/// Base-62 digits in the order of GitHub, npm and Azure's annotated keys.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `number` in the digits of `alphabet`, most significant first; nothing for zero.
pub(super) fn to_base(mut number: u32, alphabet: &[u8]) -> Vec<u8> {
    let base = u32::try_from(alphabet.len()).unwrap_or(u32::MAX).max(2);
    let mut digits = Vec::new();
    while number > 0 {
        digits.extend(alphabet.get((number % base) as usize));
        number /= base;
    }
    digits.reverse();
    digits
}

/// `number` in base-62, padded with zeros to `width`.
pub(super) fn base62(number: u32, width: usize) -> Vec<u8> {
    let digits = to_base(number, BASE62);
    let mut padded = vec![b'0'; width.saturating_sub(digits.len())];
    padded.extend(digits);
    padded
}

/// CRC32 (IEEE 802.3, reflected), as zip and GitHub use it.
pub(super) fn crc32(data: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    crc.sum()
}

/// RFC 4648 base-32, either case, without padding; `None` where a character is of no alphabet.
pub(super) fn base32(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0u32, 0u32);
    for &c in text {
        let digit = match c {
            b'a'..=b'z' => c - b'a',
            b'A'..=b'Z' => c - b'A',
            b'2'..=b'7' => c - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5) | u32::from(digit);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(to_base(2_883_656_711, BASE62), b"399Wq7");
        assert_eq!(base62(0, 6), b"000000");
        assert_eq!(base32(b"MZXW6YTBOI").unwrap(), b"foobar");
        assert_eq!(base32(b"mzxw6ytboi").unwrap(), b"foobar");
        assert!(base32(b"1").is_none());
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
