#![expect(clippy::indexing_slicing, reason = "hot path; every index is checked by the loop around it, and fuzz target `log_json` walks it")]

use super::{Form, Raw};

/// Deepest nesting that is followed.
pub const DEPTH_LIMIT: u32 = 256;

/// Why a value cannot be read, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The bytes end in the middle of a value.
    #[error("the JSON ends early")]
    Truncated(usize),
    /// Something that JSON does not allow here.
    #[error("not JSON")]
    Unexpected(usize),
    /// Nested deeper than [`DEPTH_LIMIT`].
    #[error("nested deeper than {DEPTH_LIMIT}")]
    TooDeep(usize),
}

/// Walks over JSON bytes without building anything.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The byte that comes next, counted from the start.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is not white space, still unread.
    #[inline]
    pub fn peek(&mut self) -> Option<u8> {
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            if byte > b' ' || !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Reads `byte`, after white space.
    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        match self.peek() {
            Some(found) if found == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Broken::Unexpected(self.at)),
            None => Err(Broken::Truncated(self.at)),
        }
    }

    /// Opens an object. Follow with [`Cursor::key`] until it gives `None`.
    pub fn open_object(&mut self) -> Result<(), Broken> {
        self.expect(b'{')
    }

    /// Opens a list. Follow with [`Cursor::item`] until it gives `false`.
    pub fn open_array(&mut self) -> Result<(), Broken> {
        self.expect(b'[')
    }

    /// The next key of the object, up to and with its colon; `None` at the object's end, which is read.
    #[inline]
    pub fn key(&mut self, first: bool) -> Result<Option<Raw<'a>>, Broken> {
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                return Ok(None);
            }
            Some(b',') if !first => self.at += 1,
            Some(b'"') if first => {}
            Some(_) => return Err(Broken::Unexpected(self.at)),
            None => return Err(Broken::Truncated(self.at)),
        }
        if self.peek() != Some(b'"') {
            return Err(if self.at < self.bytes.len() { Broken::Unexpected(self.at) } else { Broken::Truncated(self.at) });
        }
        let key = self.string()?;
        self.expect(b':')?;
        Ok(Some(key))
    }

    /// Whether the list has a next item; at the list's end reads its bracket.
    pub fn item(&mut self, first: bool) -> Result<bool, Broken> {
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.at += 1;
                Ok(true)
            }
            Some(_) if first => Ok(true),
            Some(_) => Err(Broken::Unexpected(self.at)),
            None => Err(Broken::Truncated(self.at)),
        }
    }

    /// Reads one value of any form whole.
    #[inline]
    pub fn value(&mut self) -> Result<Raw<'a>, Broken> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.container(Form::Object),
            Some(b'[') => self.container(Form::Array),
            Some(_) => self.word(),
            None => Err(Broken::Truncated(self.at)),
        }
    }

    #[inline]
    fn string(&mut self) -> Result<Raw<'a>, Broken> {
        let start = self.at + 1;
        let (end, escaped) = string_end(self.bytes, start).ok_or(Broken::Truncated(self.bytes.len()))?;
        self.at = end + 1;
        Ok(Raw { bytes: &self.bytes[start..end], form: if escaped { Form::Escaped } else { Form::Plain } })
    }

    fn word(&mut self) -> Result<Raw<'a>, Broken> {
        let start = self.at;
        while self.at < self.bytes.len() && !matches!(self.bytes[self.at], b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' | b':' | b'"')
        {
            self.at += 1;
        }
        let bytes = &self.bytes[start..self.at];
        let form = match bytes {
            b"true" => Form::True,
            b"false" => Form::False,
            b"null" => Form::Null,
            [b'-' | b'0'..=b'9', rest @ ..] if rest.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) => {
                Form::Number
            }
            _ if self.at == self.bytes.len() => return Err(Broken::Truncated(self.at)),
            _ => return Err(Broken::Unexpected(start)),
        };
        Ok(Raw { bytes, form })
    }

    /// Skips to the bracket that closes the container here, looking only at strings and brackets.
    fn container(&mut self, form: Form) -> Result<Raw<'a>, Broken> {
        let start = self.at;
        let mut depth = 0u32;
        while self.at < self.bytes.len() {
            match self.bytes[self.at] {
                b'"' => {
                    let (end, _) = string_end(self.bytes, self.at + 1).ok_or(Broken::Truncated(self.bytes.len()))?;
                    self.at = end;
                }
                b'{' | b'[' => {
                    depth += 1;
                    if depth > DEPTH_LIMIT {
                        return Err(Broken::TooDeep(self.at));
                    }
                }
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        return Ok(Raw { bytes: &self.bytes[start..self.at], form });
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(Broken::Truncated(self.at))
    }
}

/// The closing quote of the string whose first character is at `start`, and whether there are escapes before it.
#[inline]
pub(crate) fn string_end(bytes: &[u8], start: usize) -> Option<(usize, bool)> {
    let mut at = start;
    let mut escaped = false;
    // Most strings are short: four words at a time before the search that pays for long ones.
    for _ in 0..4 {
        let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) else { break };
        let Some(offset) = quote_or_escape(u64::from_le_bytes(*word)) else {
            at += 8;
            continue;
        };
        at += offset;
        if bytes[at] == b'"' {
            return Some((at, false));
        }
        break;
    }
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some((at, escaped));
        }
        escaped = true;
        at += 2;
    }
}

/// Where in eight bytes the first quote or backslash is. <https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord>
#[inline]
fn quote_or_escape(word: u64) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let found = zero(word ^ (LOW * b'"' as u64)) | zero(word ^ (LOW * b'\\' as u64));
    (found != 0).then_some((found.trailing_zeros() / 8) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Result<Vec<String>, Broken> {
        let mut cursor = Cursor::new(text.as_bytes());
        cursor.open_object()?;
        let mut found = Vec::new();
        while let Some(key) = cursor.key(found.is_empty())? {
            let value = cursor.value()?;
            found.push(format!("{}={:?}", key.text_or_empty(), value.form));
        }
        Ok(found)
    }

    #[test]
    fn walks_an_object_and_skips_what_is_inside() {
        let found = keys(r#" {"a": "x\"}", "b" :[1,{"c":"]"}], "d":-1.5e3,"e":null , "f":{}} "#);
        assert_eq!(found.expect("valid"), ["a=Escaped", "b=Array", "d=Number", "e=Null", "f=Object"]);
        assert_eq!(keys("{}").expect("valid"), Vec::<String>::new());
    }

    #[test]
    fn says_where_it_breaks() {
        assert_eq!(keys(r#"{"a": "x"#), Err(Broken::Truncated(8)));
        assert_eq!(keys(r#"{"a": nope, "b": 1}"#), Err(Broken::Unexpected(6)));
        assert_eq!(keys(r#"{"a" 1}"#), Err(Broken::Unexpected(5)));
        assert_eq!(keys(r#"{"a":1 "b":2}"#), Err(Broken::Unexpected(7)));
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert!(matches!(keys(&deep), Err(Broken::TooDeep(_))));
    }

    proptest::proptest! {
        #[test]
        fn valid_objects_are_read_whole(map: std::collections::BTreeMap<String, Vec<f64>>) {
            let text = serde_json::to_string(&map).expect("json");
            proptest::prop_assert_eq!(keys(&text).expect("valid").len(), map.len());
        }

        #[test]
        fn strings_end_where_a_plain_search_says(text in "[a\"\\\\\u{e9}]{0,60}", start in 0usize..8) {
            let bytes = text.as_bytes();
            let mut at = start;
            let mut escaped = false;
            let wanted = loop {
                match bytes.get(at) {
                    None => break None,
                    Some(b'"') => break Some((at, escaped)),
                    Some(b'\\') => {
                        escaped = true;
                        at += 2;
                    }
                    Some(_) => at += 1,
                }
            };
            proptest::prop_assert_eq!(string_end(bytes, start), wanted);
        }

        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let mut cursor = Cursor::new(&bytes);
            let _ = cursor.value();
        }
    }
}
