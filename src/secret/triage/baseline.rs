//! What was there when somebody first looked: later runs tell only what is new.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::hit::Hit;

/// Known hits by fingerprint, with how often each stands where. Holds no secret and no line numbers, so lines may move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    /// Version of this format.
    pub version: u32,
    /// Fingerprint to what is known of it.
    pub known: BTreeMap<String, Known>,
}

/// What is known of one secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Known {
    /// The rule.
    pub rule: String,
    /// The files that held it, with how often.
    pub paths: BTreeMap<String, u32>,
}

impl Baseline {
    /// Notes a hit.
    pub fn add(&mut self, path: &str, hit: &Hit) {
        self.note(path, &hit.rule(), &hit.fingerprint);
    }

    /// Notes a hit by what reports tell of it: its rule and its fingerprint.
    pub fn note(&mut self, path: &str, rule: &str, fingerprint: &str) {
        self.version = 1;
        let known = self.known.entry(fingerprint.to_owned()).or_insert_with(|| Known { rule: rule.to_owned(), paths: BTreeMap::new() });
        *known.paths.entry(path.to_owned()).or_default() += 1;
    }

    /// Whether the hit is known: the same secret, in whichever file. A secret that is copied is no new leak, but it must still be revoked once.
    pub fn knows(&self, hit: &Hit) -> bool {
        self.known.contains_key(&hit.fingerprint)
    }

    /// Reads what [`Baseline::to_json`] wrote.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text).map_err(|error| format!("this is no baseline of secrets: {error}"))?;
        if baseline.version > 1 {
            return Err(format!("this baseline is of version {}; this azward reads version 1", baseline.version));
        }
        Ok(baseline)
    }

    /// As JSON, in a stable order.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::Scanner, *};

    #[test]
    fn known_secrets_stay_known_where_lines_move() {
        let text = ["api_key = \"", "951bc382db9abad29c68634761dd6e19\""].concat();
        let scanner = Scanner::builtin();
        let hit = scanner.scan("a.txt", text.as_bytes()).remove(0);
        let mut baseline = Baseline::default();
        baseline.add("a.txt", &hit);
        let json = baseline.to_json();
        assert!(!json.contains("951bc382"));
        let read = Baseline::from_json(&json).unwrap();
        assert!(read.knows(&scanner.scan("b.txt", format!("\n\n{text}").as_bytes()).remove(0)));
        assert!(!read.knows(&scanner.scan("b.txt", text.replace("951", "152").as_bytes()).remove(0)));
        assert!(Baseline::from_json("{\"version\":2,\"known\":{}}").is_err());
    }
}
