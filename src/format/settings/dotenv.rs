//! `.env`: `NAME=value`, `export NAME='value'`, comments, values over several lines in quotes.

use super::entry::Setting;
use crate::model::{FileId, Kind, Span, Value};

/// Most settings of one file.
const MOST: usize = 10_000;
/// Most lines that a quoted value may go over: a private key has about fifty.
const LINES: usize = 200;

/// The settings of a text, which is `file`, in the order of the text. Lines that are none are passed over.
pub fn read(file: FileId, text: &str) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut at = 0;
    while at < text.len() && settings.len() < MOST {
        let rest = text.get(at..).unwrap_or_default();
        let line = rest.split_inclusive('\n').next().unwrap_or_default();
        let (setting, used) = one(file, rest, line, at);
        settings.extend(setting);
        at += used.max(line.len()).max(1);
    }
    settings
}

/// The setting on `line`, which starts at byte `at` of the text, and how many bytes it takes.
fn one(file: FileId, rest: &str, line: &str, at: usize) -> (Option<Setting>, usize) {
    let none = (None, line.len());
    let bom = if at == 0 && line.starts_with('\u{feff}') { 3 } else { 0 };
    let Some(body) = line.get(bom..) else { return none };
    let indent = body.len() - body.trim_start().len();
    let mut start = bom + indent;
    let mut head = line.get(start..).unwrap_or_default();
    if head.starts_with('#') {
        return none;
    }
    if let Some(named) = head.strip_prefix("export ") {
        start += head.len() - named.trim_start().len();
        head = named.trim_start();
    }
    let Some(equals) = head.find('=') else { return none };
    let Some(name) = head.get(..equals).map(str::trim_end) else { return none };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
    if name.is_empty() || !name.chars().all(is_name) {
        return none;
    }
    let after = start + equals + 1;
    let value = rest.get(after..).unwrap_or_default();
    let blanks = value.len() - value.trim_start_matches([' ', '\t']).len();
    let (begin, value) = (after + blanks, value.get(blanks..).unwrap_or_default());
    let (content, length, used) = content(value);
    let span = |from: usize, to: usize| Span::new(file, to_u32(at + from), to_u32(at + to));
    let setting = Setting {
        name: name.into(),
        key: span(start, start + name.len()),
        value: Value::at(Kind::Str(content.into()), span(begin, begin + length)),
    };
    (Some(setting), begin + used)
}

/// The content of a value, how many bytes it takes with its quotes, and how many to the end of its line.
fn content(value: &str) -> (&str, usize, usize) {
    for quote in ['"', '\'', '`'] {
        let Some(inner) = value.strip_prefix(quote) else { continue };
        let mut escaped = false;
        let mut lines = 0;
        for (at, c) in inner.char_indices() {
            lines += usize::from(c == '\n');
            if lines > LINES {
                break;
            }
            if c == quote && !escaped {
                let used = inner.get(at..).and_then(|tail| tail.find('\n')).map_or(value.len(), |end| at + end + 2);
                return (inner.get(..at).unwrap_or_default(), at + 2, used);
            }
            escaped = c == '\\' && !escaped && quote == '"';
        }
    }
    let line = value.split('\n').next().unwrap_or_default();
    // A comment starts after a blank: a colour such as `#fff`, or a password with a hash in it, has none before.
    let content = line.split(" #").next().unwrap_or_default().trim_end();
    (content, content.len(), line.len())
}

fn to_u32(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Files;
    use proptest::prelude::*;

    #[test]
    fn quotes_comments_exports_and_several_lines_are_read() {
        let text = "# head\nA=1 # one\nexport B = 'x # y'\nC=\"two\nlines\"\n\nnot a setting\nD=\nE=p#w\n";
        let files = Files::new();
        let file = files.add(".env", text);
        let read: Vec<(String, String, String)> = read(file, text)
            .into_iter()
            .map(|setting| (setting.name.to_string(), setting.value.as_str().unwrap().to_owned(), files.text(setting.value.span())))
            .collect();
        let expected =
            [("A", "1", "1"), ("B", "x # y", "'x # y'"), ("C", "two\nlines", "\"two\nlines\""), ("D", "", ""), ("E", "p#w", "p#w")];
        assert_eq!(read, expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned())));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader_and_spans_stay_inside(text in "(?s)[A-Z='\"#\\\\ \\n\u{feff}é]{0,120}") {
            for setting in read(FileId::NONE, &text) {
                let span = setting.value.span();
                prop_assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} of {text:?}");
                prop_assert!(text.get(setting.key.start as usize..setting.key.end as usize) == Some(&*setting.name));
            }
        }
    }
}
