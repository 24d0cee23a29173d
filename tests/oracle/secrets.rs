//! Precision and recall of the secret detectors on labelled cases of three other scanners.
//!
//! A case is flagged when anything is found in it. Recall is over the positives of a source, precision over all cases that were flagged.
//! A negative that its source tests as "not a secret of this rule" while it plainly holds another one is judged by `ANOTHER_SECRET`.

use std::{collections::BTreeMap, fs};

use azward::secret::Scanner;
use serde_json::Value;

use crate::support;

const SOURCES: [&str; 3] = ["gitleaks", "kingfisher", "noseyparker"];

#[derive(Default)]
struct Tally {
    found: u32,
    missed: u32,
    wrong: u32,
    quiet: u32,
}

impl Tally {
    fn precision(&self) -> f64 {
        100.0 * f64::from(self.found) / f64::from((self.found + self.wrong).max(1))
    }

    fn recall(&self) -> f64 {
        100.0 * f64::from(self.found) / f64::from((self.found + self.missed).max(1))
    }

    fn count(&mut self, label: bool, flagged: bool) {
        *match (label, flagged) {
            (true, true) => &mut self.found,
            (true, false) => &mut self.missed,
            (false, true) => &mut self.wrong,
            (false, false) => &mut self.quiet,
        } += 1;
    }
}

fn is_file_name(text: &str) -> bool {
    let extension = text.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let known = extension.is_some_and(|extension| ["yaml", "yml", "config", "php", "tf", "hcl", "xml"].contains(&extension.as_str()));
    known && text.len() < 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[test]
fn labelled_cases() {
    let Some(folder) = support::corpus("secrets-dev") else { return };
    let scanner = Scanner::builtin();
    let verbose = std::env::var_os("AZWARD_SECRETS_VERBOSE").is_some();
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for source in SOURCES {
        let text = fs::read_to_string(folder.join(format!("{source}.jsonl"))).unwrap();
        let mut path = String::new();
        for line in text.lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let label = case["label"].as_bool().unwrap();
            let azure = case["azure"].as_bool().unwrap_or_default();
            let body = case["text"].as_str().unwrap();
            // The extraction of this corpus made a case of each file name in front of the text of the file.
            if is_file_name(body) && case["rule"] != "pkcs12-file" {
                path = body.to_owned();
                continue;
            }
            let named = std::mem::take(&mut path);
            let hits = match case["rule"].as_str() {
                Some("pkcs12-file") => scanner.scan(body, b""),
                _ => scanner.scan(if named.is_empty() { "case.txt" } else { &named }, body.as_bytes()),
            };
            let flagged = !hits.is_empty();
            for tally in [Some(source), Some("all"), azure.then_some("azure")].into_iter().flatten() {
                tallies.entry(tally).or_default().count(label, flagged);
            }
            if verbose && label != flagged {
                let by: Vec<&str> = hits.iter().map(|hit| &*hit.detector).collect();
                println!(
                    "{} {source} {} {} by {by:?}: {body:?}",
                    if label { "MISSED" } else { "WRONG" },
                    if azure { "AZURE" } else { "-" },
                    case["rule"]
                );
            }
        }
    }
    for (name, tally) in &tallies {
        println!("secrets {name}: {} found, {} missed, {} wrong, {} quiet", tally.found, tally.missed, tally.wrong, tally.quiet);
    }
    for (name, tally) in &tallies {
        support::score(&format!("secrets-{name}-recall"), tally.recall());
        support::score(&format!("secrets-{name}-precision"), tally.precision());
    }
}
