use bumpalo::Bump;

use super::Piece;
use crate::log::json::{Broken, Cursor, Form};
use crate::log::types::flow;
use crate::log::{Event, LogKind, Slot};

/// Bytes that are no record, where they begin and why they could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: u64,
    /// Offset in the uncompressed stream.
    pub byte: u64,
    /// Why, for people.
    pub why: &'static str,
}

/// Gives every event of a piece of lines, and every line that could not be read. `text` is the kind of lines that are no JSON.
pub fn for_each_event(piece: &Piece, text: LogKind, each: &mut dyn FnMut(&Event<'_>), fault: &mut dyn FnMut(Fault)) {
    let mut bump = Bump::new();
    let mut line = piece.line;
    let mut at = 0;
    while at < piece.bytes.len() {
        let rest = piece.bytes.get(at..).unwrap_or(&[]);
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
        let whole = rest.get(..length).unwrap_or(rest);
        let start = at;
        let place = Place { line, byte: piece.byte + start as u64 };
        at += length;
        line += 1;
        let trimmed = whole.trim_ascii();
        let trimmed = trimmed.strip_prefix(b"\xef\xbb\xbf").unwrap_or(trimmed);
        match trimmed.first() {
            None => continue,
            Some(b'{') => one_line(trimmed, place, &bump, each, fault),
            // The brackets of a list that was written one record a line.
            Some(b'[' | b']' | b',') if trimmed.len() == 1 => continue,
            Some(_) if text == LogKind::Text && looks_binary(trimmed) => {
                fault(Fault { line: place.line, byte: place.byte, why: "not text" });
            }
            Some(_) => {
                let mut event = Event::empty(whole.trim_ascii_end(), &bump);
                event.read_text(text);
                (event.line, event.byte) = (place.line, place.byte);
                each(&event);
            }
        }
        bump.reset();
    }
}

/// Gives the event or events of one JSON record, wherever it stands.
pub fn for_each_in_record(bytes: &[u8], line: u64, byte: u64, each: &mut dyn FnMut(&Event<'_>), fault: &mut dyn FnMut(Fault)) {
    let bump = Bump::new();
    one_line(bytes, Place { line, byte }, &bump, each, fault);
}

#[derive(Clone, Copy)]
struct Place {
    line: u64,
    byte: u64,
}

fn one_line(bytes: &[u8], place: Place, bump: &Bump, each: &mut dyn FnMut(&Event<'_>), fault: &mut dyn FnMut(Fault)) {
    let mut event = Event::empty(bytes, bump);
    match event.read_json() {
        Ok(end) => {
            let after = bytes.get(end..).unwrap_or(&[]).trim_ascii_start();
            let after = after.strip_prefix(b",").unwrap_or(after).trim_ascii_start();
            give(&mut event, place, bump, each, fault);
            match after.first() {
                None | Some(b']') => {}
                // Several records on one line, as concatenated blobs have them.
                Some(b'{') => {
                    let byte = place.byte + (bytes.len() - after.len()) as u64;
                    one_more(after, Place { byte, ..place }, bump, each, fault);
                }
                Some(_) => fault(Fault { line: place.line, byte: place.byte + end as u64, why: "text after the record" }),
            }
        }
        Err(broken) => {
            let at = match broken {
                Broken::Truncated(at) | Broken::Unexpected(at) | Broken::TooDeep(at) => at,
            };
            let why = match broken {
                Broken::Truncated(_) => "the JSON ends early",
                Broken::Unexpected(_) => "not JSON",
                Broken::TooDeep(_) => "nested too deep",
            };
            fault(Fault { line: place.line, byte: place.byte + at as u64, why });
        }
    }
}

/// The rest of a line with several records, one after the other and not one inside the other: a line may have thousands.
fn one_more(mut bytes: &[u8], mut place: Place, bump: &Bump, each: &mut dyn FnMut(&Event<'_>), fault: &mut dyn FnMut(Fault)) {
    while bytes.first() == Some(&b'{') {
        let mut event = Event::empty(bytes, bump);
        let Ok(end) = event.read_json() else {
            fault(Fault { line: place.line, byte: place.byte, why: "not JSON" });
            return;
        };
        give(&mut event, place, bump, each, fault);
        let rest = bytes.get(end..).unwrap_or(&[]);
        let next = rest.trim_ascii_start();
        let next = next.strip_prefix(b",").unwrap_or(next).trim_ascii_start();
        place.byte += (bytes.len() - next.len()) as u64;
        bytes = next;
    }
    if !bytes.is_empty() && bytes != b"]" {
        fault(Fault { line: place.line, byte: place.byte, why: "text after the record" });
    }
}

fn give<'a>(event: &mut Event<'a>, place: Place, bump: &'a Bump, each: &mut dyn FnMut(&Event<'_>), fault: &mut dyn FnMut(Fault)) {
    (event.line, event.byte) = (place.line, place.byte);
    let envelope = event.records.form == Form::Array && !event.get(Slot::Time).is_set();
    if !envelope {
        if event.kind == LogKind::Flow && event.get(Slot::Flow).is_set() {
            flow::expand(event, &mut |one| each(one));
        } else {
            each(event);
        }
        return;
    }
    let base = event.records.bytes.as_ptr() as usize - event.bytes.as_ptr() as usize;
    let mut cursor = Cursor::new(event.records.bytes);
    let mut first = true;
    if cursor.open_array().is_err() {
        return;
    }
    while let Ok(true) = cursor.item(first) {
        first = false;
        cursor.peek();
        let at = cursor.at();
        let place = Place { line: place.line, byte: place.byte + (base + at) as u64 };
        let Ok(record) = cursor.value() else {
            fault(Fault { line: place.line, byte: place.byte, why: "not JSON" });
            return;
        };
        let mut one = Event::empty(record.bytes, bump);
        match one.read_json() {
            Ok(_) => {
                (one.line, one.byte) = (place.line, place.byte);
                one.records = crate::log::json::Raw::ABSENT;
                if one.kind == LogKind::Flow && one.get(Slot::Flow).is_set() {
                    flow::expand(&one, &mut |tuple| each(tuple));
                } else {
                    each(&one);
                }
            }
            Err(_) => fault(Fault { line: place.line, byte: place.byte, why: "not JSON" }),
        }
    }
}

/// A NUL in the first bytes: no log has one.
fn looks_binary(line: &[u8]) -> bool {
    memchr::memchr(0, line.get(..256).unwrap_or(line)).is_some()
}
