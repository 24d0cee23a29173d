//! A Dockerfile as instructions: comments, the `escape` directive, lines that go on, here-documents.
//!
//! Source: <https://docs.docker.com/reference/dockerfile/>

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// In capitals: `FROM`, `RUN`.
    pub name: String,
    /// What follows, its lines joined by blanks; flags among it.
    pub text: String,
    /// First byte of the instruction in the file.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Most instructions of one file, and most bytes of one of them.
const MOST: usize = 5_000;
const LONGEST: usize = 200_000;

/// Every instruction that Dockerfiles know.
const NAMES: [&str; 18] = [
    "FROM",
    "RUN",
    "CMD",
    "LABEL",
    "MAINTAINER",
    "EXPOSE",
    "ENV",
    "ADD",
    "COPY",
    "ENTRYPOINT",
    "VOLUME",
    "USER",
    "WORKDIR",
    "ARG",
    "ONBUILD",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "SHELL",
];

/// The instructions of `text`. Lines that are none are passed over.
pub fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape_of(text);
    let mut all: Vec<Instruction> = Vec::new();
    let mut lines = Lines { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    while let Some((start, line)) = lines.next_line() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let mut joined = String::new();
        let mut end = start + line.trim_end().len();
        let mut rest = trimmed;
        // A line that ends with the escape goes on; comments and empty lines between are left out.
        while let Some(more) = rest.strip_suffix(escape) {
            joined.push_str(more);
            joined.push(' ');
            let Some((next_start, next)) = next_content(&mut lines) else {
                rest = "";
                break;
            };
            end = next_start + next.trim_end().len();
            rest = next.trim();
            if joined.len() > LONGEST {
                break;
            }
        }
        joined.push_str(rest);
        let (name, arguments) = joined.split_once(char::is_whitespace).unwrap_or((joined.as_str(), ""));
        let name = name.to_ascii_uppercase();
        if !NAMES.contains(&name.as_str()) {
            continue;
        }
        let mut text = arguments.trim().to_owned();
        if matches!(name.as_str(), "RUN" | "COPY" | "ADD") {
            end = here_documents(&mut lines, &mut text, end);
        }
        all.push(Instruction { name, text, start: start + indent, end });
        if all.len() >= MOST {
            break;
        }
    }
    all
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    fn next_line(&mut self) -> Option<(usize, &'a str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let line = rest.split_inclusive('\n').next()?;
        let start = self.at;
        self.at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    }
}

fn next_content<'a>(lines: &mut Lines<'a>) -> Option<(usize, &'a str)> {
    loop {
        let (start, line) = lines.next_line()?;
        let trimmed = line.trim();
        if !trimmed.is_empty() && !trimmed.starts_with('#') {
            return Some((start, line));
        }
    }
}

/// Takes the here-documents that `text` opens off the lines, and puts what they hold into it.
fn here_documents(lines: &mut Lines<'_>, text: &mut String, mut end: usize) -> usize {
    let words: Vec<String> = text
        .match_indices("<<")
        .filter_map(|(at, _)| {
            let word = text.get(at + 2..)?.trim_start_matches('-');
            let word: String =
                word.trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(word)
        })
        .take(8)
        .collect();
    for word in words {
        while let Some((start, line)) = lines.next_line() {
            end = start + line.len();
            if line.trim() == word {
                break;
            }
            if text.len() < LONGEST {
                text.push('\n');
                text.push_str(line.trim());
            }
        }
    }
    end
}

/// The escape character: a backslash, unless a directive at the top says otherwise.
fn escape_of(text: &str) -> char {
    for line in text.trim_start_matches('\u{feff}').lines() {
        let Some(comment) = line.trim().strip_prefix('#') else { break };
        let Some((key, value)) = comment.split_once('=') else { break };
        if key.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}

/// Whether a text is a Dockerfile by what it holds: its first instruction is `FROM`, or `ARG` before one.
pub fn looks_like(text: &str) -> bool {
    let all = instructions(text.get(..text.len().min(4096)).unwrap_or(text));
    let first = all.iter().find(|one| one.name != "ARG");
    first.is_some_and(|one| one.name == "FROM" && !one.text.is_empty()) && all.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<(String, String)> {
        instructions(text).into_iter().map(|one| (one.name, one.text)).collect()
    }

    #[test]
    fn lines_go_on_over_comments_and_here_documents_are_taken_whole() {
        let text = "# syntax=docker/dockerfile:1\nfrom python:3.12 AS base\nRUN pip install \\\n  # why\n  --no-cache-dir x\nRUN <<EOF\napt-get update\nUSER root\nEOF\nUSER app\n";
        let expected = [
            ("FROM", "python:3.12 AS base"),
            ("RUN", "pip install  --no-cache-dir x"),
            ("RUN", "<<EOF\napt-get update\nUSER root"),
            ("USER", "app"),
        ];
        assert_eq!(names(text), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn another_escape_and_places() {
        let text = "# escape=`\nFROM windows\nRUN dir `\n c:\\\n";
        assert_eq!(names(text).last().map(|one| one.1.as_str()), Some("dir  c:\\"));
        let all = instructions(text);
        assert_eq!(text.get(all[1].start..all[1].end), Some("RUN dir `\n c:\\"));
        assert!(looks_like("ARG V=1\nFROM x:${V}\nRUN y\n") && !looks_like("From: me\nTo: you\n") && !looks_like("SELECT 1 FROM x"));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it_and_places_stay_inside(text in "(?s)[A-Z<\\\\\\n #`é\u{feff}=]{0,100}") {
            for one in instructions(&format!("{text}\nRUN a\\\n")) {
                prop_assert!(one.start <= one.end);
            }
            let _ = looks_like(&text);
        }
    }
}
