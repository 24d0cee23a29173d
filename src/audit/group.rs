use super::facts::Facts;
use crate::log::time::{HOUR, Moment};

/// Where and when one event was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// When; `None` where the log does not say.
    pub time: Option<Moment>,
    /// Which log, by number.
    pub file: u32,
    /// Line, from 1.
    pub line: u64,
    /// Offset of its first byte.
    pub byte: u64,
}

/// Events that make one finding.
#[derive(Clone, Debug)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// How many of them are such as a share is about.
    pub hits: u64,
    /// The earliest.
    pub first: Spot,
    /// The latest.
    pub last: Spot,
    /// Who did it.
    pub identities: Facts,
    /// From where.
    pub addresses: Facts,
    /// What the message needs, out of the earliest event.
    pub captured: Vec<String>,
    /// Single events, where a window needs them: which step, and where.
    pub marks: Vec<(u8, Spot)>,
    /// Times in which nothing was missing.
    pub spans: Spans,
}

impl Group {
    /// No event yet; the first one will be there.
    pub fn at(spot: Spot, captured: Vec<String>) -> Self {
        Self {
            count: 0,
            hits: 0,
            first: spot,
            last: spot,
            identities: Facts::default(),
            addresses: Facts::default(),
            captured,
            marks: Vec::new(),
            spans: Spans::default(),
        }
    }

    /// Takes in a later part of the stream.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.hits += other.hits;
        if other.count > 0 {
            let empty = self.count == other.count;
            if empty || other.first < self.first {
                (self.first, self.captured) = (other.first, other.captured);
            }
            if empty || other.last > self.last {
                self.last = other.last;
            }
        }
        self.identities.merge(other.identities);
        self.addresses.merge(other.addresses);
        self.marks.extend(other.marks);
        self.spans.merge(&other.spans);
    }
}

/// Times at which something happened, kept as stretches without a gap longer than `tolerance`; exact for questions about longer gaps, in any order of arrival.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    /// Stretches, apart by more than `tolerance`, sorted.
    pub stretches: Vec<(Moment, Moment)>,
    tolerance: i64,
    /// The hours in which something happened.
    hours: std::collections::BTreeSet<i64>,
}

impl Spans {
    /// Hours beyond this number (seven years) are not told apart any more.
    const HOURS: usize = 61_320;

    /// The same with this tolerance, where it had none yet.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: i64) -> Self {
        self.tolerance = self.tolerance.max(tolerance);
        self
    }

    /// Something happened then.
    pub fn add(&mut self, time: Moment) {
        self.insert(time, time);
        if self.hours.len() < Self::HOURS {
            self.hours.insert(time.0.div_euclid(HOUR));
        }
    }

    /// In how many hours something happened.
    pub fn active_hours(&self) -> usize {
        self.hours.len()
    }

    fn insert(&mut self, from: Moment, until: Moment) {
        let from_at = self.stretches.partition_point(|(_, end)| end.0.saturating_add(self.tolerance) < from.0);
        let to_at = self.stretches.partition_point(|(start, _)| start.0.saturating_sub(self.tolerance) <= until.0);
        let touched = self.stretches.get(from_at..to_at.max(from_at)).unwrap_or(&[]);
        let joined = touched.iter().fold((from, until), |(a, b), (c, d)| (a.min(*c), b.max(*d)));
        self.stretches.splice(from_at..to_at.max(from_at), [joined]);
    }

    fn merge(&mut self, other: &Self) {
        self.tolerance = self.tolerance.max(other.tolerance);
        for (from, until) in &other.stretches {
            self.insert(*from, *until);
        }
        self.hours.extend(other.hours.iter().take(Self::HOURS.saturating_sub(self.hours.len())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn gaps_are_exact_in_any_order(mut times in proptest::collection::vec(0i64..2000, 1..40), tolerance in 1i64..200, cut in 0usize..40) {
            let (mut one, mut two) = (Spans::default().with_tolerance(tolerance), Spans::default().with_tolerance(tolerance));
            let cut = cut.min(times.len());
            times[..cut].iter().for_each(|t| one.add(Moment(*t)));
            times[cut..].iter().for_each(|t| two.add(Moment(*t)));
            one.merge(&two);
            times.sort_unstable();
            let gaps: Vec<_> = times.windows(2).filter(|pair| pair[1] - pair[0] > tolerance).map(|pair| (pair[0], pair[1])).collect();
            let found: Vec<_> = one.stretches.windows(2).map(|pair| (pair[0].1.0, pair[1].0.0)).collect();
            proptest::prop_assert_eq!(found, gaps);
        }
    }
}
