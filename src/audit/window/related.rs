use std::collections::HashMap;

use super::{Judged, span_text};
use crate::audit::group::{Group, Spot};
use crate::audit::pass::FOLLOWS;
use crate::audit::rule::Relation;
use crate::log::time::Moment;

/// The other events of a relation, sorted by time, by what both must agree in.
pub struct Answers<'a> {
    times: HashMap<&'a str, Vec<Moment>>,
    within: i64,
    until: Option<Moment>,
}

impl<'a> Answers<'a> {
    /// Sorts them.
    pub fn new(answers: &'a HashMap<String, Vec<Moment>>, within: i64, period: Option<(Moment, Moment)>) -> Self {
        let sorted = |times: &Vec<Moment>| {
            let mut times = times.clone();
            times.sort_unstable();
            times
        };
        let times = answers.iter().map(|(key, times)| (key.as_str(), sorted(times))).collect();
        Self { times, within, until: period.map(|(_, until)| until) }
    }

    /// A finding where events of the group lack the other one (or have it, where it must not come before them).
    pub fn judge(&self, key: String, mut group: Group, relation: Relation) -> Option<Judged> {
        let by = key.split(FOLLOWS).next().unwrap_or("");
        let times = self.times.get(by).map_or(&[][..], Vec::as_slice);
        let any_in = |from: i64, until: i64| {
            let at = times.partition_point(|time| time.0 < from);
            times.get(at).is_some_and(|time| time.0 <= until)
        };
        let wrong = |time: Moment| match relation {
            // Events so late that the logs end before the answer is due are not judged, unless the log is whole.
            Relation::Followed { closed } => {
                let due = time.0.saturating_add(self.within);
                (closed || self.until.is_some_and(|until| due <= until.0)) && !any_in(time.0, due)
            }
            Relation::Preceded => !any_in(time.0.saturating_sub(self.within), time.0),
            Relation::After { .. } => any_in(time.0.saturating_sub(self.within), time.0),
        };
        let mut found: Vec<Spot> = group.marks.iter().map(|(_, spot)| *spot).filter(|spot| spot.time.is_some_and(wrong)).collect();
        let at_least = if let Relation::After { at_least } = relation { at_least } else { 1 };
        if found.len() < at_least {
            return None;
        }
        found.sort_unstable();
        let spot = *found.first()?;
        group.count = found.len() as u64;
        (group.first, group.last) = (spot, found.last().copied().unwrap_or(spot));
        let span = span_text(self.within);
        let detail = match relation {
            Relation::Followed { .. } => format!("nothing within {span}"),
            Relation::Preceded => format!("nothing in the {span} before"),
            Relation::After { .. } => format!("{} within {span}", found.len()),
        };
        group.marks = Vec::new();
        Some(Judged { key, spot, group, detail, unknown: None })
    }
}
