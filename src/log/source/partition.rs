use super::super::time::{HOUR, Moment};

/// The hour of a path in Azure's layout: `…/y=2026/m=01/d=13/h=02/m=00/PT1H.json`.
pub fn hour_of(path: &str) -> Option<Moment> {
    let part = |key: &str, from: &str| -> Option<(i64, usize)> {
        let at = from.find(key)? + key.len();
        let rest = from.get(at..)?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((rest.get(..end)?.parse().ok()?, at + end))
    };
    let (year, at) = part("y=", path)?;
    let rest = path.get(at..)?;
    let (month, at) = part("/m=", rest)?;
    let rest = rest.get(at..)?;
    let (day, at) = part("/d=", rest)?;
    let (hour, _) = part("/h=", rest.get(at..)?)?;
    let valid = (1970..3000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) && (0..24).contains(&hour);
    valid.then(|| Moment::from_civil(year, month, day, hour * 3600))
}

/// Whether a log of that hour may have events in `from..until`; a log without an hour may.
pub fn in_range(hour: Option<Moment>, range: Option<(Moment, Moment)>) -> bool {
    match (hour, range) {
        (Some(hour), Some((from, until))) => hour < until && hour.0 + HOUR > from.0,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_from_paths() {
        let hour = hour_of("resourceId=/SUBSCRIPTIONS/0/y=2026/m=01/d=13/h=02/m=00/PT1H.json").expect("an hour");
        assert_eq!(hour.to_string(), "2026-01-13T02:00:00Z");
        assert_eq!(hour_of("logs/app.log"), None);
        assert_eq!(hour_of("y=99999999999999999999/m=1/d=1/h=1"), None);
        let at = |hours: i64| Moment(hour.0 + hours * HOUR);
        assert!(in_range(Some(hour), Some((at(0), at(1)))) && in_range(None, Some((at(0), at(1)))));
        assert!(!in_range(Some(hour), Some((at(1), at(2)))) && !in_range(Some(hour), Some((at(-1), at(0)))));
    }
}
