//! Streams of any length in constant memory.
//!
//! A window holds a part that it owns, and on both sides what detectors may look at. Whatever begins in the owned part is
//! found in that window and in no other, so nothing is lost at a border and nothing is told twice.

use std::io::{self, Read};

use serde::Serialize;

use super::{
    accept,
    hit::{Hit, mask_line},
    scanner::Scanner,
};

/// A hit in a stream, with the line that holds it: the stream cannot be asked again.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamHit {
    /// What was found; its spans count from the beginning of the stream.
    pub hit: Hit,
    /// Line, from 1.
    pub line: u64,
    /// Offset of the line's first byte.
    pub line_start: u64,
    /// The line with every secret masked, cut to a readable width.
    pub snippet: String,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Streamed {
    /// Bytes.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Hits.
    pub hits: u64,
}

/// Sizes of a window.
#[derive(Clone, Copy, Debug)]
struct Sizes {
    /// What one window owns.
    chunk: usize,
    /// How far a detector may look ahead of what woke it: the longest window and the longest run.
    ahead: usize,
    /// How far it may look back.
    behind: usize,
}

const SIZES: Sizes = Sizes { chunk: 256 << 10, ahead: 32 << 10, behind: 24 << 10 };
/// Longest part of a line that a snippet shows on either side of the secret.
const SNIPPET: usize = 100;

impl Scanner {
    /// Scans whatever `reader` gives, in constant memory. UTF-16 with a byte-order mark is decoded; spans then count decoded bytes.
    ///
    /// # Errors
    /// What the reader fails with. Hits up to there have been told.
    pub fn stream(&self, path: &str, reader: impl Read, found: impl FnMut(StreamHit)) -> io::Result<Streamed> {
        self.stream_with(path, reader, SIZES, found)
    }

    fn stream_with(&self, path: &str, reader: impl Read, sizes: Sizes, mut found: impl FnMut(StreamHit)) -> io::Result<Streamed> {
        let mut reader = Decoded::new(reader)?;
        let mut window = Window { bytes: Vec::with_capacity(sizes.behind + sizes.chunk + sizes.ahead), at: 0, lines: 0, counted: 0 };
        let mut own = 0usize;
        let mut pending: Vec<Hit> = Vec::new();
        let mut total = Streamed::default();
        loop {
            let wanted = own + sizes.chunk + sizes.ahead - window.at;
            let ended = window.fill(&mut reader, wanted)?;
            let end = window.at + window.bytes.len();
            let own_end = if ended { end } else { end - sizes.ahead };
            let wide = reader.wide;
            let hits = self.unsettled(path, &window.bytes, own - window.at..own_end - window.at);
            pending.extend(hits.into_iter().map(|hit| shift(hit, window.at, wide)));
            // Whatever the next window finds begins after this.
            let safe = if ended { usize::MAX } else { own_end.saturating_sub(sizes.behind / 2) };
            for hit in settle_before(&mut pending, safe) {
                total.hits += 1;
                found(window.tell(hit, &pending));
            }
            own = own_end;
            let keep_from = own.saturating_sub(sizes.behind).max(window.at);
            if ended {
                total.bytes = end as u64;
                window.count_to(end);
                total.lines = window.lines + u64::from(window.bytes.last().is_some_and(|&last| last != b'\n'));
                return Ok(total);
            }
            window.forget(keep_from);
        }
    }
}

/// The part of the stream that is in memory.
struct Window {
    bytes: Vec<u8>,
    /// Offset of the first byte in the stream.
    at: usize,
    /// Line ends before `counted`.
    lines: u64,
    counted: usize,
}

impl Window {
    /// Reads until there are `wanted` bytes; says whether the stream has ended.
    fn fill(&mut self, reader: &mut impl Read, wanted: usize) -> io::Result<bool> {
        let missing = wanted.saturating_sub(self.bytes.len());
        let read = Read::take(reader, missing as u64).read_to_end(&mut self.bytes)?;
        Ok(read < missing)
    }

    fn count_to(&mut self, offset: usize) {
        if offset > self.counted {
            let part = self.bytes.get(self.counted - self.at..offset - self.at).unwrap_or_default();
            self.lines += memchr::memchr_iter(b'\n', part).count() as u64;
            self.counted = offset;
        }
    }

    fn forget(&mut self, before: usize) {
        self.count_to(before);
        self.bytes.drain(..(before - self.at).min(self.bytes.len()));
        self.at = before;
    }

    fn tell(&mut self, hit: Hit, others: &[Hit]) -> StreamHit {
        let start = hit.span.start.max(self.at);
        let back = start.saturating_sub(4096).max(self.at);
        let before = self.bytes.get(back - self.at..start - self.at).unwrap_or_default();
        let line_start = memchr::memrchr(b'\n', before).map_or(back, |at| back + at + 1);
        // Hits come in order of their end, so a line may lie before what is counted already: count from the window's start then.
        if start < self.counted {
            let part = self.bytes.get(start - self.at..self.counted - self.at).unwrap_or_default();
            self.lines -= memchr::memchr_iter(b'\n', part).count() as u64;
            self.counted = start;
        }
        self.count_to(start);
        let from = start.saturating_sub(SNIPPET).max(line_start);
        let rest = self.bytes.get(start - self.at..).unwrap_or_default();
        let line_end = start + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let to = line_end.min(hit.span.end.saturating_add(SNIPPET)).min(start + 4096);
        let shown: String = self
            .bytes
            .get(from - self.at..to - self.at)
            .unwrap_or_default()
            .iter()
            .map(|&byte| if (b' '..0x7F).contains(&byte) || byte == b'\t' { char::from(byte) } else { '\u{b7}' })
            .collect();
        // One byte became one character: mask in characters of one byte.
        let ascii = shown.replace('\u{b7}', ".");
        let mut masks: Vec<Hit> = others.iter().filter(|other| other.span.start < to && other.span.end > from).cloned().collect();
        masks.push(hit.clone());
        let snippet = mask_line(ascii.trim_end(), from, &masks);
        StreamHit { line: self.lines + 1, line_start: line_start as u64, snippet, hit }
    }
}

fn shift(mut hit: Hit, by: usize, wide: bool) -> Hit {
    hit.span = hit.span.start + by..hit.span.end + by;
    hit.key = hit.key.map(|span| span.start + by..span.end + by);
    if wide {
        hit.decoded.push("utf-16");
    }
    hit
}

/// Takes out the groups of overlapping hits that end before `safe`, and settles each.
fn settle_before(pending: &mut Vec<Hit>, safe: usize) -> Vec<Hit> {
    pending.sort_by_key(|hit| hit.span.start);
    let mut groups: Vec<Vec<Hit>> = Vec::new();
    let mut end = 0;
    for hit in pending.drain(..) {
        match groups.last_mut().filter(|_| hit.span.start < end) {
            Some(group) => {
                end = end.max(hit.span.end);
                group.push(hit);
            }
            None => {
                end = hit.span.end;
                groups.push(vec![hit]);
            }
        }
    }
    let mut settled = Vec::new();
    for group in groups {
        if group.iter().all(|hit| hit.span.end <= safe) {
            settled.extend(accept::settle(group));
        } else {
            pending.extend(group);
        }
    }
    settled
}

/// The reader with a byte-order mark of UTF-16 understood.
struct Decoded<R> {
    inner: io::Chain<io::Cursor<Vec<u8>>, R>,
    wide: bool,
    little: bool,
    /// A high surrogate or half a unit that waits for the rest.
    raw: Vec<u8>,
    ready: Vec<u8>,
}

impl<R: Read> Decoded<R> {
    fn new(mut reader: R) -> io::Result<Self> {
        let mut mark = Vec::new();
        Read::take(&mut reader, 2).read_to_end(&mut mark)?;
        let (wide, little) = match mark.as_slice() {
            [0xFF, 0xFE] => (true, true),
            [0xFE, 0xFF] => (true, false),
            _ => (false, false),
        };
        let head = if wide { Vec::new() } else { mark };
        Ok(Self { inner: Read::chain(io::Cursor::new(head), reader), wide, little, raw: Vec::new(), ready: Vec::new() })
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.wide {
            return self.inner.read(buffer);
        }
        while self.ready.is_empty() {
            let mut block = [0u8; 4096];
            let read = self.inner.read(&mut block)?;
            if read == 0 {
                return Ok(0);
            }
            self.raw.extend_from_slice(block.get(..read).unwrap_or_default());
            let (pairs, _) = self.raw.as_chunks::<2>();
            let mut units: Vec<u16> =
                pairs.iter().map(|pair| if self.little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) }).collect();
            if units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit)) {
                units.pop();
            }
            let text: String = char::decode_utf16(units.iter().copied()).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            self.raw.drain(..units.len() * 2);
            self.ready = text.into_bytes();
        }
        let length = buffer.len().min(self.ready.len());
        for (slot, byte) in buffer.iter_mut().zip(self.ready.drain(..length)) {
            *slot = byte;
        }
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::examples::expand, *};

    fn small() -> Sizes {
        Sizes { chunk: 512, ..SIZES }
    }

    fn streamed(scanner: &Scanner, text: &[u8], sizes: Sizes) -> Vec<StreamHit> {
        let mut hits = Vec::new();
        scanner.stream_with("app.log", text, sizes, |hit| hits.push(hit)).unwrap();
        hits
    }

    #[test]
    fn lines_and_snippets_are_told_and_masked() {
        let text = expand("first\n2026-01-01 INFO connected with password={an:6}!{an:4}; next\nlast", 1);
        let hits = streamed(&Scanner::builtin(), text.as_bytes(), SIZES);
        assert_eq!(hits.len(), 1);
        assert_eq!((hits[0].line, hits[0].line_start), (2, 6));
        assert_eq!(hits[0].snippet, "2026-01-01 INFO connected with password=***; next");
    }

    #[test]
    fn utf16_streams_are_decoded() {
        let text = expand("key\nAccountKey={b64:86}==\n", 3);
        let mut bytes = vec![0xFE, 0xFF];
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        let hits = streamed(&Scanner::builtin(), &bytes, SIZES);
        assert_eq!(hits.len(), 1);
        assert_eq!(hits[0].hit.decoded, ["utf-16"]);
        assert_eq!(hits[0].line, 2);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn nothing_is_lost_or_added_at_a_border(seed in 1u64..1000, gaps in proptest::collection::vec(0usize..700, 4..40)) {
            const PLANTED: [&str; 7] = ["AccountKey={b64:86}==;", "password = \"{an:6}!{an:5}\"", "ghp_{an:36}", "api_key: {hex:32}", "{jwt}",
                "https://u:{an:12}@host.internal/x", "clientSecret='{an:3}8Q~{an:34}'"];
            let scanner = Scanner::builtin();
            let mut text = String::new();
            for (at, gap) in gaps.iter().enumerate() {
                text.push_str(&"lorem ipsum dolor ".repeat(gap / 18));
                text.push('\n');
                text.push_str(&expand(PLANTED[at % PLANTED.len()], seed + at as u64));
                text.push('\n');
            }
            let whole: Vec<_> = scanner.scan("app.log", text.as_bytes()).into_iter().map(|hit| (hit.span, hit.detector)).collect();
            let parts: Vec<_> = streamed(&scanner, text.as_bytes(), small()).into_iter().map(|hit| (hit.hit.span, hit.hit.detector)).collect();
            prop_assert_eq!(whole, parts);
        }
    }
}
