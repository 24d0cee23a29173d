use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::Value;
use tokio::task::JoinSet;

use super::{
    Normal, Request, Sink, Stop, normalise,
    queue::{Job, Queue, What},
    tally::{Failed, Tally},
};
use crate::azure::{
    changes,
    client::{CallError, Client, Failure, GraphPages},
    collector::{self, ALL, Collector},
    ident,
    snapshot::{Item, Record},
    tables,
};

/// A group of subscriptions that Resource Graph is asked for together.
pub(super) struct Group {
    pub(super) client: Arc<Client>,
    pub(super) queue: Queue,
    request: Request,
    subscriptions: Vec<String>,
    sink: Sink,
    stop: Stop,
    tally: Mutex<Tally>,
    /// Ids that were sent on, as numbers.
    seen: Mutex<HashSet<u64>>,
    /// Types that a further table of Resource Graph answered for, in lower case.
    answered: Mutex<HashSet<String>>,
    /// Subscriptions that Resource Graph did not answer for.
    without_graph: Mutex<HashSet<String>>,
    changed: Mutex<Option<HashSet<u64>>>,
    resources: AtomicU64,
}

impl Group {
    pub(super) fn new(client: Arc<Client>, request: Request, subscriptions: Vec<String>, sink: Sink, stop: Stop) -> Self {
        Self {
            client,
            queue: Queue::default(),
            request,
            subscriptions,
            sink,
            stop,
            tally: Mutex::default(),
            seen: Mutex::default(),
            answered: Mutex::default(),
            without_graph: Mutex::default(),
            changed: Mutex::default(),
            resources: AtomicU64::new(0),
        }
    }

    /// Reads the group; gives the number of resources.
    pub(super) async fn run(self: Arc<Self>) -> u64 {
        let mut workers = JoinSet::new();
        for _ in 0..self.client.options().concurrency.max(1) {
            workers.spawn(Arc::clone(&self).work());
        }
        let mut stop = self.stop.clone();
        tokio::select! {
            () = self.produce() => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        self.queue.close();
        while workers.join_next().await.is_some() {}
        if *self.stop.borrow() {
            self.leave().await;
        }
        let tally = std::mem::take(&mut *self.tally());
        for record in tally.records(self.why_skipped()) {
            self.send(record).await;
        }
        self.resources.load(Ordering::Relaxed)
    }

    async fn work(self: Arc<Self>) {
        let mut stop = self.stop.clone();
        loop {
            let job = tokio::select! {
                job = self.queue.next(&self.client.throttle) => job,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            let Some(job) = job else { return };
            tokio::select! {
                () = self.run_job(&job) => {}
                _ = stop.wait_for(|stop| *stop) => self.queue.push(job),
            }
            self.queue.finished();
        }
    }

    /// The run was stopped: whatever still waits is a gap, not nothing.
    async fn leave(&self) {
        let error =
            CallError { failure: Failure::Stopped, status: None, code: None, message: "the run was interrupted before it was read".into() };
        for job in self.queue.drain() {
            let root = format!("/subscriptions/{}", job.subscription);
            match &job.what {
                What::Child(child, parent) => self.failed_child(&job, child, None, parent, &error).await,
                What::List(listed) => self.failed(&job, listed.kind, None, &root, &error).await,
                What::Inventory => self.failed(&job, "Microsoft.Resources/subscriptions/resources", None, &root, &error).await,
            }
        }
        for subscription in self.subscriptions.iter().filter(|id| !self.seen_subscription(id)) {
            self.nothing_read(subscription, &error).await;
        }
    }

    /// Goes through Resource Graph, and lists subscription by subscription what it does not give.
    async fn produce(&self) {
        if let Some(since) = self.request.changed_since {
            match changes::changed(&self.client, &self.subscriptions, since).await {
                Ok(keys) => *self.changed.lock().unwrap_or_else(PoisonError::into_inner) = Some(keys),
                Err(error) => {
                    // Without the list of changes everything is read: more than was asked for, and nothing missed.
                    for subscription in &self.subscriptions {
                        self.graph_gap(subscription, "Microsoft.Resources/changes", &error);
                    }
                }
            }
        }
        if !self.request.scope.is_narrow() && self.request.changed_since.is_none() {
            for collector in ALL.iter().filter(|collector| self.wants(collector.name)) {
                for table in collector.tables {
                    self.read_table(collector, table).await;
                }
            }
        }
        self.enqueue_subscription_calls();
        self.read_resources().await;
    }

    fn enqueue_subscription_calls(&self) {
        for subscription in &self.subscriptions {
            let root: Arc<str> = format!("/subscriptions/{subscription}").into();
            for collector in ALL.iter().filter(|collector| self.wants(collector.name)) {
                for child in collector.subscription {
                    self.tally().open(subscription, collector.name);
                    let what = What::Child(child, Arc::clone(&root));
                    self.queue.push(Job { collector, subscription: subscription.as_str().into(), what });
                }
            }
        }
    }

    async fn read_table(&self, collector: &'static Collector, table: &'static collector::Table) {
        let query = tables::table(table.name, table.kinds);
        let mut pages = GraphPages::new(&self.client, &query, &self.subscriptions);
        while let Some(page) = pages.next().await {
            match page {
                Ok(rows) => {
                    for row in rows {
                        self.take_row(collector, row).await;
                    }
                }
                // Clouds lack tables; then the calls that the table would have saved are made.
                Err(error) if table.name != "resourcecontainers" && error.failure == Failure::Refused => return,
                Err(error) => {
                    for subscription in &self.subscriptions {
                        self.graph_gap(subscription, table.kinds.first().copied().unwrap_or(table.name), &error);
                        // No call beside the table gives resource groups; for every other type there is one.
                        if table.name == "resourcecontainers" {
                            let root = format!("/subscriptions/{subscription}");
                            self.stand_in("Microsoft.Resources/resourceGroups", &root, subscription, &error.to_string()).await;
                        }
                    }
                    return;
                }
            }
        }
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).extend(table.kinds.iter().map(|kind| (*kind).to_owned()));
    }

    async fn read_resources(&self) {
        let mut failed = None;
        let mut given = HashSet::new();
        let mut pages = GraphPages::new(&self.client, &tables::resources(), &self.subscriptions);
        while let Some(page) = pages.next().await {
            match page {
                Ok(rows) => {
                    for row in rows {
                        if let Some(id) = row.get("id").and_then(Value::as_str).and_then(ident::subscription) {
                            given.insert(id.to_ascii_lowercase());
                        }
                        let kind = row.get("type").and_then(Value::as_str).unwrap_or_default();
                        self.take_row(collector::for_kind(kind), row).await;
                    }
                    self.queue.below(self.request.waiting).await;
                }
                Err(error) => failed = Some(error),
            }
        }
        for subscription in &self.subscriptions {
            if failed.is_none() && given.contains(&subscription.to_ascii_lowercase()) {
                continue;
            }
            if let Some(error) = &failed {
                self.graph_gap(subscription, "Microsoft.ResourceGraph/resources", error);
            }
            // Resource Graph leaves out in silence what it may not show: ask Resource Manager.
            self.list_instead(subscription);
        }
    }

    /// Lists every type of a subscription through Resource Manager.
    fn list_instead(&self, subscription: &str) {
        let held: Arc<str> = subscription.into();
        self.without_graph.lock().unwrap_or_else(PoisonError::into_inner).insert(subscription.to_ascii_lowercase());
        let general = collector::for_kind("");
        if self.wants(general.name) {
            self.tally().open(subscription, general.name);
            self.queue.push(Job { collector: general, subscription: Arc::clone(&held), what: What::Inventory });
        }
        for collector in ALL.iter().filter(|collector| self.wants(collector.name)) {
            for listed in collector.kinds.iter().filter(|listed| listed.list.is_some()) {
                self.tally().open(subscription, collector.name);
                self.queue.push(Job { collector, subscription: Arc::clone(&held), what: What::List(listed) });
            }
        }
    }

    async fn take_row(&self, collector: &'static Collector, row: Value) {
        match normalise(row, "", "", collector.name, None) {
            Normal::Whole(item, malformed) => {
                if let Some(message) = malformed {
                    let error = CallError { failure: Failure::Broken, status: None, code: None, message };
                    let failed = Failed {
                        subscription: &item.subscription,
                        collector: collector.name,
                        kind: &item.kind,
                        permission: None,
                        example: &item.id,
                    };
                    self.tally().gap(&failed, &error);
                }
                if self.admits(&item) {
                    self.emit(collector.name, item).await;
                }
            }
            Normal::Broken(message) => {
                let error = CallError { failure: Failure::Broken, status: None, code: None, message };
                for subscription in self.subscriptions.iter().take(1) {
                    self.graph_gap(subscription, "Microsoft.ResourceGraph/resources", &error);
                }
            }
        }
    }

    /// Whether a resource that stands alone is in scope and has changed, where that was asked.
    pub(super) fn admits(&self, item: &Item) -> bool {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = changed.as_ref().is_none_or(|keys| keys.contains(&ident::key(ident::root(&item.id))));
        drop(changed);
        let admitted = fresh && self.wants(collector::for_kind(&item.kind).name) && self.request.scope.admits(item);
        if !admitted {
            self.tally().skip(&item.subscription);
        }
        admitted
    }

    /// Sends a resource on, once, and puts its own calls in the queue.
    pub(super) async fn emit(&self, collector: &'static str, item: Item) {
        if !self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(ident::key(&item.id)) {
            return;
        }
        self.tally().read(&item.subscription, collector);
        self.resources.fetch_add(1, Ordering::Relaxed);
        let subscription: Arc<str> = item.subscription.as_str().into();
        self.enqueue_children(&item.kind, &item.id, &subscription);
        self.send(Record::Resource(item)).await;
    }

    pub(super) async fn send(&self, record: Record) {
        // Nobody at the other end: the writer failed and says so itself.
        let _ = self.sink.send(record).await;
    }

    async fn nothing_read(&self, subscription: &str, error: &CallError) {
        self.graph_gap(subscription, "Microsoft.Resources/subscriptions/resources", error);
        let root = format!("/subscriptions/{subscription}");
        let listed = ALL.iter().filter(|collector| self.wants(collector.name)).flat_map(|collector| collector.kinds);
        for listed in listed {
            self.stand_in(listed.kind, &root, subscription, &error.to_string()).await;
        }
    }

    fn graph_gap(&self, subscription: &str, kind: &str, error: &CallError) {
        let permission = Some("Microsoft.Resources/subscriptions/resources/read");
        let example = format!("/subscriptions/{subscription}");
        let failed = Failed { subscription, collector: "resources", kind, permission, example: &example };
        self.tally().gap(&failed, error);
    }

    fn seen_subscription(&self, id: &str) -> bool {
        self.tally().has_read(id)
    }

    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wants(&self, collector: &str) -> bool {
        self.request.collectors.is_empty() || self.request.collectors.iter().any(|name| name.eq_ignore_ascii_case(collector))
    }

    pub(super) fn was_seen(&self, key: u64) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).contains(&key)
    }

    pub(super) fn is_without_graph(&self, subscription: &str) -> bool {
        self.without_graph.lock().unwrap_or_else(PoisonError::into_inner).contains(&subscription.to_ascii_lowercase())
    }

    pub(super) fn table_answered(&self, kind: &'static str) -> bool {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).contains(&kind.to_ascii_lowercase())
    }

    fn why_skipped(&self) -> &'static str {
        if self.request.changed_since.is_some() { "are out of scope or did not change" } else { "are out of scope" }
    }
}
