//! `Authorization:` headers and `curl -u user:password`.

use std::ops::Range;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::super::{class, value};

/// Words between the header's name and its value.
const SCHEMES: &[&str] =
    &["bearer", "basic", "token", "api-token", "apikey", "api-key", "negotiate", "digest", "sso-key", "key", "splunk", "genie", "jwt"];

/// The credential of an `Authorization` header whose name ends at `end`.
pub(crate) fn authorization(bytes: &[u8], end: usize) -> Option<Range<usize>> {
    let window = bytes.get(end..bytes.len().min(end + 1600))?;
    let mut at = 0;
    let mut sign = false;
    while let Some(&byte) = window.get(at) {
        match byte {
            b':' | b'=' => sign = true,
            b'"' | b'\'' | b'\\' | b' ' | b'\t' | b']' | b',' | b'>' | b'`' => {}
            _ => break,
        }
        at += 1;
        if at > 12 {
            return None;
        }
    }
    // `Authorization: Bearer` and `("Authorization", "Bearer …")`.
    if at == 0 || (!sign && !window.get(..at)?.contains(&b',')) {
        return None;
    }
    let mut basic = false;
    let mut schemed = false;
    let word_end = at + window.get(at..)?.iter().take_while(|&&byte| class::is(byte, class::NAME)).count();
    let word = String::from_utf8_lossy(window.get(at..word_end)?).to_ascii_lowercase();
    if SCHEMES.contains(&word.as_str()) && matches!(window.get(word_end), Some(b' ' | b':' | b'+' | b'%')) {
        basic = word == "basic";
        schemed = true;
        at = word_end + 1;
        while matches!(window.get(at), Some(b' ' | b'"' | b'\'')) {
            at += 1;
        }
    }
    let length = window
        .get(at..)?
        .iter()
        .take_while(|&&byte| !matches!(byte, 0..=b' ' | b'"' | b'\'' | b'`' | b'\\' | b',' | b';' | b')' | b'<' | b'}' | 0x7F..))
        .count();
    let secret = window.get(at..at + length)?;
    let good = if basic { basic_credential(secret) } else { token(secret, schemed) };
    good.then(|| end + at..end + at + length)
}

fn basic_credential(secret: &[u8]) -> bool {
    if value::is_placeholder(secret) || value::is_reference(secret) || secret.len() < 8 {
        return false;
    }
    let trimmed: Vec<u8> = secret.iter().copied().take_while(|&byte| byte != b'=').collect();
    let decoded = STANDARD.decode(secret).or_else(|_| base64::engine::general_purpose::STANDARD_NO_PAD.decode(&trimmed));
    match decoded {
        Ok(plain) => match plain.iter().position(|&byte| byte == b':') {
            Some(colon) => {
                let (user, password) = (plain.get(..colon).unwrap_or_default(), plain.get(colon + 1..).unwrap_or_default());
                !value::is_reference(password) || user.len() >= 6
            }
            None => secret.len() >= 24,
        },
        Err(_) => secret.len() >= 24 && value::is_random(secret),
    }
}

fn token(secret: &[u8], schemed: bool) -> bool {
    let shape = value::shape(secret);
    let letters = shape.uppers + shape.lowers;
    let least = if schemed { 12 } else { 16 };
    secret.len() >= least
        && shape.digits > 0
        && letters > 0
        && !value::is_placeholder(secret)
        && !value::is_reference(secret)
        && !value::is_wordy(secret)
        && value::entropy(secret) >= 2.8
}

/// The password of `-u user:password` or `--user user:password` that begins at `at`, one past the option.
pub(crate) fn user_option(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let window = bytes.get(at..bytes.len().min(at + 240))?;
    let mut start = 0;
    let mut quote = None;
    while let Some(&byte) = window.get(start) {
        match byte {
            b' ' | b'=' | b'\\' => {}
            b'"' | b'\'' => quote = Some(byte),
            _ => break,
        }
        start += 1;
        if start > 4 {
            return None;
        }
    }
    let mut colon = None;
    let mut end = start;
    while let Some(&byte) = window.get(end) {
        match byte {
            b'\n' | b'\r' => break,
            b' ' if quote.is_none() => break,
            b'"' | b'\'' if quote == Some(byte) || (quote.is_none() && colon.is_some_and(|colon| end > colon + 1)) => {
                // `"user":"password"`: the quotes of each part.
                if colon.is_none() && window.get(end + 1) == Some(&b':') {
                    quote = None;
                } else {
                    break;
                }
            }
            b':' if colon.is_none() => colon = Some(end),
            _ => {}
        }
        end += 1;
    }
    let colon = colon?;
    let mut from = colon + 1;
    while matches!(window.get(from), Some(b'"' | b'\'')) && from < end {
        from += 1;
    }
    let (user, secret) = (window.get(start..colon)?, window.get(from..end)?);
    if secret.is_empty() && user.len() >= 8 && value::shape(user).digits > 0 && !value::is_reference(user) && !value::is_placeholder(user) {
        return Some(at + start..at + colon);
    }
    let braced =
        secret.first() == Some(&b'{') && secret.last() == Some(&b'}') && value::shape(secret).digits > 0 && secret.get(1) != Some(&b'{');
    let good = secret.len() >= 4
        && !value::is_placeholder(secret)
        && (braced || !value::is_reference(secret))
        && (value::shape(secret).digits + value::shape(secret).others > 0 || generated_letters(secret));
    good.then(|| at + from..at + end)
}

/// Letters alone, but too many and too mixed for a word.
fn generated_letters(secret: &[u8]) -> bool {
    let shape = value::shape(secret);
    secret.len() >= 12 && shape.uppers >= 3 && shape.lowers >= 3 && !value::is_wordy(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Option<&str> {
        authorization(text.as_bytes(), text.find("uthorization")? + 12).and_then(|span| text.get(span))
    }

    fn user(text: &str) -> Option<&str> {
        user_option(text.as_bytes(), text.find("-u")? + 2).and_then(|span| text.get(span))
    }

    #[test]
    fn headers() {
        assert_eq!(header("Authorization: Bearer mF_9.B5f-4.1JqMx2"), Some("mF_9.B5f-4.1JqMx2"));
        assert_eq!(header(r#""Authorization", "Token 22cb987851bc5659""#), Some("22cb987851bc5659"));
        assert_eq!(header("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="), Some("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
        for text in [
            "Authorization: Bearer <token>",
            "Authorization: Bearer ${TOKEN}",
            "authorization = getAuthorization()",
            "Authorization rules",
            "Authorization: Basic ...",
        ] {
            assert_eq!(header(text), None, "{text}");
        }
    }

    #[test]
    fn options() {
        assert_eq!(user("curl -u elastic:P@ssw0rd$1 https://x"), Some("P@ssw0rd$1"));
        assert_eq!(user("curl -u \":d2LkV78zLx!t\" https://x"), Some("d2LkV78zLx!t"));
        assert_eq!(user("curl -u \"d2LkV78zLx!t:\" https://x"), Some("d2LkV78zLx!t"));
        assert_eq!(user("curl -u dev:yqBVtkqGECrjaLRx https://x"), Some("yqBVtkqGECrjaLRx"));
        for text in ["curl -u test:test x", "curl -u <user:password>", "curl -u \"${U}:${P}\"", "curl -u username:token", "curl -u \":\" x"]
        {
            assert_eq!(user(text), None, "{text}");
        }
    }
}
