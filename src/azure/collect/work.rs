use std::sync::Arc;

use serde_json::Value;

use super::{
    Normal,
    group::Group,
    normalise,
    queue::{Job, What},
    tally::Failed,
};
use crate::azure::{
    client::{Call, CallError, Failure, Lane},
    collector::{self, Child, Listed, Shape},
    ident,
    snapshot::{UNREAD_MARK, Unread},
};

impl Group {
    /// Runs one call that waited.
    pub(super) async fn run_job(&self, job: &Job) {
        match &job.what {
            What::Child(child, parent) => self.read_child(job, child, parent).await,
            What::List(listed) => self.read_list(job, listed).await,
            What::Inventory => self.read_inventory(job).await,
        }
    }

    async fn read_child(&self, job: &Job, child: &'static Child, parent: &str) {
        let call = Call {
            lane: lane(job, child.kind),
            path: format!("{parent}{}", child.path),
            api_version: child.api_version,
            query: child.query.iter().map(|(key, value)| (*key, (*value).to_owned())).collect(),
        };
        // Where an answer has no id of its own: of a list its path, of one resource the path's last but one.
        let base = if child.shape == Shape::One { call.path.rsplit_once('/').map_or("", |(base, _)| base) } else { call.path.as_str() };
        let outcome = match child.shape {
            Shape::One => match self.client.get(&call).await {
                Ok(reply) => {
                    let mut sent = reply.json;
                    if let (Some(fields), Some(name)) = (sent.as_object_mut(), call.path.rsplit('/').next()) {
                        fields.entry("name").or_insert_with(|| Value::from(name));
                    }
                    self.take(job, sent, child.kind, base, child.api_version, parent).await;
                    Ok(())
                }
                Err(error) => Err(error),
            },
            Shape::List => self.read_pages(job, &call, child.kind, base, parent).await,
        };
        let Err(error) = outcome else { return };
        let absent = error.is_absence()
            || error.code.as_deref().is_some_and(|code| child.absent.iter().any(|known| known.eq_ignore_ascii_case(code)));
        if !absent {
            self.failed_child(job, child, Some(child.permission), parent, &error).await;
        }
    }

    /// The list of one type: Resource Graph did not give it.
    async fn read_list(&self, job: &Job, listed: &'static Listed) {
        let Some(api_version) = listed.list else { return };
        let root = format!("/subscriptions/{}", job.subscription);
        let path = format!("{root}/providers/{}", listed.kind);
        let call = Call { lane: lane(job, listed.kind), path, api_version, query: Vec::new() };
        if let Err(error) = self.read_pages(job, &call, listed.kind, "", &root).await {
            let permission = format!("{}/read", listed.kind);
            self.failed(job, listed.kind, Some(&permission), &root, &error).await;
        }
    }

    /// Everything in the subscription by name alone; types with a list of their own are read by that.
    async fn read_inventory(&self, job: &Job) {
        const KIND: &str = "Microsoft.Resources/subscriptions";
        const GROUP: &str = "Microsoft.Resources/resourceGroups";
        let root = format!("/subscriptions/{}", job.subscription);
        let call = Call { lane: lane(job, KIND), path: format!("{root}/resources"), api_version: "2024-07-01", query: Vec::new() };
        let mut pages = match self.client.pages(&call) {
            Ok(pages) => pages,
            Err(error) => return self.nothing_listed(job, &root, &error).await,
        };
        while let Some(page) = pages.next().await {
            let items = match page {
                Ok(items) => items,
                Err(error) => {
                    self.nothing_listed(job, &root, &error).await;
                    break;
                }
            };
            for mut item in items {
                let kind = item.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
                let own_list =
                    collector::for_kind(&kind).kinds.iter().any(|listed| listed.kind.eq_ignore_ascii_case(&kind) && listed.list.is_some());
                if own_list {
                    continue;
                }
                if let Some(fields) = item.as_object_mut() {
                    let why = "`properties`, which only Resource Graph would have given,";
                    fields.insert("properties".to_owned(), serde_json::json!({ UNREAD_MARK: why }));
                }
                self.take(job, item, &kind, "", call.api_version, &root).await;
            }
        }
        let groups = Call { path: format!("{root}/resourcegroups"), ..call };
        if let Err(error) = self.read_pages(job, &groups, GROUP, &groups.path, &root).await {
            self.failed(job, GROUP, Some("Microsoft.Resources/subscriptions/resourceGroups/read"), &root, &error).await;
        }
    }

    /// The subscription's list failed: whatever it alone would have given is unread.
    async fn nothing_listed(&self, job: &Job, root: &str, error: &CallError) {
        let permission = Some("Microsoft.Resources/subscriptions/resources/read");
        self.note(job, "Microsoft.Resources/subscriptions/resources", permission, root, error);
        for collector in collector::ALL.iter().filter(|collector| self.wants(collector.name)) {
            for listed in collector.kinds.iter().filter(|listed| listed.list.is_none()) {
                self.stand_in(listed.kind, root, &job.subscription, &error.to_string()).await;
            }
        }
    }

    async fn read_pages(&self, job: &Job, call: &Call, kind: &str, base: &str, parent: &str) -> Result<(), CallError> {
        let mut pages = self.client.pages(call)?;
        while let Some(page) = pages.next().await {
            for item in page? {
                self.take(job, item, kind, base, call.api_version, parent).await;
            }
        }
        Ok(())
    }

    /// Sends an item on and puts its own calls in the queue.
    async fn take(&self, job: &Job, sent: Value, kind: &str, base: &str, api_version: &str, parent: &str) {
        match normalise(sent, kind, base, job.collector.name, Some(api_version)) {
            Normal::Whole(mut item, malformed) => {
                // What lies above a subscription (roles, policies of a management group) is read in it all the same.
                item.subscription = job.subscription.to_string();
                if let Some(why) = malformed {
                    let error = CallError { failure: Failure::Broken, status: None, code: None, message: why };
                    self.note(job, kind, None, &item.id, &error);
                }
                let standing = !matches!(job.what, What::Child(..));
                if standing && !self.admits(&item) {
                    return;
                }
                self.emit(job.collector.name, item).await;
            }
            Normal::Broken(why) => {
                let error = CallError { failure: Failure::Broken, status: None, code: None, message: why };
                self.failed(job, kind, None, parent, &error).await;
            }
        }
    }

    /// A call that failed: a line for the ledger, and something that stands for what it would have read.
    pub(super) async fn failed(&self, job: &Job, kind: &str, permission: Option<&str>, parent: &str, error: &CallError) {
        self.note(job, kind, permission, parent, error);
        self.stand_in(kind, parent, &job.subscription, &error.to_string()).await;
    }

    /// A call for children that failed: one line, and something for each type that it would have read.
    pub(super) async fn failed_child(&self, job: &Job, child: &Child, permission: Option<&str>, parent: &str, error: &CallError) {
        self.note(job, child.kind, permission, parent, error);
        for kind in child.kinds() {
            self.stand_in(kind, parent, &job.subscription, &error.to_string()).await;
        }
    }

    pub(super) async fn stand_in(&self, kind: &str, parent: &str, subscription: &str, why: &str) {
        let (kind, parent, subscription, why) = (kind.to_owned(), parent.to_owned(), subscription.to_owned(), why.to_owned());
        self.send(crate::azure::snapshot::Record::Unread(Unread { kind, parent, subscription, why })).await;
    }

    fn note(&self, job: &Job, kind: &str, permission: Option<&str>, example: &str, error: &CallError) {
        let failed = Failed { subscription: &job.subscription, collector: job.collector.name, kind, permission, example };
        self.tally().gap(&failed, error);
    }

    /// The calls that a resource of `kind` needs.
    pub(super) fn enqueue_children(&self, kind: &str, id: &str, subscription: &Arc<str>) {
        for (collector, child) in collector::children_of(kind).filter(|(collector, _)| self.wants(collector.name)) {
            if self.is_covered(child, id, subscription) {
                continue;
            }
            self.tally().open(subscription, collector.name);
            self.queue.push(Job { collector, subscription: Arc::clone(subscription), what: What::Child(child, id.into()) });
        }
    }

    /// Whether Resource Graph answered for this call already.
    fn is_covered(&self, child: &Child, parent: &str, subscription: &str) -> bool {
        let graph = !self.is_without_graph(subscription);
        if child.in_graph {
            return graph;
        }
        match child.shape {
            Shape::One => self.was_seen(ident::key(&format!("{parent}{}", child.path))),
            Shape::List => child.in_table && graph && self.table_answered(child.kind),
        }
    }
}

fn lane(job: &Job, kind: &str) -> Lane {
    Lane { subscription: Arc::clone(&job.subscription), provider: kind.split('/').next().unwrap_or_default().into() }
}
