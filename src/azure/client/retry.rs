//! How long to wait before asking again.

use std::{
    hash::{BuildHasher, RandomState},
    time::{Duration, SystemTime},
};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// How much patience a call has.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How often it is sent at most.
    pub attempts: u32,
    /// The first wait where Azure does not name one; it doubles each time.
    pub first_wait: Duration,
    /// The longest wait, whoever names it.
    pub longest_wait: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { attempts: 6, first_wait: Duration::from_millis(800), longest_wait: Duration::from_secs(120) }
    }
}

impl Patience {
    /// The wait after attempt `attempt` (from 1), or `None` where it is time to give up.
    ///
    /// Azure's own `Retry-After` is a lower bound, so jitter only adds to it: many callers that were told the same
    /// moment must not come back together.
    pub(super) fn wait(&self, attempt: u32, told: Option<Duration>) -> Option<Duration> {
        if attempt >= self.attempts || told.is_some_and(|told| told > self.longest_wait) {
            return None;
        }
        let wait = match told {
            Some(told) => told + self.first_wait.mul_f64(0.5 * random()),
            None => self.first_wait.saturating_mul(1 << (attempt - 1).min(16)).mul_f64(0.5 + 0.5 * random()),
        };
        Some(wait.min(self.longest_wait))
    }
}

/// What `Retry-After` says: seconds, or a date. The milliseconds that some providers send instead count too.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
        if let Some(millis) = text(name).and_then(|text| text.parse().ok()) {
            return Some(Duration::from_millis(millis));
        }
    }
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = said.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = jiff::fmt::rfc2822::parse(said).ok()?.timestamp();
    let now = jiff::Timestamp::try_from(SystemTime::now()).ok()?;
    let seconds = until.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Seconds by which Azure's clock is ahead of this machine's.
pub(super) fn skew(headers: &HeaderMap) -> Option<i64> {
    let said = headers.get(reqwest::header::DATE)?.to_str().ok()?;
    let theirs = jiff::fmt::rfc2822::parse(said).ok()?.timestamp();
    let ours = jiff::Timestamp::try_from(SystemTime::now()).ok()?;
    Some(theirs.as_second().saturating_sub(ours.as_second()))
}

/// A number from 0 to 1 that nobody can foresee; waits need no more than that.
fn random() -> f64 {
    let bits = RandomState::new().hash_one(SystemTime::now()) >> 11;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a float")]
    let unit = bits as f64 / (1u64 << 53) as f64;
    unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_are_bounded_and_end() {
        let patience = Patience { attempts: 5, first_wait: Duration::from_secs(1), longest_wait: Duration::from_secs(6) };
        for attempt in 1..5 {
            let wait = patience.wait(attempt, None).expect("not yet");
            let full = Duration::from_secs(1 << (attempt - 1));
            assert!(wait >= (full / 2).min(Duration::from_secs(6)) && wait <= full.min(Duration::from_secs(6)), "{attempt}: {wait:?}");
        }
        assert_eq!(patience.wait(5, None), None);
        let told = patience.wait(1, Some(Duration::from_secs(4))).expect("waits");
        assert!(told >= Duration::from_secs(4) && told < Duration::from_secs(5));
        assert_eq!(patience.wait(1, Some(Duration::from_secs(7))), None);
    }

    #[test]
    fn retry_after_is_seconds_a_date_or_milliseconds() {
        let headers =
            |name: &'static str, value: &str| HeaderMap::from_iter([(name.parse().expect("a name"), value.parse().expect("a value"))]);
        assert_eq!(retry_after(&headers("retry-after", "17")), Some(Duration::from_secs(17)));
        assert_eq!(retry_after(&headers("retry-after-ms", "250")), Some(Duration::from_millis(250)));
        assert_eq!(retry_after(&headers("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")), Some(Duration::ZERO));
        assert_eq!(retry_after(&headers("retry-after", "soon")), None);
        assert_eq!(skew(&headers("date", "soon")), None);
        assert!(skew(&headers("date", "Wed, 21 Oct 2015 07:28:00 GMT")).is_some_and(|seconds| seconds < -100_000));
    }
}
