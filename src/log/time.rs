//! Points in time as logs write them, read without allocation.

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// One second.
pub const SECOND: i64 = 1_000_000;
/// One hour.
pub const HOUR: i64 = 3_600 * SECOND;
/// One day.
pub const DAY: i64 = 24 * HOUR;

impl Moment {
    /// The moment of a civil date and time of day in UTC.
    pub const fn from_civil(year: i64, month: i64, day: i64, second_of_day: i64) -> Self {
        // Days from civil, by Howard Hinnant: https://howardhinnant.github.io/date_algorithms.html
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let year_of_era = y - era * 400;
        let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self((era * 146_097 + day_of_era - 719_468) * DAY + second_of_day * SECOND)
    }

    /// The day of the week, Monday = 0.
    pub const fn weekday(self) -> i64 {
        (self.0.div_euclid(DAY) + 3).rem_euclid(7)
    }

    /// Microseconds since midnight UTC.
    pub const fn time_of_day(self) -> i64 {
        self.0.rem_euclid(DAY)
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(time) => write!(f, "{}", time.strftime("%Y-%m-%dT%H:%M:%SZ")),
            Err(_) => f.write_str("(out of range)"),
        }
    }
}

/// What [`parse`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// When.
    pub moment: Moment,
    /// Whether the text says its zone (`Z`, `UTC`, an offset). Without one UTC is assumed.
    pub zoned: bool,
    /// How many bytes it took.
    pub len: usize,
}

/// Reads `2026-01-13T02:15:00.1234567Z` and its relatives at the start of `bytes`: `T` or a space, any fraction, `Z`, `UTC`, `±hh:mm`, `±hhmm`
/// or no zone. Also `MM/DD/YYYY hh:mm:ss`, as .NET writes dates into activity logs.
pub fn parse(bytes: &[u8]) -> Option<Parsed> {
    // One check of the length stands for all that follow.
    let head: &[u8; 19] = bytes.first_chunk()?;
    let (year, month, day) = match head.get(2) {
        Some(b'/') => {
            (head.get(5) == Some(&b'/')).then_some(())?;
            (digits(head, 6, 4)?, digits(head, 0, 2)?, digits(head, 3, 2)?)
        }
        _ => {
            (head.get(4) == Some(&b'-') && head.get(7) == Some(&b'-')).then_some(())?;
            (digits(head, 0, 4)?, digits(head, 5, 2)?, digits(head, 8, 2)?)
        }
    };
    matches!(head.get(10), Some(b'T' | b't' | b' ')).then_some(())?;
    (head.get(13) == Some(&b':') && head.get(16) == Some(&b':')).then_some(())?;
    let (hour, minute, second) = (digits(head, 11, 2)?, digits(head, 14, 2)?, digits(head, 17, 2)?);
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    valid.then_some(())?;
    let mut at = 19;
    let mut micros = 0;
    if matches!(bytes.get(at), Some(b'.' | b',')) {
        let mut unit = 100_000;
        at += 1;
        while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
            micros += i64::from(digit - b'0') * unit;
            unit /= 10;
            at += 1;
        }
    }
    let (offset, zone_len) = zone(bytes.get(at..).unwrap_or(&[]));
    let moment = Moment::from_civil(year, month, day, hour * 3600 + minute * 60 + second - offset.unwrap_or(0) * 60);
    Some(Parsed { moment: Moment(moment.0 + micros), zoned: offset.is_some(), len: at + zone_len })
}

/// Minutes east of UTC, and how many bytes say so.
fn zone(bytes: &[u8]) -> (Option<i64>, usize) {
    match bytes {
        [b'Z' | b'z', ..] => (Some(0), 1),
        [b' ', b'U', b'T', b'C', ..] | [b' ', b'G', b'M', b'T', ..] => (Some(0), 4),
        [b' ', b'+', b'0', b'0', b':', b'0', b'0', ..] => (Some(0), 7),
        [sign @ (b'+' | b'-'), ..] => {
            let minutes_at = if bytes.get(3) == Some(&b':') { 4 } else { 3 };
            let (Some(hours), Some(minutes)) = (digits(bytes, 1, 2), digits(bytes, minutes_at, 2)) else { return (None, 0) };
            let minutes = (hours.min(23) * 60 + minutes.min(59)) * if *sign == b'-' { -1 } else { 1 };
            (Some(minutes), minutes_at + 2)
        }
        _ => (None, 0),
    }
}

#[inline]
fn digits(bytes: &[u8], at: usize, count: usize) -> Option<i64> {
    let text = bytes.get(at..at + count)?;
    text.iter().try_fold(0i64, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (String, bool) {
        let parsed = parse(text.as_bytes()).expect(text);
        (parsed.moment.to_string(), parsed.zoned)
    }

    #[test]
    fn all_the_ways_in_which_logs_write_time() {
        assert_eq!(at("2026-01-13T02:15:00.1234567Z ##[section]"), ("2026-01-13T02:15:00Z".into(), true));
        assert_eq!(at("2026-01-13 02:15:00.123 UTC"), ("2026-01-13T02:15:00Z".into(), true));
        assert_eq!(at("2026-01-13T04:15:00+02:00"), ("2026-01-13T02:15:00Z".into(), true));
        assert_eq!(at("2026-01-12T20:15:00-0600"), ("2026-01-13T02:15:00Z".into(), true));
        assert_eq!(at("2026-01-13T02:15:00"), ("2026-01-13T02:15:00Z".into(), false));
        assert_eq!(at("01/13/2026 02:15:00"), ("2026-01-13T02:15:00Z".into(), false));
        for text in ["", "2026-13-01T00:00:00Z", "2026-01-13", "not a time at all....", "2026-01-13T24:00:00Z"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn weekdays_and_days_agree_with_jiff() {
        for days in (-200_000i64..200_000).step_by(997) {
            let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).expect("in range");
            let moment = Moment::from_civil(date.year().into(), date.month().into(), date.day().into(), 0);
            assert_eq!(moment.0, days * DAY);
            assert_eq!(moment.weekday(), i64::from(date.weekday().to_monday_zero_offset()));
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
