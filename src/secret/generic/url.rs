//! `scheme://user:password@host`.

use std::ops::Range;

use super::super::{class, value};

/// The password of a URL whose `://` stands at `at`.
pub(crate) fn password(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let start = at + 3;
    let window = bytes.get(start..bytes.len().min(start + 200))?;
    let mut colon = None;
    for (offset, &byte) in window.iter().enumerate() {
        match byte {
            b':' if colon.is_none() => colon = Some(offset),
            b'@' => {
                let secret = start + colon? + 1..start + offset;
                let host = bytes.get(start + offset + 1)?;
                let user = window.get(..colon?)?;
                return (class::is_alnum(*host) || matches!(host, b'[' | b'%' | b'$' | b'{' | b'*'))
                    .then_some(())
                    .and_then(|()| judge(user, bytes.get(secret.clone())?).then_some(secret));
            }
            b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`' | 0..=b' ' | b'|' | b',' | b'(' | b')' if colon.is_none() => {
                return None;
            }
            b'"' | b'\'' | b'<' | b'>' | b'\\' | b'`' | 0..=b' ' | b'/' => return None,
            _ => {}
        }
    }
    None
}

fn judge(user: &[u8], secret: &[u8]) -> bool {
    let generic_names: [&[u8]; 8] = [b"user", b"username", b"login", b"foo", b"usr", b"name", b"u", b"me"];
    let short_stand_ins: [&[u8]; 8] = [b"p", b"pw", b"pass", b"bar", b"pword", b"secret", b"pwd", b"foobar"];
    let stands_for_another = value::is_placeholder_of_url(secret) || value::is_reference(secret);
    let is_sample = generic_names.contains(&user) && short_stand_ins.contains(&secret);
    let is_number = secret.iter().all(u8::is_ascii_digit);
    !(secret.len() < 3 || stands_for_another || is_number || is_sample)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        password(text.as_bytes(), text.find("://")?).and_then(|span| text.get(span))
    }

    #[test]
    fn passwords_of_urls() {
        assert_eq!(found("postgres://svc:k9Zq2LmW@db:5432/x"), Some("k9Zq2LmW"));
        assert_eq!(found("amqps://:k9Zq2LmW@mq"), Some("k9Zq2LmW"));
        for text in [
            "https://host:8080/a@b",
            "https://user:password@host",
            "https://u:${P}@host",
            "git+ssh://git@host",
            "https://a.b/c:d@e",
            "x://a:80@h",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
