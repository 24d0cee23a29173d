use std::collections::BTreeMap;

use crate::azure::{
    client::CallError,
    snapshot::{Done, Gap, Record},
};

/// Counts of one group of subscriptions: what each collector read, and what failed in which way.
#[derive(Debug, Default)]
pub(super) struct Tally {
    done: BTreeMap<(String, &'static str), Done>,
    gaps: BTreeMap<Key, Gap>,
    skipped: BTreeMap<String, u64>,
}

/// Failures that differ in nothing here are one line of the ledger.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    subscription: String,
    collector: &'static str,
    kind: String,
    status: Option<u16>,
    code: Option<String>,
    message: String,
}

/// How many examples a line of the ledger keeps.
const EXAMPLES: usize = 3;

impl Tally {
    /// A collector that has something to do in a subscription.
    pub(super) fn open(&mut self, subscription: &str, collector: &'static str) -> &mut Done {
        self.done.entry((subscription.to_owned(), collector)).or_insert_with(|| Done {
            subscription: subscription.to_owned(),
            collector: collector.to_owned(),
            ..Done::default()
        })
    }

    /// A resource that was read.
    pub(super) fn read(&mut self, subscription: &str, collector: &'static str) {
        self.open(subscription, collector).resources += 1;
    }

    /// A resource that the scope leaves out.
    pub(super) fn skip(&mut self, subscription: &str) {
        *self.skipped.entry(subscription.to_owned()).or_default() += 1;
    }

    /// Whether anything was read in a subscription.
    pub(super) fn has_read(&self, subscription: &str) -> bool {
        self.done.values().any(|done| done.resources > 0 && done.subscription.eq_ignore_ascii_case(subscription))
    }

    /// A call that failed.
    pub(super) fn gap(&mut self, at: &Failed<'_>, error: &CallError) {
        self.open(at.subscription, at.collector).gaps += 1;
        let key = Key {
            subscription: at.subscription.to_owned(),
            collector: at.collector,
            kind: at.kind.to_owned(),
            status: error.status,
            code: error.code.clone(),
            message: error.message.clone(),
        };
        let gap = self.gaps.entry(key).or_insert_with(|| Gap {
            subscription: at.subscription.to_owned(),
            collector: at.collector.to_owned(),
            kind: at.kind.to_owned(),
            status: error.status,
            code: error.code.clone(),
            message: error.message.clone(),
            permission: at.permission.map(str::to_owned),
            ..Gap::default()
        });
        gap.count += 1;
        if gap.examples.len() < EXAMPLES {
            gap.examples.push(at.example.to_owned());
        }
    }

    /// The lines of the ledger.
    pub(super) fn records(self, why_skipped: &str) -> Vec<Record> {
        let skipped = self.skipped.into_iter().map(|(subscription, count)| {
            let skipped = Some(format!("{count} resources {why_skipped}"));
            Record::Done(Done { subscription, collector: "scope".into(), skipped, ..Done::default() })
        });
        let gaps = self.gaps.into_values().map(Record::Gap);
        self.done.into_values().map(Record::Done).chain(gaps).chain(skipped).collect()
    }
}

/// A call that failed, and what it was for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed<'a> {
    pub(super) subscription: &'a str,
    pub(super) collector: &'static str,
    pub(super) kind: &'a str,
    pub(super) permission: Option<&'a str>,
    pub(super) example: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_failures_are_one_line() {
        let mut tally = Tally::default();
        for n in 0..9 {
            let example = format!("/x/{n}");
            let failed = Failed { subscription: "s", collector: "storage", kind: "K", permission: Some("K/read"), example: &example };
            let code = if n == 8 { "Other" } else { "AuthorizationFailed" };
            tally.gap(&failed, &CallError::answered(403, format!(r#"{{"error":{{"code":"{code}"}}}}"#).as_bytes(), None));
        }
        tally.read("s", "storage");
        let records = tally.records("");
        let gaps: Vec<&Gap> = records.iter().filter_map(|record| if let Record::Gap(gap) = record { Some(gap) } else { None }).collect();
        assert_eq!(gaps.iter().map(|gap| (gap.count, gap.examples.len())).collect::<Vec<_>>(), [(8, 3), (1, 1)]);
        assert!(matches!(records.first(), Some(Record::Done(done)) if done.gaps == 9 && done.resources == 1));
    }
}
