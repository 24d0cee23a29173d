use crate::log::json::Raw;
use crate::log::{Event, LogKind, Slot};

/// Which text log this is, by its beginning. Both services write an ISO time with seven digits before every line.
pub fn recognise(head: &[u8]) -> LogKind {
    let has = |needle: &[u8]| memchr::memmem::find(head, needle).is_some();
    let stamped = head.split(|byte| *byte == b'\n').take(50).any(|line| stamp(line).is_some());
    if !stamped {
        LogKind::Text
    } else if has(b"##[section]") || has(b"##[command]") && !has(b"##[group]Run ") {
        LogKind::AzurePipelines
    } else if has(b"##[group]") || has(b"##[endgroup]") || has(b"##[command]") || has(b"Current runner version") || has(b"##[error]") {
        LogKind::GithubActions
    } else {
        LogKind::Text
    }
}

/// The length of `2026-01-13T02:15:01.1234567Z ` at the start of a line, a byte-order mark included.
pub fn stamp(line: &[u8]) -> Option<usize> {
    let bom = if line.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = line.get(bom..)?;
    let shaped = text.get(10) == Some(&b'T') && text.get(27) == Some(&b'Z') && matches!(text.get(28), Some(b' ') | None);
    shaped.then_some(bom + 29)
}

/// What a line says beyond its text: `##[error]` and its relatives.
pub fn settle(event: &mut Event<'_>) {
    if !matches!(event.kind, LogKind::GithubActions | LogKind::AzurePipelines) {
        return;
    }
    let message = event.get(Slot::Message).bytes;
    let Some(rest) = message.strip_prefix(b"##[") else { return };
    let Some(end) = rest.iter().take(24).position(|byte| *byte == b']') else { return };
    event.set(Slot::EventName, Raw::plain(rest.get(..end).unwrap_or(&[])));
    event.set(Slot::Message, Raw::plain(rest.get(end + 1..).unwrap_or(&[])));
    if event.get(Slot::EventName).is("error") {
        event.set(Slot::Level, Raw::plain(b"error"));
    }
}
