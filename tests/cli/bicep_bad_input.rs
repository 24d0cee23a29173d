//! Hostile and broken Bicep through the whole program: refused with a clear line in the ledger, and the rest is judged.

use super::support::{Run, azward_in, folder};

/// An account that breaks the rule, and `more` after it.
fn with(more: &str) -> String {
    format!(
        "resource st 'Microsoft.Storage/storageAccounts@2023-05-01' = {{\n  name: 'stcontoso'\n  location: 'westeurope'\n  properties: {{ minimumTlsVersion: 'TLS1_0' }}\n}}\n{more}\n"
    )
}

const REFUSED: &str = "leads out of the scanned folder";
const CURE: &str = "scan the folder that holds both";

fn scan(folder: &std::path::Path) -> Run {
    azward_in(folder, &["scan", ".", "--no-secrets", "--rule", "storage-min-tls", "--format", "json"])
}

/// Why `path` was not judged as a whole.
fn why(run: &Run, path: &str) -> String {
    let report = run.json();
    let entries = report["ledger"]["entries"].as_array().unwrap().clone();
    let entry = entries.iter().find(|entry| entry["subject"] == path).unwrap_or_else(|| panic!("{path} is not in the ledger: {entries:?}"));
    assert!(entry["state"] == "partly" || entry["state"] == "unreadable", "{entry}");
    entry["why"].to_string()
}

fn found(run: &Run, path: &str) -> usize {
    run.json()["findings"].as_array().unwrap().iter().filter(|one| one["place"]["path"] == path && one["verdict"] == "fail").count()
}

#[test]
fn fifty_megabytes_are_a_line_of_the_ledger() {
    let folder = folder(&[("good.bicep", &with(""))]);
    std::fs::write(folder.path().join("huge.bicep"), "var a = 1\n".repeat(5 * 1024 * 1024)).unwrap();
    let run = scan(folder.path());
    let why = why(&run, "huge.bicep");
    assert!(why.contains("larger than") && why.contains("MiB") && why.contains("split it, or leave it out"), "{why}");
    assert_eq!(run.json()["ledger"]["entries"].as_array().unwrap().len(), 2);
    assert_eq!(found(&run, "good.bicep"), 1);
}

#[test]
fn no_function_reads_outside_the_folder() {
    for call in [
        "loadTextContent('/etc/passwd')",
        "loadTextContent('.git/config')",
        "loadTextContent('../outside.txt')",
        "loadTextContent('inner/../../outside.txt')",
        "loadTextContent('link.txt')",
        "loadFileAsBase64('../outside.txt')",
        "loadJsonContent('link.txt')",
        "loadYamlContent('../outside.txt')",
        "loadDirectoryFileInfo('..')",
        "loadDirectoryFileInfo('linked')",
    ] {
        let outer = folder(&[
            ("outside.txt", "marker-of-the-outside"),
            ("repo/.git/config", "marker-of-the-outside"),
            ("repo/main.bicep", &with(&format!("output o object = any({call})"))),
        ]);
        let inner = outer.path().join("repo");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outer.path().join("outside.txt"), inner.join("link.txt")).unwrap();
            std::os::unix::fs::symlink(outer.path(), inner.join("linked")).unwrap();
        }
        let run = scan(&inner);
        let why = why(&run, "main.bicep");
        assert!(why.contains("line 6: ") && why.contains(REFUSED) && why.contains(CURE), "{call}: {why}");
        assert!(!run.stdout.contains("marker-of-the-outside") && !run.stdout.contains("root:"), "{call}");
        assert_eq!(found(&run, "main.bicep"), 1, "{call}: the rest of the file is judged");
    }
}

#[test]
fn a_module_outside_the_repository_is_refused() {
    for path in ["../outside.bicep", "link.bicep", "/tmp/outside.bicep"] {
        let call = format!("module m '{path}' = {{\n  name: 'm'\n}}");
        let outer = folder(&[("outside.bicep", &with("")), ("repo/main.bicep", &with(&call))]);
        let inner = outer.path().join("repo");
        #[cfg(unix)]
        std::os::unix::fs::symlink(outer.path().join("outside.bicep"), inner.join("link.bicep")).unwrap();
        let run = scan(&inner);
        let why = why(&run, "main.bicep");
        assert!(why.contains("line 6: ") && why.contains(REFUSED) && why.contains(CURE), "{path}: {why}");
        assert_eq!(why.matches(REFUSED).count(), 1, "{path}: it is said once: {why}");
        assert_eq!(run.json()["findings"].as_array().unwrap().len(), 1, "{path}: only the file's own resource is judged");
    }
}

#[test]
fn a_folder_of_a_repository_calls_modules_beside_it() {
    let call = "module m '../modules/m.bicep' = {\n  name: 'm'\n}\nvar text = loadTextContent('../text.txt')\noutput o string = text\n";
    let files = [("infra/main.bicep", call), ("modules/m.bicep", &with("")), ("text.txt", "x")];
    let found_in = |files: &[(&str, &str)]| {
        let folder = folder(files);
        let run = azward_in(folder.path(), &["scan", "infra", "--no-secrets", "--rule", "storage-min-tls", "--format", "json"]);
        (found(&run, "../modules/m.bicep"), run.json()["ledger"].to_string())
    };
    let (count, ledger) = found_in(&[&files[..], &[(".git/HEAD", "ref: refs/heads/main\n")]].concat());
    assert_eq!((count, ledger.contains(REFUSED)), (1, false), "{ledger}");
    let (count, ledger) = found_in(&files);
    assert_eq!((count, ledger.contains(REFUSED)), (0, true), "{ledger}");
}

#[test]
fn broken_declarations_leave_the_others_judged() {
    for broken in [
        "resource",
        "resource x",
        "resource x 'A.B/c@2020-01-01' = {\n  name: \n  tags: { a: [ }\n}",
        "param p string = 'never closed",
        "var v = '''\n never closed",
        "module m 'm.bicep' = [for in x: {}]",
        "@description(\nparam q int",
        "}}}}))))]]]]",
        "/* never closed",
        "var a = ${b}\u{0}\n\u{7f}",
        "type t = {\n  *: \n}\nfunc f(a) => ",
    ] {
        let folder = folder(&[("main.bicep", &with(broken)), ("good.bicep", &with(""))]);
        let run = scan(folder.path());
        let line = why(&run, "main.bicep");
        assert!(line.contains("not read as Bicep here"), "{broken}: {line}");
        assert_eq!((found(&run, "main.bicep"), found(&run, "good.bicep")), (1, 1), "{broken}");
    }
}

#[test]
fn modules_that_call_each_other_end_and_are_judged() {
    let call = |path: &str| with(&format!("module m '{path}' = {{\n  name: 'm'\n}}"));
    let folder = folder(&[("a.bicep", &call("b.bicep")), ("b.bicep", &call("c.bicep")), ("c.bicep", &call("a.bicep"))]);
    let run = scan(folder.path());
    assert!(run.stdout.contains("calls itself, directly or through another module; break the circle"), "{}", run.stdout);
    for path in ["a.bicep", "b.bicep", "c.bicep"] {
        assert_eq!(found(&run, path), 1, "{path}");
    }
    let alone = super::support::folder(&[("own.bicep", &call("own.bicep"))]);
    let run = scan(alone.path());
    assert!(why(&run, "own.bicep").contains("calls itself"), "{}", run.stdout);
    assert_eq!(found(&run, "own.bicep"), 1);
}

#[test]
fn declarations_that_refer_to_themselves_say_so() {
    let circle = "resource a 'A.B/c@2020-01-01' = {\n  name: b.name\n}\nresource b 'A.B/c@2020-01-01' = {\n  name: '${a.name}${a.id}'\n}";
    let folder = folder(&[("main.bicep", &with(circle))]);
    let run = scan(folder.path());
    assert!(why(&run, "main.bicep").contains("refers to itself, directly or through other declarations"), "{}", run.stdout);
    assert_eq!(found(&run, "main.bicep"), 1);
}

#[test]
fn a_file_has_one_line_in_the_ledger() {
    let call = "module m 'modules/m.bicep' = {\n  name: 'm'\n}\n";
    let folder = folder(&[
        ("main.bicep", call),
        ("modules/m.bicep", &with("")),
        ("main.dev.bicepparam", "using 'main.bicep'\n"),
        (
            "broken.json",
            "{ \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \"resources\": [[[",
        ),
    ]);
    let report = scan(folder.path()).json();
    let entries = report["ledger"]["entries"].as_array().unwrap();
    let mut told: Vec<_> = entries.iter().map(|entry| (entry["subject"].as_str().unwrap(), entry["state"].as_str().unwrap())).collect();
    told.sort_unstable();
    let wanted = [
        ("broken.json", "unreadable"),
        ("main.bicep", "evaluated"),
        ("main.dev.bicepparam", "evaluated"),
        ("modules/m.bicep", "evaluated"),
    ];
    assert_eq!(told, wanted);
}
