//! Tokens whose last six characters are the CRC32 of what stands between prefix and checksum, in base-62.
//!
//! <https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/>

use super::{
    Verdict,
    encodings::{base62, crc32 as crc},
};

pub(super) fn crc32(value: &[u8]) -> Verdict {
    // The prefix ends at the last `_` (`ghp_`, `github_pat_…_`, `npm_`).
    let start = value.iter().rposition(|&byte| byte == b'_').map_or(0, |at| at + 1);
    let Some(body) = value.get(start..) else { return Verdict::Unproven };
    let Some((data, sum)) = body.split_last_chunk::<6>() else { return Verdict::Unproven };
    if data.len() < 8 {
        return Verdict::Unproven;
    }
    if base62(crc(data), 6) == sum { Verdict::Verified } else { Verdict::Failed }
}

#[cfg(test)]
pub(crate) fn forge(prefix: &str, data: &str) -> String {
    format!("{prefix}{data}{}", String::from_utf8(base62(crc(data.as_bytes()), 6)).unwrap())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice, reason = "a test")]

    use super::*;

    #[test]
    fn a_token_proves_itself_and_a_changed_one_does_not() {
        let token = forge("ghp_", &"a1B2".repeat(8));
        let token = &token[..];
        assert_eq!(crc32(token.as_bytes()), Verdict::Verified);
        assert_eq!(crc32(token.replace("a1", "b1").as_bytes()), Verdict::Failed);
        assert_eq!(crc32(b"ghp_"), Verdict::Unproven);
    }
}
