//! `azward scan FILE` where the file is no good snapshot: refused, or used as far as it goes, and never in silence.

use std::io::Write;

use crate::{
    command::{Home, Ran, SECRET},
    harness::server,
};

const DEMO: &[u8] = include_bytes!("../../fixtures/azure/demo.snapshot.json.zst");

fn packed(lines: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut out = zstd::Encoder::new(Vec::new(), 3).unwrap();
    for (at, line) in lines.into_iter().enumerate() {
        writeln!(out, "{line}").unwrap();
        // Blocks as a run of hours writes them: what stands before a cut can be unpacked.
        if at % 20 == 0 {
            out.flush().unwrap();
        }
    }
    out.finish().unwrap()
}

fn demo_lines() -> Vec<String> {
    String::from_utf8(zstd::decode_all(DEMO).unwrap()).unwrap().lines().map(str::to_owned).collect()
}

async fn scan(bytes: &[u8]) -> Ran {
    let home = Home::new(&*server().await);
    std::fs::write(home.file("given.json.zst"), bytes).unwrap();
    home.run(&["scan", "given.json.zst", "--rule", "key-vault-sku", "--strict"]).await
}

#[tokio::test]
async fn a_file_that_is_cut_is_used_as_far_as_it_goes_and_is_incomplete() {
    let whole = packed(demo_lines());
    let ran = scan(&whole[..whole.len() * 2 / 3]).await;
    assert_eq!(ran.code, Some(4), "{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains("stops in the middle") && ran.out.contains("what came before is used"), "{}", ran.out);
    let lines = demo_lines();
    let without_end = packed(lines[..lines.len() - 1].iter().cloned());
    let ran = scan(&without_end).await;
    assert!(ran.code == Some(4) && ran.out.contains("did not come to its end"), "{}", ran.out);
    let mut damaged = lines.clone();
    damaged[40] = damaged[40].replace(':', ";");
    let ran = scan(&packed(damaged)).await;
    assert!(ran.code == Some(4) && ran.out.contains("record 41 of the snapshot cannot be read"), "{}", ran.out);
}

#[tokio::test]
async fn a_later_version_another_file_and_a_bomb_are_refused() {
    let mut later = demo_lines();
    later[0] = later[0].replace("\"version\":1", "\"version\":99");
    let ran = scan(&packed(later)).await;
    assert!(ran.code == Some(2) && ran.err.contains("format version 99") && ran.err.contains("update azward"), "{}", ran.err);
    let ran = scan(&packed(["{\"some\":\"thing\"}".to_owned()])).await;
    assert!(ran.code == Some(2) && ran.err.contains("not an azward snapshot"), "{}", ran.err);
    let ran = scan(&[&DEMO[..4], &[0xff; 64]].concat()).await;
    assert!(ran.code == Some(2) && ran.err.contains("not an azward snapshot"), "{}", ran.err);
    // A line of 40 MiB in a few kilobytes.
    let bomb = packed([demo_lines().swap_remove(0), format!("{{\"record\":\"resource\",\"x\":\"{}\"}}", "y".repeat(40 << 20))]);
    assert!(bomb.len() < 50_000, "{}", bomb.len());
    let ran = scan(&bomb).await;
    assert!(ran.code == Some(2) && ran.err.contains("over the limit"), "{}", ran.err);
}

#[tokio::test]
async fn a_run_that_comes_to_nothing_leaves_the_last_snapshot_and_no_litter() {
    let fake = server().await;
    let home = Home::new(&fake);
    let kept = home.file("kept.json.zst");
    std::fs::write(&kept, DEMO).unwrap();
    fake.tenant.lock().unwrap().subscriptions.clear();
    for variables in [&[][..], SECRET] {
        let ran = home.ask(&["live", "--save", "kept.json.zst"], variables).await;
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert_eq!(std::fs::read(&kept).unwrap(), DEMO);
    }
    let names: Vec<_> = std::fs::read_dir(kept.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with(".azward")), "{names:?}");
    let ran = home.ask(&["live", "--save", "no/such/folder/kept.json.zst"], SECRET).await;
    assert!(ran.code == Some(2) && ran.err.contains("cannot be written"), "{}", ran.err);
}
