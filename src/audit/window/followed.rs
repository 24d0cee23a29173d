use std::collections::HashMap;

use super::{Judged, span_text};
use crate::audit::group::Group;
use crate::audit::pass::FOLLOWS;
use crate::log::time::Moment;

/// A finding where an event has no answer in time. Events so late that the logs end before the answer is due are not judged.
pub fn judge(
    key: String,
    mut group: Group,
    answers: &HashMap<String, Vec<Moment>>,
    within: i64,
    period: Option<(Moment, Moment)>,
) -> Option<Judged> {
    let by = key.split(FOLLOWS).next().unwrap_or("");
    let answers = answers.get(by).map_or(&[][..], Vec::as_slice);
    let until = period?.1;
    let unanswered = |time: Moment| !answers.iter().any(|answer| answer.0 >= time.0 && answer.0 <= time.0.saturating_add(within));
    let mut open: Vec<_> = group
        .marks
        .iter()
        .filter_map(|(_, spot)| spot.time.filter(|time| time.0.saturating_add(within) <= until.0 && unanswered(*time)).map(|_| *spot))
        .collect();
    open.sort_unstable();
    let spot = *open.first()?;
    group.count = open.len() as u64;
    (group.first, group.last) = (spot, open.last().copied().unwrap_or(spot));
    Some(Judged { key, spot, group, detail: format!("nothing within {}", span_text(within)), unknown: None })
}
