//! Every fault at every collector: what was asked for is there all the same, or the ledger names what is not.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
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
    /// The calls of the collector from the second on, where every list has pages of one item.
    LaterPages,
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
        ("401 in the middle of pages", At::LaterPages, 1, What::Unauthorized),
        ("401 for ever", At::Calls, ALWAYS, What::Unauthorized),
        ("503 once", At::Calls, 1, What::Status(503, "ServiceUnavailable")),
        ("503 for ever", At::Calls, ALWAYS, What::Status(503, "ServiceUnavailable")),
        ("slow once", At::Calls, 1, What::Slow(SLOW)),
        ("slow for ever", At::Calls, ALWAYS, What::Slow(SLOW)),
        ("body cut, once", At::Calls, 1, What::Truncated),
        ("body cut, for ever", At::Calls, ALWAYS, What::Truncated),
        ("half a JSON text", At::Calls, ALWAYS, What::HalfJson),
        ("HTML of a proxy", At::Calls, ALWAYS, What::Html),
        ("a page twice", At::Calls, 1, What::DuplicatePage),
        ("next page on a foreign host", At::Calls, ALWAYS, What::ForeignLink),
        ("next page in another cloud", At::Calls, ALWAYS, What::LinkTo("management.usgovcloudapi.net")),
        ("next page is this page", At::Calls, ALWAYS, What::LoopLink),
        ("page over the limit", At::Calls, ALWAYS, What::Large(2 << 20)),
        ("null in every field", At::Calls, ALWAYS, What::Nulls),
        ("another type in every field", At::Calls, ALWAYS, What::OtherTypes),
        ("Resource Graph down", At::Graph, ALWAYS, What::Status(503, "ServiceUnavailable")),
        ("Resource Graph cut off without a token", At::Graph, ALWAYS, What::ForeignLink),
        ("Resource Graph: a page twice", At::Graph, 1, What::DuplicatePage),
        ("Resource Graph: 429 once", At::Graph, 1, What::Throttled(Some(0))),
        ("a cloud without the further tables", At::Tables, ALWAYS, What::Status(400, "DisallowedLogicalTableName")),
    ]
}

/// How slow a slow answer is, in milliseconds, and how long the client waits for one.
const SLOW: u64 = 900;
const PATIENCE: Duration = Duration::from_millis(450);

/// Parts of the paths of a collector's own calls.
fn paths(collector: &Collector, at: At) -> Vec<String> {
    match at {
        At::Graph => vec!["graph resources ".into()],
        At::Tables => vec!["graph appserviceresources".into(), "graph recoveryservicesresources".into()],
        At::Subscription => Vec::new(),
        At::Calls | At::LaterPages => {
            let calls = collector.children.iter().chain(collector.subscription);
            let calls: BTreeSet<String> = calls.map(|child| format!("{}$", child.path.to_lowercase())).collect();
            // A collector without calls of its own lives on Resource Graph alone.
            if calls.is_empty() { vec!["graph resources ".into()] } else { calls.into_iter().collect() }
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
    /// A server and a client; only those who test slowness have little patience with it.
    async fn new(timeout: Duration) -> Self {
        let fake = server().await;
        let patience = Patience { attempts: 3, first_wait: Duration::from_millis(2), longest_wait: Duration::from_secs(1) };
        let options = Options { concurrency: 64, timeout, page_limit: 1 << 20, patience };
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

/// What the fault did to one collector, and what was lost without a word.
async fn strike(bench: &Bench, fault: &(&str, At, usize, What), collector: &Collector, whole: &Loaded) -> (&'static str, Vec<String>) {
    let (name, at, times, what) = fault;
    let strikes = paths(collector, *at).into_iter().map(|path| {
        let fault = Fault::new(&path, *times, what.clone());
        if *at == At::LaterPages { fault.later() } else { fault }
    });
    *bench.fake.faults.lock().unwrap() = strikes.collect();
    bench.fake.tenant.lock().unwrap().subscriptions[0].denied = *at == At::Subscription;
    let (rows, items) = if *at == At::LaterPages { (40, 1) } else { (1000, 1000) };
    bench.fake.page.store(rows, Ordering::SeqCst);
    bench.fake.list_page.store(items, Ordering::SeqCst);
    let loaded = bench.run(collector).await;
    let (before, now) = (known(whole), known(&loaded));
    let lost: Vec<&String> = before.difference(&now).collect();
    let unsaid = lost.iter().filter(|id| !accounted(id, &loaded));
    let mut silent: Vec<String> = unsaid.map(|id| format!("{name} at {}: {id}", collector.name)).collect();
    let told = gaps(&loaded) != gaps(whole);
    if !lost.is_empty() && !told {
        silent.push(format!("{name} at {}: {lost:?}, and the ledger is as before", collector.name));
    }
    let cell = match (lost.is_empty(), told) {
        (true, false) => "complete",
        (true, true) => "complete, told",
        (false, _) => "gap named",
    };
    (cell, silent)
}

/// Goes through cells of the table, those that are slow or not, until none is left.
async fn strike_all(slow: bool, next: Arc<AtomicUsize>) -> Vec<(usize, usize, &'static str, Vec<String>)> {
    let bench = Bench::new(if slow { PATIENCE } else { Duration::from_secs(30) }).await;
    let faults = faults();
    let mut whole: BTreeMap<&str, Loaded> = BTreeMap::new();
    let mut cells = Vec::new();
    loop {
        let at = next.fetch_add(1, Ordering::SeqCst);
        // A worker keeps to few collectors, whose state without a fault it has read.
        let (column, row) = (at / faults.len(), at % faults.len());
        let Some(collector) = ALL.get(column) else { break };
        let Some(fault) = faults.get(row).filter(|fault| matches!(fault.3, What::Slow(_)) == slow) else { continue };
        if !whole.contains_key(collector.name) {
            bench.fake.faults.lock().unwrap().clear();
            bench.fake.tenant.lock().unwrap().subscriptions[0].denied = false;
            bench.fake.page.store(1000, Ordering::SeqCst);
            bench.fake.list_page.store(1000, Ordering::SeqCst);
            let loaded = bench.run(collector).await;
            assert!(!ids(&loaded).is_empty(), "{} reads nothing of the demo tenant", collector.name);
            whole.insert(collector.name, loaded);
        }
        let (cell, silent) = strike(&bench, fault, collector, &whole[collector.name]).await;
        cells.push((row, column, cell, silent));
    }
    assert_eq!(bench.fake.foreign.load(Ordering::SeqCst), 0, "a foreign host was asked");
    assert_eq!(bench.fake.violations.lock().unwrap().as_slice(), [""; 0]);
    cells
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_at_every_collector_is_complete_or_named() {
    let faults = faults();
    let (quick, slow) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let workers = [(false, 2, quick), (true, 10, slow)]
        .into_iter()
        .flat_map(|(slow, many, next)| std::iter::repeat_with(move || tokio::spawn(strike_all(slow, Arc::clone(&next)))).take(many));
    let workers: Vec<_> = workers.collect();
    let mut table = vec![vec![""; ALL.len()]; faults.len()];
    let mut silent = Vec::new();
    for worker in workers {
        for (row, column, cell, lost) in worker.await.unwrap() {
            table[row][column] = cell;
            silent.extend(lost);
        }
    }
    assert!(silent.is_empty(), "lost in silence:\n{}", silent.join("\n"));
    let mut rows = vec!["| fault |".to_owned(), "|---|".to_owned()];
    for collector in ALL {
        let _ = write!(rows[0], " {} |", collector.name);
        rows[1].push_str("---|");
    }
    for (fault, cells) in faults.iter().zip(&table) {
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{} was not tried everywhere", fault.0);
        rows.push(format!("| {} | {} |", fault.0, cells.join(" | ")));
    }
    let page = format!(
        "# Faults at live collectors\n\n\
         Each fault strikes the calls of one collector while it reads the demo tenant of `fixtures/azure/demo.yaml`.\n\n\
         - *complete*: everything was read that is read without the fault, and the ledger has nothing to say.\n\
         - *complete, told*: everything was read, by another way or again, and the ledger says what failed.\n\
         - *gap named*: something could not be read; the ledger has its subscription, type, status and permission, and an\n  \
           unread resource stands in for it, so that rules over it are undecided.\n\n\
         Nothing else is possible: the test that writes this page fails on a resource that is lost in silence, and on a request\n\
         to a foreign host. Each cloud by its own host names is in `tests/live/clouds.rs`.\n\n{}\n",
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
