//! Every room may open only the doors drawn here and in `docs/ARCHITECTURE.md`.
//!
//! The table is the plan of the house: a room, and the rooms it may name with `crate::`. A room names only
//! rooms above its own line, so no circle can close.
#![allow(clippy::unwrap_used, clippy::string_slice, clippy::indexing_slicing, reason = "a test")]

use std::{collections::BTreeSet, fs, path::Path};

const PLAN: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("expression", &["model"]),
    ("source", &["model"]),
    ("format", &["model", "expression"]),
    ("log", &["model"]),
    ("secret", &["model"]),
    ("azure", &["model"]),
    ("policy", &["model", "expression"]),
    ("spec", &["model", "policy"]),
    ("audit", &["model", "log"]),
    ("report", &["model"]),
    ("engine", &["model", "source", "format", "log", "secret", "policy", "spec"]),
    ("cli", &["model", "expression", "source", "format", "log", "secret", "audit", "azure", "policy", "spec", "report", "engine"]),
];

#[test]
fn plan_has_no_circle() {
    for (line, (room, doors)) in PLAN.iter().enumerate() {
        for door in *doors {
            let above = PLAN[..line].iter().any(|(name, _)| name == door);
            assert!(above, "`{room}` opens `{door}`, which is not above it in the plan");
        }
    }
}

#[test]
fn rooms_open_only_their_doors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let planned: BTreeSet<String> = PLAN.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(folders(&root), planned, "a folder of src is missing from the plan");
    for (room, doors) in PLAN {
        for (file, text) in sources(&root.join(room)) {
            for named in rooms_named(&text, &planned) {
                let allowed = named == *room || doors.contains(&named.as_str());
                assert!(allowed, "{file} opens `{named}`; the plan gives `{room}` only {doors:?}");
            }
        }
    }
}

#[test]
fn files_are_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (file, text) in sources(&root) {
        let lines = text.lines().count();
        assert!(lines <= 600, "{file} has {lines} lines; one idea per file, at most 600");
    }
}

#[test]
fn the_plan_is_the_page() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md")).unwrap();
    for (room, _) in PLAN {
        assert!(page.contains(&format!("| `{room}/` |")), "docs/ARCHITECTURE.md does not speak of `{room}/`");
    }
}

#[test]
fn the_name_finder_sees_paths_and_groups() {
    let planned: BTreeSet<String> = ["model", "report"].map(str::to_owned).into();
    let named = |text| rooms_named(text, &planned).into_iter().collect::<Vec<_>>();
    assert_eq!(named("use crate::model::Span;"), ["model"]);
    assert_eq!(named("use crate::{model::{Span, Value}, report};"), ["model", "report"]);
    assert!(named("let model = super::model();").is_empty());
}

/// The rooms that `text` names after `crate::`, in paths and in use groups.
fn rooms_named(text: &str, planned: &BTreeSet<String>) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let tail = &text[at + "crate::".len()..];
        let group = tail.strip_prefix('{').map(|inner| &inner[..inner.find(';').unwrap_or(inner.len())]);
        let word_end = tail.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tail.len());
        let mut depth = 0;
        for word in group.unwrap_or(&tail[..word_end]).split_inclusive([',', '{', '}', ':']) {
            let name = word.trim_end_matches([',', '{', '}', ':']).trim().split(' ').next().unwrap_or("");
            if depth == 0 && planned.contains(name) {
                named.insert(name.to_owned());
            }
            depth += match word.chars().last() {
                Some('{') => 1,
                Some('}') => -1,
                _ => 0,
            };
        }
    }
    named
}

fn folders(root: &Path) -> BTreeSet<String> {
    entries(root).filter(|path| path.is_dir()).map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

fn sources(room: &Path) -> Vec<(String, String)> {
    let (folders, files): (Vec<_>, Vec<_>) = entries(room).partition(|path| path.is_dir());
    let own = files.iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs"));
    let own = own.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap()));
    own.chain(folders.iter().flat_map(|folder| sources(folder))).collect()
}

fn entries(folder: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())
}
