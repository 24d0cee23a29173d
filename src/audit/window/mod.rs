//! What a rule says at the end of the stream: which groups are findings.

mod absence;
mod count;
mod lasting;
mod related;
mod sequence;
mod share;

use std::collections::HashMap;

use super::group::{Group, Spot};
use super::pass::SEPARATOR;
use super::rule::{Compiled, Following};
use crate::log::time::Moment;

/// A group that is a finding.
pub struct Judged {
    /// Its key.
    pub key: String,
    /// Its events.
    pub group: Group,
    /// Where to look.
    pub spot: Spot,
    /// What the window adds to the sentence.
    pub detail: String,
    /// Set where the logs do not reach far enough to tell.
    pub unknown: Option<String>,
}

/// The findings of a rule.
pub fn judge(
    rule: &Compiled,
    groups: HashMap<String, Group>,
    answers: &HashMap<String, Vec<Moment>>,
    period: Option<(Moment, Moment)>,
    now: Option<Moment>,
) -> Vec<Judged> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| a.0.cmp(&b.0));
    let period = period.map(|(from, until)| (from, now.map_or(until, |now| now.max(until))));
    match &rule.following {
        Following::Each => groups.into_iter().map(|(key, group)| each(key, group)).collect(),
        Following::Count { at_least, within } => {
            groups.into_iter().filter_map(|(key, group)| count::judge(key, group, *at_least, *within)).collect()
        }
        Following::Absence { within, active_hours, subjects } => {
            absence::judge(groups, period, *within, *active_hours as usize, subjects.is_some())
        }
        Following::Sequence { steps, .. } => groups.into_iter().filter_map(|(key, group)| sequence::judge(key, group, steps)).collect(),
        Following::Related { within, relation, .. } => {
            let answers = related::Answers::new(answers, *within, period);
            groups.into_iter().filter_map(|(key, group)| answers.judge(key, group, *relation)).collect()
        }
        Following::Share { at_most, events, within, unless, .. } => {
            let excuse = unless.as_ref().map(|(_, within)| (answers, *within));
            share::judge(groups, *at_most, *events, *within, excuse)
        }
        Following::Lasting { at_most, since } => {
            groups.into_iter().filter_map(|(key, group)| lasting::judge(key, group, *at_most, since.is_some())).collect()
        }
    }
}

fn each(key: String, group: Group) -> Judged {
    Judged { key, spot: group.first, group, detail: String::new(), unknown: None }
}

/// `3 h 20 min` for people.
fn span_text(micros: i64) -> String {
    let (seconds, minutes) = (micros / 1_000_000, micros / 60_000_000);
    if seconds < 600 && seconds % 60 != 0 {
        return if minutes == 0 { format!("{seconds} s") } else { format!("{minutes} min {} s", seconds % 60) };
    }
    match (minutes / 1440, minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// A key for people.
pub fn key_text(key: &str) -> String {
    key.replace(SEPARATOR, ", ").replace(super::pass::FOLLOWS, " ").trim().to_owned()
}
