//! Release notes: which versions they tell of, and under which headings.

use super::lines::Page;
use super::topics::{contains_words, words};
use crate::model::{FileId, Kind, Object, Span, Value};

/// Sections of a release, and the words that headings have for them.
const SECTIONS: [(&str, &[&str]); 5] = [
    ("features", &["added", "features", "new features", "feature", "new", "changed", "enhancements", "improvements"]),
    ("fixes", &["fixed", "bug fixes", "fixes", "bugfixes"]),
    ("breaking", &["breaking changes", "breaking", "removed"]),
    ("migration", &["migration", "migration steps", "upgrade", "upgrading", "upgrade steps", "migration guide"]),
    ("knownIssues", &["known issues", "known problems", "known limitations"]),
];

/// Most releases of one file.
const MOST: usize = 500;

/// The releases as `{ version, date, sections }`, in the order of the file; what is not released yet is left out.
pub fn releases(file: FileId, page: &Page<'_>) -> Vec<Value> {
    let mut found: Vec<(Object, Vec<Value>, usize, Span)> = Vec::new();
    for heading in &page.headings {
        let span = Span::new(file, to_u32(heading.start), to_u32(heading.end));
        let version = version(&heading.text);
        let level = found.last().map_or(usize::MAX, |(_, _, level, _)| *level);
        if let Some(version) = version.filter(|_| heading.level <= level && heading.level <= 3) {
            if found.len() >= MOST {
                break;
            }
            let mut release = Object::new();
            release.set("version", Value::at(Kind::Str(version.into()), span));
            if let Some(date) = date(&heading.text) {
                release.set("date", Value::at(Kind::Str(date.into()), span));
            }
            found.push((release, Vec::new(), heading.level, span));
        } else if words(&heading.text).starts_with("unreleased") {
            found.push((Object::new(), Vec::new(), heading.level, span));
        } else if let Some((_, sections, level, _)) = found.last_mut()
            && heading.level > *level
        {
            let plain = words(&heading.text);
            for (section, phrases) in SECTIONS {
                if phrases.iter().any(|phrase| contains_words(&plain, phrase)) {
                    sections.push(Value::at(Kind::Str(section.into()), span));
                }
            }
        }
    }
    let whole = found.into_iter().filter(|(release, ..)| !release.is_empty());
    whole
        .map(|(mut release, sections, _, span)| {
            release.set("sections", Value::at(Kind::Array(sections.into()), span));
            Value::at(Kind::Object(release.into()), span)
        })
        .collect()
}

/// `1.2.0` out of `[v1.2.0] - 2025-01-31` or `Release 2.0`.
fn version(text: &str) -> Option<String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ':')).find_map(|word| {
        let bare = word.trim_start_matches(['v', 'V']);
        let parts: Vec<&str> = bare.split(['-', '+']).next()?.split('.').collect();
        let numeric = parts.iter().all(|part| !part.is_empty() && part.len() < 6 && part.bytes().all(|byte| byte.is_ascii_digit()));
        ((2..=4).contains(&parts.len()) && numeric).then(|| bare.to_owned())
    })
}

/// A date as `2025-01-31`.
fn date(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_date = |at: usize| {
        let shape = bytes.get(at..at + 10)?;
        let fits =
            shape.iter().enumerate().all(|(index, byte)| if index == 4 || index == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
        fits.then(|| text.get(at..at + 10)).flatten().map(str::to_owned)
    };
    (0..bytes.len()).find_map(is_date)
}

fn to_u32(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::lines::read;
    use super::*;

    #[test]
    fn releases_have_a_version_a_date_and_sections() {
        let text = "# Changelog\n## [Unreleased]\n### Added\n## [1.2.0] - 2025-01-31\n### Added\n### Bug fixes\n## v1.1.0-rc.1\n";
        let all: Vec<serde_json::Value> = releases(FileId::NONE, &read(text)).iter().map(Value::to_json).collect();
        let expected = serde_json::json!([
            { "version": "1.2.0", "date": "2025-01-31", "sections": ["features", "fixes"] },
            { "version": "1.1.0-rc.1", "sections": [] }
        ]);
        assert_eq!(serde_json::Value::Array(all), expected);
    }
}
