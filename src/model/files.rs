use std::sync::{Arc, OnceLock, RwLock};

use super::{FileId, Place, Position, Snippet, Span};

/// One text that was read: its path as people see it, and its bytes as UTF-8.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the scanned root, with forward slashes.
    pub path: Arc<str>,
    /// The whole text. A byte-order mark stays in it, so that spans count bytes of the file on disk.
    pub text: Arc<str>,
    line_starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            let mut at = 0;
            while let Some(&byte) = bytes.get(at) {
                at += 1;
                let ends_line = byte == b'\n' || (byte == b'\r' && bytes.get(at) != Some(&b'\n'));
                if ends_line {
                    starts.push(u32::try_from(at).unwrap_or(u32::MAX));
                }
            }
            starts
        })
    }

    /// The line (counted from 1) that holds byte `at`, and the byte at which that line starts.
    pub fn line_of(&self, at: u32) -> (u32, u32) {
        let starts = self.line_starts();
        let index = starts.partition_point(|&start| start <= at).saturating_sub(1);
        (u32::try_from(index + 1).unwrap_or(u32::MAX), starts.get(index).copied().unwrap_or(0))
    }

    /// Line and column of byte `at`; columns count UTF-16 code units from 1, as SARIF and editors do.
    pub fn position(&self, at: u32) -> Position {
        let (line, start) = self.line_of(at);
        let end = floor_boundary(&self.text, at as usize);
        let before = self.text.get(start as usize..end).unwrap_or("");
        let before = before.strip_prefix('\u{feff}').unwrap_or(before);
        let column = before.encode_utf16().count() + 1;
        Position { line, column: u32::try_from(column).unwrap_or(u32::MAX) }
    }

    /// The text of line `line` (counted from 1) without its line ending.
    pub fn line(&self, line: u32) -> &str {
        let starts = self.line_starts();
        let index = line.saturating_sub(1) as usize;
        let Some(&start) = starts.get(index) else { return "" };
        let end = starts.get(index + 1).map_or(self.text.len(), |&next| next as usize);
        let text = self.text.get(start as usize..end).unwrap_or("");
        text.trim_end_matches(['\r', '\n']).trim_start_matches('\u{feff}')
    }

    /// How many lines the text has.
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.line_starts().len()).unwrap_or(u32::MAX)
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Every text of this run. Front ends add to it from many threads; spans point into it.
#[derive(Debug, Default)]
pub struct Files {
    all: RwLock<Vec<Arc<SourceFile>>>,
}

impl Files {
    /// Longest line that a snippet carries, in bytes; the rest of a minified file helps nobody.
    const SNIPPET_LIMIT: usize = 240;

    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps `text` under `path` and returns its number.
    pub fn add(&self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let file = Arc::new(SourceFile { path: path.into(), text: text.into(), line_starts: OnceLock::new() });
        let mut all = self.all.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.push(file);
        FileId(u32::try_from(all.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of that number, if there is one.
    pub fn get(&self, id: FileId) -> Option<Arc<SourceFile>> {
        let all = self.all.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.get(id.0 as usize).cloned()
    }

    /// The path of a file, or an empty string for [`FileId::NONE`].
    pub fn path(&self, id: FileId) -> Arc<str> {
        self.get(id).map_or_else(|| Arc::from(""), |file| Arc::clone(&file.path))
    }

    /// The text under `span`.
    pub fn text(&self, span: Span) -> String {
        let file = self.get(span.file);
        file.and_then(|file| file.text.get(span.start as usize..span.end as usize).map(str::to_owned)).unwrap_or_default()
    }

    /// Where `span` stands, in lines and columns; `None` for a span without a file.
    pub fn place(&self, span: Span) -> Option<Place> {
        let file = self.get(span.file)?;
        Some(Place::File { path: file.path.to_string(), start: file.position(span.start), end: file.position(span.end) })
    }

    /// The first line under `span` with the part to underline, cut to a readable width.
    pub fn snippet(&self, span: Span) -> Option<Snippet> {
        let file = self.get(span.file)?;
        let (line, line_start) = file.line_of(span.start);
        let text = file.line(line);
        let bom = if line == 1 && file.text.starts_with('\u{feff}') { 3 } else { 0 };
        let start = floor_boundary(text, (span.start.saturating_sub(line_start) as usize).saturating_sub(bom));
        let end = floor_boundary(text, (span.end.saturating_sub(line_start) as usize).saturating_sub(bom)).max(start);
        let from = if start > Self::SNIPPET_LIMIT / 2 && text.len() > Self::SNIPPET_LIMIT {
            floor_boundary(text, start - Self::SNIPPET_LIMIT / 4)
        } else {
            0
        };
        let to = floor_boundary(text, from + Self::SNIPPET_LIMIT);
        let cut = text.get(from..to).unwrap_or("").to_owned();
        let (start, end) = (start.saturating_sub(from).min(cut.len()), end.saturating_sub(from).min(cut.len()));
        Some(Snippet { line, text: cut, start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_utf16_units_and_lines_end_with_any_ending() {
        let files = Files::new();
        let id = files.add("a.json", "\u{feff}{\r\n  \"é😀\": 1\r}\n");
        let file = files.get(id).expect("just added");
        assert_eq!(file.position(3), Position { line: 1, column: 1 });
        let at = u32::try_from(file.text.find('1').expect("there is a 1")).expect("short");
        assert_eq!(file.position(at), Position { line: 2, column: 10 });
        assert_eq!(file.line(2), "  \"é😀\": 1");
        assert_eq!(file.line(3), "}");
    }

    #[test]
    fn a_snippet_of_a_minified_file_is_short_and_underlines_the_same_bytes() {
        let files = Files::new();
        let text = format!("{}NEEDLE{}", "x".repeat(5000), "y".repeat(5000));
        let id = files.add("min.json", text);
        let snippet = files.snippet(Span::new(id, 5000, 5006)).expect("has a file");
        assert!(snippet.text.len() <= Files::SNIPPET_LIMIT);
        assert_eq!(snippet.text.get(snippet.start..snippet.end), Some("NEEDLE"));
    }
}
