//! Secrets that are encoded: base64, percent escapes, JSON escapes. At most two encodings deep.

use std::ops::Range;

use base64::{Engine, alphabet, engine};

use super::{class, hit::Hit, pass::Pass};

/// How many encodings may be peeled off.
const DEPTH: u8 = 2;
/// Longest encoded text that is decoded.
const LONGEST: usize = 8 << 10;

/// Kinds of escapes: each has its own mark of how far it was decoded.
const PERCENT: (usize, &str) = (0, "percent");
const JSON: (usize, &str) = (1, "json");

const STANDARD: engine::GeneralPurpose = lenient(&alphabet::STANDARD);

const fn lenient(alphabet: &alphabet::Alphabet) -> engine::GeneralPurpose {
    let config = engine::GeneralPurposeConfig::new()
        .with_decode_padding_mode(engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    engine::GeneralPurpose::new(alphabet, config)
}

/// Looks into a run of base64, if text is in it.
pub(super) fn base64_run(pass: &mut Pass<'_>, start: usize, end: usize) {
    if pass.depth >= DEPTH {
        return;
    }
    let end = end.min(start + LONGEST);
    let Some(run) = pass.bytes.get(start..end) else { return };
    // The first bytes tell text from keys and pictures.
    let mut head = [0u8; 18];
    let Some(first) = run.get(..24) else { return };
    if STANDARD.decode_slice(first, &mut head) != Ok(18)
        || !head.iter().all(|&byte| (b' '..0x7F).contains(&byte) || matches!(byte, b'\n' | b'\r' | b'\t'))
    {
        return;
    }
    let whole = run.get(..run.len() - run.len() % 4).unwrap_or_default();
    let tail = if run.len() % 4 == 1 { whole } else { run };
    if let Ok(text) = STANDARD.decode(tail) {
        nested(pass, start..end, &text, "base64");
    }
}

/// Decodes the percent escapes of the word around `at`.
pub(super) fn percent_around(pass: &mut Pass<'_>, at: usize) {
    let word = |byte: u8| {
        class::is_alnum(byte)
            || matches!(
                byte,
                b'%' | b'.' | b'_' | b'-' | b'~' | b'+' | b'=' | b'&' | b'*' | b'!' | b'/' | b':' | b'@' | b'?' | b';' | b'$' | b','
            )
    };
    escaped(pass, at, word, PERCENT, |text| {
        let mut plain = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((&byte, tail)) = rest.split_first() {
            let code = tail.get(..2).filter(|_| byte == b'%').and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
            match code {
                Some(code) => {
                    plain.push(code);
                    rest = tail.get(2..).unwrap_or_default();
                }
                None => {
                    plain.push(byte);
                    rest = tail;
                }
            }
        }
        plain
    });
}

/// Decodes the `\u00XX` escapes of the string around `at`.
pub(super) fn json_around(pass: &mut Pass<'_>, at: usize) {
    let word = |byte: u8| byte > b' ' && byte != b'"' && byte < 0x7F;
    escaped(pass, at, word, JSON, |text| {
        let mut plain = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((&byte, tail)) = rest.split_first() {
            let code = tail.strip_prefix(b"u00").filter(|_| byte == b'\\').and_then(|tail| tail.get(..2));
            let code = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
            match code {
                Some(code) => {
                    plain.push(code);
                    rest = tail.get(5..).unwrap_or_default();
                }
                None => {
                    plain.push(byte);
                    rest = tail;
                }
            }
        }
        plain
    });
}

fn escaped(
    pass: &mut Pass<'_>,
    at: usize,
    word: impl Fn(u8) -> bool,
    (kind, how): (usize, &'static str),
    decode: impl Fn(&[u8]) -> Vec<u8>,
) {
    if pass.depth >= DEPTH || pass.decoded_to.get(kind).is_none_or(|&to| at < to) {
        return;
    }
    let floor = at.saturating_sub(1024);
    let before = pass.bytes.get(floor..at).unwrap_or_default();
    let start = floor + before.iter().rposition(|&byte| !word(byte)).map_or(0, |last| last + 1);
    let window = pass.bytes.get(at..pass.bytes.len().min(at + LONGEST)).unwrap_or_default();
    let end = at + window.iter().position(|&byte| !word(byte)).unwrap_or(window.len());
    if let Some(to) = pass.decoded_to.get_mut(kind) {
        *to = end;
    }
    let Some(text) = pass.bytes.get(start..end) else { return };
    let plain = decode(text);
    nested(pass, start..end, &plain, how);
}

/// Scans what was decoded. Its hits stand at the whole encoded text: it is all that can be pointed at.
fn nested(pass: &mut Pass<'_>, outer: Range<usize>, text: &[u8], how: &'static str) {
    let mut inner = Pass::new(pass.inner, pass.path, pass.file, text, 0..text.len());
    inner.depth = pass.depth + 1;
    inner.run();
    let mut hits: Vec<Hit> = inner.finish();
    for hit in &mut hits {
        hit.span = outer.clone();
        hit.key = None;
        hit.decoded.push(how);
    }
    // One finding for one encoded text, the surest.
    if let Some(best) = hits.into_iter().max_by_key(|hit| (hit.confidence, hit.severity)) {
        pass.hits.push(best);
    }
}
