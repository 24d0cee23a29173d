//! What a document is about: by its path and its headings, never by a word in passing.

use super::lines::Page;
use crate::model::{FileId, Kind, Span, Value};

/// Topics, and the words that a file name or a heading has for them.
const TOPICS: [(&str, &[&str]); 19] = [
    ("runbook", &["runbook", "deployment guide", "deployment procedure", "deployment process", "deployment steps", "how to deploy"]),
    ("configuration", &["configuration", "config guide", "settings"]),
    ("troubleshooting", &["troubleshooting", "troubleshoot"]),
    ("architecture", &["architecture"]),
    ("network", &["network topology", "networking", "vnet", "virtual network", "network architecture", "network"]),
    ("operatingProcedures", &["standard operating procedure", "standard operating procedures", "sop", "sops", "operating procedures"]),
    ("incidentResponse", &["incident response", "incident playbook", "incident management", "incident handling", "incidents"]),
    ("escalation", &["escalation", "escalation path", "escalations"]),
    ("contacts", &["contacts", "contact", "contact information"]),
    ("onCall", &["on call", "oncall", "on-call", "rota", "on call rotation"]),
    ("disasterRecovery", &["disaster recovery", "dr plan", "dr runbook", "business continuity", "recovery plan"]),
    ("rollback", &["rollback", "roll back", "rollback procedures", "rollbacks"]),
    (
        "dataRollback",
        &["data rollback", "database rollback", "data recovery", "database restore", "restore the database", "migration rollback"],
    ),
    ("monitoring", &["monitoring", "monitoring guide", "observability"]),
    ("cost", &["cost optimization", "cost optimisation", "cost management", "costs"]),
    ("releaseNotes", &["changelog", "change log", "release notes", "releases", "history of changes"]),
    ("readme", &["readme"]),
    ("secretRotation", &["secret rotation", "rotation of secrets", "rotate secrets", "key rotation", "credential rotation"]),
    (
        "localDevelopment",
        &["local development", "local setup", "development setup", "run locally", "running locally", "getting started", "local deployment"],
    ),
];

/// The topics of a page, each at the heading that says it (or at the start where the path does).
pub fn topics(file: FileId, path: &str, page: &Page<'_>) -> Vec<Value> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = words(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let folder = words(path.rsplit('/').nth(1).unwrap_or_default());
    let mut found = Vec::new();
    for (topic, phrases) in TOPICS {
        let in_text = |text: &str| phrases.iter().any(|phrase| contains_words(text, phrase));
        // A folder of runbooks holds runbooks; a folder called `network` holds anything.
        let by_path = in_text(&stem) || (matches!(topic, "runbook" | "disasterRecovery") && in_text(&folder));
        let heading = page.headings.iter().find(|heading| in_text(&words(&heading.text)));
        let span = match (heading, by_path) {
            (Some(heading), _) if topic != "readme" && topic != "releaseNotes" => {
                Span::new(file, to_u32(heading.start), to_u32(heading.end))
            }
            (_, true) => Span::new(file, 0, 0),
            (Some(heading), false) if topic == "releaseNotes" && heading.level == 1 => {
                Span::new(file, to_u32(heading.start), to_u32(heading.end))
            }
            _ => continue,
        };
        found.push(Value::at(Kind::Str(topic.into()), span));
    }
    found
}

/// Small letters and single blanks: `DR-Plan_v2` is `dr plan v2`.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// Whether `phrase` stands in `text` as whole words.
pub fn contains_words(text: &str, phrase: &str) -> bool {
    let phrase = phrase.replace('-', " ");
    text.match_indices(phrase.as_str()).any(|(at, _)| {
        let before = text.get(..at).is_none_or(|head| head.is_empty() || head.ends_with(' '));
        let tail = text.get(at + phrase.len()..).unwrap_or_default();
        // `runbooks` speaks of runbooks.
        let tail = tail.strip_prefix('s').unwrap_or(tail);
        let after = tail.is_empty() || tail.starts_with(' ');
        before && after
    })
}

fn to_u32(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::lines::read;
    use super::*;

    fn of(path: &str, text: &str) -> Vec<String> {
        topics(FileId::NONE, path, &read(text)).iter().filter_map(|topic| topic.as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn paths_and_headings_say_what_a_page_is_about() {
        assert_eq!(of("docs/DR-Plan.md", "text about costs"), ["disasterRecovery"]);
        assert_eq!(
            of("docs/ops.md", "# Operations\n## On-call and escalation\n## Incident response\n"),
            ["incidentResponse", "escalation", "onCall"]
        );
        assert_eq!(of("CHANGELOG.md", "## 1.0\n"), ["releaseNotes"]);
        assert_eq!(of("docs/runbooks/api.md", "# Api\n"), ["runbook"]);
        assert!(of("docs/drama.md", "# Drama\nThe disaster recovery of the play\n").is_empty());
    }
}
