//! Secrets: histories, staged changes, further detectors, allowlists, baselines.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::support::{azward_in, folder};

/// A value that looks random, the same for the same seed; nothing of it stands in the project's files.
pub fn random(seed: u64, alphabet: &str, length: usize) -> String {
    let alphabet = alphabet.as_bytes();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from((state >> 33) % alphabet.len() as u64).unwrap()
    };
    (0..length).map(|_| char::from(alphabet[next()])).collect()
}

pub const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// `storage.txt`'s line and the key in it.
fn storage_key(seed: u64) -> (String, String) {
    let key = format!("{}==", random(seed, LETTERS, 86));
    let line = format!("DefaultEndpointsProtocol=https;AccountName=stcontoso;AccountKey={key};EndpointSuffix=core.windows.net\n");
    (line, key)
}

fn git(folder: &Path, arguments: &[&str], date: &str) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_COMMITTER_DATE", date)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn commit(folder: &Path, date: &str) {
    git(folder, &["add", "-A"], date);
    git(folder, &["commit", "-qm", "x"], date);
}

/// `old.txt` came in January and went in March; `kept.txt` came in February.
fn repository() -> (tempfile::TempDir, [String; 2]) {
    let folder = folder(&[]);
    let root = folder.path();
    git(root, &["init", "-q"], "");
    let ((old, old_key), (kept, kept_key)) = (storage_key(1), storage_key(2));
    fs::write(root.join("old.txt"), old).unwrap();
    commit(root, "2024-01-10T00:00:00Z");
    fs::write(root.join("kept.txt"), &kept).unwrap();
    commit(root, "2024-02-10T00:00:00Z");
    fs::remove_file(root.join("old.txt")).unwrap();
    fs::write(root.join("kept.txt"), format!("\n{kept}")).unwrap();
    commit(root, "2024-03-10T00:00:00Z");
    (folder, [old_key, kept_key])
}

fn paths(report: &serde_json::Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["place"]["path"].as_str().unwrap()).collect()
}

#[test]
fn a_history_tells_commit_date_and_whether_the_tip_still_holds_it() {
    let (folder, keys) = repository();
    let run = azward_in(folder.path(), &["secrets", "history", "--format", "json"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let report = run.json();
    assert_eq!(paths(&report), ["kept.txt", "old.txt"]);
    let kept = report["findings"][0]["message"].as_str().unwrap();
    assert!(kept.contains("of 2024-02-10") && kept.contains("still in the tip") && kept.contains("1 later version"), "{kept}");
    let old = report["findings"][1]["message"].as_str().unwrap();
    assert!(old.contains("of 2024-01-10") && old.contains("no longer in the tip"), "{old}");
    let first = git(folder.path(), &["rev-list", "--max-parents=0", "HEAD"], "");
    let related = report["findings"][1]["related"].to_string();
    assert!(related.contains(&first) && related.contains("2024-01-10T00:00:00Z"), "{related}");
    assert_eq!(report["ledger"]["entries"][0]["kind"], "history");
    assert_eq!(report["ledger"]["entries"][0]["state"], "evaluated");
    assert!(keys.iter().all(|key| !run.stdout.contains(key)), "a secret was printed");
}

#[test]
fn since_and_range_choose_commits() {
    let (folder, _) = repository();
    let chosen = |arguments: &[&str]| {
        let run = azward_in(folder.path(), &[&["secrets", "history", "--format", "json"], arguments].concat());
        (run.code, paths(&run.json()).join(" "))
    };
    assert_eq!(chosen(&["--since", "2024-02-01"]), (1, "kept.txt".to_owned()));
    assert_eq!(chosen(&["--since", "2024-04-01T00:00:00Z"]), (0, String::new()));
    assert_eq!(chosen(&["--range", "HEAD~2..HEAD~1"]), (1, "kept.txt".to_owned()));
    for (arguments, cure) in [
        (["--range", "HEAD"], "write A..B"),
        (["--range", "nowhere..HEAD"], "`nowhere` names no commit"),
        (["--since", "yesterday"], "write a date"),
    ] {
        let run = azward_in(folder.path(), &[&["secrets", "history"][..], &arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(cure), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn staged_changes_are_what_a_commit_would_bring() {
    let (folder, _) = repository();
    let staged = || azward_in(folder.path(), &["secrets", "history", "--staged", "--format", "json"]);
    assert_eq!(staged().code, 0, "what is committed is not staged");
    let (line, key) = storage_key(3);
    fs::write(folder.path().join("new.txt"), line).unwrap();
    assert_eq!(staged().code, 0, "what is not staged is not committed");
    git(folder.path(), &["add", "new.txt"], "");
    let run = staged();
    assert_eq!((run.code, paths(&run.json())), (1, vec!["new.txt"]));
    assert!(run.stdout.contains("staged for the next commit") && !run.stdout.contains(&key));
}

#[test]
fn no_repository_no_commits_and_shallow_clones_are_told_apart() {
    let plain = folder(&[]);
    let run = azward_in(plain.path(), &["secrets", "history"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no git repository here"), "{}", run.stderr);
    git(plain.path(), &["init", "-q"], "");
    assert_eq!(azward_in(plain.path(), &["secrets", "history"]).code, 3);
    let (origin, _) = repository();
    let url = format!("file://{}", origin.path().display());
    git(plain.path(), &["clone", "-q", "--depth", "1", &url, "clone"], "");
    let run = azward_in(plain.path(), &["secrets", "history", "clone", "--format", "json", "--min-severity", "critical", "--strict"]);
    let report = run.json();
    assert_eq!(report["ledger"]["entries"][0]["state"], "partly", "{report}");
    assert!(report["ledger"].to_string().contains("shallow clone"));
}

#[test]
fn a_history_whose_tip_is_broken_is_a_gap_and_never_nothing() {
    let (origin, _) = repository();
    let objects = origin.path().join(".git/objects");
    for folder in fs::read_dir(&objects).unwrap().flatten().filter(|entry| entry.file_name().len() == 2) {
        for object in fs::read_dir(folder.path()).unwrap().flatten() {
            fs::remove_file(object.path()).unwrap();
            fs::write(object.path(), "garbage").unwrap();
        }
    }
    let run = azward_in(origin.path(), &["secrets", "history", "--strict"]);
    assert_eq!(run.code, 4, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("missing or broken"), "{}", run.stdout);
}

const CONFIG: &str = "[[rules]]\nid = \"acme-token\"\ndescription = \"ACME token\"\nregex = '''acme_[a-z0-9]{20}'''\nkeywords = [\"acme_\"]\n[[rules]]\nid = \"broken\"\nregex = '''(?=lookahead)'''\n";
const OWN: &str = "vendor: Contoso\ndetectors:\n- id: contoso-badge\n  title: Contoso badge\n  severity: high\n  prefix: [cbadge_]\n  match: 'cbadge_[a-z0-9]{24}'\n  yes: ['cbadge_{lan:24}']\n";

#[test]
fn gitleaks_rules_and_own_detectors_find_and_tell_what_was_not_loaded() {
    let small = "abcdefghijklmnopqrstuvwxyz0123456789";
    let (acme, badge) = (format!("acme_{}", random(4, small, 20)), format!("cbadge_{}", random(5, small, 24)));
    let text = format!("one {acme} two\nthree {badge} four\n");
    let folder = folder(&[("repo/notes.txt", &text), ("gitleaks.toml", CONFIG), ("own/badge.yaml", OWN)]);
    let scan = |more: &[&str]| azward_in(folder.path(), &[&["scan", "repo", "--rule", "secrets", "--format", "json"], more].concat());
    assert_eq!(scan(&[]).json()["findings"].as_array().unwrap().len(), 0);
    let run = scan(&["--gitleaks-config", "gitleaks.toml", "--detectors", "own"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let report = run.json();
    let rules: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["secret-gitleaks-acme-token", "secret-contoso-badge"]);
    let notices = report["notices"].to_string();
    assert!(notices.contains("gitleaks.toml: not loaded: rule `broken`") && notices.contains("look"), "{notices}");
    assert!(!run.stdout.contains(&acme) && !run.stdout.contains(&badge));
    for (arguments, cure) in [
        (["--gitleaks-config", "own/badge.yaml"], "is no gitleaks configuration"),
        (["--detectors", "gitleaks.toml"], "a detector file has `vendor`"),
        (["--detectors", "repo"], "holds no detector file"),
        (["--secrets-allow", "own/badge.yaml"], "an allowlist is a list"),
        (["--baseline", "missing.json"], "cannot be read"),
    ] {
        let run = scan(&arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(cure), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn an_allowlist_accepts_with_a_reason_and_tells_dead_entries() {
    let (line, key) = storage_key(6);
    let list = "allow:\n- path: 'tests/**'\n  reason: invented for the tests\n- path: 'never/**'\n  reason: nobody knows\n- path: 'old/**'\n  reason: until the move\n  until: 2020-01-31\n";
    let folder = folder(&[("repo/tests/a.txt", &line), ("repo/old/b.txt", &line.replace("stcontoso", "stother")), ("allow.yaml", list)]);
    let run = azward_in(folder.path(), &["scan", "repo", "--rule", "secrets", "--format", "json", "--secrets-allow", "allow.yaml"]);
    assert_eq!(run.code, 1, "the ended entry accepts nothing: {}{}", run.stdout, run.stderr);
    let report = run.json();
    let state = |path: &str| {
        let all = report["findings"].as_array().unwrap();
        all.iter().find(|finding| finding["place"]["path"] == path).unwrap_or_else(|| panic!("{path}: {report}"))["suppressed"].clone()
    };
    assert_eq!(state("tests/a.txt")["kind"], "allowlist");
    assert_eq!(state("tests/a.txt")["reason"], "invented for the tests");
    assert!(state("old/b.txt").is_null());
    let notices = report["notices"].to_string();
    assert!(notices.contains("entry 2 accepts nothing") && notices.contains("entry 3 ended on 2020-01-31"), "{notices}");
    assert!(!notices.contains("entry 1"), "{notices}");
    assert!(!run.stdout.contains(&key));
}

#[test]
fn a_baseline_leaves_only_what_is_new() {
    let ((old, old_key), (new, _)) = (storage_key(7), storage_key(8));
    let folder = folder(&[("repo/a.txt", &old)]);
    let written = azward_in(folder.path(), &["secrets", "baseline", "repo", "--output", "known.json"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let known = fs::read_to_string(folder.path().join("known.json")).unwrap();
    assert!(known.contains("a.txt") && !known.contains(&old_key), "{known}");
    let scan = || azward_in(folder.path(), &["scan", "repo", "--rule", "secrets", "--format", "json", "--baseline", "known.json"]);
    fs::write(folder.path().join("repo/a.txt"), format!("\n\n{old}")).unwrap();
    let run = scan();
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(run.json()["findings"][0]["suppressed"]["kind"], "baseline");
    fs::write(folder.path().join("repo/b.txt"), new).unwrap();
    let run = scan();
    assert_eq!(run.code, 1);
    let report = run.json();
    let counted: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["suppressed"].is_null())
        .map(|f| &f["place"]["path"])
        .collect();
    assert_eq!(counted, ["b.txt"]);
    assert_eq!(azward_in(folder.path(), &["secrets", "baseline", "nowhere", "--output", "x.json"]).code, 2);
}
