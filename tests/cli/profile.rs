//! Profiles and specifications of one's own: what is wrong with them is said with file, line and the nearest name, and ends the run.

use super::support::{azward_in, folder, storage};

/// What azward says of a profile with this text, beside a template; the run must end with 2.
fn refused(files: &[(&str, &str)], profile: &str) -> String {
    let template = storage("\"TLS1_0\"");
    let folder = folder(&[files, &[("main.json", template.as_str())]].concat());
    let run = azward_in(folder.path(), &["scan", ".", "--profile", profile]);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    run.stderr
}

#[test]
fn what_is_wrong_with_a_profile_is_said_with_line_and_nearest_name() {
    let cases = [
        (
            "title: x\nextends: baseline\nparameters:\n  requiredTag: [a]\n",
            "p.yaml:4:1: no rule has a parameter `requiredTag`; did you mean `requiredTags`?",
        ),
        (
            "title: x\nparameters:\n  requiredTags: yes\n",
            "p.yaml:3:1: parameter `requiredTags` of rule `required-tags` must be of type array",
        ),
        (
            "title: x\nenvironments:\n  production:\n    parameters:\n      minInstance: 3\n",
            "p.yaml:5:1: no rule has a parameter `minInstance`",
        ),
        ("title: x\nextends: baselin\n", "p.yaml:2:1: there is no profile `baselin`; did you mean `baseline`?"),
        ("title: x\nextends: gone.yaml\n", "p.yaml:2:1: the profile `gone.yaml` cannot be read"),
        ("title: x\nspecifications: [az14]\n", "did you mean `az14b`?"),
        ("title: x\noff: [required-tag]\n", "p.yaml:2:1: there is no rule or theme `required-tag`; did you mean `required-tags`?"),
        ("title: x\nseverity: { required-tags: hihg }\n", "p.yaml:2"),
        ("title: [\n", "p.yaml:2:1: this is not YAML"),
    ];
    for (text, says) in cases {
        let said = refused(&[("p.yaml", text)], "p.yaml");
        assert!(said.contains(says), "{text}\n{said}");
    }
}

#[test]
fn profiles_in_a_circle_are_refused_where_it_closes() {
    let said = refused(&[("a.yaml", "title: a\nextends: b.yaml\n"), ("b.yaml", "title: b\nextends: a.yaml\n")], "a.yaml");
    assert!(said.contains("b.yaml:2:1") && said.contains("a.yaml → b.yaml → a.yaml"), "{said}");
}

#[test]
fn init_writes_a_profile_that_works_and_overwrites_nothing() {
    let template = storage("\"TLS1_0\"");
    let folder = folder(&[("main.json", template.as_str())]);
    assert_eq!(azward_in(folder.path(), &["init"]).code, 0);
    let again = azward_in(folder.path(), &["init"]);
    assert!(again.code == 2 && again.stderr.contains("never overwrites"), "{}", again.stderr);
    let run = azward_in(folder.path(), &["scan", ".", "--profile", "azward-profile.yaml", "--rule", "storage-min-tls", "--format", "json"]);
    assert_eq!(run.json()["findings"][0]["rule"], "storage-min-tls");
    assert_eq!(azward_in(folder.path(), &["init", "x.yaml", "--extends", "baselin"]).code, 2);
}

#[test]
fn any_two_specifications_are_compared_and_a_third_is_named() {
    let folder = folder(&[]);
    let names = ["bi10", "augeo", "az14b", "life-cockpit"];
    for (at, one) in names.iter().enumerate() {
        for other in &names[at..] {
            let (run, back) = (
                azward_in(folder.path(), &["spec", "conflicts", one, other]),
                azward_in(folder.path(), &["spec", "conflicts", other, one]),
            );
            assert_eq!((run.code, back.code), (0, 0), "{one} {other}");
            let count =
                |text: &str| text.lines().last().and_then(|line| line.split(' ').next()?.parse::<usize>().ok()).expect("a number of pairs");
            assert_eq!(count(&run.stdout), count(&back.stdout), "{one} {other}");
            assert!(count(&run.stdout) > 0, "{one} {other}");
        }
    }
    let unknown = azward_in(folder.path(), &["spec", "conflicts", "bi10", "az14"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("az14b"), "{}", unknown.stderr);
}

#[test]
fn an_attestation_that_expired_fails_the_clause() {
    let folder = folder(&[("README.md", "# x\n")]);
    let attest =
        ["spec", "attest", "DEP-028.a", "--statement", "the drill was held", "--by", "Ops", "--evidence", "https://contoso.example/drill"];
    let run = azward_in(folder.path(), &attest);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let path = folder.path().join("attestations/attestations.yaml");
    let clause = || {
        let report = azward_in(folder.path(), &["scan", ".", "--profile", "bi10", "--format", "json"]).json();
        let all: Vec<serde_json::Value> =
            report["specifications"].as_array().unwrap().iter().flat_map(|one| one["clauses"].as_array().unwrap().clone()).collect();
        all.into_iter().find(|clause| clause["id"] == "DEP-028.a").expect("the clause is in the report")
    };
    let valid = clause();
    assert_ne!(valid["status"], "fail", "{valid}");
    let text = std::fs::read_to_string(&path).unwrap();
    let old: String = text
        .lines()
        .map(|line| match line.split_once(": ") {
            Some((key, _)) if key.trim() == "expires" => format!("{key}: 2020-03-01\n"),
            Some((key, _)) if key.trim() == "date" => format!("{key}: 2020-01-01\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    std::fs::write(&path, old).unwrap();
    let expired = clause();
    assert_eq!(expired["status"], "fail", "{expired}");
    assert!(expired["evidence"].to_string().contains("expired on 2020-03-01"), "{expired}");
    let unknown = azward_in(folder.path(), &["spec", "attest", "DEP-999", "--statement", "x", "--by", "x", "--evidence", "x"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("DEP-999"), "{}", unknown.stderr);
}

#[test]
fn any_markdown_is_read_for_its_demands_in_little_time() {
    let long = "# x\n".to_owned() + &"The app MUST work. ".repeat(100_000);
    let folder = folder(&[
        ("long.md", &long),
        ("empty.md", ""),
        ("spec.md", "# TLS\n\n- [ ] **NEW-1**: All storage accounts MUST refuse TLS below the minimum of 1.2.\n"),
    ]);
    for (file, demands) in [("long.md", "20000 demands"), ("empty.md", "0 demands"), ("spec.md", "1 demands")] {
        let run = azward_in(folder.path(), &["spec", "lint", file]);
        assert!(run.code == 0 && run.stdout.contains(demands), "{file}: {}", run.stderr);
    }
    let rows = azward_in(folder.path(), &["spec", "lint", "spec.md", "--format", "json"]).json();
    assert_eq!((rows[0]["id"].as_str(), rows[0]["line"].as_u64(), rows[0]["rules"].is_null()), (Some("NEW-1"), Some(3), true));
    assert!(rows[0]["near"].as_array().unwrap().iter().any(|rule| rule == "storage-min-tls"), "{rows}");
    let csv = azward_in(folder.path(), &["spec", "lint", "spec.md", "--format", "csv"]).stdout;
    assert!(csv.starts_with("id,line,section,text,word,rules,near\nNEW-1,3,"), "{csv}");
    assert_eq!(azward_in(folder.path(), &["spec", "lint", "gone.md"]).code, 2);
}
