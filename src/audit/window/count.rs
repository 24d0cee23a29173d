use super::{Judged, span_text};
use crate::audit::group::Group;

/// A finding where `at_least` events lie within `within` of each other.
pub fn judge(key: String, mut group: Group, at_least: usize, within: i64) -> Option<Judged> {
    let mut marks: Vec<_> = group.marks.iter().filter_map(|(_, spot)| spot.time.map(|time| (time, *spot))).collect();
    marks.sort_unstable();
    let mut most: Option<(usize, usize)> = None;
    let mut from = 0;
    for (at, (time, _)) in marks.iter().enumerate() {
        while marks.get(from).is_some_and(|(first, _)| time.0 - first.0 >= within) {
            from += 1;
        }
        let size = at + 1 - from;
        if size >= at_least && most.is_none_or(|(_, known)| size > known) {
            most = Some((from, size));
        }
    }
    let (from, size) = most?;
    let (_, spot) = marks.get(from).copied()?;
    group.marks = Vec::new();
    Some(Judged { key, spot, group, detail: format!("{size} within {}", span_text(within)), unknown: None })
}
