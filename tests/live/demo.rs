//! The built-in snapshot is what the client reads from the demo tenant.

use std::path::Path;

use azward::azure::{
    collect::{Request, save},
    snapshot::{FORMAT, Item, Limits, Meta, Reader, Record, VERSION},
};

use crate::harness::{client, ids, run, server};

const FILE: &str = "fixtures/azure/demo.snapshot.json.zst";

/// `AZWARD_BLESS=1` writes the snapshot anew.
#[tokio::test]
async fn the_built_in_snapshot_is_the_demo_tenant() {
    let fake = server().await;
    let client = client(&fake).await;
    let meta = Meta {
        format: FORMAT.into(),
        version: VERSION,
        tool: concat!("azward ", env!("CARGO_PKG_VERSION")).into(),
        started: "2026-11-20T09:00:00Z".into(),
        cloud: "public".into(),
        tenant: Some(crate::harness::TENANT.into()),
        scope: vec!["the demo tenant".into()],
        changed_since: None,
        narrow: false,
    };
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    let (_, bytes) = save(&[client], &meta, &Request::default(), Vec::new(), stop).await.unwrap();
    let mut records: Vec<Record> = Reader::new(bytes.as_slice(), Limits::default()).unwrap().map(Result::unwrap).collect();
    // Answers come in any order; the file does not change for that.
    records.sort_by_cached_key(|record| match record {
        Record::Subscription(info) => (0, info.id.clone()),
        Record::Resource(Item { id, .. }) => (1, id.clone()),
        Record::Unread(what) => (2, format!("{}{}", what.parent, what.kind)),
        Record::Done(done) => (3, format!("{}{}", done.subscription, done.collector)),
        Record::Gap(gap) => (4, format!("{}{}{}", gap.subscription, gap.kind, gap.message)),
        Record::Meta(_) | Record::End(_) => (5, String::new()),
    });
    for record in &mut records {
        if let Record::End(end) = record {
            end.ended = "2026-11-20T09:00:04Z".into();
        }
    }
    let mut writer = azward::azure::snapshot::Writer::new(Vec::new(), &meta).unwrap();
    for record in records {
        writer.write(record).unwrap();
    }
    let fresh = writer.finish().unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("AZWARD_BLESS").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let lines = |bytes: &[u8]| String::from_utf8(zstd::decode_all(bytes).unwrap()).unwrap();
    let (fresh, kept) = (lines(&fresh), lines(&std::fs::read(&file).unwrap()));
    for (fresh, kept) in fresh.lines().zip(kept.lines()) {
        assert_eq!(fresh, kept, "{FILE} is out of date; AZWARD_BLESS=1 writes it anew");
    }
    assert_eq!(fresh.lines().count(), kept.lines().count());
}

#[tokio::test]
async fn the_demo_has_resources_gaps_and_no_secret() {
    let loaded = azward::azure::demo::demo().unwrap();
    let fake = server().await;
    assert_eq!(ids(&loaded), ids(&run(&fake, &Request::default()).await));
    assert_eq!(loaded.subscriptions.len(), 4);
    assert!(loaded.ledger.gaps().any(|entry| entry.subject.contains("000000000003")));
    assert!(loaded.end.is_some_and(|end| end.complete));
}
