use std::collections::{BTreeMap, HashMap};

use super::{Judged, span_text};
use crate::audit::group::Group;
use crate::audit::pass::STRETCH;
use crate::log::time::Moment;

/// When something happened that excuses, and how soon after a stretch it must.
type Excuse<'a> = Option<(&'a HashMap<String, Vec<Moment>>, i64)>;

/// A finding for each key of which more than `at_most` per cent are such, over everything or in some stretch of `within`. Of several
/// stretches the worst is shown. Where there are fewer than `events`, nothing is said.
pub fn judge(groups: Vec<(String, Group)>, at_most: f64, events: u64, within: Option<i64>, excuse: Excuse<'_>) -> Vec<Judged> {
    let excused = |start: i64| {
        let (Some((answers, soon)), Some(within)) = (excuse, within) else { return false };
        let until = start.saturating_add(within).saturating_add(soon);
        answers.values().flatten().any(|time| start <= time.0 && time.0 <= until)
    };
    let mut found: BTreeMap<String, (f64, u64, Judged)> = BTreeMap::new();
    for (key, group) in groups {
        let (base, stretch) = key.split_once(STRETCH).map_or((key.as_str(), None), |(base, number)| (base, number.parse::<i64>().ok()));
        #[expect(clippy::cast_precision_loss, reason = "counts of events are far below 2^52")]
        let share = 100.0 * group.hits as f64 / group.count.max(1) as f64;
        if group.count < events || share <= at_most || stretch.zip(within).is_some_and(|(number, within)| excused(number * within)) {
            continue;
        }
        let when = within.map_or_else(String::new, |within| {
            let since = group.first.time.map(|time| format!(" from {time} on")).unwrap_or_default();
            format!(" within {}{since}", span_text(within))
        });
        let detail = format!("{share:.1} % ({} of {}){when}", group.hits, group.count);
        let judged = Judged { key: base.to_owned(), spot: group.first, group, detail, unknown: None };
        match found.get_mut(base) {
            None => {
                found.insert(base.to_owned(), (share, 1, judged));
            }
            Some((worst, stretches, known)) => {
                *stretches += 1;
                if share > *worst {
                    (*worst, *known) = (share, judged);
                }
            }
        }
    }
    found
        .into_values()
        .map(|(_, stretches, mut judged)| {
            if stretches > 1 {
                judged.detail.push_str(&format!(", the worst of {stretches} such stretches"));
            }
            judged
        })
        .collect()
}
