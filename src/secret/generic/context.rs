//! From a value back to its name, from a name forward to its value.
#![expect(clippy::indexing_slicing, reason = "every index is compared with the length or with zero first; fuzzed by `secrets`")]

use std::ops::Range;

use super::super::class::{self, END, NAME, SIGN};

/// A value, and the name that it is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assigned {
    /// The name; empty where there is none.
    pub key: Range<usize>,
    /// The value without quotes.
    pub value: Range<usize>,
    /// Whether the value stands in quotes.
    pub quoted: bool,
    /// What ties them together.
    pub tie: Tie,
}

/// What ties a name and a value together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    /// `=`, `:`, `=>`, `:=`, `==`.
    Sign,
    /// `f("name", "value")` and `f("value")`.
    Call,
    /// `<name>value<`.
    Element,
    /// Only white space: `--password x`, `TOKEN x`.
    Space,
    /// Nothing: the value stands alone.
    None,
}

/// Longest value that is told: tokens of some services fill more than a thousand characters.
const LONGEST: usize = 2048;
/// As far back a value may begin before a run of token bytes.
const BEFORE: usize = 512;
/// Longest name that is looked for.
const LONGEST_NAME: usize = 64;

const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// The value around the run `start..end`, and its name.
pub(crate) fn around(bytes: &[u8], start: usize, end: usize) -> Assigned {
    let floor = start.saturating_sub(BEFORE);
    let mut from = start;
    while from > floor && !class::is(bytes[from - 1], END | SIGN) {
        from -= 1;
    }
    let to = value_end(bytes, from, end);
    let (mut at, quoted) = before_quotes(bytes, from);
    let gap = skip_spaces_back(bytes, at);
    let spaced = gap < at;
    at = gap;
    if at == 0 {
        return Assigned { key: 0..0, value: from..to, quoted, tie: Tie::None };
    }
    let last = bytes[at - 1];
    let (key, tie) = match last {
        b'=' | b':' => (name_before_sign(bytes, at), Tie::Sign),
        b'>' if at >= 2 && matches!(bytes[at - 2], b'=' | b'-') => (name_before_sign(bytes, at - 1), Tie::Sign),
        b'>' => (name_in_tag(bytes, at - 1), Tie::Element),
        b',' if quoted => (name_before_comma(bytes, at - 1), Tie::Call),
        b'(' => (name_back(bytes, at - 1), Tie::Call),
        b'\n' | b'\r' => (0..0, Tie::None),
        _ if spaced && class::is(last, NAME) => (words_back(bytes, at), Tie::Space),
        _ => (0..0, Tie::None),
    };
    let key = match &bytes[key.clone()] {
        word if is_value_word(word) => sibling_name(bytes, key.start).unwrap_or(key),
        b"default" => variable_name(bytes, key.start).unwrap_or(key),
        _ => key,
    };
    Assigned { key, value: from..to, quoted, tie }
}

/// The value that follows a name ending at `end`.
pub(crate) fn after(bytes: &[u8], key: Range<usize>) -> Option<Assigned> {
    let limit = bytes.len().min(key.end + 64);
    let mut at = key.end;
    // The closing quote of the name, an index: `"name"`, `['name']`, `name\"`.
    while at < limit && (is_quote(bytes[at]) || matches!(bytes[at], b'\\' | b']')) {
        at += 1;
    }
    let closed = at > key.end;
    let before_space = at;
    while at < limit && matches!(bytes[at], b' ' | b'\t') {
        at += 1;
    }
    let mut tie = Tie::None;
    if at < limit {
        match bytes[at] {
            b'=' | b':' | b'!' => {
                while at < limit && matches!(bytes[at], b'=' | b':' | b'>' | b'!' | b'~') {
                    at += 1;
                }
                tie = Tie::Sign;
            }
            b'-' if bytes.get(at + 1) == Some(&b'>') => {
                at += 2;
                tie = Tie::Sign;
            }
            b',' if closed => {
                at += 1;
                tie = Tie::Call;
            }
            b'(' if !closed && at == before_space => {
                at += 1;
                tie = Tie::Call;
            }
            b'>' if !closed => {
                at += 1;
                tie = Tie::Element;
            }
            _ if at > before_space && !closed => tie = Tie::Space,
            // `key="name" value="x"`: the name is itself a value, its value follows.
            _ if closed && at > before_space => {
                let rest = &bytes[at..limit];
                let word = ["value", "Value"].iter().find(|word| rest.starts_with(word.as_bytes()))?;
                at += word.len();
                while at < limit && matches!(bytes[at], b'=' | b':' | b' ' | b'"' | b'\'') && !is_quote(bytes[at]) {
                    at += 1;
                }
                tie = Tie::Sign;
            }
            _ => {}
        }
    }
    if tie == Tie::None {
        return None;
    }
    while at < limit && matches!(bytes[at], b' ' | b'\t') {
        at += 1;
    }
    // Prefixes of string literals: r"", b"", @"", N''.
    if at + 1 < limit && matches!(bytes[at], b'r' | b'b' | b'u' | b'f' | b'@' | b'N' | b'L') && is_quote(bytes[at + 1]) {
        at += 1;
    }
    let mut quoted = false;
    while at < limit && bytes[at] == b'\\' && at + 1 < limit && (is_quote(bytes[at + 1]) || bytes[at + 1] == b'\\') {
        at += 1;
    }
    let mut quote = 0;
    if at < limit && is_quote(bytes[at]) {
        quoted = true;
        quote = bytes[at];
        at += 1;
    }
    let start = at;
    let end = if quoted { quoted_end(bytes, start, quote)? } else { value_end(bytes, start, start) };
    (end > start).then_some(Assigned { key, value: start..end, quoted, tie })
}

/// Whether a user name is given a value shortly before `at`: `user = x; password = …`.
pub(crate) fn beside_user(bytes: &[u8], at: usize) -> bool {
    let floor = at.saturating_sub(200);
    let window = &bytes[floor..at];
    memchr::memmem::rfind_iter(window, b"ser").chain(memchr::memmem::rfind_iter(window, b"SER")).take(8).any(|found| {
        let start = floor + found;
        let begins = start > 0 && bytes[start - 1].eq_ignore_ascii_case(&b'u');
        // `User ID=`, as connection strings have it, is one name.
        let mut name = name_around(bytes, start, start + 3);
        let id = bytes.get(name.end..name.end + 3).filter(|next| next.eq_ignore_ascii_case(b" id"));
        if id.is_some() {
            name.end += 3;
        }
        begins
            && after(bytes, name)
                .is_some_and(|user| user.value.end <= at && (user.tie == Tie::Sign || (user.tie == Tie::Space && user.quoted)))
    })
}

/// The name around a stem that was found at `start..end`.
pub(crate) fn name_around(bytes: &[u8], start: usize, end: usize) -> Range<usize> {
    let floor = start.saturating_sub(LONGEST_NAME);
    let mut from = start;
    while from > floor && class::is(bytes[from - 1], NAME) {
        from -= 1;
    }
    let ceiling = bytes.len().min(end + LONGEST_NAME);
    let mut to = end;
    while to < ceiling && class::is(bytes[to], NAME) {
        to += 1;
    }
    from..to
}

fn value_end(bytes: &[u8], from: usize, known: usize) -> usize {
    let ceiling = bytes.len().min(from + LONGEST).max(known);
    let mut to = known;
    while to < ceiling && !class::is(bytes[to], END) {
        to += 1;
    }
    // A full stop or colon after the value is punctuation.
    while to > known && matches!(bytes[to - 1], b'.' | b':' | b'?') {
        to -= 1;
    }
    to
}

fn quoted_end(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let ceiling = bytes.len().min(start + LONGEST);
    let mut at = start;
    while at < ceiling {
        match bytes[at] {
            b'\n' | b'\r' => return None,
            // An escaped quote closes an escaped string: `\"value\"`.
            b'\\' if bytes.get(at + 1) == Some(&quote) => return Some(at),
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}

fn before_quotes(bytes: &[u8], from: usize) -> (usize, bool) {
    let mut at = from;
    while at > 0 && from - at < 4 && (is_quote(bytes[at - 1]) || bytes[at - 1] == b'\\') {
        at -= 1;
    }
    let quoted = at < from;
    // Prefixes of string literals.
    if quoted && at > 1 && matches!(bytes[at - 1], b'r' | b'b' | b'u' | b'f' | b'@' | b'N' | b'L') && !class::is_alnum(bytes[at - 2]) {
        at -= 1;
    }
    (at, quoted)
}

fn skip_spaces_back(bytes: &[u8], from: usize) -> usize {
    let floor = from.saturating_sub(32);
    let mut at = from;
    while at > floor && matches!(bytes[at - 1], b' ' | b'\t') {
        at -= 1;
    }
    at
}

/// The name before `=`, `:` and their kin; `at` is one past the sign.
fn name_before_sign(bytes: &[u8], at: usize) -> Range<usize> {
    let floor = at.saturating_sub(6);
    let mut at = at;
    while at > floor && matches!(bytes[at - 1], b'=' | b':' | b'>' | b'!' | b'-' | b'~' | b'+' | b'?') {
        at -= 1;
    }
    let at = skip_spaces_back(bytes, at);
    let floor = at.saturating_sub(4);
    let mut end = at;
    while end > floor && (is_quote(bytes[end - 1]) || matches!(bytes[end - 1], b'\\' | b']' | b')')) {
        end -= 1;
    }
    name_back(bytes, end)
}

fn name_before_comma(bytes: &[u8], comma: usize) -> Range<usize> {
    let at = skip_spaces_back(bytes, comma);
    let floor = at.saturating_sub(3);
    let mut end = at;
    while end > floor && (is_quote(bytes[end - 1]) || bytes[end - 1] == b'\\') {
        end -= 1;
    }
    if end == at { 0..0 } else { name_back(bytes, end) }
}

fn name_in_tag(bytes: &[u8], close: usize) -> Range<usize> {
    let floor = close.saturating_sub(LONGEST_NAME * 2);
    let mut open = close;
    while open > floor && bytes[open - 1] != b'<' && bytes[open - 1] != b'>' && bytes[open - 1] != b'\n' {
        open -= 1;
    }
    if open == 0 || bytes[open - 1] != b'<' {
        return 0..0;
    }
    let mut end = open;
    while end < close && (class::is(bytes[end], NAME) || bytes[end] == b':') {
        end += 1;
    }
    open..end
}

/// The name that ends at `end`. A bare number takes the word before it along: `Key 2`.
fn name_back(bytes: &[u8], end: usize) -> Range<usize> {
    let floor = end.saturating_sub(LONGEST_NAME);
    let mut start = end;
    while start > floor && class::is(bytes[start - 1], NAME) {
        start -= 1;
    }
    if start < end && bytes[start..end].iter().all(u8::is_ascii_digit) {
        let word_end = skip_spaces_back(bytes, start);
        let mut word = word_end;
        while word > floor && class::is(bytes[word - 1], NAME) {
            word -= 1;
        }
        if word < word_end {
            return word..end;
        }
    }
    start..end
}

/// The name that ends at `end` with the word before it: `vendor KEY`.
fn words_back(bytes: &[u8], end: usize) -> Range<usize> {
    let name = name_back(bytes, end);
    let before = skip_spaces_back(bytes, name.start);
    if before < name.start && before > 0 && class::is(bytes[before - 1], NAME) { name_back(bytes, before).start..name.end } else { name }
}

fn is_value_word(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"value") || name.eq_ignore_ascii_case(b"defaultValue")
}

/// `key="NAME" value="…"`, `- name: NAME⏎  value: …`, `"name": "NAME", "value": "…"`: the name is a value further left.
fn sibling_name(bytes: &[u8], value_word: usize) -> Option<Range<usize>> {
    let floor = value_word.saturating_sub(160);
    let window = &bytes[floor..value_word];
    // The nearest `name` or `key` that is followed by a sign; `ApiKey"` is a value, not a word.
    let words = memchr::memchr2_iter(b'e', b'E', window).rev();
    for at in words {
        let word_end = match &window[at..] {
            [b'e' | b'E', b'y' | b'Y', ..] if at >= 1 && window[at - 1].eq_ignore_ascii_case(&b'k') => at + 2,
            _ if at >= 3 && window[at - 3..at].eq_ignore_ascii_case(b"nam") => at + 1,
            _ => continue,
        };
        let mut start = word_end;
        while start < window.len() && (is_quote(window[start]) || matches!(window[start], b' ' | b'\\')) {
            start += 1;
        }
        if start >= window.len() || !matches!(window[start], b'=' | b':') {
            continue;
        }
        while start < window.len() && (is_quote(window[start]) || matches!(window[start], b'=' | b':' | b' ' | b'\\')) {
            start += 1;
        }
        let mut end = start;
        while end < window.len() && class::is(window[end], NAME) {
            end += 1;
        }
        return (end > start).then(|| floor + start..floor + end);
    }
    None
}

/// `variable "NAME" { … default = "…" }` of Terraform.
fn variable_name(bytes: &[u8], default: usize) -> Option<Range<usize>> {
    const WORD: &[u8] = b"variable \"";
    let floor = default.saturating_sub(400);
    let window = &bytes[floor..default];
    let start = memchr::memmem::rfind(window, WORD)? + WORD.len();
    let end = start + memchr::memchr(b'"', &window[start..])?;
    // The block is still open.
    let mut depth = 0u32;
    for byte in &window[end..] {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return None,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    (depth > 0 && end > start && window[start..end].iter().all(|&byte| class::is(byte, NAME))).then_some(floor + start..floor + end)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice, reason = "a test")]

    use super::*;

    fn back(text: &str, value: &str) -> (String, String, bool) {
        let start = text.find(value).unwrap();
        let found = around(text.as_bytes(), start, start + value.len());
        (text[found.key].to_owned(), text[found.value].to_owned(), found.quoted)
    }

    #[test]
    fn from_value_to_name() {
        for (text, key, quoted) in [
            (r#"api_key = "AAAABBBBCCCCDDDD""#, "api_key", true),
            (r#"{"apiKey":"AAAABBBBCCCCDDDD"}"#, "apiKey", true),
            (r#"{\"apiKey\":\"AAAABBBBCCCCDDDD\"}"#, "apiKey", true),
            ("API_KEY=AAAABBBBCCCCDDDD", "API_KEY", false),
            ("<ApiKey>AAAABBBBCCCCDDDD</ApiKey>", "ApiKey", false),
            (r#"<add key="ApiKey" value="AAAABBBBCCCCDDDD" />"#, "ApiKey", true),
            ("- name: API_KEY\n  value: AAAABBBBCCCCDDDD", "API_KEY", false),
            (r#"os.environ.get("API_KEY", "AAAABBBBCCCCDDDD")"#, "API_KEY", true),
            ("setToken('AAAABBBBCCCCDDDD')", "setToken", true),
            ("Unseal Key 2: AAAABBBBCCCCDDDD", "Key 2", false),
            ("--token AAAABBBBCCCCDDDD", "--token", false),
            ("vendor KEY AAAABBBBCCCCDDDD", "vendor KEY", false),
            ("variable \"api_token\" {\n  type = string\n  default = \"AAAABBBBCCCCDDDD\"\n}", "api_token", true),
            ("variable \"api_token\" {}\nx = { default = \"AAAABBBBCCCCDDDD\" }", "default", true),
            ("x['api_key'] => 'AAAABBBBCCCCDDDD'", "api_key", true),
        ] {
            assert_eq!(back(text, "AAAABBBBCCCCDDDD"), (key.to_owned(), "AAAABBBBCCCCDDDD".to_owned(), quoted), "{text}");
        }
    }

    #[test]
    fn from_name_to_value() {
        for (text, value) in [
            (r#"password = "hunt er""#, "hunt er"),
            (r#""password":"x!y""#, "x!y"),
            (r#"\"password\":\"x!y\""#, "x!y"),
            ("password=abc;next", "abc"),
            (r#"<add key="password" value="abc"/>"#, "abc"),
            ("<password>abc</password>", "abc"),
            (":password => 'abc'", "abc"),
            ("password 012345", "012345"),
            ("['password'] = 'abc'", "abc"),
        ] {
            let start = text.find("password").unwrap();
            let found = after(text.as_bytes(), start..start + 8).unwrap();
            assert_eq!(&text[found.value], value, "{text}");
        }
        assert!(after(b"password", 0..8).is_none());
        assert!(after(b"password\n= x", 0..8).is_none());
    }
}
