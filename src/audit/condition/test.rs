use std::collections::HashSet;

use regex::bytes::Regex;

use super::deploy_window::DeployWindow;
use super::{Approval, Field, Origin};
use crate::log::address::Range;
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
    Like(Vec<String>),
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
            (Field::Identities, _) => event.identities().any(|raw| raw.text().is_some_and(|text| self.passes_text(&text))),
            // The commonest tests work on the bytes as they stand.
            (Field::Slot(slot), Self::Equals(word)) => event.get(*slot).is(word),
            (Field::Slot(slot), Self::Exists(wanted)) => event.get(*slot).is_set() == *wanted,
            (Field::Slot(slot), Self::Less(_) | Self::AtLeast(_)) => {
                event.get(*slot).number().is_some_and(|value| self.passes_number(value))
            }
            (Field::Slot(slot), Self::Contains(words)) => words.iter().any(|word| event.get(*slot).contains(word)),
            (field, Self::Exists(wanted)) => field.text(event, origin).is_some() == *wanted,
            (field, _) => field.text(event, origin).is_some_and(|text| self.passes_text(&text)),
        }
    }

    fn passes_text(&self, text: &str) -> bool {
        match self {
            Self::Equals(word) => text.eq_ignore_ascii_case(word),
            Self::In(words) => {
                if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    words.contains(text.to_ascii_lowercase().as_str())
                } else {
                    words.contains(text)
                }
            }
            Self::Like(patterns) => patterns.iter().any(|pattern| like(pattern.as_bytes(), text.as_bytes())),
            Self::Contains(words) => words.iter().any(|word| crate::log::json::contains_ignore_case(text.as_bytes(), word.as_bytes())),
            Self::Exists(wanted) => *wanted,
            Self::Regex(regex) => regex.is_match(text.as_bytes()),
            Self::Less(_) | Self::AtLeast(_) => text.trim().parse().is_ok_and(|value| self.passes_number(value)),
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

/// `*` stands for anything; ASCII case does not count. Linear in time, without recursion.
pub fn like(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        let (wanted, found) = (pattern.get(p), text.get(t));
        if wanted == Some(&b'*') {
            star = Some((p, t));
            p += 1;
        } else if wanted.zip(found).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b)) {
            p += 1;
            t += 1;
        } else if let Some((at, from)) = star {
            star = Some((at, from + 1));
            p = at + 1;
            t = from + 1;
        } else {
            return false;
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn like_is_a_glob() {
        assert!(like(b"*prod*", b"/sub/rg-PROD/kv") && like(b"*", b"") && like(b"a*c", b"abbbc") && like(b"abc", b"ABC"));
        assert!(!like(b"a*c", b"abbb") && !like(b"abc", b"abcd") && !like(b"", b"x"));
    }

    proptest::proptest! {
        #[test]
        fn like_agrees_with_globset(pattern in "[ab*]{0,8}", text in "[ab]{0,12}") {
            let glob = globset::GlobBuilder::new(&pattern).literal_separator(false).build().expect("valid").compile_matcher();
            proptest::prop_assert_eq!(like(pattern.as_bytes(), text.as_bytes()), glob.is_match(&text));
        }
    }
}
