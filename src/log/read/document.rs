use std::io::{self, Read};

use super::records::Fault;
use super::{PIECE, RECORD_LIMIT};
use crate::log::types::is_envelope_key;

/// Finds the records of JSON that spans lines (`{"records": [` … `]}`, `[` … `]`, pretty-printed objects one after the other) while it streams by.
///
/// Only the record at hand is held. A record that breaks off is given up where the next one begins.
pub struct Documents<R> {
    inner: R,
    buffer: Vec<u8>,
    /// Next byte of the buffer to look at.
    at: usize,
    /// Offset of the buffer's first byte, and line (from 1) of `at`.
    base: u64,
    line: u64,
    stack: Vec<Container>,
    /// The last string met: the key, once a colon follows.
    key: Vec<u8>,
    record: Option<Open>,
    /// The last byte that was not white space, outside strings.
    before: u8,
    ended: bool,
    error: Option<io::Error>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    /// An object around records, whose members are looked into.
    Envelope,
    /// A list whose objects are records.
    Records,
    /// A list of anything else.
    Other,
}

struct Open {
    /// Where it starts in the buffer; unused once it is too long.
    start: usize,
    byte: u64,
    line: u64,
    depth: u32,
    /// Whether it may still turn out to be an envelope: its first key decides.
    undecided: bool,
    oversize: bool,
}

/// What [`Documents::next_record`] found.
pub enum Found {
    /// A record: line, byte, and its bytes.
    Record(u64, u64, Vec<u8>),
    /// Bytes that are no record.
    Fault(Fault),
}

impl<R: Read> Documents<R> {
    /// Records of `inner`; `head` was read from it already.
    pub fn new(head: Vec<u8>, inner: R) -> Self {
        let at = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self {
            inner,
            buffer: head,
            at,
            base: 0,
            line: 1,
            stack: Vec::new(),
            key: Vec::new(),
            record: None,
            before: b',',
            ended: false,
            error: None,
        }
    }

    /// How many bytes have been looked at.
    pub const fn byte(&self) -> u64 {
        self.base + self.at as u64
    }

    /// The next record or fault; `None` at the end.
    ///
    /// # Errors
    /// What the reader says, after every record before it was given.
    pub fn next_record(&mut self) -> io::Result<Option<Found>> {
        loop {
            while let Some(&byte) = self.buffer.get(self.at) {
                if let Some(found) = self.step(byte) {
                    return Ok(Some(found));
                }
            }
            if self.ended {
                if let Some(open) = self.record.take() {
                    return Ok(Some(Found::Fault(Fault { line: open.line, byte: open.byte, why: "the JSON ends early" })));
                }
                return self.error.take().map_or(Ok(None), Err);
            }
            self.refill();
        }
    }

    /// Gives this error at the next call: what was found before it is given first.
    pub fn fail_again(&mut self, error: io::Error) {
        self.error = Some(error);
    }

    fn refill(&mut self) {
        let keep = match &mut self.record {
            Some(open) if !open.oversize => {
                let start = std::mem::take(&mut open.start);
                if self.at - start > RECORD_LIMIT {
                    open.oversize = true;
                    self.at
                } else {
                    start
                }
            }
            _ => self.at,
        };
        self.buffer.drain(..keep.min(self.buffer.len()));
        self.base += keep as u64;
        self.at = self.at.saturating_sub(keep);
        let from = self.buffer.len();
        self.buffer.resize(from + PIECE / 4, 0);
        let free = self.buffer.get_mut(from..).unwrap_or(&mut []);
        let read = loop {
            match self.inner.read(free) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(n) => break n.min(free.len()),
                Err(error) => {
                    self.error = Some(error);
                    break 0;
                }
            }
        };
        self.ended |= read == 0;
        self.buffer.truncate(from + read);
    }

    fn step(&mut self, byte: u8) -> Option<Found> {
        let start_of_line = self.at == 0 || self.at.checked_sub(1).and_then(|at| self.buffer.get(at)) == Some(&b'\n');
        match byte {
            b'\n' => {
                self.line += 1;
                self.at += 1;
                return None;
            }
            b' ' | b'\t' | b'\r' => {
                self.at += 1;
                return None;
            }
            b'"' => return self.string(),
            b'{' if start_of_line && self.record.is_some() && !matches!(self.before, b',' | b':' | b'[') => {
                let open = self.record.take()?;
                self.stack.clear();
                self.before = b',';
                return Some(Found::Fault(Fault { line: open.line, byte: open.byte, why: "the record breaks off" }));
            }
            b'{' | b'[' => self.open(byte),
            b'}' | b']' => {
                self.at += 1;
                self.before = byte;
                return self.close();
            }
            _ => {
                if self.record.is_none() && self.stack.is_empty() && !matches!(byte, b',') {
                    return Some(self.not_json());
                }
            }
        }
        self.at += 1;
        self.before = byte;
        None
    }

    fn open(&mut self, byte: u8) {
        if let Some(open) = &mut self.record {
            open.depth = open.depth.saturating_add(1);
            return;
        }
        let top = self.stack.last().copied();
        if byte == b'[' {
            let records = top.is_none() || (top == Some(Container::Envelope) && is_envelope_key(&self.key));
            self.push(if records { Container::Records } else { Container::Other });
        } else if top == Some(Container::Other) {
            self.push(Container::Other);
        } else {
            let byte = self.byte();
            // An object in a list of records is a record; one elsewhere may be an envelope.
            let undecided = top != Some(Container::Records);
            self.record = Some(Open { start: self.at, byte, line: self.line, depth: 1, undecided, oversize: false });
        }
    }

    /// Nesting outside records is an envelope's: what is deeper than any is not followed.
    fn push(&mut self, container: Container) {
        if self.stack.len() < 64 {
            self.stack.push(container);
        }
    }

    fn close(&mut self) -> Option<Found> {
        let Some(open) = &mut self.record else {
            self.stack.pop();
            return None;
        };
        open.depth = open.depth.saturating_sub(1);
        if open.depth > 0 {
            return None;
        }
        let open = self.record.take()?;
        if open.oversize {
            return Some(Found::Fault(Fault { line: open.line, byte: open.byte, why: "the record is longer than 8 MiB" }));
        }
        // An object of an envelope that turns out to be no envelope (`parameters`, `"properties"`) is no event.
        if open.undecided && self.stack.last() == Some(&Container::Envelope) {
            return None;
        }
        let bytes = self.buffer.get(open.start..self.at).unwrap_or(&[]).to_vec();
        Some(Found::Record(open.line, open.byte, bytes))
    }

    /// Reads a string, if its end is in the buffer; asks for more otherwise.
    fn string(&mut self) -> Option<Found> {
        let Some((end, _)) = crate::log::json::string_end(&self.buffer, self.at + 1) else { return self.long_string() };
        let text = self.buffer.get(self.at + 1..end).unwrap_or(&[]);
        if let Some(newline) = memchr::memchr(b'\n', text) {
            return Some(self.broken_string(self.at + 1 + newline));
        }
        let first_key = matches!(&self.record, Some(open) if open.undecided && open.depth == 1) && self.before == b'{';
        if self.record.is_none() || first_key {
            self.key.clear();
            self.key.extend(text.iter().take(64));
        }
        if first_key && self.stack.len() < 8 && opens_envelope(&self.key, &self.stack) {
            self.record = None;
            self.stack.push(Container::Envelope);
        } else if let Some(open) = self.record.as_mut().filter(|open| open.depth == 1 && first_key && self.stack.is_empty()) {
            open.undecided = false;
        }
        self.at = end + 1;
        self.before = b'"';
        None
    }

    /// A string whose end has not been read yet.
    fn long_string(&mut self) -> Option<Found> {
        if let Some(newline) = memchr::memchr(b'\n', self.buffer.get(self.at + 1..).unwrap_or(&[])) {
            return Some(self.broken_string(self.at + 1 + newline));
        }
        let held = self.record.as_ref().filter(|open| !open.oversize).map_or(self.at, |open| open.start);
        if self.ended || self.buffer.len() - held > RECORD_LIMIT {
            let (line, byte) = self.record.take().map_or((self.line, self.byte()), |open| (open.line, open.byte));
            let why = if self.ended { "the JSON ends early" } else { "the record is longer than 8 MiB" };
            self.skip_to_line_end();
            return Some(Found::Fault(Fault { line, byte, why }));
        }
        // Nothing of the string has been taken: it is looked at again with more bytes; at the end, for the last time.
        self.refill();
        None
    }

    /// A line ends within a string: JSON does not allow it, so the record is cut there.
    fn broken_string(&mut self, newline: usize) -> Found {
        let (line, byte) = self.record.take().map_or((self.line, self.byte()), |open| (open.line, open.byte));
        self.at = newline;
        self.before = b',';
        if self.stack.last() != Some(&Container::Records) {
            self.stack.clear();
        }
        Found::Fault(Fault { line, byte, why: "the record breaks off" })
    }

    fn not_json(&mut self) -> Found {
        let fault = Fault { line: self.line, byte: self.byte(), why: "not JSON" };
        self.skip_to_line_end();
        Found::Fault(fault)
    }

    fn skip_to_line_end(&mut self) {
        loop {
            if let Some(newline) = memchr::memchr(b'\n', self.buffer.get(self.at..).unwrap_or(&[])) {
                self.at += newline;
                break;
            }
            self.at = self.buffer.len();
            if self.ended {
                break;
            }
            self.refill();
        }
        self.before = b',';
    }
}

/// Whether an object with this first key is no event but holds events.
fn opens_envelope(key: &[u8], stack: &[Container]) -> bool {
    let known: &[&[u8]] = &[b"records", b"value", b"parameters", b"responses", b"body", b"200", b"@odata.context", b"nextlink", b"count"];
    let inside = stack.last() == Some(&Container::Envelope);
    known.iter().any(|word| key.eq_ignore_ascii_case(word)) && (inside || !key.eq_ignore_ascii_case(b"body"))
}
