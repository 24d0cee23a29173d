use std::borrow::Cow;

/// The bytes as UTF-8 text: UTF-8 with or without a byte-order mark, or UTF-16 with one. `None` for anything else.
///
/// A UTF-8 byte-order mark stays in the text, so that offsets count bytes of the file. UTF-16 is transcoded; its
/// offsets count bytes of the transcoded text, from which lines and columns come out right.
pub fn decode_text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let pairs = bytes.chunks(2).map(|pair| match pair {
        [a, b] => Some(unit([*a, *b])),
        _ => None,
    });
    let units: Option<Vec<u16>> = pairs.collect();
    String::from_utf16(&units?).ok()
}

#[cfg(test)]
mod tests {
    use super::decode_text;

    #[test]
    fn utf16_is_read_in_both_orders_and_broken_text_is_refused() {
        assert_eq!(decode_text(b"\xFF\xFEa\0\xe9\0").as_deref(), Some("aé"));
        assert_eq!(decode_text(b"\xFE\xFF\0a\0\xe9").as_deref(), Some("aé"));
        assert_eq!(decode_text(b"\xFF\xFEa").as_deref(), None);
        assert_eq!(decode_text(b"a\xFFb").as_deref(), None);
        assert_eq!(decode_text("é".as_bytes()).as_deref(), Some("é"));
    }
}
