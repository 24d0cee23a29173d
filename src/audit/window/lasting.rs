use super::{Judged, span_text};
use crate::audit::group::Group;

/// A finding where the time from the start to the last event is longer than `at_most`. The start is the first event, or the first that a
/// rule names as such; without that one nothing is measured.
pub fn judge(key: String, group: Group, at_most: i64, named_start: bool) -> Option<Judged> {
    let named = group.marks.first().map(|(_, spot)| *spot);
    let start = if named_start { named? } else { group.first };
    let lasted = group.last.time?.0 - start.time?.0;
    (lasted > at_most).then(|| {
        let detail = format!("{}, not {}", span_text(lasted), span_text(at_most));
        Judged { key, spot: start, group, detail, unknown: None }
    })
}
