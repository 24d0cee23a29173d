//! .NET's date format strings with the invariant culture: `u`, `o`, `d`, `yyyy-MM-dd'T'HH:mm:ssZ` …

use std::fmt::Write;

use jiff::civil::DateTime;

use super::arguments::invalid;
use crate::expression::FunctionError;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Writes a moment of UTC in a .NET format: a standard one of one letter, or a custom one.
pub fn write(moment: DateTime, format: &str) -> Result<String, FunctionError> {
    if format.len() > 1024 {
        return invalid("a date format of more than 1024 characters");
    }
    let custom = match format {
        "" => "MM/dd/yyyy HH:mm:ss",
        "d" => "MM/dd/yyyy",
        "D" => "dddd, dd MMMM yyyy",
        "f" => "dddd, dd MMMM yyyy HH:mm",
        "F" | "U" => "dddd, dd MMMM yyyy HH:mm:ss",
        "g" => "MM/dd/yyyy HH:mm",
        "G" => "MM/dd/yyyy HH:mm:ss",
        "m" | "M" => "MMMM dd",
        "o" | "O" => "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
        "r" | "R" => "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
        "s" => "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
        "t" => "HH:mm",
        "T" => "HH:mm:ss",
        "u" => "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
        "y" | "Y" => "yyyy MMMM",
        one if one.len() == 1 => return invalid(format!("`{one}` is no format of dates")),
        custom => custom,
    };
    let mut out = String::new();
    let mut rest = custom.strip_prefix('%').unwrap_or(custom);
    while let Some(letter) = rest.chars().next() {
        if let '\'' | '"' = letter {
            let inner = rest.get(1..).unwrap_or("");
            let Some((text, after)) = inner.split_once(letter) else { return invalid(format!("`{format}` has a quote without its end")) };
            out.push_str(text);
            rest = after;
            continue;
        }
        if letter == '\\' {
            let mut chars = rest.chars();
            chars.next();
            out.extend(chars.next());
            rest = chars.as_str();
            continue;
        }
        let width = rest.chars().take_while(|c| *c == letter).count();
        rest = rest.get(width * letter.len_utf8()..).unwrap_or("");
        part(&mut out, moment, letter, width);
    }
    Ok(out)
}

/// Writes one run of the same letter.
fn part(out: &mut String, moment: DateTime, letter: char, width: usize) {
    let mut number = |n: i64, width: usize| {
        let _ = write!(out, "{n:0width$}");
    };
    let name = |names: &[&'static str], at: i8| names.get(usize::try_from(at).unwrap_or(0)).copied().unwrap_or("");
    let short = |name: &'static str| name.get(..3).unwrap_or(name);
    let hour12 = (i64::from(moment.hour()) + 11) % 12 + 1;
    match (letter, width) {
        ('y', 1 | 2) => number(i64::from(moment.year()) % 100, width),
        ('y', _) => number(i64::from(moment.year()), width),
        ('M', 1 | 2) => number(i64::from(moment.month()), width),
        ('M', 3) => out.push_str(short(name(&MONTHS, moment.month() - 1))),
        ('M', _) => out.push_str(name(&MONTHS, moment.month() - 1)),
        ('d', 1 | 2) => number(i64::from(moment.day()), width),
        ('d', 3) => out.push_str(short(name(&DAYS, moment.date().weekday().to_sunday_zero_offset()))),
        ('d', _) => out.push_str(name(&DAYS, moment.date().weekday().to_sunday_zero_offset())),
        ('H', _) => number(i64::from(moment.hour()), width.min(2)),
        ('h', _) => number(hour12, width.min(2)),
        ('m', _) => number(i64::from(moment.minute()), width.min(2)),
        ('s', _) => number(i64::from(moment.second()), width.min(2)),
        ('f' | 'F', _) => {
            let digits = format!("{:09}", moment.subsec_nanosecond());
            let digits = digits.get(..width.min(7)).unwrap_or("");
            out.push_str(if letter == 'F' { digits.trim_end_matches('0') } else { digits });
        }
        ('t', 1) => out.push(if moment.hour() < 12 { 'A' } else { 'P' }),
        ('t', _) => out.push_str(if moment.hour() < 12 { "AM" } else { "PM" }),
        ('K', _) => out.push_str(&"Z".repeat(width)),
        ('z', 1) => out.push_str("+0"),
        ('z', 2) => out.push_str("+00"),
        ('z', _) => out.push_str("+00:00"),
        ('g', _) => out.push_str("A.D."),
        (other, width) => out.extend(std::iter::repeat_n(other, width)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_those_of_dotnet() {
        let moment = jiff::civil::date(2024, 2, 3).at(16, 5, 6, 120_000_000);
        for (format, wanted) in [
            ("yyyyMMddTHHmmssZ", "20240203T160506Z"),
            ("u", "2024-02-03 16:05:06Z"),
            ("o", "2024-02-03T16:05:06.1200000Z"),
            ("d", "02/03/2024"),
            ("R", "Sat, 03 Feb 2024 16:05:06 GMT"),
            ("ddd d MMM yy, h:mm tt", "Sat 3 Feb 24, 4:05 PM"),
            ("dddd MMMM", "Saturday February"),
            ("'at' HH\\h", "at 16h"),
            ("%h", "4"),
            ("ss.FFF", "06.12"),
        ] {
            assert_eq!(write(moment, format).as_deref(), Ok(wanted), "{format}");
        }
        assert!(write(moment, "q").is_err() && write(moment, "yyyy'").is_err());
    }
}
