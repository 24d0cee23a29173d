//! The pages tell the truth about the house: every path that they link or name exists, every command that they show is one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "a test")]

use std::path::{Path, PathBuf};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let docs = std::fs::read_dir(project().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    pages.push(project().join("README.md"));
    pages
}

#[test]
fn every_relative_link_leads_somewhere() {
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("](") {
            let target = text[at + 2..].split([')', '#', ' ']).next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            let file = page.parent().unwrap_or(Path::new(".")).join(target);
            assert!(file.exists(), "{} links to {target}, which does not exist", page.display());
        }
    }
}

#[test]
fn every_command_of_the_readme_is_one() {
    let readme = std::fs::read_to_string(project().join("README.md")).unwrap();
    let shown = readme.lines().filter_map(|line| line.trim_start_matches("$ ").strip_prefix("azward "));
    let mut seen = 0;
    for line in shown {
        let command = line.split_whitespace().next().unwrap();
        let help = assert_cmd::Command::cargo_bin("azward").unwrap().args([command, "--help"]).output().unwrap();
        assert!(help.status.success(), "`azward {command}` is not a command");
        seen += 1;
    }
    assert!(seen >= 5, "the README shows commands");
}
