use std::{fs, path::Path, process::Command, sync::Mutex};

use super::{GitError, Limits, Selection, walk};

fn git(folder: &Path, args: &[&str], date: &str) -> bool {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
        .args(args)
        .env("GIT_AUTHOR_DATE", date)
        .env("GIT_COMMITTER_DATE", date)
        .output();
    output.is_ok_and(|output| output.status.success())
}

/// Three commits: `a.txt` appears, changes, and disappears; `b.txt` stays; a branch holds `c.txt`.
fn repository() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    if !git(root, &["init", "-q"], "") {
        return None;
    }
    let commit = |date: &str| git(root, &["add", "-A"], date) && git(root, &["commit", "-qm", "x"], date);
    fs::write(root.join("a.txt"), "first").unwrap();
    assert!(commit("2024-01-01T00:00:00Z"));
    fs::write(root.join("a.txt"), "second").unwrap();
    fs::create_dir(root.join("d")).unwrap();
    fs::write(root.join("d/b.txt"), "stays").unwrap();
    assert!(commit("2024-02-01T00:00:00Z"));
    assert!(git(root, &["checkout", "-qb", "side"], ""));
    fs::write(root.join("c.txt"), "side").unwrap();
    assert!(commit("2024-03-01T00:00:00Z"));
    assert!(git(root, &["checkout", "-q", "main"], ""));
    fs::remove_file(root.join("a.txt")).unwrap();
    assert!(commit("2024-04-01T00:00:00Z"));
    Some(folder)
}

fn told(folder: &Path, selection: &Selection) -> Vec<(String, String, bool, i64)> {
    let all = Mutex::new(Vec::new());
    walk(folder, selection, Limits::default(), |blob| {
        all.lock().unwrap().push((blob.path.to_owned(), String::from_utf8_lossy(blob.data).into_owned(), blob.in_tip, blob.date));
    })
    .unwrap();
    let mut all = all.into_inner().unwrap();
    all.sort();
    all
}

#[test]
fn every_blob_is_told_once_with_its_first_commit() {
    let Some(folder) = repository() else { return };
    let row = |path: &str, text: &str, tip, date| (path.to_owned(), text.to_owned(), tip, date);
    let expected = [
        row("a.txt", "first", false, 1_704_067_200),
        row("a.txt", "second", false, 1_706_745_600),
        row("c.txt", "side", false, 1_709_251_200),
        row("d/b.txt", "stays", true, 1_706_745_600),
    ];
    assert_eq!(told(folder.path(), &Selection::All), expected);
    assert!(git(folder.path(), &["gc", "-q"], ""));
    assert_eq!(told(folder.path(), &Selection::All), expected, "packed");
}

#[test]
fn ranges_dates_and_staged_changes() {
    let Some(folder) = repository() else { return };
    let paths = |selection: &Selection| {
        told(folder.path(), selection).into_iter().map(|(path, text, ..)| format!("{path}={text}")).collect::<Vec<_>>()
    };
    assert_eq!(paths(&Selection::Range { from: "main".to_owned(), to: "side".to_owned() }), ["c.txt=side"]);
    assert_eq!(paths(&Selection::Since(1_709_000_000)), ["c.txt=side"]);
    fs::write(folder.path().join("d/b.txt"), "changed").unwrap();
    assert!(git(folder.path(), &["add", "d/b.txt"], ""));
    assert_eq!(paths(&Selection::Staged), ["d/b.txt=changed"]);
    let wrong = walk(folder.path(), &Selection::Range { from: "nowhere".to_owned(), to: "main".to_owned() }, Limits::default(), |_| {});
    assert!(matches!(wrong, Err(GitError::Revision { .. })));
}

#[test]
fn shallow_clones_and_broken_objects_are_told() {
    let Some(folder) = repository() else { return };
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().display());
    if git(clone.path(), &["clone", "-q", "--depth", "1", &url, "."], "") {
        let walked = walk(clone.path(), &Selection::All, Limits::default(), |_| {}).unwrap();
        assert!(walked.notes.iter().any(|note| note.contains("shallow")), "{:?}", walked.notes);
    }
    // A blob that is gone.
    let hash = Command::new("git").current_dir(folder.path()).args(["rev-parse", "HEAD~1:a.txt"]).output().unwrap();
    let hash = String::from_utf8(hash.stdout).unwrap();
    let (head, tail) = hash.trim().split_at(2);
    fs::remove_file(folder.path().join(".git/objects").join(head).join(tail)).unwrap();
    let walked = walk(folder.path(), &Selection::All, Limits::default(), |_| {}).unwrap();
    assert!(walked.notes.iter().any(|note| note.contains("a.txt")), "{:?}", walked.notes);
    assert_eq!(walked.blobs, 3);
    let none = tempfile::tempdir().unwrap();
    assert!(matches!(walk(none.path(), &Selection::All, Limits::default(), |_| {}), Err(GitError::Open { .. })));
}
