use std::collections::BTreeMap;
use std::io::Write;

use azward::audit::{Settings, run};
use azward::log::source::{Collected, Input, collect};

use crate::support::{audit, fails, gaps, only};

/// A storage read with the account key: one finding, wherever it stands.
fn good(second: u32) -> String {
    format!(
        r#"{{"time":"2026-01-13T10:00:{second:02}Z","category":"StorageRead","operationName":"GetBlob","resourceId":"/subscriptions/0/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st","statusCode":200,"uri":"https://st.blob.core.windows.net/c/b","identity":{{"type":"AccountKey"}},"properties":{{}}}}"#
    )
}

/// How many events the rule counted, and the ledger's words on the log.
fn read(name: &str, bytes: Vec<u8>) -> (u64, String) {
    let outcome = audit(&only("storage-account-key-used"), &[(name, bytes)], &BTreeMap::new());
    let events = outcome.totals.iter().map(|total| total.events).sum();
    (events, gaps(&outcome, name))
}

#[test]
fn truncated_json_is_counted_with_its_byte_and_the_rest_is_read() {
    let cut = &good(1)[..100];
    let text = format!("{}\n{cut}\n{}\n", good(0), good(2));
    let at = good(0).len() + 1 + cut.len();
    let (events, gaps) = read("truncated.json", text.into_bytes());
    assert_eq!(events, 2);
    assert_eq!(gaps, format!("1 damaged records passed over: the JSON ends early (at byte {at})"));
}

#[test]
fn a_truncated_document_gives_what_is_whole() {
    let text = format!("{{\n \"records\": [\n{},\n{},\n{}", good(0), good(1), &good(2)[..80]);
    let (events, gaps) = read("document.json", text.into_bytes());
    assert_eq!(events, 2);
    assert!(gaps.starts_with("1 damaged records passed over: the JSON ends early (at byte "), "{gaps}");
}

#[test]
fn a_broken_record_in_a_document_does_not_take_the_next_one_with_it() {
    let text = format!("[\n{},\n{},\n{}\n]\n", good(0), &good(1)[..90], good(2));
    let (events, gaps) = read("document.json", text.into_bytes());
    assert_eq!(events, 2, "{gaps}");
    assert!(gaps.contains("1 damaged records"), "{gaps}");
}

#[test]
fn mixed_types_in_one_file_are_told_apart() {
    let vault = r#"{"time":"2026-01-13T10:00:00Z","category":"AuditEvent","operationName":"SecretGet","resourceId":"/S/0/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV","properties":{}}"#;
    let text = format!("{}\n{vault}\na line of text\n{}\n", good(0), good(1));
    let outcome = audit(&only("storage-account-key-used"), &[("mixed.json", text.into_bytes())], &BTreeMap::new());
    let entry = outcome.ledger.entries.iter().find(|entry| entry.subject == "mixed.json").expect("in the ledger");
    assert_eq!(entry.format, "mixed: Storage log (2), Key Vault audit log (1), text (1)");
}

#[test]
fn a_clock_that_goes_backwards_is_reported_and_the_window_still_counts() {
    let rule = only("vault-denied-burst");
    let lines: Vec<_> = rule[0].examples.fail[0].logs.lines().map(str::to_owned).collect();
    let late = lines[0].replace("10:00:", "11:00:");
    let text = format!("{late}\n{}\n", lines.join("\n"));
    let outcome = audit(&rule, &[("clock.json", text.into_bytes())], &BTreeMap::new());
    assert_eq!(fails(&outcome).len(), 1);
    assert_eq!(
        gaps(&outcome, "clock.json"),
        format!("1 times the clock goes backwards by more than 5 minutes (at byte {})", late.len() + 1)
    );
}

#[test]
fn a_wrong_time_zone_shows_against_the_folder_and_a_missing_one_is_said() {
    let name = "resourceId=/X/y=2026/m=01/d=13/h=08/m=00/PT1H.json";
    let (events, gaps) = read(name, format!("{}\n", good(0)).into_bytes());
    assert_eq!(events, 1);
    assert!(gaps.starts_with("1 records whose time is not of the folder's hour"), "{gaps}");
    let (_, gaps) = read("zone.json", good(0).replace(":00Z", ":00").into_bytes());
    assert_eq!(gaps, "1 times without a zone, read as UTC (at byte 0)");
}

#[test]
fn a_line_of_a_hundred_megabytes_is_passed_over() {
    let size = 100 << 20;
    let first = format!("{}\n", good(0));
    let long = vec![b'x'; size];
    let bytes = [first.as_bytes(), b"{\"a\":\"", &long, b"\"}\n", good(1).as_bytes(), b"\n"].concat();
    let (events, gaps) = read("long.json", bytes);
    assert_eq!(events, 2);
    assert_eq!(gaps, format!("1 damaged records passed over: the line is longer than 8 MiB (at byte {})", first.len()));
}

#[test]
fn a_corrupt_gzip_gives_what_comes_before_the_damage() {
    let text: String = (0..20_000).map(|n| good(n % 60) + "\n").collect();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    let mut bytes = encoder.finish().unwrap();
    let middle = bytes.len() / 2;
    bytes.truncate(middle);
    let (events, gaps) = read("log.json.gz", bytes);
    assert!(events > 5_000 && events < 20_000, "{events}");
    assert!(gaps.contains("reading breaks off after "), "{gaps}");
}

#[test]
fn damage_within_an_archive_leaves_the_next_log_whole() {
    let text: String = (0..20_000).map(|n| good(n % 60) + "\n").collect();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    let mut gz = encoder.finish().unwrap();
    let middle = gz.len() / 2;
    gz[middle..middle + 64].fill(0xff);
    let mut zst = zstd::encode_all(text.as_bytes(), 1).unwrap();
    zst.truncate(zst.len() / 2);
    let logs = [("a.json.gz", gz), ("b.json.zst", zst), ("c.json", good(1).replace("Accounts/st\"", "Accounts/other\"").into_bytes())];
    let outcome = audit(&only("storage-account-key-used"), &logs, &BTreeMap::new());
    for name in ["a.json.gz", "b.json.zst"] {
        let gaps = gaps(&outcome, name);
        assert!(gaps.contains("reading breaks off after "), "{name}: {gaps}");
    }
    assert_eq!(gaps(&outcome, "c.json"), "");
    // What the broken archive still gave may be garbled; the other account's line is not.
    let found = fails(&outcome);
    assert!(found.iter().any(|finding| finding.place.path() == "c.json"), "{found:#?}");
}

#[test]
fn duplicate_blobs_are_read_once_and_hours_outside_the_range_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let hour = |hour: u32| {
        let path = folder.path().join(format!("y=2026/m=01/d=13/h={hour:02}/m=00"));
        std::fs::create_dir_all(&path).unwrap();
        path.join("PT1H.json")
    };
    std::fs::write(hour(10), good(0) + "\n").unwrap();
    std::fs::write(hour(11), good(0) + "\n").unwrap();
    std::fs::write(hour(20), good(5) + "\n").unwrap();
    let at = |hour: i64| azward::log::time::Moment::from_civil(2026, 1, 13, hour * 3600);
    let collected = collect(&[folder.path().to_path_buf()], Some((at(9), at(12))));
    assert_eq!(collected.inputs.len(), 1);
    let rules = only("storage-account-key-used");
    let outcome = run(collected, Settings::new(&rules)).expect("runs");
    assert_eq!(outcome.totals[0].events, 1);
    assert!(gaps(&outcome, "h=11/m=00/PT1H.json").starts_with("the same content as "));
    assert_eq!(gaps(&outcome, "h=20/m=00/PT1H.json"), "outside the asked time range");
}

#[test]
fn a_rotated_file_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    std::fs::write(&path, (good(0) + "\n").repeat(10)).unwrap();
    let mut collected = collect(std::slice::from_ref(&path), None);
    let input = collected.inputs.pop().unwrap();
    let (open, rotated) = (input.open, path.clone());
    let mut rotating = Input::new(
        input.name,
        Box::new(move || {
            let reader = open()?;
            // Between opening and reading, as logrotate's copytruncate does.
            std::fs::write(&rotated, good(0) + "\n")?;
            Ok(reader)
        }),
    );
    rotating.file = Some(path);
    let rules = only("storage-account-key-used");
    let outcome = run(Collected { inputs: vec![rotating], entries: Vec::new() }, Settings::new(&rules)).expect("runs");
    assert_eq!(gaps(&outcome, "app.log"), "the file became shorter while it was read: it was rotated");
    assert_eq!(outcome.totals[0].events, 1);
}

#[test]
fn github_archives_are_read_job_by_job_without_repeating_the_steps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logs_1.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let deploy = "\u{feff}2026-01-13T02:15:01.1234567Z ##[group]Run ./deploy.sh production\n";
    for (name, text) in
        [("0_test.txt", "2026-01-13T02:10:01.1234567Z ##[group]Run pytest\n"), ("1_deploy.txt", deploy), ("deploy/1_Run.txt", deploy)]
    {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let rules = only("deployment-gates-in-order");
    let outcome = run(collect(&[path], None), Settings::new(&rules)).expect("runs");
    assert_eq!(gaps(&outcome, "deploy/1_Run.txt"), "the same lines as the job's own log");
    let found = fails(&outcome);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("no security scan before it, no staging deployment before it"), "{}", found[0].message);
    assert!(!found[0].message.contains("tests before"), "the other job of the run has the tests: {}", found[0].message);
}

#[test]
fn binary_files_and_missing_files_are_in_the_ledger() {
    let (events, why) = read("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0".to_vec());
    assert_eq!((events, why.as_str()), (0, "not text in UTF-8"));
    let collected = collect(&["no/such/file.json".into()], None);
    let rules = only("storage-account-key-used");
    let outcome = run(collected, Settings::new(&rules)).expect("runs");
    assert!(!gaps(&outcome, "no/such/file.json").is_empty());
}
