//! Azure's own key formats.
//!
//! Facts from microsoft/security-utilities (MIT): signatures, checksum seeds and layouts. The seeds are the ASCII of a
//! name (`Default0`), read as a big-endian number.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use super::{
    Verdict,
    encodings::{base32, base62, crc32, to_base},
    marvin,
};

/// Which seeds close a key with which signature.
const SEEDS: &[(&str, &[&[u8; 8]])] = &[
    ("+ASt", &[b"Default0"]),
    ("ACDb", &[b"MastRO00", b"MastRW00", b"SysAll00", b"Resour00", b"SystRO00", b"SystRW00", b"Encryp00"]),
    ("+ABa", &[b"AbAcct00"]),
    ("+AMC", &[b"Classic0"]),
    ("+ASb", &[b"Send0000", b"Listen00", b"Manage00", b"System00", b"Unknown0"]),
    ("+AEh", &[b"Send0000", b"Listen00", b"Manage00", b"System00", b"Unknown0"]),
    ("+ARm", &[b"Send0000", b"Listen00", b"Manage00", b"System00", b"Unknown0"]),
    ("AIoT", &[b"IoTHub00", b"DpsKey00", b"Device00"]),
    ("AzCa", &[b"Access00"]),
    ("AzFu", &[b"Master00", b"System00", b"Functi00"]),
    ("AzSe", &[b"Query000", b"PAdmin00"]),
    ("+ACR", &[b"ACRDflt0"]),
    ("+SQL", &[b"UsrPwd00"]),
    ("APIM", &[b"Tenant00", b"IoTHub00", b"Gatewy00", b"GitKey00"]),
];

/// Keys with a signature ten characters before the end of the (unpadded) base64 text, and a Marvin checksum behind it.
pub(super) fn identifiable(value: &[u8]) -> Verdict {
    if value.get(52..57) == Some(b"JQQJ9") {
        return annotated(value);
    }
    let text: Vec<u8> = value
        .iter()
        .take_while(|&&byte| byte != b'=')
        .map(|&byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    let Some(signature) = text.len().checked_sub(10).and_then(|at| text.get(at..at + 4)) else { return Verdict::Unproven };
    let Ok(bytes) = STANDARD_NO_PAD.decode(&text) else { return Verdict::Unproven };
    let Some((data, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unproven };
    let Some((_, seeds)) = SEEDS.iter().find(|(known, _)| known.as_bytes() == signature) else { return Verdict::Unproven };
    let proven = seeds.iter().any(|name| marvin::checksum(data, u64::from_be_bytes(**name)).to_le_bytes() == *sum);
    if proven { Verdict::Verified } else { Verdict::Failed }
}

/// Common annotated keys: 52 random characters, `JQQJ9`, date, reserved, provider's signature, checksum.
fn annotated(value: &[u8]) -> Verdict {
    let (Some(covered), Some(sum)) = (value.get(..80), value.get(80..)) else { return Verdict::Unproven };
    let Ok(bytes) = STANDARD.decode(covered) else { return Verdict::Unproven };
    let computed = marvin::checksum(&bytes, u64::from_be_bytes(*b"Default0")).to_le_bytes();
    let sum: Vec<u8> = sum.iter().copied().take_while(|&byte| byte != b'=').collect();
    let plain = STANDARD_NO_PAD.encode(computed);
    let in_base62 = annotated_sum(computed);
    // The short form keeps the first three bytes of the checksum: four characters.
    let same = |full: &str| full.as_bytes().starts_with(&sum) && sum.len() >= 4;
    if same(&plain) || same(&in_base62) { Verdict::Verified } else { Verdict::Failed }
}

/// The checksum bytes as a base-62 number, cut and padded with zeros to six characters.
fn annotated_sum(computed: [u8; 4]) -> String {
    let mut digits = base62(u32::from_be_bytes(computed), 0);
    digits.resize(6, b'0');
    String::from_utf8(digits).unwrap_or_default()
}

/// The CASK draft: base64url of at least 48 bytes, `QJJQ` where the secret ends. It carries no checksum, only a layout.
pub(super) fn cask(value: &[u8]) -> Verdict {
    match URL_SAFE_NO_PAD.decode(value) {
        Ok(bytes) if bytes.len() % 3 == 0 && value.windows(4).any(|window| window == b"QJJQ") => Verdict::Unproven,
        _ => Verdict::Failed,
    }
}

/// Entra client secrets: with `8Q~`, the last three characters are the first of the checksum in a base of 66.
pub(super) fn entra(value: &[u8]) -> Verdict {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
    if value.get(3..6) != Some(b"8Q~") {
        return Verdict::Unproven;
    }
    let Some((data, sum)) = value.split_last_chunk::<3>() else { return Verdict::Unproven };
    let encoded = to_base(marvin::checksum(data, u64::from_be_bytes(*b"AadPwd00")), ALPHABET);
    if encoded.get(..3) == Some(sum) { Verdict::Verified } else { Verdict::Failed }
}

/// Azure DevOps tokens of 52 base-32 characters: a CRC32 is scattered over four of the 32 bytes.
pub(super) fn devops(value: &[u8]) -> Verdict {
    let Some(bytes) = base32(value).filter(|bytes| bytes.len() == 32) else { return Verdict::Unproven };
    let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
    let data = [part(0, 2), part(3, 7), part(9, 22), part(23, 32)].concat();
    let stored = [22, 8, 7, 2].map(|at| bytes.get(at).copied().unwrap_or_default());
    let stored = u32::from_le_bytes(stored);
    // The seeds of tokens that people and that applications were given.
    let proven = [0xE0B9_692D_u32, 0x1019_F92E].iter().any(|seed| crc32(&data) ^ seed == stored);
    if proven { Verdict::Verified } else { Verdict::Failed }
}

#[cfg(test)]
pub(crate) mod forge {
    //! Valid examples, made from a fixed pattern: nobody's secrets.
    #![allow(clippy::string_slice, reason = "a test")]

    use super::*;

    /// A key of `length` bytes with `signature`, closed with the seed of that name.
    pub(crate) fn identifiable(length: usize, signature: &str, seed: &[u8; 8]) -> String {
        let mut text = STANDARD_NO_PAD.encode((0..length).map(|n| (n * 73 + 41) as u8).collect::<Vec<_>>());
        let at = text.len() - 10;
        text.replace_range(at..at + 4, signature);
        // Where signature and checksum do not meet at a byte, the bits between them are zero.
        if !length.is_multiple_of(8) || length == 32 {
            text.replace_range(at + 4..at + 5, "A");
        }
        let mut bytes = STANDARD_NO_PAD.decode(&text).or_else(|_| {
            text.replace_range(text.len() - 1.., "A");
            STANDARD_NO_PAD.decode(&text)
        });
        let bytes = bytes.as_mut().unwrap();
        let (data, _) = bytes.split_at(length - 4);
        let sum = marvin::checksum(data, u64::from_be_bytes(*seed)).to_le_bytes();
        STANDARD.encode([data, &sum].concat())
    }

    /// A common annotated key with the provider's `signature`.
    pub(crate) fn annotated(signature: &str) -> String {
        let head = format!("{}JQQJ99BDAAAAAAAAAAAA", "a1B2c3D4e5F6g".repeat(4));
        let mut covered = format!("{head}{}", "A".repeat(76 - head.len()));
        covered.push_str(signature);
        let computed = marvin::checksum(&STANDARD.decode(&covered).unwrap(), u64::from_be_bytes(*b"Default0")).to_le_bytes();
        format!("{covered}{}", &annotated_sum(computed)[..4])
    }

    /// An Entra client secret.
    pub(crate) fn entra() -> String {
        const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
        let data = "a1B8Q~c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R";
        let sum = to_base(marvin::checksum(data.as_bytes(), u64::from_be_bytes(*b"AadPwd00")), ALPHABET);
        format!("{data}{}", std::str::from_utf8(&sum[..3]).unwrap())
    }

    /// A DevOps token of the old form.
    pub(crate) fn devops() -> String {
        let mut bytes: Vec<u8> = (0..32).map(|n| (n * 73 + 41) as u8).collect();
        bytes[31] &= 0xF0;
        let data = [&bytes[0..2], &bytes[3..7], &bytes[9..22], &bytes[23..32]].concat();
        let sum = (crc32(&data) ^ 0xE0B9_692D).to_le_bytes();
        for (at, byte) in [22, 8, 7, 2].into_iter().zip(sum) {
            bytes[at] = byte;
        }
        let mut text = String::new();
        let (mut bits, mut held) = (0u32, 0);
        for byte in bytes.into_iter().chain([0]) {
            bits = (bits << 8) | u32::from(byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                text.push(char::from(b"abcdefghijklmnopqrstuvwxyz234567"[((bits >> held) & 31) as usize]));
            }
        }
        text.truncate(52);
        text
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice, reason = "a test")]

    use super::*;

    #[test]
    fn seeds_are_the_published_numbers() {
        assert_eq!(u64::from_be_bytes(*b"Default0"), 0x4465_6661_756c_7430);
        assert_eq!(u64::from_be_bytes(*b"AadPwd00"), 0x4161_6450_7764_3030);
        assert_eq!(u64::from_be_bytes(*b"Functi00"), 0x4675_6e63_7469_3030);
    }

    #[test]
    fn valid_keys_are_verified_and_changed_ones_are_not() {
        for (length, signature, seed) in
            [(64, "+ASt", b"Default0"), (32, "AIoT", b"Device00"), (39, "+ACR", b"ACRDflt0"), (40, "AzFu", b"Functi00")]
        {
            let key = forge::identifiable(length, signature, seed);
            assert_eq!(identifiable(key.as_bytes()), Verdict::Verified, "{signature}");
            let mut changed = key.into_bytes();
            changed[5] = if changed[5] == b'x' { b'y' } else { b'x' };
            assert_eq!(identifiable(&changed), Verdict::Failed, "{signature}");
        }
        let key = forge::annotated("AZDO");
        assert_eq!(identifiable(key.as_bytes()), Verdict::Verified);
        assert_eq!(entra(forge::entra().as_bytes()), Verdict::Verified);
        assert_eq!(devops(forge::devops().as_bytes()), Verdict::Verified);
        assert_eq!(devops(forge::devops().replace('a', "b").as_bytes()), Verdict::Failed);
    }

    #[test]
    fn short_and_strange_values_are_unproven() {
        for value in [&b""[..], b"abc", b"\xff\xfe", &[b'='; 100], b"12345678901234567890123456789012345678901234567890 JQQJ9"] {
            assert_ne!(identifiable(value), Verdict::Verified);
            assert_ne!(entra(value), Verdict::Verified);
            assert_ne!(devops(value), Verdict::Verified);
        }
    }
}
