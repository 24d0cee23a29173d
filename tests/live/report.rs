//! The command as a whole: its report, its snapshot, and what the snapshot says when it is replayed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    command::{Home, SECRET},
    harness::server,
};

/// What a finding says, without what depends on where the resources came from.
fn said(report: &Value) -> BTreeSet<String> {
    let all = report["findings"].as_array().unwrap().iter();
    all.map(|finding| format!("{} {} {} {}", finding["rule"], finding["verdict"], finding["place"], finding["message"])).collect()
}

#[tokio::test]
async fn a_snapshot_replayed_offline_gives_the_same_findings() {
    let fake = server().await;
    let home = Home::new(&fake);
    let live = home.ask(&["live", "--save", "kept.json.zst", "--format", "json"], SECRET).await;
    assert_eq!(live.code, Some(1), "{}", live.err);
    let before = fake.requests.lock().unwrap().len();
    let replayed = home.run(&["scan", "kept.json.zst", "--format", "json"]).await;
    assert_eq!(replayed.code, Some(1), "{}", replayed.err);
    assert_eq!(said(&live.json()), said(&replayed.json()));
    assert!(said(&live.json()).len() > 60);
    let gaps =
        |report: &Value| report["ledger"]["entries"].as_array().unwrap().iter().filter(|entry| entry["state"] != "evaluated").count();
    assert_eq!(gaps(&live.json()), gaps(&replayed.json()));
    assert_eq!(fake.requests.lock().unwrap().len(), before, "a replay asks nobody");
    let strict = home.run(&["scan", "kept.json.zst", "--rule", "key-vault-sku", "--strict"]).await;
    assert_eq!(strict.code, Some(4), "one subscription could not be read");
}

#[tokio::test]
async fn the_scope_of_the_command_line_is_what_is_read() {
    let fake = server().await;
    let home = Home::new(&fake);
    let read = |file: &str| String::from_utf8(zstd::decode_all(std::fs::File::open(home.file(file)).unwrap()).unwrap()).unwrap();
    let arguments = |file: &'static str, more: &[&'static str]| [&["live", "--exit-zero", "--quiet", "--save", file], more].concat();
    for (file, more, has, has_not) in [
        ("a", &["--subscription", "contoso-*", "--exclude", "contoso-dev*"][..], "stcontososhop", "stcontosodev"),
        ("b", &["--management-group", "contoso", "--exclude", "rg-shop"][..], "vnet-contoso", "app-contoso-shop"),
        ("c", &["--resource-group", "rg-d*"][..], "stcontosodev", "stcontososhop"),
        ("d", &["--tag", "environment=production"][..], "stcontososhop", "stcontosodev"),
        ("e", &["--changed-since", "2d"][..], "stcontososhop", "app-contoso-shop/config"),
    ] {
        let ran = home.ask(&arguments(file, more), SECRET).await;
        assert_eq!(ran.code, Some(0), "{more:?}: {}", ran.err);
        let kept = read(file);
        assert!(kept.contains(has) && !kept.lines().any(|line| line.contains(r#""resource""#) && line.contains(has_not)), "{more:?}");
    }
    let changed = read("e");
    assert!(changed.lines().next().unwrap().contains("changedSince"), "{}", changed.lines().next().unwrap());
}

#[tokio::test]
async fn the_demo_is_a_whole_report_and_its_sarif_has_ids_and_stable_paths() {
    let fake = server().await;
    let home = Home::new(&fake);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("sarif");
    std::fs::create_dir_all(&folder).unwrap();
    // The gate of CI looks at what lies there.
    let file = folder.join("live-demo.sarif");
    let ran = home.run(&["live", "--demo", "--output", file.to_str().unwrap()]).await;
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("stcontosodev") && ran.out.contains("contoso-acquired") || ran.out.contains("000000000003"), "{}", ran.out);
    let sarif: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let again = home.run(&["live", "--demo", "--format", "sarif", "--exit-zero"]).await.json();
    let places = |sarif: &Value| {
        let results = sarif["runs"][0]["results"].as_array().unwrap().clone();
        let places = results.iter().map(|result| {
            let place = &result["locations"][0];
            (place["physicalLocation"]["artifactLocation"]["uri"].clone(), place["logicalLocations"][0]["fullyQualifiedName"].clone())
        });
        places.collect::<Vec<_>>()
    };
    let found = places(&sarif);
    assert_eq!(found, places(&again));
    assert!(found.len() > 60);
    for (uri, id) in found {
        let (uri, id) = (uri.as_str().unwrap().to_owned(), id.as_str().unwrap_or_default().to_owned());
        let virtual_kind = id.starts_with("Estate/");
        assert!(uri.starts_with("azure/") || virtual_kind, "{uri} {id}");
        assert!(id.starts_with("/subscriptions/") || virtual_kind, "{uri} {id}");
        assert!(!uri.contains("//") && !uri.contains(".."), "{uri}");
    }
}

/// What the page shows is what azward says: each line of a block, cut where the page says `[…]`.
#[tokio::test]
async fn the_page_shows_what_azward_says() {
    let fake = server().await;
    let home = Home::new(&fake);
    let project = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(project.join("docs/live.md")).unwrap();
    let (templates, snapshot) = (project.join("fixtures/azure/drift"), project.join("fixtures/azure/demo.snapshot.json.zst"));
    let drift = ["drift", templates.to_str().unwrap(), "--snapshot", snapshot.to_str().unwrap()];
    let mut said = String::new();
    for arguments in [&["live", "--demo", "--verbose"][..], &drift] {
        let ran = home.run(arguments).await;
        said.push_str(&ran.out);
    }
    fake.faults
        .lock()
        .unwrap()
        .push(crate::fake_azure::Fault::always("/redis-contoso-prod/firewallrules", crate::fake_azure::What::Forbidden));
    said.push_str(&home.ask(&["doctor", "--live"], SECRET).await.out);
    let blocks = page.split("```text\n").skip(1).map(|block| block.split("```").next().unwrap());
    let shown: Vec<&str> = blocks.flat_map(str::lines).collect();
    assert!(shown.len() > 8);
    for line in shown {
        let parts: Vec<&str> = line.trim().split("[…]").collect();
        let is_there = said.lines().any(|real| parts.iter().all(|part| real.contains(part.trim())));
        assert!(is_there, "the page shows what azward does not say: {line}");
    }
}
