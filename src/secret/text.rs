//! UTF-16 to bytes that detectors understand.

/// A text that was UTF-16, as UTF-8, with the way back to its original offsets.
pub(super) struct Wide {
    /// The text as UTF-8.
    pub text: Vec<u8>,
    /// For every 64th byte of `text`, the offset in the file.
    marks: Vec<(usize, usize)>,
    length: usize,
}

impl Wide {
    /// The offset in the file of byte `at` of the text.
    pub(super) fn original(&self, at: usize) -> usize {
        let mark = self.marks.partition_point(|&(text, _)| text <= at).saturating_sub(1);
        let Some(&(mut text, mut file)) = self.marks.get(mark) else { return 0 };
        // ASCII from the mark on is the rule: walk character by character.
        while text < at {
            let Some(&byte) = self.text.get(text) else { return self.length };
            let (bytes, units) = match byte {
                0..0x80 => (1, 1),
                0xC0..0xE0 => (2, 1),
                0xE0..0xF0 => (3, 1),
                0xF0.. => (4, 2),
                _ => (1, 0),
            };
            text += bytes;
            file += units * 2;
        }
        file.min(self.length)
    }
}

/// The text, if `bytes` begin with a byte-order mark of UTF-16.
pub(super) fn utf16(bytes: &[u8]) -> Option<Wide> {
    let (little, rest) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (true, rest),
        [0xFE, 0xFF, rest @ ..] => (false, rest),
        _ => return None,
    };
    let (pairs, _) = rest.as_chunks::<2>();
    let units = pairs.iter().map(|pair| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    let mut text = String::with_capacity(pairs.len());
    let mut marks = vec![(0, 2)];
    let mut offset = 2;
    let mut next_mark = 64;
    for character in char::decode_utf16(units) {
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        if text.len() >= next_mark {
            marks.push((text.len(), offset));
            next_mark = text.len() + 64;
        }
        text.push(character);
        offset += character.len_utf16() * 2;
    }
    Some(Wide { text: text.into_bytes(), marks, length: bytes.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lead_back_to_the_file() {
        let text = "é".repeat(100) + "\u{1F600}key=abc";
        let mut bytes = vec![0xFF, 0xFE];
        bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        let wide = utf16(&bytes).unwrap();
        let at = text.find("abc").unwrap();
        assert_eq!(wide.text, text.as_bytes());
        assert_eq!(wide.original(at), bytes.len() - 6);
        assert_eq!(wide.original(at + 3), bytes.len());
        assert!(utf16(b"plain").is_none());
    }
}
