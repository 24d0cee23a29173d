//! Reads a tenant: subscriptions in groups, Resource Graph first, then what it lacks call by call.
//!
//! Memory does not grow with the tenant. Pages go out as they come in, waiting calls are bounded, and what must be
//! remembered (ids as numbers, tallies, gaps) is remembered for one group of subscriptions at a time.

mod group;
mod item;
mod queue;
mod save;
mod tally;
mod work;

use std::{sync::Arc, sync::atomic::Ordering};

use tokio::sync::{mpsc, watch};

use super::{
    changes,
    client::{CallError, Client},
    scope::Scope,
    snapshot::{Done, End, Record},
};
use group::Group;

pub use item::{Normal, normalise};
pub use save::{SaveError, meta, save};

/// What to read, and how much at once.
#[derive(Clone, Debug)]
pub struct Request {
    /// Which subscriptions and resources.
    pub scope: Scope,
    /// Collectors by name; empty means all.
    pub collectors: Vec<String>,
    /// Only resources that changed at or after this time.
    pub changed_since: Option<jiff::Timestamp>,
    /// Subscriptions that one query of Resource Graph covers.
    pub group: usize,
    /// Calls that may wait at once, before reading of further pages pauses.
    pub waiting: usize,
}

impl Default for Request {
    fn default() -> Self {
        Self { scope: Scope::default(), collectors: Vec::new(), changed_since: None, group: 50, waiting: 20_000 }
    }
}

/// Tells a run to stop.
pub type Stop = watch::Receiver<bool>;

/// Where records go. Whoever holds the other end writes them; when it is gone, the run stops.
pub type Sink = mpsc::Sender<Record>;

/// Why nothing could be read at all.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The list of subscriptions cannot be read.
    #[error("the subscriptions cannot be listed: {0}")]
    Subscriptions(CallError),
    /// There is nothing to read.
    #[error(
        "signed in, but no subscription in scope can be seen ({0}); the role Reader is needed, and --tenant where it is not the home tenant"
    )]
    NothingVisible(String),
    /// `--changed-since` goes back further than Azure remembers.
    #[error("Resource Graph keeps changes for 14 days; {0} is before that, read everything instead")]
    TooOld(jiff::Timestamp),
    /// No collector has that name.
    #[error("there is no collector `{0}`")]
    NoCollector(String),
}

/// Reads everything in scope into `sink`, from the first subscription to the record that ends a snapshot.
///
/// What fails becomes a gap; the run itself fails only where there is nothing to read at all.
///
/// # Errors
///
/// Where no subscription can be seen, or the request makes no sense.
pub async fn collect(client: &Arc<Client>, request: &Request, sink: &Sink, stop: Stop) -> Result<End, CollectError> {
    let known = |name: &String| super::collector::ALL.iter().any(|collector| collector.name.eq_ignore_ascii_case(name));
    if let Some(unknown) = request.collectors.iter().find(|name| !known(name)) {
        return Err(CollectError::NoCollector(unknown.clone()));
    }
    if let Some(since) = request.changed_since
        && since < jiff::Timestamp::now().checked_sub(changes::KEPT).unwrap_or(since)
    {
        return Err(CollectError::TooOld(since));
    }
    let resolved = request.scope.resolve(client).await.map_err(CollectError::Subscriptions)?;
    if resolved.subscriptions.is_empty() && resolved.skipped.is_empty() {
        return Err(CollectError::NothingVisible(request.scope.words().join(", ")));
    }
    for gap in resolved.gaps {
        let _ = sink.send(Record::Gap(gap)).await;
    }
    for (info, why) in resolved.skipped {
        let done = Done { subscription: info.id.clone(), collector: "subscriptions".into(), skipped: Some(why), ..Done::default() };
        let _ = sink.send(Record::Subscription(info)).await;
        let _ = sink.send(Record::Done(done)).await;
    }
    let mut resources = 0;
    for subscriptions in resolved.subscriptions.chunks(request.group.max(1)) {
        for info in subscriptions {
            let _ = sink.send(Record::Subscription(info.clone())).await;
        }
        let ids = subscriptions.iter().map(|info| info.id.clone()).collect();
        let group = Group::new(Arc::clone(client), request.clone(), ids, sink.clone(), stop.clone());
        resources += Arc::new(group).run().await;
        for info in subscriptions {
            client.throttle.forget(&info.id);
        }
    }
    let stopped = *stop.borrow();
    let end = End {
        complete: !stopped,
        reason: stopped.then(|| "interrupted".to_owned()),
        resources,
        requests: client.stats.requests.load(Ordering::Relaxed),
        throttled: client.stats.throttled.load(Ordering::Relaxed),
        ended: jiff::Timestamp::now().to_string(),
    };
    let _ = sink.send(Record::End(end.clone())).await;
    Ok(end)
}
