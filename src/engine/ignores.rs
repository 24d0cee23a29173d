//! Inline ignores: `azward:ignore RULE[, RULE] [until 2027-01-31]: why`, on the line itself or on the line before.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;

use crate::model::Suppression;

const MARK: &str = "azward:ignore";

/// The ignores of one file.
#[derive(Debug, Default)]
pub struct Ignores {
    by_line: HashMap<u32, Vec<Ignore>>,
}

#[derive(Debug)]
struct Ignore {
    rules: Vec<String>,
    reason: String,
    until: Option<Date>,
    used: AtomicBool,
}

impl Ignores {
    /// Reads the ignores of a text.
    pub fn parse(text: &str) -> Self {
        let mut by_line: HashMap<u32, Vec<Ignore>> = HashMap::new();
        if memchr::memmem::find(text.as_bytes(), MARK.as_bytes()).is_none() {
            return Self::default();
        }
        for (number, line) in (1u32..).zip(text.lines()) {
            if let Some(ignore) = line.split_once(MARK).and_then(|(_, rest)| Ignore::parse(rest)) {
                by_line.entry(number).or_default().push(ignore);
            }
        }
        Self { by_line }
    }

    /// Whether `rule` is accepted at `line`, and why. Marks the ignore as used.
    pub fn accepts(&self, rule: &str, line: u32, today: Date) -> Option<Suppression> {
        let candidates = [line, line.saturating_sub(1)];
        let all = candidates.iter().filter_map(|line| self.by_line.get(line)).flatten();
        let ignore = all.into_iter().find(|ignore| ignore.rules.iter().any(|name| name == rule || name == "*"))?;
        ignore.used.store(true, Ordering::Relaxed);
        let expired = ignore.until.is_some_and(|until| today > until);
        if ignore.reason.is_empty() || expired {
            return None;
        }
        Some(Suppression { kind: "inline".into(), reason: ignore.reason.clone(), until: ignore.until.map(|date| date.to_string()) })
    }

    /// What is wrong with the ignores of this file: no reason, expired, or nothing to ignore.
    pub fn notices(&self, path: &str, today: Date) -> Vec<String> {
        let mut lines: Vec<_> = self.by_line.iter().collect();
        lines.sort_by_key(|(line, _)| **line);
        let all = lines.into_iter().flat_map(|(line, ignores)| ignores.iter().map(move |ignore| (line, ignore)));
        let mut notices = Vec::new();
        for (line, ignore) in all {
            let rules = ignore.rules.join(", ");
            if ignore.reason.is_empty() {
                notices.push(format!("{path}:{line}: the ignore of {rules} has no reason and does not count; write `{MARK} {rules}: why`"));
            } else if let Some(until) = ignore.until.filter(|until| today > *until) {
                notices.push(format!("{path}:{line}: the ignore of {rules} ended on {until}; mend the finding or renew the ignore"));
            } else if !ignore.used.load(Ordering::Relaxed) {
                notices.push(format!("{path}:{line}: the ignore of {rules} matched nothing; take it out"));
            }
        }
        notices
    }
}

impl Ignore {
    /// Reads what follows the mark.
    fn parse(rest: &str) -> Option<Self> {
        let (head, reason) = rest.split_once(':').unwrap_or((rest, ""));
        let reason = reason.trim().trim_end_matches("*/").trim_end_matches("-->").trim().to_owned();
        let (names, until) = head.split_once(" until ").map_or((head, None), |(names, until)| (names, until.trim().parse().ok()));
        let is_id = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_*.".contains(c));
        let rules: Vec<String> = names.split([',', ' ']).map(str::trim).filter(is_id).map(str::to_owned).collect();
        (!rules.is_empty()).then_some(Self { rules, reason, until, used: AtomicBool::new(false) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 21);

    #[test]
    fn a_reason_is_mandatory_and_an_end_is_kept() {
        let text = "a\n// azward:ignore rule-a, rule-b: legacy client\nb\n# azward:ignore rule-c\nc\n/* azward:ignore rule-d until 2026-01-01: later */\nd\n";
        let ignores = Ignores::parse(text);
        assert_eq!(ignores.accepts("rule-b", 3, TODAY).map(|found| found.reason), Some("legacy client".into()));
        assert_eq!(ignores.accepts("rule-b", 2, TODAY).map(|found| found.reason), Some("legacy client".into()));
        assert!(ignores.accepts("rule-x", 3, TODAY).is_none());
        assert!(ignores.accepts("rule-c", 5, TODAY).is_none());
        assert!(ignores.accepts("rule-d", 7, TODAY).is_none());
        let notices = ignores.notices("x", TODAY);
        assert_eq!(notices.len(), 2, "{notices:?}");
        assert!(notices[0].contains("no reason") && notices[1].contains("ended on 2026-01-01"));
    }

    #[test]
    fn an_ignore_of_nothing_is_reported() {
        let notices = Ignores::parse("# azward:ignore rule-a: because").notices("f", TODAY);
        assert_eq!(notices, ["f:1: the ignore of rule-a matched nothing; take it out"]);
    }
}
