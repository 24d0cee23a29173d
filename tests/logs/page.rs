//! `docs/logs.md` shows what azward says, and its own rule proves itself.

use std::path::{Path, PathBuf};

use azward::audit::rule::Rule;

use crate::support::{audit, fails};

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/logs.md")).expect("the page")
}

/// The blocks of the page, with their languages.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    page.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

/// What a command says on both streams, and the register if it writes one.
fn said(command: &str, folder: &Path) -> String {
    let mut register: Option<PathBuf> = None;
    let mut words: Vec<String> = command.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect();
    if let Some(at) = words.iter().position(|word| word == "--register") {
        let file = folder.join("register.csv");
        words[at + 1] = file.display().to_string();
        register = Some(file);
    }
    let mut run = assert_cmd::Command::cargo_bin("azward").expect("built");
    let output = run.current_dir(env!("CARGO_MANIFEST_DIR")).args(&words).args(["--verbose"]).output().expect("runs");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    let register = register.map(|file| std::fs::read_to_string(file).expect("the register")).unwrap_or_default();
    format!("{}\n{}\n{register}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_page_shows_what_azward_says() {
    let page = page();
    let folder = tempfile::tempdir().expect("a folder");
    let blocks = blocks(&page);
    let mut shown = 0;
    for pair in blocks.windows(2) {
        let [("console", command), ("text" | "csv", output)] = pair else { continue };
        let command = command.trim().strip_prefix("$ azward ").expect("a command");
        let said = said(command, folder.path());
        for line in output.lines().filter(|line| !line.is_empty()) {
            let parts: Vec<&str> = line.trim().split("[…]").collect();
            let is_there = said.lines().any(|real| parts.iter().all(|part| real.contains(part.trim())));
            assert!(is_there, "`azward {command}` does not say: {line}\n{said}");
            shown += 1;
        }
    }
    assert!(shown > 12, "{shown}");
}

#[test]
fn the_rule_and_the_approvals_of_the_page_are_read() {
    let page = page();
    let blocks = blocks(&page);
    let yaml: Vec<&str> = blocks.iter().filter(|(language, _)| *language == "yaml").map(|(_, text)| *text).collect();
    let [approved, rule] = yaml[..] else { panic!("two blocks: approvals, and a rule") };
    assert_eq!(azward::audit::approvals(approved).map(|records| records.len()), Ok(2));
    let rule = Rule::read("night-reads.yaml", rule).expect("the rule of the page");
    let found = |logs: &str| fails(&audit(std::slice::from_ref(&rule), &[("kv.json", logs.into())], &Default::default())).len();
    assert_eq!(found(&rule.examples.pass[0].logs), 0);
    assert_eq!(found(&rule.examples.fail[0].logs), 1);
}
