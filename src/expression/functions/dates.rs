//! Dates: `dateTimeAdd`, `dateTimeToEpoch`, `dateTimeFromEpoch`, and Azure Policy's `addDays`.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::Answer;
use super::arguments::{Arguments, invalid};
use super::date_format;
use crate::expression::FunctionError;
use crate::model::Value;

/// A moment, and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// In UTC.
    pub utc: DateTime,
    /// The .NET format that writes it the same way again.
    pub format: &'static str,
}

/// Reads a date as Azure templates write them: ISO 8601 in its long and short form, or `M/d/yyyy h:mm:ss AM`.
pub fn parse(text: &str) -> Option<Moment> {
    let text = text.trim();
    american(text).or_else(|| iso(text))
}

fn digits(text: &mut &str, fewest: usize, most: usize) -> Option<i64> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < fewest {
        return None;
    }
    let (number, rest) = text.split_at_checked(count)?;
    *text = rest;
    number.parse().ok()
}

fn skip(text: &mut &str, expected: &[char]) -> bool {
    match text.strip_prefix(expected) {
        Some(rest) => {
            *text = rest;
            true
        }
        None => false,
    }
}

fn civil(year: i64, month: i64, day: i64, time: (i64, i64, i64, i32)) -> Option<DateTime> {
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let (hour, minute, second, nanos) = time;
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second).ok()?, nanos).ok()?;
    Some(date.to_datetime(time))
}

fn iso(text: &str) -> Option<Moment> {
    let mut rest = text;
    let year = digits(&mut rest, 4, 4)?;
    let dashed = skip(&mut rest, &['-']);
    let month = digits(&mut rest, 2, 2)?;
    if dashed && !skip(&mut rest, &['-']) {
        return None;
    }
    let day = digits(&mut rest, 2, 2)?;
    if rest.is_empty() {
        return Some(Moment { utc: civil(year, month, day, (0, 0, 0, 0))?, format: if dashed { "yyyy-MM-dd" } else { "yyyyMMdd" } });
    }
    let blank = rest.starts_with(' ');
    if !skip(&mut rest, &['T', 't', ' ']) {
        return None;
    }
    let hour = digits(&mut rest, 2, 2)?;
    let colons = skip(&mut rest, &[':']);
    let minute = digits(&mut rest, 2, 2)?;
    let second = if !colons || skip(&mut rest, &[':']) { digits(&mut rest, 2, 2).unwrap_or(0) } else { 0 };
    let mut nanos = 0;
    let fraction = skip(&mut rest, &['.', ',']);
    if fraction {
        let before = rest;
        digits(&mut rest, 1, 9)?;
        let width = before.len() - rest.len();
        let number: i32 = before.get(..width)?.parse().ok()?;
        nanos = number.checked_mul(10_i32.checked_pow(u32::try_from(9 - width).ok()?)?)?;
    }
    let (offset, zoned) = offset(rest)?;
    let utc = civil(year, month, day, (hour, minute, second, nanos))?.checked_add(SignedDuration::from_mins(-offset)).ok()?;
    let format = match (dashed, blank, fraction, zoned) {
        (false, _, _, true) => "yyyyMMddTHHmmssZ",
        (false, _, _, false) => "yyyyMMddTHHmmss",
        (true, true, _, true) => "yyyy-MM-dd HH:mm:ssZ",
        (true, true, _, false) => "yyyy-MM-dd HH:mm:ss",
        (true, false, true, true) => "yyyy-MM-ddTHH:mm:ss.fffffffZ",
        (true, false, true, false) => "yyyy-MM-ddTHH:mm:ss.fffffff",
        (true, false, false, true) => "yyyy-MM-ddTHH:mm:ssZ",
        (true, false, false, false) => "yyyy-MM-ddTHH:mm:ss",
    };
    Some(Moment { utc, format })
}

/// Minutes east of UTC, and whether an offset was written.
fn offset(text: &str) -> Option<(i64, bool)> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Some((0, false));
    }
    if rest.eq_ignore_ascii_case("z") {
        return Some((0, true));
    }
    let sign = if rest.starts_with('-') { -1 } else { 1 };
    if !skip(&mut rest, &['+', '-']) {
        return None;
    }
    let hours = digits(&mut rest, 2, 2)?;
    skip(&mut rest, &[':']);
    let minutes = if rest.is_empty() { 0 } else { digits(&mut rest, 2, 2)? };
    rest.is_empty().then_some((sign * (hours * 60 + minutes), true))
}

fn american(text: &str) -> Option<Moment> {
    let mut rest = text;
    let month = digits(&mut rest, 1, 2)?;
    let slash = |rest: &mut &str| skip(rest, &['/']).then_some(());
    slash(&mut rest)?;
    let day = digits(&mut rest, 1, 2)?;
    slash(&mut rest)?;
    let year = digits(&mut rest, 4, 4)?;
    if rest.is_empty() {
        return Some(Moment { utc: civil(year, month, day, (0, 0, 0, 0))?, format: "M/d/yyyy" });
    }
    rest = rest.trim_start();
    let hour = digits(&mut rest, 1, 2)?;
    if !skip(&mut rest, &[':']) {
        return None;
    }
    let minute = digits(&mut rest, 2, 2)?;
    let second = if skip(&mut rest, &[':']) { digits(&mut rest, 2, 2)? } else { 0 };
    let half = rest.trim();
    let hour = match half {
        "" => hour,
        half if half.eq_ignore_ascii_case("am") => hour % 12,
        half if half.eq_ignore_ascii_case("pm") => hour % 12 + 12,
        _ => return None,
    };
    let format = if half.is_empty() { "M/d/yyyy H:mm:ss" } else { "M/d/yyyy h:mm:ss tt" };
    Some(Moment { utc: civil(year, month, day, (hour, minute, second, 0))?, format })
}

/// Reads an ISO 8601 duration as .NET does: a year has 365 days, a month 30.
fn duration(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (days, time) = rest.strip_prefix('P')?.split_once('T').map_or((rest.strip_prefix('P')?, ""), |(days, time)| (days, time));
    if days.is_empty() && time.is_empty() {
        return None;
    }
    const DAY: i64 = 86_400;
    let mut seconds: i64 = 0;
    let mut nanos: i32 = 0;
    for (mut part, scales) in
        [(days, [('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)].as_slice()), (time, &[('H', 3600), ('M', 60), ('S', 1)])]
    {
        while !part.is_empty() {
            let number = digits(&mut part, 1, 15)?;
            if skip(&mut part, &['.']) {
                let before = part;
                digits(&mut part, 1, 9)?;
                let width = before.len() - part.len();
                nanos = before.get(..width)?.parse::<i32>().ok()?.checked_mul(10_i32.checked_pow(u32::try_from(9 - width).ok()?)?)?;
            }
            let letter = part.chars().next()?;
            skip(&mut part, &[letter]);
            let (_, scale) = scales.iter().find(|(unit, _)| *unit == letter)?;
            seconds = seconds.checked_add(number.checked_mul(*scale)?)?;
        }
    }
    let whole = SignedDuration::new(seconds, nanos);
    Some(if negative { -whole } else { whole })
}

fn moment(args: Arguments<'_>, at: usize) -> Result<Moment, FunctionError> {
    let text = args.text(at)?;
    parse(text)
        .ok_or_else(|| FunctionError::Invalid(format!("`{text}` is no date that azward can read; write it as `2030-12-31T00:00:00Z`")))
}

/// `dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y', 'yyyy-MM-dd')`; without a format, in that of the base.
pub fn add(args: Arguments<'_>) -> Answer {
    let base = moment(args, 0)?;
    let text = args.text(1)?;
    let Some(duration) = duration(text) else { return invalid(format!("`{text}` is no ISO 8601 duration, such as `P1Y` or `-PT3H`")) };
    let Ok(sum) = base.utc.checked_add(duration) else { return invalid("the date leaves the calendar") };
    let format = args.optional_text(2)?.unwrap_or(base.format);
    date_format::write(sum, format).map(Value::from)
}

fn epoch(moment: DateTime) -> Option<i64> {
    moment.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_second())
}

/// `dateTimeToEpoch('2020-04-07T14:53:14Z')`: seconds since 1970; without a date, of the moment of deployment.
pub fn to_epoch(args: Arguments<'_>) -> Answer {
    if args.values.is_empty() {
        return super::context::at_every_run(args);
    }
    epoch(moment(args, 0)?.utc).map_or_else(|| invalid("the date leaves the calendar"), |seconds| Ok(Value::from(seconds)))
}

/// `dateTimeFromEpoch(1683040573)`; without a number, of the moment of deployment.
pub fn from_epoch(args: Arguments<'_>) -> Answer {
    if args.values.is_empty() {
        return super::context::at_every_run(args);
    }
    let seconds = args.int(0)?;
    match Timestamp::from_second(seconds) {
        Ok(stamp) => date_format::write(stamp.to_zoned(TimeZone::UTC).datetime(), "yyyy-MM-ddTHH:mm:ssZ").map(Value::from),
        Err(_) => invalid(format!("{seconds} seconds leave the calendar")),
    }
}

/// Azure Policy's `addDays('2020-04-07T14:53:14Z', 30)`, always in the long ISO form.
pub fn add_days(args: Arguments<'_>) -> Answer {
    let (base, days) = (moment(args, 0)?, args.int(1)?);
    let sum = days.checked_mul(24).and_then(|hours| base.utc.checked_add(SignedDuration::from_hours(hours)).ok());
    match sum {
        Some(sum) => date_format::write(sum, "yyyy-MM-ddTHH:mm:ss.fffffffZ").map(Value::from),
        None => invalid("the date leaves the calendar"),
    }
}

/// The time `seconds` after 1970 in the .NET format `format`: what `utcNow(format)` gives at that time.
pub fn utc_text(seconds: i64, format: Option<&str>) -> Result<String, FunctionError> {
    match Timestamp::from_second(seconds) {
        Ok(stamp) => date_format::write(stamp.to_zoned(TimeZone::UTC).datetime(), format.unwrap_or("yyyyMMddTHHmmssZ")),
        Err(_) => invalid(format!("{seconds} seconds leave the calendar")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::call;
    use super::*;

    fn added(base: &str, duration: &str, format: Option<&str>) -> String {
        let mut args = vec![Value::from(base), Value::from(duration)];
        args.extend(format.map(Value::from));
        match call("dateTimeAdd", &args).expect("known") {
            Ok(value) => value.as_str().unwrap_or("").to_owned(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn durations_are_added_and_the_format_is_kept() {
        assert_eq!(added("2020-04-07 14:53:14Z", "P3Y", None), "2023-04-07 14:53:14Z");
        assert_eq!(added("2020-04-07 14:53:14Z", "-P9D", Some("yyyy-MM-dd")), "2020-03-29");
        assert_eq!(added("2020-04-07 14:53:14Z", "PT1H", Some("u")), "2020-04-07 15:53:14Z");
        assert_eq!(added("20200407T145314Z", "P1DT30M", None), "20200408T152314Z");
        assert_eq!(added("4/7/2020 2:53:14 PM", "P1M", None), "5/7/2020 2:53:14 PM");
        assert_eq!(added("2020-04-07T14:53:14+02:00", "PT0S", None), "2020-04-07T12:53:14Z");
        assert!(added("soon", "P1D", None).starts_with("error: `soon`"));
        assert!(added("2020-04-07", "1 day", None).starts_with("error: `1 day`"));
        assert!(added("2020-04-07", "P999999999999Y", None).starts_with("error: "));
    }

    #[test]
    fn epochs_go_both_ways() {
        let seconds = call("dateTimeToEpoch", &["2023-05-02T15:16:13Z".into()]).expect("known").expect("works");
        assert_eq!(seconds.as_int(), Some(1_683_040_573));
        let text = call("dateTimeFromEpoch", &[seconds]).expect("known").expect("works");
        assert_eq!(text.as_str(), Some("2023-05-02T15:16:13Z"));
        let later = call("addDays", &["2023-05-02T15:16:13Z".into(), 30.into()]).expect("known").expect("works");
        assert_eq!(later.as_str(), Some("2023-06-01T15:16:13.0000000Z"));
        assert_eq!(utc_text(1_683_040_573, None).as_deref(), Ok("20230502T151613Z"));
    }
}
