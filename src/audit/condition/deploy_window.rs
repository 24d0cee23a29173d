use crate::log::time::{HOUR, Moment, SECOND};

/// A weekly window in UTC, half-open: `Tue,Thu 02:00-04:00`. Over midnight where it ends before it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeployWindow {
    days: Vec<i64>,
    from: i64,
    until: i64,
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl DeployWindow {
    /// Reads a window; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches("UTC").trim_end_matches(['Z', 'z']).trim();
        let (days, hours) = text.rsplit_once(' ').unwrap_or(("daily", text));
        let (from, until) = hours.split_once('-')?;
        let days = if days.trim().eq_ignore_ascii_case("daily") {
            (0..7).collect()
        } else {
            days.split(',').map(|day| weekday(day.trim())).collect::<Option<Vec<_>>>()?
        };
        Some(Self { days, from: time_of_day(from)?, until: time_of_day(until)? })
    }

    /// Whether `moment` is inside.
    pub fn contains(&self, moment: Moment) -> bool {
        let (day, time) = (moment.weekday(), moment.time_of_day());
        if self.from < self.until {
            return self.days.contains(&day) && (self.from..self.until).contains(&time);
        }
        let yesterday = (day + 6) % 7;
        (self.days.contains(&day) && time >= self.from) || (self.days.contains(&yesterday) && time < self.until)
    }
}

fn weekday(text: &str) -> Option<i64> {
    let head = text.get(..3)?.to_ascii_lowercase();
    DAYS.iter().position(|day| *day == head).and_then(|at| i64::try_from(at).ok())
}

fn time_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().trim_end_matches(['Z', 'z']).split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..=24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * HOUR + minutes * 60 * SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_half_open_and_weekly() {
        let window = DeployWindow::parse("Tue,Thu 02:00-04:00Z").expect("a window");
        // 2026-01-13 is a Tuesday.
        let at = |day: i64, seconds: i64| Moment::from_civil(2026, 1, day, seconds);
        assert!(window.contains(at(13, 7200)) && window.contains(at(15, 4 * 3600 - 1)));
        assert!(!window.contains(at(13, 7199)) && !window.contains(at(13, 4 * 3600)) && !window.contains(at(14, 7200)));
        let night = DeployWindow::parse("Sat 23:00-01:00").expect("a window");
        assert!(
            night.contains(at(17, 23 * 3600))
                && night.contains(at(18, 1800))
                && !night.contains(at(18, 3600))
                && !night.contains(at(17, 1800))
        );
        for text in ["", "Tue", "Tue 2-4", "Foo 02:00-04:00", "Tue 25:00-26:00"] {
            assert_eq!(DeployWindow::parse(text), None, "{text}");
        }
    }
}
