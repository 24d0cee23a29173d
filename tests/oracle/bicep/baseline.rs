//! Reads annotated baselines: source lines, each followed by `//@[start:end) …` lines that speak of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Whether Microsoft's tests hold this file to be valid, and it is source (annotated baselines are not).
pub fn is_valid_source(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let name = path.file_name().unwrap().to_string_lossy();
    let annotated = ["syntax", "tokens", "symbols", "ir", "diagnostics", "sourcemap", "formatted"];
    let is_annotated =
        annotated.iter().any(|kind| name.ends_with(&format!(".{kind}.bicep")) || name.ends_with(&format!(".{kind}.bicepparam")));
    !is_annotated && !text.contains("/Invalid") && !text.contains("/Completions/")
}

/// The source beside an annotated baseline.
pub fn source_of(annotated: &Path, kind: &str) -> PathBuf {
    let name = annotated.file_name().unwrap().to_string_lossy().replace(&format!(".{kind}."), ".");
    annotated.with_file_name(name)
}

/// One annotated thing: line, first and last UTF-16 column, kind.
pub type Mark = (usize, usize, usize, String);

/// The annotations of `text`; `kind_of` takes the kind out of what follows the columns.
pub fn marks(text: &str, kind_of: impl Fn(&str) -> Option<String>) -> Vec<Mark> {
    let mut line = 0;
    let mut marks = Vec::new();
    for row in text.split('\n') {
        let Some(rest) = row.strip_prefix("//@[") else {
            line += 1;
            continue;
        };
        let (columns, rest) = rest.split_once(')').unwrap();
        let (start, end) = columns.split_once(':').unwrap();
        if let Some(kind) = kind_of(rest.trim_start()) {
            marks.push((line, start.parse().unwrap(), end.parse().unwrap(), kind));
        }
    }
    marks
}

/// Byte offsets to lines and UTF-16 columns as the baselines count them.
pub struct Columns<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Columns<'a> {
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    pub fn mark(&self, start: u32, end: u32, kind: &str) -> Mark {
        let (start, end) = (start as usize, end as usize);
        let line = self.starts.partition_point(|&at| at <= start);
        let before = &self.text[self.starts[line - 1]..start];
        let column = before.strip_prefix('\u{feff}').unwrap_or(before).encode_utf16().count();
        let length = self.text[start..end].encode_utf16().filter(|unit| *unit != 0xfeff).count();
        (line, column, column + length, kind.to_owned())
    }
}

/// How many marks of `left` have their equal in `right`.
pub fn common(left: &[Mark], right: &[Mark]) -> usize {
    let mut counts: HashMap<&Mark, usize> = HashMap::new();
    for mark in left {
        *counts.entry(mark).or_default() += 1;
    }
    right.iter().filter(|mark| counts.get_mut(mark).is_some_and(|count| std::mem::replace(count, count.saturating_sub(1)) > 0)).count()
}
