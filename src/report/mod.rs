//! A report to text, one file or folder per output. Never asks which front end a finding came from.

mod csv;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
#[cfg(test)]
mod sample;
mod sarif;
mod score;
mod terminal;

use std::io::{self, Write};

use crate::model::Report;

pub use csv::harmless as harmless_cell;
pub use markdown::sections as markdown_sections;
pub use terminal::Style;

/// One output: its name for `--format`, the suffix for `--output`, and its writer.
pub struct Output {
    /// The word after `--format`.
    pub name: &'static str,
    /// File suffixes that choose it for `--output`.
    pub suffixes: &'static [&'static str],
    /// What it is for, in a few words.
    pub about: &'static str,
    write: fn(&Report, &Style, &mut dyn Write) -> io::Result<()>,
}

impl Output {
    /// Writes `report`.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write(&self, report: &Report, style: &Style, to: &mut dyn Write) -> io::Result<()> {
        (self.write)(report, style, to)
    }

    /// The output of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|output| output.name.eq_ignore_ascii_case(name))
    }

    /// The output for a file, by the longest suffix that fits.
    pub fn for_path(path: &str) -> Option<&'static Self> {
        let fitting = |output: &&Self| output.suffixes.iter().filter(|suffix| path.ends_with(**suffix)).map(|suffix| suffix.len()).max();
        ALL.iter().filter(|output| fitting(output).is_some()).max_by_key(fitting)
    }
}

/// Every output.
pub const ALL: &[Output] = &[
    Output { name: "terminal", suffixes: &[".txt"], about: "snippets and a summary, for people at a terminal", write: terminal::write },
    Output {
        name: "sarif",
        suffixes: &[".sarif", ".sarif.json"],
        about: "SARIF 2.1.0 as GitHub code scanning accepts it",
        write: sarif::write,
    },
    Output { name: "json", suffixes: &[".json"], about: "the whole report as versioned JSON", write: json::write },
    Output { name: "html", suffixes: &[".html", ".htm"], about: "one page for people, without requests", write: html::write },
    Output { name: "markdown", suffixes: &[".md"], about: "the step summary of a workflow", write: markdown::write },
    Output { name: "junit", suffixes: &[".xml"], about: "JUnit XML, for test tabs of CI systems", write: junit::write },
    Output { name: "csv", suffixes: &[".csv"], about: "one finding a line, for spreadsheets", write: csv::write },
    Output { name: "github", suffixes: &[], about: "annotations of a GitHub workflow run", write: github::write },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_choose_the_output() {
        assert_eq!(Output::for_path("a/b.sarif.json").map(|output| output.name), Some("sarif"));
        assert_eq!(Output::for_path("b.json").map(|output| output.name), Some("json"));
        assert!(Output::for_path("b.exe").is_none());
    }

    #[test]
    fn every_file_of_the_room_is_in_the_list() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
            assert!(
                ["mod", "sample", "score"].contains(&name.as_str()) || ALL.iter().any(|output| output.name == name),
                "`{name}` is not in ALL"
            );
        }
    }
}
