//! JSON Web Tokens: three base64url parts, the first two of JSON (RFC 7519).

use base64::{Engine, alphabet, engine};
use serde_json::Value;

use super::Verdict;

const LENIENT: engine::GeneralPurpose = engine::GeneralPurpose::new(
    &alphabet::URL_SAFE,
    engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn token(value: &[u8]) -> Verdict {
    let mut parts = value.split(|&byte| byte == b'.');
    let header = parts.next().and_then(object);
    let claims = parts.next().and_then(object);
    match (header, claims) {
        (Some(header), Some(_)) if header.get("alg").is_some_and(Value::is_string) => Verdict::Verified,
        // The claims of an encrypted token (RFC 7516) cannot be read.
        (Some(header), None) if header.get("enc").is_some() => Verdict::Verified,
        _ => Verdict::Failed,
    }
}

fn object(part: &[u8]) -> Option<Value> {
    let json = LENIENT.decode(part).ok()?;
    serde_json::from_slice::<Value>(&json).ok().filter(Value::is_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_is_verified() {
        let part = |json: &str| LENIENT.encode(json).trim_end_matches('=').to_owned();
        let token_of = |header: &str, claims: &str| format!("{}.{}.c2lnbmF0dXJl", part(header), part(claims));
        assert_eq!(token(token_of(r#"{"alg":"HS256"}"#, r#"{"sub":"1"}"#).as_bytes()), Verdict::Verified);
        assert_eq!(token(token_of(r#"{"typ":"JWT"}"#, r#"{"sub":"1"}"#).as_bytes()), Verdict::Failed);
        assert_eq!(token(b"eyJ.eyJ.x"), Verdict::Failed);
    }
}
