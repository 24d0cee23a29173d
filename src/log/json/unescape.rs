/// Decodes the escapes of a JSON string. What is no escape stays as it is; half surrogates become U+FFFD.
pub fn unescape(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let mut high = None;
    while let Some(c) = chars.next() {
        let unit = if c == '\\' { escape(&mut chars) } else { Unit::Char(c) };
        match (high.take(), unit) {
            (Some(high), Unit::Code(low)) if (0xDC00..0xE000).contains(&low) => {
                out.extend(char::decode_utf16([high, low]).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
                continue;
            }
            (Some(_), _) => out.push(char::REPLACEMENT_CHARACTER),
            (None, _) => {}
        }
        match unit {
            Unit::Code(code) if (0xD800..0xDC00).contains(&code) => high = Some(code),
            Unit::Code(code) => out.push(char::from_u32(u32::from(code)).unwrap_or(char::REPLACEMENT_CHARACTER)),
            Unit::Char(c) => out.push(c),
        }
    }
    if high.is_some() {
        out.push(char::REPLACEMENT_CHARACTER);
    }
    out
}

#[derive(Clone, Copy)]
enum Unit {
    Char(char),
    Code(u16),
}

fn escape(chars: &mut std::str::Chars<'_>) -> Unit {
    match chars.next() {
        Some('n') => Unit::Char('\n'),
        Some('t') => Unit::Char('\t'),
        Some('r') => Unit::Char('\r'),
        Some('b') => Unit::Char('\u{8}'),
        Some('f') => Unit::Char('\u{c}'),
        Some('u') => {
            let digits = chars.as_str().get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
            if digits.is_some() {
                chars.nth(3);
            }
            digits.map_or(Unit::Char(char::REPLACEMENT_CHARACTER), Unit::Code)
        }
        Some(other) => Unit::Char(other),
        None => Unit::Char('\\'),
    }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn every_escape_and_every_broken_one() {
        assert_eq!(unescape(br#"a\n\t\"\\\/"#), "a\n\t\"\\/");
        assert_eq!(unescape(br"\ud83d\ude00 \u00e9"), "😀 é");
        assert_eq!(unescape(br"\ud83d x \ude00 \uZZ \"), "\u{fffd} x \u{fffd} \u{fffd}ZZ \\");
        assert_eq!(unescape(br"\ud83d"), "\u{fffd}");
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_serde_json(text: String) {
            let quoted = serde_json::to_string(&text).expect("a string");
            proptest::prop_assert_eq!(unescape(&quoted.as_bytes()[1..quoted.len() - 1]), text);
        }

        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = unescape(&bytes);
        }
    }
}
