//! Hits that a person accepts: each entry says why and until when.

use globset::GlobSet;
use jiff::civil::Date;
use serde::Deserialize;

use super::super::{detector::globs, hit::Hit, yaml};

/// An allowlist that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AllowlistError {
    /// It is not YAML, or not a list of entries.
    #[error("{path}: {why}; an allowlist is a list `allow` of entries with `reason` and at least one of `fingerprint`, `detector`, `path`")]
    Shape {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// An entry accepts too much, or does not say why.
    #[error("{path}: entry {entry}: {why}")]
    Entry {
        /// The file.
        path: String,
        /// Which entry, from 1.
        entry: usize,
        /// What is wrong, and what to do.
        why: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    allow: Vec<Raw>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    reason: Option<String>,
    #[serde(default)]
    fingerprint: Option<String>,
    #[serde(default)]
    detector: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    until: Option<String>,
}

/// Accepted hits.
#[derive(Debug, Default)]
pub struct Allowlist {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    reason: String,
    fingerprint: Option<String>,
    detector: Option<String>,
    path: Option<GlobSet>,
    until: Option<Date>,
}

/// Why a hit is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Which entry, from 0: the caller tells entries that matched nothing.
    pub entry: usize,
    /// The reason that a person gave.
    pub reason: String,
    /// Its last day (RFC 3339 date), where it ends.
    pub until: Option<String>,
}

impl Allowlist {
    /// Reads `text`.
    ///
    /// # Errors
    /// What is wrong with which entry. An entry without a reason is an error: nobody could review it.
    pub fn read(path: &str, text: &str) -> Result<Self, AllowlistError> {
        let shape = |why: String| AllowlistError::Shape { path: path.to_owned(), why };
        let file: RawFile = serde_json::from_value(yaml::parse(text).map_err(shape)?).map_err(|error| shape(error.to_string()))?;
        let mut entries = Vec::new();
        for (at, raw) in file.allow.into_iter().enumerate() {
            let wrong = |why: String| AllowlistError::Entry { path: path.to_owned(), entry: at + 1, why };
            let Some(reason) = raw.reason.filter(|reason| !reason.trim().is_empty()) else {
                return Err(wrong("it has no `reason`; say who accepted it and why".to_owned()));
            };
            if raw.fingerprint.is_none() && raw.path.is_none() {
                return Err(wrong("it would accept every hit; give a `fingerprint` or a `path`".to_owned()));
            }
            let until = raw.until.as_deref().map(str::parse::<Date>).transpose();
            let until = until.map_err(|error| wrong(format!("`until` is no date such as 2026-12-31: {error}")))?;
            let globs = raw.path.map(|glob| globs(&[glob])).transpose().map_err(wrong)?;
            entries.push(Entry { reason, fingerprint: raw.fingerprint, detector: raw.detector, path: globs, until });
        }
        Ok(Self { entries })
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What is wrong with entries after a run: those that ended, and those that accepted nothing. `used` says which did.
    pub fn remarks(&self, path: &str, used: impl Fn(usize) -> bool, today: Date) -> Vec<String> {
        let remark = |(at, entry): (usize, &Entry)| {
            let number = at + 1;
            match entry.until {
                Some(until) if today > until => {
                    Some(format!("{path}: entry {number} ended on {until}; renew it or remove it ({})", entry.reason))
                }
                _ if !used(at) => Some(format!("{path}: entry {number} accepts nothing that was found; remove it ({})", entry.reason)),
                _ => None,
            }
        };
        self.entries.iter().enumerate().filter_map(remark).collect()
    }

    /// Whether `hit` in the file `path` is accepted on the day `today` (RFC 3339 date). An entry holds up to and including its last day.
    pub fn accepts(&self, path: &str, hit: &Hit, today: &str) -> Option<Allowed> {
        let today = today.parse::<Date>().ok();
        let position = self.entries.iter().position(|entry| {
            let current = match (entry.until, today) {
                (Some(until), Some(today)) => today <= until,
                // Without a clock nothing that ends can be trusted to hold.
                (Some(_), None) => false,
                (None, _) => true,
            };
            current
                && entry.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == hit.fingerprint)
                && entry.detector.as_ref().is_none_or(|detector| **detector == *hit.detector || *detector == hit.rule())
                && entry.path.as_ref().is_none_or(|globs| globs.is_match(path))
        })?;
        let entry = self.entries.get(position)?;
        Some(Allowed { entry: position, reason: entry.reason.clone(), until: entry.until.map(|date| date.to_string()) })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::Scanner, *};

    #[test]
    fn entries_hold_until_their_last_day() {
        let text = ["password = \"", "k9Zq!2LmW8x\""].concat();
        let hit = Scanner::builtin().scan("a.txt", text.as_bytes()).remove(0);
        let list = format!("allow:\n- fingerprint: {}\n  reason: test data\n  until: 2026-06-30\n", hit.fingerprint);
        let list = Allowlist::read("a.yaml", &list).unwrap();
        assert_eq!(list.accepts("x", &hit, "2026-06-30").unwrap().reason, "test data");
        assert!(list.accepts("x", &hit, "2026-07-01").is_none());
        let moved = ["\n\n  password  =  \"", "k9Zq!2LmW8x\""].concat();
        let moved = Scanner::builtin().scan("other.txt", moved.as_bytes()).remove(0);
        assert!(list.accepts("other.txt", &moved, "2026-01-01").is_some(), "the fingerprint survives a move");
        let by_path = Allowlist::read("a.yaml", "allow: [{path: 'tests/**', detector: generic-password, reason: invented}]").unwrap();
        assert!(by_path.accepts("tests/x/y.txt", &hit, "").is_some() && by_path.accepts("src/y.txt", &hit, "").is_none());
    }

    #[test]
    fn careless_entries_are_errors() {
        for text in [
            "allow: [{fingerprint: x}]",
            "allow: [{reason: x}]",
            "allow: [{path: a, reason: x, until: soon}]",
            "allow: 3",
            "allow: [{paths: a}]",
        ] {
            assert!(Allowlist::read("a.yaml", text).is_err(), "{text}");
        }
    }
}
