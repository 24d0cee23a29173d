//! What documents state: recovery objectives, the steps of a recovery, procedures that they describe.

use super::lines::Page;
use super::topics::{contains_words, words};
use crate::model::{FileId, Kind, Span, Value};

/// Most objectives that one document may state.
const MOST: usize = 100;

/// Every time that stands beside `short` (or `long`), in minutes, at its line.
pub fn objectives(file: FileId, page: &Page<'_>, short: &str, long: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let names = |text: &str| {
        let plain = words(text);
        contains_words(&plain, short) || contains_words(&plain, long)
    };
    let lines: Vec<(&str, usize)> = {
        let headings = page.headings.iter().map(|heading| (heading.text.as_str(), heading.start));
        let mut all: Vec<(&str, usize)> = page.lines.iter().map(|line| (line.text, line.start)).chain(headings).collect();
        all.sort_by_key(|(_, start)| *start);
        all
    };
    for (index, (line, start)) in lines.iter().enumerate() {
        if !names(line) || found.len() >= MOST {
            continue;
        }
        let lower = line.to_ascii_lowercase();
        let at = [short, long].iter().filter_map(|name| Some(lower.find(name)? + name.len())).min().unwrap_or_default();
        // What stands behind the name on its line, or on the next line with text (a heading, a list, a table's cell).
        let after = line.get(at..).unwrap_or_default();
        let behind = minutes(cut(after, short)).map(|minutes| (minutes, *start, line.len()));
        let below = || {
            let (next, start) = lines.iter().skip(index + 1).find(|(text, _)| !text.trim().is_empty())?;
            (!names(next) && is_label(after)).then(|| minutes(next)).flatten().map(|minutes| (minutes, *start, next.len()))
        };
        if let Some((minutes, start, length)) = behind.or_else(below) {
            let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
            found.push(Value::at(Kind::Int(minutes), Span::new(file, to(start), to(start + length))));
        }
    }
    found
}

/// What belongs to the objective `own`: up to the name of another one.
fn cut<'a>(text: &'a str, own: &str) -> &'a str {
    let lower = text.to_ascii_lowercase();
    let others = if own == "rto" { ["rpo", "recovery point", "mtd"] } else { ["rto", "recovery time", "mtd"] };
    let end = others.iter().filter_map(|name| lower.find(name)).min();
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Whether nothing but marks follows a name, so that its value may stand below.
fn is_label(after: &str) -> bool {
    !after.chars().any(|c| c.is_ascii_digit()) && words(after).split(' ').count() <= 4
}

/// The first time in a text, in minutes: `4 hours`, `< 15 min`, `1h`, `one hour`.
pub fn minutes(text: &str) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    let tokens: Vec<String> = {
        let mut tokens = vec![String::new()];
        let mut digits = None;
        for c in lower.chars() {
            let is_digit = c.is_ascii_digit() || (c == '.' && digits == Some(true));
            if !c.is_ascii_alphanumeric() && !is_digit {
                tokens.push(String::new());
                digits = None;
                continue;
            }
            if digits.is_some_and(|digits| digits != is_digit) {
                tokens.push(String::new());
            }
            digits = Some(is_digit);
            if let Some(last) = tokens.last_mut() {
                last.push(c);
            }
        }
        tokens.into_iter().filter(|token| !token.is_empty()).collect()
    };
    tokens.windows(2).find_map(|pair| {
        let [number, unit] = pair else { return None };
        let number: f64 = match number.as_str() {
            "one" | "an" => 1.0,
            "two" => 2.0,
            "four" => 4.0,
            "five" => 5.0,
            "fifteen" => 15.0,
            "thirty" => 30.0,
            number => number.trim_end_matches('.').parse().ok()?,
        };
        let factor = match unit.as_str() {
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0 / 60.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 1.0,
            "h" | "hr" | "hrs" | "hour" | "hours" => 60.0,
            "d" | "day" | "days" => 1440.0,
            _ => return None,
        };
        let total = (number * factor).ceil();
        #[expect(clippy::cast_possible_truncation, reason = "bounded on the line itself")]
        (0.0..1.0e9).contains(&total).then_some(total as i64)
    })
}

/// Procedures that a document may describe, and the words that show it: one of each group, anywhere in its text or headings.
const MENTIONS: [(&str, &[&[&str]]); 15] = [
    ("assess", &[&["assess", "assessment", "triage", "declare", "identify the"]]),
    ("failover", &[&["failover", "fail over", "switch region", "switch to the secondary", "secondary region", "switch traffic"]]),
    ("restore", &[&["restore", "restoring", "recover data", "point in time"]]),
    ("validate", &[&["validate", "validation", "verify", "verification", "smoke test"]]),
    ("resume", &[&["resume", "resumption", "fail back", "failback", "return to normal", "reopen"]]),
    ("rootCause", &[&["root cause", "post mortem", "postmortem", "post incident"]]),
    ("secondRegion", &[&["secondary region", "paired region", "second region", "other region", "failover region"]]),
    ("pointInTimeRestore", &[&["point in time", "pitr"]]),
    (
        "noRestartWithoutVault",
        &[&["key vault", "vault"], &["do not restart", "don t restart", "never restart", "avoid restart", "no restart"]],
    ),
    ("slotSwap", &[&["slot swap", "swap slot", "swap the slot", "swap slots", "swap back", "deployment slot swap", "swap the slots"]]),
    (
        "dataRollback",
        &[&[
            "data rollback",
            "downgrade",
            "restore the database",
            "database restore",
            "roll back data",
            "point in time",
            "alembic downgrade",
        ]],
    ),
    ("coreTools", &[&["func start", "func host start", "core tools"]]),
    ("azLogin", &[&["az login"]]),
    ("smokeCommands", &[&["version"], &["auth test"]]),
    ("imageTag", &[&["previous image", "previous tag", "image tag", "previous version", "previous revision", "digest"]]),
];

/// The procedures that the page describes.
pub fn mentions(page: &Page<'_>) -> Vec<Value> {
    let mut text = String::new();
    for line in page.lines.iter().map(|line| line.text).chain(page.headings.iter().map(|heading| heading.text.as_str())) {
        text.push_str(&words(line));
        text.push(' ');
    }
    let text = text.trim_end().to_owned();
    let shown = |groups: &[&[&str]]| groups.iter().all(|group| group.iter().any(|phrase| contains_words(&text, phrase)));
    MENTIONS.iter().filter(|(_, groups)| shown(groups)).map(|(name, _)| Value::str(*name)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::lines::read;
    use super::*;
    use proptest::prelude::*;

    fn rto(text: &str) -> Vec<i64> {
        objectives(FileId::NONE, &read(text), "rto", "recovery time objective").iter().filter_map(Value::as_int).collect()
    }

    #[test]
    fn objectives_are_found_in_sentences_tables_lists_and_below_headings() {
        assert_eq!(rto("The RTO is 4 hours and the RPO is 15 minutes."), [240]);
        assert_eq!(rto("| Objective | Target |\n|---|---|\n| RTO | < 1 hour |\n| RPO | 5 min |\n"), [60]);
        assert_eq!(rto("- **Recovery Time Objective (RTO)**: 30m\n"), [30]);
        assert_eq!(rto("### RTO\n\n4h\n"), [240]);
        assert_eq!(rto("RTO and RPO: 4 hours and 15 minutes"), Vec::<i64>::new(), "whose is which is not said");
        assert_eq!(rto("Our cartoon lasts 3 minutes"), Vec::<i64>::new());
    }

    #[test]
    fn procedures_need_all_their_words() {
        let of = |text: &str| mentions(&read(text)).iter().filter_map(|one| one.as_str().map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(of("While Key Vault is down, do not restart the app."), ["noRestartWithoutVault"]);
        assert_eq!(of("Restart the app when the vault is back."), Vec::<String>::new());
        assert_eq!(of("1. Assess\n2. Switch region\n3. Restore\n4. Verify\n5. Resume\n6. Root-cause analysis\n").len(), 6);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(?s)[RTOrpo0-9hms.:|# é\\n-]{0,100}") {
            for value in objectives(FileId::NONE, &read(&text), "rto", "recovery time objective") {
                prop_assert!(value.as_int().is_some_and(|n| n >= 0));
            }
        }
    }
}
