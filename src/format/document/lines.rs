//! Markdown as headings and lines: code fences, front matter and marks are told apart.

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 for the title.
    pub level: usize,
    /// Without marks and leading signs.
    pub text: String,
    /// Where it stands.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// As written.
    pub text: &'a str,
    /// First byte in the document.
    pub start: usize,
    /// Whether it is inside a code fence.
    pub code: bool,
}

/// Most headings, and most lines, that are looked at.
const HEADINGS: usize = 5_000;
const LINES: usize = 100_000;

/// What a text is made of.
#[derive(Debug, Default)]
pub struct Page<'a> {
    /// In order.
    pub headings: Vec<Heading>,
    /// Every line that is no heading.
    pub lines: Vec<Line<'a>>,
    /// Languages of the code fences, lower case.
    pub fences: Vec<String>,
}

/// Reads a document.
pub fn read(text: &str) -> Page<'_> {
    let mut page = Page::default();
    let mut fence: Option<char> = None;
    let mut at = 0;
    for (number, raw) in text.split_inclusive('\n').take(LINES).enumerate() {
        let start = at;
        at += raw.len();
        let line = raw.trim_end_matches(['\n', '\r']);
        let trimmed = line.trim_start();
        let mark = ['`', '~'].into_iter().find(|mark| trimmed.starts_with(&mark.to_string().repeat(3)));
        if let Some(mark) = mark
            && fence.is_none_or(|open| open == mark)
        {
            if fence.take().is_none() {
                fence = Some(mark);
                page.fences.push(trimmed.trim_start_matches(mark).trim().to_ascii_lowercase());
            }
            continue;
        }
        let underline =
            fence.is_none() && !trimmed.is_empty() && [['='], ['-']].iter().any(|mark| trimmed.trim_end().trim_matches(mark).is_empty());
        if let Some(last) =
            page.lines.last().filter(|last| underline && number > 0 && !last.text.trim().is_empty() && !last.text.contains('|'))
            && trimmed.len() > 2
            && !last.code
        {
            let level = if trimmed.starts_with('=') { 1 } else { 2 };
            let (start, end) = (last.start, last.start + last.text.len());
            let text = plain(last.text);
            page.lines.pop();
            page.headings.push(Heading { level, text, start, end });
            continue;
        }
        let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
        let is_heading = (1..=6).contains(&level) && trimmed.as_bytes().get(level).is_none_or(|byte| byte.is_ascii_whitespace());
        if fence.is_none() && is_heading && page.headings.len() < HEADINGS {
            let indent = line.len() - trimmed.len();
            page.headings.push(Heading {
                level,
                text: plain(trimmed.trim_start_matches('#').trim_end().trim_end_matches('#')),
                start: start + indent,
                end: start + line.len(),
            });
            continue;
        }
        page.lines.push(Line { text: line, start, code: fence.is_some() });
    }
    page
}

/// A heading's words: no emphasis, no link targets, no signs or pictures before the first letter.
fn plain(text: &str) -> String {
    let text = text.replace(['*', '`', '_'], " ");
    let text = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '[');
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        out.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at + 2..).unwrap_or_default();
        rest = tail.find(')').and_then(|end| tail.get(end + 1..)).unwrap_or_default();
    }
    out.push_str(rest);
    out.replace(['[', ']'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn headings_of_both_kinds_are_found_and_code_is_none() {
        let text = "\u{1F680} Title\n=======\n\n## \u{f8ff} **Roll** [back](x.md) ##\n```sh\n# no heading\n```\n| a | b |\n|---|---|\ntext\n----\n";
        let page = read(text);
        let found: Vec<(usize, &str)> = page.headings.iter().map(|one| (one.level, one.text.as_str())).collect();
        assert_eq!(found, [(1, "Title"), (2, "Roll back"), (2, "text")]);
        assert_eq!(page.fences, ["sh"]);
        assert!(page.lines.iter().any(|line| line.code && line.text == "# no heading"));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(?s)[#=\\-`~a\\[\\]()|\u{1F680} \\n]{0,120}") {
            for heading in read(&text).headings {
                prop_assert!(text.get(heading.start..heading.end).is_some());
            }
        }
    }
}
