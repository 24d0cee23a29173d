use super::HEAD;
use crate::log::LogKind;
use crate::log::json::{Broken, Cursor};
use crate::log::types::pipeline;

/// How a log is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One record a line: JSON lines, text lines (of this kind), or both.
    Lines(LogKind),
    /// JSON over many lines, or one long line.
    Document,
    /// No text: an image, UTF-16, an archive that is not known.
    Binary,
}

/// The layout of a log that begins with `head`.
pub fn probe(head: &[u8]) -> Layout {
    let head = head.get(..HEAD).unwrap_or(head);
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if memchr::memchr(0, head.get(..1024).unwrap_or(head)).is_some() {
        return Layout::Binary;
    }
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return Layout::Lines(LogKind::Text) };
    if !first.starts_with(b"{") && !is_list(first) {
        return Layout::Lines(pipeline::recognise(head));
    }
    let mut cursor = Cursor::new(first);
    match cursor.value() {
        Ok(_) if first.starts_with(b"{") => Layout::Lines(LogKind::Text),
        // A first line that breaks off, with whole records after it, is a damaged line and not a document.
        Err(Broken::Truncated(_))
            if breaks_off(first) && lines.next().is_some_and(|line| line.starts_with(b"{\"") && Cursor::new(line).value().is_ok()) =>
        {
            Layout::Lines(LogKind::Text)
        }
        _ => Layout::Document,
    }
}

/// A document's line may end after a bracket, comma or colon; elsewhere a line that ends early was cut.
fn breaks_off(line: &[u8]) -> bool {
    line.starts_with(b"{") && !matches!(line.last(), Some(b'[' | b'{' | b',' | b':'))
}

/// `[` may also begin a line of text: `[INFO] …`.
fn is_list(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"[") else { return false };
    matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_found_by_content() {
        assert_eq!(probe(b"{\"a\":1}\n{\"a\":2}\n"), Layout::Lines(LogKind::Text));
        assert_eq!(probe(b"{\"a\":\"b\n{\"a\":2}\n"), Layout::Lines(LogKind::Text));
        assert_eq!(probe(b"{\"records\":[\n{\"a\":2}\n]}"), Layout::Document);
        assert_eq!(probe(b"{\n \"records\": [\n"), Layout::Document);
        assert_eq!(probe(b"[{\"a\":1},\n{\"a\":2}]"), Layout::Document);
        assert_eq!(probe(b"[INFO] hello"), Layout::Lines(LogKind::Text));
        assert_eq!(probe(b"2026-01-13T02:15:00.1234567Z ##[section]Starting: x\n"), Layout::Lines(LogKind::AzurePipelines));
        assert_eq!(probe(b"\xef\xbb\xbf2026-01-13T02:15:00.1234567Z ##[group]Run x\n"), Layout::Lines(LogKind::GithubActions));
        assert_eq!(probe(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Layout::Binary);
        assert_eq!(probe(b""), Layout::Lines(LogKind::Text));
    }
}
