//! Lines that put something off: backups that follow after the launch, alerts of a later phase. And whether they say until when.

use super::lines::Page;
use super::topics::{contains_words, words};
use crate::model::{FileId, Kind, Object, Span, Value};

/// What is put off, and the words for it.
const TOPICS: [(&str, &[&str]); 2] =
    [("backup", &["backup", "back up", "retention", "geo redundant backup"]), ("alerting", &["alert", "alerting", "alert rule", "paging"])];

/// Words that put something off.
const LATER: [&str; 14] = [
    "after launch",
    "after the launch",
    "after initial launch",
    "after the initial launch",
    "post launch",
    "after go live",
    "later phase",
    "phase 2",
    "phase two",
    "deferred",
    "postponed",
    "put off",
    "added later",
    "follow later",
];

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Most that one page may put off.
const MOST: usize = 100;

/// `{ topic, dated }` of every line that puts something off, at the line.
pub fn deferrals(file: FileId, page: &Page<'_>) -> Vec<Value> {
    let mut found = Vec::new();
    for line in page.lines.iter().filter(|line| !line.code) {
        let plain = words(line.text);
        if !LATER.iter().any(|phrase| contains_words(&plain, phrase)) {
            continue;
        }
        let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        let place = Span::new(file, to(line.start), to(line.start + line.text.len()));
        let topics = TOPICS.iter().filter(|(_, phrases)| phrases.iter().any(|phrase| contains_words(&plain, phrase)));
        for (topic, _) in topics {
            if found.len() >= MOST {
                return found;
            }
            let mut object = Object::with_capacity(2);
            object.set("topic", Value::at(Kind::Str((*topic).into()), place));
            object.set("dated", Value::at(Kind::Bool(is_dated(&plain)), place));
            found.push(Value::at(Kind::Object(object.into()), place));
        }
    }
    found
}

/// Whether a line (in plain words) names a day, a month with its year, or a quarter: `2026 09 30`, `march 2027`, `q3 2026`.
fn is_dated(plain: &str) -> bool {
    let tokens: Vec<&str> = plain.split(' ').collect();
    let is_year = |word: &str| word.len() == 4 && word.starts_with("20") && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_period = |word: &str| {
        let quarter = word.strip_prefix('q').is_some_and(|rest| matches!(rest, "1" | "2" | "3" | "4"));
        let number = word.len() <= 2 && word.parse::<u8>().is_ok_and(|number| (1..=31).contains(&number));
        quarter || number || MONTHS.iter().any(|month| *month == word || (word.len() == 3 && month.starts_with(word)))
    };
    tokens.windows(2).any(|pair| match pair {
        [a, b] => (is_year(a) && is_period(b)) || (is_period(a) && is_year(b)),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::lines::read;
    use super::*;

    fn of(text: &str) -> Vec<(String, bool)> {
        let all = deferrals(FileId::NONE, &read(text));
        let part = |value: &Value| (value.get("topic")?.as_str().map(str::to_owned)).zip(value.get("dated")?.as_bool());
        all.iter().map(|value| part(value).unwrap()).collect()
    }

    #[test]
    fn what_is_put_off_is_told_from_what_is_there() {
        assert_eq!(of("Backups follow after launch."), [("backup".to_owned(), false)]);
        assert_eq!(of("Backups and alerts: phase 2, Q3 2026"), [("backup".to_owned(), true), ("alerting".to_owned(), true)]);
        assert_eq!(of("Alerting is deferred until 2026-09-30"), [("alerting".to_owned(), true)]);
        assert_eq!(of("Alerting is deferred until 30 Sep 2026"), [("alerting".to_owned(), true)]);
        assert_eq!(of("After launch, backups run for 2000 users"), [("backup".to_owned(), false)]);
        assert!(of("Backups are kept for 35 days.").is_empty());
        assert!(of("The party is deferred.").is_empty());
    }
}
