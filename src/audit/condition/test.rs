use std::collections::HashSet;

use regex::bytes::Regex;

use super::deploy_window::DeployWindow;
use super::{Approval, Field, Glob, Origin};
use crate::log::address::Range;
use crate::log::json::Form;
use crate::log::tls::Tls;
use crate::log::{Event, Slot};

/// What a field must be. Texts compare without regard to ASCII case, as in Azure Policy; an absent field passes only `Exists(false)`.
#[derive(Clone, Debug)]
pub enum Test {
    /// The text is this.
    Equals(String),
    /// The text is one of these (lower case).
    In(HashSet<String>),
    /// The text is like one of these patterns, `*` for anything.
    Like(Vec<Glob>),
    /// One of these (lower case) is in the text.
    Contains(Vec<String>),
    /// There is such a field, or there is not.
    Exists(bool),
    /// The expression matches somewhere.
    Regex(Regex),
    /// A number, or a TLS version, smaller than this.
    Less(f64),
    /// Greater or equal.
    AtLeast(f64),
    /// The address is in one of these ranges.
    InRanges(Vec<Range>),
    /// The time is in one of these windows.
    InWindows(Vec<DeployWindow>),
    /// Somebody other than who asked and who acts has approved the change with this id, or at this time and place.
    Approved(Vec<Approval>),
}

impl Test {
    /// Whether the field of this event passes.
    pub fn passes(&self, field: &Field, event: &Event<'_>, origin: Origin<'_>) -> bool {
        match (field, self) {
            (field, Self::Approved(approvals)) => {
                let id = field.text(event, origin).unwrap_or_default();
                approvals.iter().any(|approval| approval.covers(&id, event))
            }
            (Field::Slot(slot @ Slot::DestinationIp), Self::InRanges(ranges)) => {
                let address = event.get(*slot).text().and_then(|text| crate::log::address::parse(&text));
                address.is_some_and(|address| ranges.iter().any(|range| range.contains(address)))
            }
            (_, Self::InRanges(ranges)) => event.address().is_some_and(|address| ranges.iter().any(|range| range.contains(address))),
            (_, Self::InWindows(windows)) => event.time().is_some_and(|(time, _)| windows.iter().any(|window| window.contains(time))),
            (Field::Tls, Self::Less(limit)) => event.tls().is_some_and(|version| number(version) < *limit),
            (Field::Tls, Self::AtLeast(limit)) => event.tls().is_some_and(|version| number(version) >= *limit),
            (Field::Identities, Self::Exists(wanted)) => event.identities().next().is_some() == *wanted,
            (Field::Identities, _) => event.identities().any(|raw| match raw.form {
                Form::Escaped => raw.text().is_some_and(|text| self.passes_bytes(text.as_bytes())),
                _ => self.passes_bytes(raw.bytes),
            }),
            // The commonest tests work on the bytes as they stand.
            (Field::Slot(slot), Self::Equals(word)) => event.get(*slot).is(word),
            (Field::Slot(slot), Self::Exists(wanted)) => event.get(*slot).is_set() == *wanted,
            (Field::Slot(slot), Self::Less(_) | Self::AtLeast(_)) => {
                event.get(*slot).number().is_some_and(|value| self.passes_number(value))
            }
            (Field::Slot(slot), Self::Contains(words)) => words.iter().any(|word| event.get(*slot).contains(word)),
            (Field::Slot(slot), _) if event.get(*slot).form == Form::Plain => {
                let bytes = event.get(*slot).bytes;
                !bytes.is_empty() && self.passes_bytes(bytes)
            }
            (field, Self::Exists(wanted)) => field.text(event, origin).is_some() == *wanted,
            (field, _) => field.text(event, origin).is_some_and(|text| self.passes_bytes(text.as_bytes())),
        }
    }

    fn passes_bytes(&self, text: &[u8]) -> bool {
        match self {
            Self::Equals(word) => text.eq_ignore_ascii_case(word.as_bytes()),
            // Comparing beats hashing as long as the list is short.
            Self::In(words) if words.len() <= 16 => words.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(text)),
            Self::In(words) => words.contains(String::from_utf8_lossy(text).to_ascii_lowercase().as_str()),
            Self::Like(patterns) => patterns.iter().any(|pattern| pattern.matches(text)),
            Self::Contains(words) => words.iter().any(|word| crate::log::json::contains_ignore_case(text, word.as_bytes())),
            Self::Exists(wanted) => *wanted,
            Self::Regex(regex) => regex.is_match(text),
            Self::Less(_) | Self::AtLeast(_) => {
                let number = std::str::from_utf8(text).ok().and_then(|text| text.trim().parse().ok());
                number.is_some_and(|value| self.passes_number(value))
            }
            Self::InRanges(_) | Self::InWindows(_) | Self::Approved(_) => false,
        }
    }

    fn passes_number(&self, value: f64) -> bool {
        match self {
            Self::Less(limit) => value < *limit,
            Self::AtLeast(limit) => value >= *limit,
            _ => false,
        }
    }

    /// The field that a rule names beside a test that looks at the whole event needs no slot of its own.
    pub const fn time_or_address() -> [Slot; 2] {
        [Slot::Time, Slot::CallerIp]
    }
}

fn number(version: Tls) -> f64 {
    version.as_str().parse().unwrap_or(0.0)
}
