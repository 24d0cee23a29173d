//! Token buckets that mirror Azure's, so that requests wait here instead of being refused there.
//!
//! Resource Manager: 250 reads at once and 25 more a second, for each subscription and principal.
//! <https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling>
//! Resource Graph: 15 queries in five seconds for each user.
//! <https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests>

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use reqwest::header::HeaderMap;

/// Whose bucket a request draws from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lane {
    /// The subscription; empty above all subscriptions.
    pub subscription: Arc<str>,
    /// The resource provider: some have limits of their own.
    pub provider: Arc<str>,
}

impl Lane {
    /// The lane of Resource Graph.
    pub fn graph() -> Self {
        Self { subscription: "".into(), provider: "Microsoft.ResourceGraph".into() }
    }
}

/// How much a bucket holds and how fast it fills.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Requests at once.
    pub burst: f64,
    /// Requests a second after that.
    pub refill: f64,
}

const SUBSCRIPTION: Rate = Rate { burst: 250.0, refill: 25.0 };
const GRAPH: Rate = Rate { burst: 15.0, refill: 3.0 };
/// Storage's own limit: 800 reads in five minutes for each subscription and region.
/// <https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling#storage-throttling>
const STORAGE: Rate = Rate { burst: 800.0, refill: 800.0 / 300.0 };

#[derive(Debug)]
struct Bucket {
    rate: Rate,
    level: f64,
    at: Instant,
    closed_until: Option<Instant>,
}

impl Bucket {
    fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, level: rate.burst, at: now, closed_until: None }
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.level = (self.level + passed * self.rate.refill).min(self.rate.burst);
        self.at = now;
    }

    /// How long until one request may go.
    fn wait(&mut self, now: Instant) -> Duration {
        self.fill(now);
        let closed = self.closed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        let short = if self.level >= 1.0 { Duration::ZERO } else { Duration::from_secs_f64((1.0 - self.level) / self.rate.refill) };
        closed.max(short)
    }
}

/// All buckets of a run.
#[derive(Debug, Default)]
pub struct Throttle {
    buckets: Mutex<HashMap<Lane, Bucket>>,
}

impl Throttle {
    /// Full buckets.
    pub fn new() -> Self {
        Self::default()
    }

    /// The buckets that a request of this lane draws from: the subscription's, and the provider's where it has one.
    fn drawn(lane: &Lane) -> [Option<(Lane, Rate)>; 2] {
        if *lane == Lane::graph() {
            return [Some((lane.clone(), GRAPH)), None];
        }
        let whole = Lane { subscription: Arc::clone(&lane.subscription), provider: "".into() };
        // Providers without a published limit get a bucket too: it is closed when they answer 429.
        let own = if lane.provider.eq_ignore_ascii_case("Microsoft.Storage") { STORAGE } else { SUBSCRIPTION };
        [Some((whole, SUBSCRIPTION)), Some((lane.clone(), own))]
    }

    /// Takes a request's worth from its buckets, or says how long to wait before asking again.
    pub fn take(&self, lane: &Lane, now: Instant) -> Result<(), Duration> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let drawn = Self::drawn(lane);
        let mut longest = Duration::ZERO;
        for (key, rate) in drawn.iter().flatten() {
            let bucket = buckets.entry(key.clone()).or_insert_with(|| Bucket::new(*rate, now));
            longest = longest.max(bucket.wait(now));
        }
        if !longest.is_zero() {
            return Err(longest);
        }
        for (key, _) in drawn.iter().flatten() {
            if let Some(bucket) = buckets.get_mut(key) {
                bucket.level -= 1.0;
            }
        }
        Ok(())
    }

    /// How long until a request of this lane may go; nothing is taken.
    pub fn ready(&self, lane: &Lane, now: Instant) -> Duration {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let waits =
            Self::drawn(lane).into_iter().flatten().map(|(key, _)| buckets.get_mut(&key).map_or(Duration::ZERO, |bucket| bucket.wait(now)));
        waits.max().unwrap_or(Duration::ZERO)
    }

    /// Waits until a request of this lane may go.
    pub async fn admit(&self, lane: &Lane) {
        while let Err(wait) = self.take(lane, Instant::now()) {
            tokio::time::sleep(wait.max(Duration::from_millis(1))).await;
        }
    }

    /// Learns from an answer: what Azure says is left is never less than what is thought to be left here.
    pub(super) fn observe(&self, lane: &Lane, headers: &HeaderMap, now: Instant) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let number = |name: &str| text(name).and_then(|text| text.trim().parse::<f64>().ok());
        let graph = *lane == Lane::graph();
        let left = if graph { number("x-ms-user-quota-remaining") } else { number("x-ms-ratelimit-remaining-subscription-reads") };
        let whole = Self::drawn(lane).into_iter().flatten().next();
        if let (Some(left), Some((key, rate))) = (left, whole) {
            let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
            let bucket = buckets.entry(key).or_insert_with(|| Bucket::new(rate, now));
            bucket.fill(now);
            bucket.level = bucket.level.min(left);
            let resets = text("x-ms-user-quota-resets-after").and_then(clock_time);
            if let (true, Some(resets)) = (graph && left < 1.0, resets) {
                bucket.closed_until = bucket.closed_until.max(Some(now + resets));
            }
        }
    }

    /// Shuts the lane for a while, after a 429.
    pub(super) fn close(&self, lane: &Lane, wait: Duration, now: Instant) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((key, rate)) = Self::drawn(lane).into_iter().flatten().last() {
            let bucket = buckets.entry(key).or_insert_with(|| Bucket::new(rate, now));
            bucket.closed_until = bucket.closed_until.max(Some(now + wait));
        }
    }

    /// Forgets the buckets of subscriptions that are done with: memory must not grow with the tenant.
    pub fn forget(&self, subscription: &str) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.retain(|lane, _| !lane.subscription.eq_ignore_ascii_case(subscription));
    }
}

/// `hh:mm:ss`.
fn clock_time(text: &str) -> Option<Duration> {
    let mut parts = text.trim().split(':').map(|part| part.parse::<u64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
    Some(Duration::from_secs(seconds.min(3600)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(provider: &str) -> Lane {
        Lane { subscription: "s1".into(), provider: provider.into() }
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_refill() {
        let (throttle, now) = (Throttle::new(), Instant::now());
        let taken = (0..1000).take_while(|_| throttle.take(&lane("Microsoft.Web"), now).is_ok()).count();
        assert_eq!(taken, 250);
        let later = now + Duration::from_secs(2);
        let taken = (0..1000).take_while(|_| throttle.take(&lane("Microsoft.Web"), later).is_ok()).count();
        assert_eq!(taken, 50);
        let wait = throttle.take(&lane("Microsoft.Sql"), later).expect_err("the subscription's bucket is empty");
        assert!(wait <= Duration::from_millis(41));
        assert!(throttle.take(&Lane { subscription: "s2".into(), ..lane("Microsoft.Web") }, later).is_ok());
    }

    #[test]
    fn what_azure_says_is_left_counts() {
        let (throttle, now) = (Throttle::new(), Instant::now());
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-ratelimit-remaining-subscription-reads", "3".parse().expect("a value"));
        throttle.observe(&lane("Microsoft.Web"), &headers, now);
        let taken = (0..10).take_while(|_| throttle.take(&lane("Microsoft.Web"), now).is_ok()).count();
        assert_eq!(taken, 3);
    }

    #[test]
    fn the_graph_waits_for_its_quota() {
        let (throttle, now) = (Throttle::new(), Instant::now());
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-user-quota-remaining", "0".parse().expect("a value"));
        headers.insert("x-ms-user-quota-resets-after", "00:00:05".parse().expect("a value"));
        throttle.observe(&Lane::graph(), &headers, now);
        assert_eq!(throttle.take(&Lane::graph(), now), Err(Duration::from_secs(5)));
        assert!(throttle.take(&Lane::graph(), now + Duration::from_secs(5)).is_ok());
        for odd in ["", "x", "1:2", "99999999999999999999:0:0", "-1:0:0"] {
            assert_eq!(clock_time(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_provider_that_refuses_is_left_alone_and_others_are_not() {
        let (throttle, now) = (Throttle::new(), Instant::now());
        throttle.close(&lane("Microsoft.Storage"), Duration::from_secs(9), now);
        assert_eq!(throttle.take(&lane("Microsoft.Storage"), now), Err(Duration::from_secs(9)));
        assert!(throttle.take(&lane("Microsoft.Web"), now).is_ok());
        throttle.forget("S1");
        assert!(throttle.take(&lane("Microsoft.Storage"), now).is_ok());
    }
}
