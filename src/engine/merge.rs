//! One finding, many units: the same rule at the same place under three parameter sets is one finding that lists them.

use std::collections::HashMap;

use crate::model::Finding;

/// Merges findings of the same rule, place and verdict, and orders them by path, line, rule and message.
pub fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut at: HashMap<(String, String, bool), usize> = HashMap::new();
    let mut merged: Vec<Finding> = Vec::new();
    for finding in findings {
        let key = (finding.rule.clone(), format!("{} {}", finding.place, finding.fingerprint), finding.verdict.is_fail());
        match at.get(&key).and_then(|&at| merged.get_mut(at)) {
            Some(first) => {
                for unit in finding.units {
                    if !first.units.contains(&unit) {
                        first.units.push(unit);
                    }
                }
                for environment in finding.environments {
                    if !first.environments.contains(&environment) {
                        first.environments.push(environment);
                    }
                }
            }
            None => {
                at.insert(key, merged.len());
                merged.push(finding);
            }
        }
    }
    merged.sort_by(|a, b| {
        let of = |finding: &Finding| (finding.place.path().to_owned(), finding.place.line(), finding.rule.clone());
        of(a)
            .cmp(&of(b))
            .then_with(|| a.place.cmp(&b.place))
            .then_with(|| a.message.cmp(&b.message))
            .then_with(|| a.fingerprint.cmp(&b.fingerprint))
    });
    merged
}
