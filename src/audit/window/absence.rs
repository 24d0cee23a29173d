use super::{Judged, span_text};
use crate::audit::group::{Group, Spot};
use crate::log::time::Moment;

/// A finding for each key that goes without an event for longer than `within`, between two of them or at either end of the period.
/// Where the logs themselves are shorter than `within`, nothing can be said of what they do not show.
pub fn judge(
    groups: Vec<(String, Group)>,
    period: Option<(Moment, Moment)>,
    within: i64,
    active_hours: usize,
    subjects: bool,
) -> Vec<Judged> {
    let Some((from, until)) = period else { return Vec::new() };
    // Nothing that could be missed.
    if subjects && groups.is_empty() {
        return Vec::new();
    }
    let covered = until.0 - from.0;
    let short = || format!("the logs cover {}; it takes {} to tell", span_text(covered), span_text(within));
    if groups.is_empty() {
        let unknown = (covered <= within).then(short);
        let detail = everything(covered);
        return vec![Judged { key: String::new(), spot: spot(from), group: Group::at(spot(from), Vec::new()), detail, unknown }];
    }
    let mut judged = Vec::new();
    for (key, group) in groups {
        if active_hours > 0 && group.spans.active_hours() < active_hours {
            continue;
        }
        let ends = [until].into_iter();
        let starts = group.spans.stretches.iter().map(|(start, _)| *start).chain(ends);
        // A quiet vault's first sign of life is no gap: before it, the log may not have been switched on.
        let known_from = if active_hours > 0 { group.spans.stretches.first().map_or(from, |(start, _)| *start) } else { from };
        let mut last = known_from;
        let mut worst: Option<(i64, Moment)> = None;
        for (start, end) in starts.zip(group.spans.stretches.iter().map(|(_, end)| *end).chain([until])) {
            let gap = start.0 - last.0;
            if gap > within && worst.is_none_or(|(known, _)| gap > known) {
                worst = Some((gap, last));
            }
            last = end;
        }
        if let Some((gap, since)) = worst {
            let detail = format!("{} since {since}", span_text(gap));
            judged.push(Judged { key, spot: group.last, group, detail, unknown: None });
        } else if group.spans.stretches.is_empty() {
            judged.push(Judged { key, spot: group.first, group, detail: everything(covered), unknown: Some(short()) });
        }
    }
    judged
}

/// In a sentence after `for`.
fn everything(covered: i64) -> String {
    format!("{}, which is all that the logs cover", span_text(covered))
}

fn spot(time: Moment) -> Spot {
    Spot { time: Some(time), file: 0, line: 1, byte: 0 }
}
