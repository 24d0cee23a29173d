//! Calls that wait, in lanes: a subscription whose bucket is empty does not hold up the others.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use crate::azure::{
    client::{Lane, Throttle},
    collector::{Child, Collector, Listed},
};

/// One call that waits.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) collector: &'static Collector,
    pub(super) subscription: Arc<str>,
    pub(super) what: What,
}

/// What a call reads.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// A child of the resource with this id, or of the subscription.
    Child(&'static Child, Arc<str>),
    /// A type's list in the subscription, because Resource Graph did not give it.
    List(&'static Listed),
    /// Everything in the subscription, without properties, because Resource Graph did not give it.
    Inventory,
}

impl Job {
    fn lane(&self) -> Lane {
        let kind = match &self.what {
            What::Child(child, _) => child.kind,
            What::List(listed) => listed.kind,
            What::Inventory => "Microsoft.Resources/subscriptions",
        };
        let provider = kind.split('/').next().unwrap_or_default();
        Lane { subscription: Arc::clone(&self.subscription), provider: provider.into() }
    }
}

#[derive(Debug, Default)]
struct Inner {
    lanes: HashMap<Lane, VecDeque<Job>>,
    order: VecDeque<Lane>,
    waiting: usize,
    running: usize,
    closed: bool,
}

/// The calls of one group of subscriptions.
#[derive(Debug, Default)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    changed: Notify,
}

impl Queue {
    /// Waking is by notice; this is for a notice that went by while nobody listened.
    const LOOK_AGAIN: Duration = Duration::from_millis(100);

    /// Adds a call. Never waits: calls that make calls must not wait for themselves.
    pub(super) fn push(&self, job: Job) {
        let mut inner = self.lock();
        let lane = job.lane();
        if !inner.lanes.contains_key(&lane) {
            inner.order.push_back(lane.clone());
        }
        inner.lanes.entry(lane).or_default().push_back(job);
        inner.waiting += 1;
        drop(inner);
        self.changed.notify_one();
    }

    /// Waits until no more than `most` calls wait.
    pub(super) async fn below(&self, most: usize) {
        while self.lock().waiting > most {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// No further pages will come; when the last call has run, everybody may go home.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_waiters();
    }

    /// The next call whose lane is open; `None` when all is done. Each must be followed by [`Queue::finished`].
    pub(super) async fn next(&self, throttle: &Throttle) -> Option<Job> {
        loop {
            let listening = self.changed.notified();
            let mut nearest = Self::LOOK_AGAIN;
            {
                let mut inner = self.lock();
                if inner.closed && inner.waiting == 0 && inner.running == 0 {
                    self.changed.notify_waiters();
                    return None;
                }
                let now = Instant::now();
                for _ in 0..inner.order.len() {
                    let Some(lane) = inner.order.pop_front() else { break };
                    let wait = throttle.ready(&lane, now);
                    if !wait.is_zero() {
                        nearest = nearest.min(wait);
                        inner.order.push_back(lane);
                        continue;
                    }
                    let jobs = inner.lanes.get_mut(&lane);
                    let (job, empty) = jobs.map_or((None, true), |jobs| (jobs.pop_front(), jobs.is_empty()));
                    if empty {
                        inner.lanes.remove(&lane);
                    } else {
                        inner.order.push_back(lane);
                    }
                    if let Some(job) = job {
                        inner.waiting -= 1;
                        inner.running += 1;
                        return Some(job);
                    }
                }
            }
            let _ = tokio::time::timeout(nearest.max(Duration::from_millis(1)), listening).await;
        }
    }

    /// A call has run.
    pub(super) fn finished(&self) {
        self.lock().running -= 1;
        self.changed.notify_one();
    }

    /// Takes out whatever still waits.
    pub(super) fn drain(&self) -> Vec<Job> {
        let mut inner = self.lock();
        inner.order.clear();
        inner.waiting = 0;
        inner.lanes.drain().flat_map(|(_, jobs)| jobs).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::collector;

    fn job(subscription: &str) -> Job {
        Job { collector: collector::for_kind("Microsoft.Cache/redis"), subscription: subscription.into(), what: What::Inventory }
    }

    #[tokio::test]
    async fn a_drained_subscription_does_not_hold_up_the_others() {
        let (queue, throttle) = (Queue::default(), Throttle::new());
        for _ in 0..3 {
            queue.push(job("slow"));
        }
        queue.push(job("quick"));
        let lane = job("slow").lane();
        while throttle.take(&lane, Instant::now()).is_ok() {}
        let first = queue.next(&throttle).await.expect("a call");
        assert_eq!(&*first.subscription, "quick");
        queue.finished();
        queue.close();
        for _ in 0..3 {
            assert_eq!(&*queue.next(&throttle).await.expect("a call").subscription, "slow");
            queue.finished();
        }
        assert!(queue.next(&throttle).await.is_none());
    }

    #[tokio::test]
    async fn calls_that_make_calls_keep_the_queue_open() {
        let (queue, throttle) = (Arc::new(Queue::default()), Arc::new(Throttle::new()));
        queue.push(job("s"));
        queue.close();
        let job_one = queue.next(&throttle).await.expect("a call");
        let waiting = tokio::spawn({
            let (queue, throttle) = (Arc::clone(&queue), Arc::clone(&throttle));
            async move { queue.next(&throttle).await.is_some() }
        });
        queue.push(job_one);
        queue.finished();
        assert!(waiting.await.expect("no panic"));
        assert_eq!(queue.drain().len(), 0);
    }
}
