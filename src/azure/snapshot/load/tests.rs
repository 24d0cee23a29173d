use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::azure::snapshot::{Done, FORMAT, Source, VERSION, Writer};

const ACCOUNT: &str = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st";

fn meta() -> Meta {
    Meta { format: FORMAT.into(), version: VERSION, tool: "test".into(), started: "2026-01-01T00:00:00Z".into(), ..Meta::default() }
}

fn item(id: &str, body: serde_json::Value) -> Record {
    Record::Resource(Item {
        kind: kinds::canonical(&ident::kind(id).expect("an id")).into_owned(),
        id: id.into(),
        subscription: "s1".into(),
        collector: "storage".into(),
        api_version: None,
        source: Source::Graph,
        body,
    })
}

fn written(records: Vec<Record>) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &meta()).expect("memory");
    for record in records {
        writer.write(record).expect("memory");
    }
    writer.finish().expect("memory")
}

fn end() -> Record {
    Record::End(End { complete: true, ..End::default() })
}

#[test]
fn what_was_written_is_read_back_without_its_secrets() {
    let key = format!("AccountKey={}", "QUJD".repeat(8));
    let body = json!({ "properties": { "minimumTlsVersion": "TLS1_2", "n": 1, "deep": [null, 1.5, true], "note": key } });
    let bytes = written(vec![item(ACCOUNT, body), end()]);
    let unpacked = zstd::decode_all(bytes.as_slice()).expect("ours");
    assert!(!String::from_utf8_lossy(&unpacked).contains("QUJDQUJD"));
    let loaded = load(bytes.as_slice(), Limits::default()).expect("a snapshot");
    let resource = &loaded.subscriptions[0].resources[0];
    assert_eq!(&*resource.kind, "Microsoft.Storage/storageAccounts");
    assert_eq!(resource.body.path("properties.minimumTlsVersion").and_then(Value::as_str), Some("TLS1_2"));
    assert!(matches!(resource.body.path("properties.note").map(|value| &value.kind), Some(Kind::Secret(_))));
    assert!(loaded.ledger.entries.is_empty());
    // Plain lines are taken too.
    assert_eq!(load(unpacked.as_slice(), Limits::default()).expect("plain").subscriptions.len(), 1);
}

#[test]
fn a_cut_file_gives_what_came_before_and_says_so() {
    let items = (0..2000).map(|n| item(&format!("{ACCOUNT}{n}"), json!({ "properties": { "noise": format!("{:x}", n * 7919) } })));
    let bytes = written(items.chain([end()]).collect());
    let half = bytes.get(..bytes.len() / 2).expect("half");
    let loaded = load(half, Limits::default()).expect("still a snapshot");
    assert!(loaded.end.is_none());
    assert_eq!(loaded.ledger.gaps().count(), 1);
    let unpacked = zstd::decode_all(bytes.as_slice()).expect("ours");
    let loaded = load(unpacked.get(..unpacked.len() - 300).expect("most"), Limits::default()).expect("still a snapshot");
    assert!(loaded.subscriptions[0].resources.len() > 1900);
    assert_eq!(loaded.ledger.gaps().count(), 1);
}

#[test]
fn an_interrupted_run_is_marked() {
    let stopped = Record::End(End { complete: false, reason: Some("interrupted".into()), ..End::default() });
    let loaded = load(written(vec![stopped]).as_slice(), Limits::default()).expect("a snapshot");
    assert!(loaded.ledger.gaps().any(|entry| matches!(&entry.state, State::Partly(why) if why[0].contains("interrupted"))));
}

#[test]
fn later_versions_and_other_files_are_refused() {
    let later = Meta { version: VERSION + 1, ..meta() };
    let bytes = Writer::new(Vec::new(), &later).and_then(Writer::finish).expect("memory");
    assert!(matches!(load(bytes.as_slice(), Limits::default()), Err(SnapshotError::TooNew { .. })));
    for other in [&b""[..], b"{}", b"not json\n", b"\x28\xb5\x2f\xfd\x00\x00", b"{\"record\":\"end\",\"complete\":true}\n"] {
        assert!(matches!(load(other, Limits::default()), Err(SnapshotError::NotASnapshot(_))), "{other:?}");
    }
}

#[test]
fn limits_hold_against_a_bomb() {
    let bomb = item(ACCOUNT, json!({ "x": "y".repeat(4 << 20) }));
    let bytes = written(vec![bomb]);
    assert!(bytes.len() < 10_000);
    let limits = Limits { record: 1 << 20, ..Limits::default() };
    assert!(matches!(load(bytes.as_slice(), limits), Err(SnapshotError::TooLarge { .. })));
    let many = written((0..50).map(|_| end()).collect());
    let limits = Limits { records: 20, ..Limits::default() };
    assert!(matches!(load(many.as_slice(), limits), Err(SnapshotError::TooLarge { .. })));
    // Each record within its limit, all of them together a thousand times what was sent.
    let wide = written((0..64).map(|n| item(&format!("{ACCOUNT}{n}"), json!({ "x": "y".repeat(64 << 10) }))).collect());
    assert!(wide.len() < 10_000, "{}", wide.len());
    let limits = Limits { free: 1 << 20, ..Limits::default() };
    assert!(matches!(load(wide.as_slice(), limits), Err(SnapshotError::TooLarge { what: "more bytes for its packed size", .. })));
    assert!(load(wide.as_slice(), Limits::default()).is_ok());
}

#[test]
fn the_unread_stays_undecided_and_belongs_to_its_parent() {
    let what = Unread {
        kind: "Microsoft.Insights/diagnosticSettings".into(),
        parent: ACCOUNT.into(),
        subscription: "s1".into(),
        why: "403".into(),
    };
    let found = unread(&what);
    assert!(found.body.get("properties").is_some_and(Value::is_unknown));
    assert!(matches!(found.certainty, Certainty::Maybe(_)));
    assert_eq!(ident::parent(found.id.as_str().expect("text")), Some(ACCOUNT));
    let child = unread(&Unread { kind: "Microsoft.Storage/storageAccounts/blobServices".into(), ..what });
    assert_eq!(child.id.as_str(), Some(format!("{ACCOUNT}/blobServices/(unread)").as_str()));
}

#[test]
fn gaps_name_subscription_type_status_and_permission() {
    let gap = Gap {
        subscription: "s1".into(),
        collector: "storage".into(),
        kind: "Microsoft.Storage/storageAccounts/blobServices".into(),
        status: Some(403),
        code: Some("AuthorizationFailed".into()),
        message: "not allowed".into(),
        permission: Some("Microsoft.Storage/storageAccounts/blobServices/read".into()),
        count: 3,
        examples: vec![ACCOUNT.into()],
    };
    let entry = entry(&Record::Gap(gap)).expect("a line");
    let State::Unreadable(why) = &entry.state else { panic!("{entry:?}") };
    for part in ["403", "AuthorizationFailed", "blobServices/read", "3 calls"] {
        assert!(why.contains(part), "{why}");
    }
    assert!(entry.subject.contains("s1") && entry.subject.contains("blobServices"));
    assert!(super::entry(&Record::Done(Done::default())).is_some_and(|entry| entry.state == State::Evaluated));
}

proptest! {
    #[test]
    fn any_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400), magic in any::<bool>()) {
        let mut input = if magic { vec![0x28, 0xb5, 0x2f, 0xfd] } else { Vec::new() };
        input.extend(bytes);
        let _ = load(input.as_slice(), Limits::default());
    }

    #[test]
    fn any_damage_to_a_snapshot_ends_in_an_answer(at in 0usize..400, bit in 0u8..8) {
        let mut bytes = zstd::decode_all(written(vec![item(ACCOUNT, json!({ "a": [1, { "b": null }] })), end()]).as_slice()).expect("ours");
        let length = bytes.len();
        bytes[at % length] ^= 1 << bit;
        let _ = load(bytes.as_slice(), Limits::default());
    }
}
