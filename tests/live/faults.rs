//! Every fault at every collector: what was asked for is there all the same, or the ledger names what is not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
    sync::Arc,
    time::Duration,
};

use azward::{
    azure::{
        auth::sign_in,
        client::{Client, Options, Patience},
        collect::{Request, save},
        collector::{ALL, Collector},
        ident,
        snapshot::{FORMAT, Limits, Loaded, Meta, VERSION, load},
    },
    model::Value,
};

use crate::{
    fake_azure::{Fake, Fault, What},
    harness::{SECRET, cloud, gaps, ids, server, settings, stand_ins},
};

/// Where a fault strikes.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// The calls of the collector.
    Calls,
    /// The main query of Resource Graph.
    Graph,
    /// The further tables of Resource Graph.
    Tables,
    /// A whole subscription.
    Subscription,
}

/// Name, where, how often, what.
fn faults() -> Vec<(&'static str, At, usize, What)> {
    const ALWAYS: usize = usize::MAX;
    vec![
        ("429 with Retry-After, once", At::Calls, 1, What::Throttled(Some(0))),
        ("429 without Retry-After, twice", At::Calls, 2, What::Throttled(None)),
        ("429 for ever", At::Calls, ALWAYS, What::Throttled(Some(0))),
        ("403 on the calls", At::Calls, ALWAYS, What::Forbidden),
        ("403 on one subscription", At::Subscription, ALWAYS, What::Forbidden),
        ("401 once", At::Calls, 1, What::Unauthorized),
        ("401 for ever", At::Calls, ALWAYS, What::Unauthorized),
        ("503 once", At::Calls, 1, What::Status(503, "ServiceUnavailable")),
        ("503 for ever", At::Calls, ALWAYS, What::Status(503, "ServiceUnavailable")),
        ("slow once", At::Calls, 1, What::Slow(400)),
        ("slow for ever", At::Calls, ALWAYS, What::Slow(400)),
        ("body cut, once", At::Calls, 1, What::Truncated),
        ("body cut, for ever", At::Calls, ALWAYS, What::Truncated),
        ("half a JSON text", At::Calls, ALWAYS, What::HalfJson),
        ("HTML of a proxy", At::Calls, ALWAYS, What::Html),
        ("a page twice", At::Calls, 1, What::DuplicatePage),
        ("next page on a foreign host", At::Calls, ALWAYS, What::ForeignLink),
        ("next page is this page", At::Calls, ALWAYS, What::LoopLink),
        ("page over the limit", At::Calls, ALWAYS, What::Large(2 << 20)),
        ("null in every field", At::Calls, ALWAYS, What::Nulls),
        ("another type in every field", At::Calls, ALWAYS, What::OtherTypes),
        ("Resource Graph down", At::Graph, ALWAYS, What::Status(503, "ServiceUnavailable")),
        ("Resource Graph cut off without a token", At::Graph, ALWAYS, What::ForeignLink),
        ("Resource Graph: a page twice", At::Graph, 1, What::DuplicatePage),
        ("Resource Graph: 429 once", At::Graph, 1, What::Throttled(Some(0))),
        ("a cloud without the table", At::Tables, ALWAYS, What::Status(400, "DisallowedLogicalTableName")),
    ]
}

/// Parts of the paths of a collector's own calls.
fn paths(collector: &Collector, at: At) -> Vec<String> {
    match at {
        At::Graph => vec!["graph resources ".into()],
        At::Tables => vec!["graph appserviceresources".into(), "graph recoveryservicesresources".into()],
        At::Subscription => Vec::new(),
        At::Calls => {
            let calls = collector.children.iter().chain(collector.subscription).map(|child| child.path.to_lowercase());
            let calls: Vec<String> = calls.collect();
            // A collector without calls of its own lives on Resource Graph alone.
            if calls.is_empty() { vec!["graph resources ".into()] } else { calls }
        }
    }
}

struct Bench {
    fake: Arc<Fake>,
    http: reqwest::Client,
    tokens: Arc<azward::azure::auth::Tokens>,
    options: Options,
}

impl Bench {
    async fn new() -> Self {
        let fake = server().await;
        let patience = Patience { attempts: 3, first_wait: Duration::from_millis(2), longest_wait: Duration::from_secs(1) };
        let options = Options { concurrency: 8, timeout: Duration::from_millis(250), page_limit: 1 << 20, patience };
        let http = Client::http(Some(fake.certificate.as_bytes()), &options).unwrap();
        let tokens = Arc::new(sign_in(&settings(&fake, SECRET), &http).await.unwrap().tokens);
        Self { fake, http, tokens, options }
    }

    async fn run(&self, collector: &Collector) -> Loaded {
        let client = Client::new(self.http.clone(), cloud(&self.fake, "public"), Arc::clone(&self.tokens), self.options);
        let request = Request { collectors: vec![collector.name.into()], ..Request::default() };
        let meta = Meta { format: FORMAT.into(), version: VERSION, ..Meta::default() };
        let (_go_on, stop) = tokio::sync::watch::channel(false);
        let (_, bytes) = save(&[Arc::new(client)], &meta, &request, Vec::new(), stop).await.unwrap();
        load(bytes.as_slice(), Limits::default()).unwrap()
    }
}

/// Resources whose whole properties are known.
fn known(loaded: &Loaded) -> BTreeSet<String> {
    let all = loaded.subscriptions.iter().flat_map(|subscription| &subscription.resources);
    let whole = all.filter(|resource| !resource.name.is_unknown() && !resource.body.get("properties").is_some_and(Value::is_unknown));
    whole.filter_map(|resource| Some(resource.id.as_str()?.to_lowercase())).collect()
}

/// Whether whatever is missing is accounted for: its own type or one above it stands in as unread, and the ledger has a line.
fn accounted(lost: &str, loaded: &Loaded) -> bool {
    if ids(loaded).contains(lost) {
        // It is there, its properties marked as unread.
        return true;
    }
    let stands = stand_ins(loaded);
    let text = gaps(loaded).to_lowercase();
    let mut at = Some(lost);
    while let Some(id) = at {
        let kind = ident::kind(id).unwrap_or_default().to_lowercase();
        if stands.contains(&kind) || text.contains(&format!(": {kind} ")) {
            return true;
        }
        at = ident::parent(id).filter(|up| ident::provider(up).is_some());
    }
    // Items of a path whose answer names another type (record sets, references).
    stands
        .iter()
        .any(|kind| ident::kind(lost).unwrap_or_default().to_lowercase().starts_with(kind.rsplit_once('/').map_or("-", |(head, _)| head)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_at_every_collector_is_complete_or_named() {
    let bench = Bench::new().await;
    let mut whole = BTreeMap::new();
    for collector in ALL {
        let loaded = bench.run(collector).await;
        assert!(!ids(&loaded).is_empty(), "{} reads nothing of the demo tenant", collector.name);
        whole.insert(collector.name, (known(&loaded), gaps(&loaded)));
    }
    let mut table = String::from("| fault |");
    let mut rule = String::from("|---|");
    for collector in ALL {
        let _ = write!(table, " {} |", collector.name);
        rule.push_str("---|");
    }
    let mut rows = vec![table, rule];
    let mut silent = Vec::new();
    for (name, at, times, what) in faults() {
        let mut row = format!("| {name} |");
        for collector in ALL {
            let faults = paths(collector, at).into_iter().map(|path| Fault::new(&path, times, what.clone())).collect();
            *bench.fake.faults.lock().unwrap() = faults;
            bench.fake.tenant.lock().unwrap().subscriptions[0].denied = at == At::Subscription;
            let loaded = bench.run(collector).await;
            let (before, gaps_before) = &whole[collector.name];
            let now = known(&loaded);
            let lost: Vec<&String> = before.difference(&now).collect();
            for id in &lost {
                if !accounted(id, &loaded) {
                    silent.push(format!("{name} at {}: {id}", collector.name));
                }
            }
            let told = gaps(&loaded) != *gaps_before;
            if !lost.is_empty() && !told {
                silent.push(format!("{name} at {}: {lost:?}, and the ledger is as before", collector.name));
            }
            row.push_str(match (lost.is_empty(), told) {
                (true, false) => " complete |",
                (true, true) => " complete, told |",
                (false, _) => " gap named |",
            });
        }
        rows.push(row);
    }
    assert!(silent.is_empty(), "lost in silence:\n{}", silent.join("\n"));
    assert_eq!(bench.fake.foreign.load(std::sync::atomic::Ordering::SeqCst), 0, "a foreign host was asked");
    assert_eq!(bench.fake.violations.lock().unwrap().as_slice(), [""; 0]);
    let page = format!(
        "# Faults at live collectors\n\n\
         Each fault strikes the calls of one collector while it reads the demo tenant of `fixtures/azure/demo.yaml`.\n\n\
         - *complete*: everything was read that is read without the fault, and the ledger has nothing to say.\n\
         - *complete, told*: everything was read, by another way or again, and the ledger says what failed.\n\
         - *gap named*: something could not be read; the ledger has its subscription, type, status and permission, and an\n  \
           unread resource stands in for it, so that rules over it are undecided.\n\n\
         Nothing else is possible: the test that writes this page fails on a resource that is lost in silence, and on a request\n\
         to a foreign host.\n\n{}\n",
        rows.join("\n")
    );
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/live-faults.md");
    if std::env::var_os("AZWARD_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &page).unwrap();
    }
    // A machine so busy that an answer takes longer than this test's time-out changes a cell. Each cell was judged above;
    // the faults, the collectors and the text must be those of the page.
    let first = |line: &str| if line.starts_with("| fault") { line.to_owned() } else { line.split(" |").next().unwrap_or(line).to_owned() };
    let outline = |page: &str| page.lines().map(first).collect::<Vec<_>>();
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(outline(&kept), outline(&page), "reports/live-faults.md is out of date; AZWARD_BLESS=1 writes it anew");
}
