//! Secrets in archives of a scanned folder.

use std::fs;
use std::io::Write;

use super::secrets::{LETTERS, random};
use super::support::{azward_in, folder};

fn line(seed: u64) -> String {
    format!("AccountName=stcontoso;AccountKey={}==;EndpointSuffix=core.windows.net\n", random(seed, LETTERS, 86))
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = liblzma::write::XzEncoder::new(Vec::new(), 1);
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        writer.append_data(&mut header, name, *bytes).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn archives_are_opened_one_inside_the_other_and_large_files_are_streamed() {
    let folder = folder(&[]);
    let lines: Vec<String> = (20..27).map(line).collect();
    let large = format!("{}{}", "2026-01-01T00:00:00Z all is well in hall three\n".repeat(40_000), lines[6]);
    let inner = zip(&[("deep/settings.txt", lines[1].as_bytes())]);
    for (name, bytes) in [
        ("a.zip", zip(&[("conf/app.txt", lines[0].as_bytes()), ("lib/inner.jar", &inner)])),
        ("pkg.nupkg", zip(&[("tools/x.ps1", lines[2].as_bytes())])),
        ("b.tar.gz", gzip(&tar(&[("etc/c.txt", lines[3].as_bytes())]))),
        ("c.txt.zst", zstd::encode_all(lines[4].as_bytes(), 1).unwrap()),
        ("d.txt.xz", xz(lines[5].as_bytes())),
        ("e.whl", zip(&[("app.log", large.as_bytes())])),
        ("f.zip", zip(&[("program.exe", &[b"MZ\0\0".as_slice(), lines[0].as_bytes()].concat())])),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let run = azward_in(folder.path(), &["scan", ".", "--rule", "secrets", "--format", "json"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let report = run.json();
    let found: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| finding["place"]["path"].as_str().unwrap()).collect();
    let expected = [
        "a.zip!/conf/app.txt",
        "a.zip!/lib/inner.jar!/deep/settings.txt",
        "b.tar.gz!/b.tar!/etc/c.txt",
        "c.txt.zst!/c.txt",
        "d.txt.xz!/d.txt",
        "e.whl!/app.log",
        "pkg.nupkg!/tools/x.ps1",
    ];
    assert_eq!(found, expected);
    let streamed = &report["findings"][5];
    assert_eq!(streamed["place"]["start"]["line"], 40_001, "{streamed}");
    assert_eq!(report["ledger"]["entries"].as_array().unwrap().iter().filter(|entry| entry["state"] == "evaluated").count(), 7);
    for line in &lines {
        assert!(!run.stdout.contains(&line[32..70]), "a secret was printed");
    }
    let closed = azward_in(folder.path(), &["scan", ".", "--rule", "secrets", "--format", "json", "--no-archives"]);
    assert_eq!(closed.json()["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn bombs_and_broken_archives_are_gaps_and_the_rest_goes_on() {
    let folder = folder(&[("plain.txt", &line(30))]);
    let bomb = xz(&vec![b'a'; 64 << 20]);
    assert!(bomb.len() < 40_000);
    fs::write(folder.path().join("bomb.xz"), bomb).unwrap();
    let whole = zip(&[("a.txt", line(31).as_bytes())]);
    fs::write(folder.path().join("cut.zip"), &whole[..whole.len() / 2]).unwrap();
    let run = azward_in(folder.path(), &["scan", ".", "--rule", "secrets", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    let why = |subject: &str| {
        let entries = report["ledger"]["entries"].as_array().unwrap();
        let entry = entries.iter().find(|entry| entry["subject"] == subject).unwrap();
        assert_eq!(entry["state"], "partly", "{entry}");
        entry["why"].to_string()
    };
    assert!(why("bomb.xz").contains("expands more than"), "{}", why("bomb.xz"));
    assert!(why("cut.zip").contains("is no whole zip"), "{}", why("cut.zip"));
    assert_eq!(report["findings"][0]["place"]["path"], "plain.txt");
}
