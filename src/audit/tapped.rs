use std::collections::HashMap;

use crate::model::{Finding, Related};

/// What a tap found, one finding for each rule and value: a secret that is logged a million times is one finding.
#[derive(Debug, Default)]
pub struct Tapped {
    findings: Vec<(Finding, u64)>,
    known: HashMap<(String, String), usize>,
    dropped: u64,
}

/// Most different findings that are kept.
const LIMIT: usize = 20_000;

impl Tapped {
    /// Takes in the next one, in the order of the stream.
    pub fn add(&mut self, finding: Finding) {
        let key = (finding.rule.clone(), finding.fingerprint.clone());
        if let Some((first, count)) = self.known.get(&key).and_then(|at| self.findings.get_mut(*at)) {
            *count += 1;
            first.related = vec![Related { place: finding.place, message: format!("the last of {count}") }];
        } else if self.findings.len() < LIMIT {
            self.known.insert(key, self.findings.len());
            self.findings.push((finding, 1));
        } else {
            self.dropped += 1;
        }
    }

    /// Said where there were more than are kept.
    pub fn notice(&self) -> Option<String> {
        (self.dropped > 0).then(|| format!("{} further secrets in logs are not listed; the first {LIMIT} are", self.dropped))
    }

    /// The findings; the sentence says how often.
    pub fn into_findings(self) -> impl Iterator<Item = Finding> {
        self.findings.into_iter().map(|(mut finding, count)| {
            if count > 1 {
                finding.message.push_str(&format!(", {count} times"));
            }
            finding
        })
    }
}
