//! The same questions, asked of the engine that holds the logs: KQL beside the rules (`policies/queries/`), and its answer as findings.
//!
//! A query ends in `summarize … by Group` with the columns `Group`, `Count`, `First`, `Last`, `Identities`, `Addresses`; only groups travel.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::redact::Redactor;
use super::rule::Rule;
use crate::log::time::Moment;
use crate::model::{Confidence, Finding, FindingEvidence, Place, Verdict};

static QUERIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies/queries");

/// A query that cannot be built, or an answer that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushDownError {
    /// The query needs a value that nobody has given.
    #[error("parameter `{0}` has no value; a profile or --param gives it")]
    MissingParameter(String),
    /// The query names a parameter that the rule does not have.
    #[error("the query of {0} names a parameter that the rule does not have")]
    UnknownParameter(String),
    /// The workspace answered something else than tables.
    #[error("the workspace's answer cannot be read: {0}")]
    Answer(String),
}

/// The question of a rule as its file has it, parameters as `{{name}}`; `None` where it has none.
pub fn template(rule: &Rule) -> Option<&'static str> {
    QUERIES.get_file(format!("{}.kql", rule.info.id)).and_then(include_dir::File::contents_utf8)
}

/// The KQL of a rule with its values, limited to a time range; `None` where the rule has no query.
///
/// # Errors
/// See [`PushDownError`].
pub fn query(rule: &Rule, given: &BTreeMap<String, Value>, range: Option<(Moment, Moment)>) -> Result<Option<String>, PushDownError> {
    let Some(template) = template(rule) else { return Ok(None) };
    let mut text = String::with_capacity(template.len() + 256);
    if let Some((from, until)) = range.filter(|(from, until)| from.0 > i64::MIN && until.0 < i64::MAX) {
        text.push_str(&format!("set query_datetimescope_column = \"TimeGenerated\";\nset query_datetimescope_from = datetime({from});\nset query_datetimescope_to = datetime({until});\n"));
    }
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, tail) = after.split_once("}}").ok_or_else(|| PushDownError::UnknownParameter(rule.info.id.clone()))?;
        if !rule.parameters.contains_key(name) {
            return Err(PushDownError::UnknownParameter(rule.info.id.clone()));
        }
        let value = rule.value(name, given).ok_or_else(|| PushDownError::MissingParameter(name.to_owned()))?;
        text.push_str(before);
        let pattern = before.trim_end().ends_with("matches regex");
        text.push_str(&literal(&value, pattern));
        rest = tail;
    }
    text.push_str(rest);
    Ok(Some(text))
}

/// A value as KQL: a number, a string, or a list of strings; globs as one regular expression where the query matches one.
fn literal(value: &Value, pattern: bool) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Array(items) if pattern => {
            let globs: Vec<_> = items.iter().filter_map(Value::as_str).map(|glob| regex::escape(glob).replace("\\*", ".*")).collect();
            quote(&format!("(?i)^({})$", globs.join("|")))
        }
        // `in ()` is no KQL: an empty list is a list with a text that nobody has.
        Value::Array(items) if items.is_empty() => quote("\u{1}"),
        Value::Array(items) => items.iter().map(|item| literal(item, false)).collect::<Vec<_>>().join(", "),
        Value::String(text) => quote(text),
        other => quote(&other.to_string()),
    }
}

/// A KQL string: whatever the value holds, it stays a value.
/// <https://learn.microsoft.com/kusto/query/scalar-data-types/string>
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// What a workspace answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// One for each group.
    pub findings: Vec<Finding>,
    /// Set where the workspace says that it left rows out, and why.
    pub partial: Option<String>,
}

/// The findings of an answer: `{"tables": [{"columns": […], "rows": [[…]]}]}`.
/// <https://learn.microsoft.com/rest/api/loganalytics/query/execute>
///
/// # Errors
/// See [`PushDownError`].
pub fn read(rule: &Rule, workspace: &str, answer: &[u8], mut mask: Option<&mut Redactor>) -> Result<Answer, PushDownError> {
    let unreadable = |why: &str| PushDownError::Answer(why.to_owned());
    let json: Value = serde_json::from_slice(answer).map_err(|error| PushDownError::Answer(error.to_string()))?;
    let error = json.get("error").map(said);
    if let (Some(message), None) = (&error, json.get("tables")) {
        return Err(PushDownError::Answer(message.clone()));
    }
    let table = json.pointer("/tables/0").ok_or_else(|| unreadable("there is no table"))?;
    let columns = table.get("columns").and_then(Value::as_array).ok_or_else(|| unreadable("the table has no columns"))?;
    let names: Vec<_> = columns.iter().map(|column| column.get("name").and_then(Value::as_str).unwrap_or("")).collect();
    let rows = table.get("rows").and_then(Value::as_array).ok_or_else(|| unreadable("the table has no rows"))?;
    for wanted in ["Group", "Count", "First", "Last"] {
        if !names.contains(&wanted) {
            return Err(PushDownError::Answer(format!("there is no column {wanted}")));
        }
    }
    let mut finding = |(number, row): (usize, &Value)| {
        let cell = |name: &str| -> String {
            let at = names.iter().position(|known| *known == name);
            match at.and_then(|at| row.get(at)) {
                Some(Value::String(text)) => listed(text),
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            }
        };
        let whole = cell("Group");
        let mut shown = |name: &'static str| {
            let text = cell(name);
            let Some(mask) = &mut mask else { return text };
            match name {
                "Identities" | "Addresses" => text.split(", ").map(|one| mask.any(one)).collect::<Vec<_>>().join(", "),
                "Group" => mask.text(&text),
                _ => text,
            }
        };
        let evidence = ["Count", "First", "Last", "Identities", "Addresses", "Group"].map(|name| (name, shown(name)));
        let group = evidence.last().map(|(_, group)| group.clone()).unwrap_or_default();
        let evidence = evidence.into_iter().filter(|(_, actual)| !actual.is_empty());
        Finding {
            rule: rule.info.id.clone(),
            theme: rule.info.theme.clone(),
            severity: rule.info.severity,
            verdict: Verdict::Fail,
            confidence: Confidence::Strong,
            message: format!("{}: {group} ({} times, {} to {})", rule.info.title, cell("Count"), cell("First"), cell("Last")),
            place: Place::LogLine { path: format!("workspace/{workspace}/{}", rule.info.id), line: number as u64 + 1, byte: 0 },
            snippet: None,
            related: Vec::new(),
            resource: None,
            units: Vec::new(),
            environments: Vec::new(),
            evidence: evidence
                .map(|(name, actual)| FindingEvidence {
                    leaf: name.to_ascii_lowercase(),
                    path: String::new(),
                    actual,
                    expected: String::new(),
                    must: String::new(),
                    defaulted: false,
                    place: None,
                })
                .collect(),
            fix: rule.info.fix.text.clone(),
            fingerprint: fingerprint(&rule.info.id, &whole),
            line_hash: None,
            suppressed: None,
        }
    };
    Ok(Answer { findings: rows.iter().enumerate().map(&mut finding).collect(), partial: error })
}

/// The words of an error and of the causes within it.
fn said(error: &Value) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut at = Some(error);
    while let Some(one) = at.filter(|_| words.len() < 8) {
        words.extend(one.get("message").and_then(Value::as_str));
        let inner = one.get("innererror").or_else(|| one.get("details").and_then(|details| details.get(0)));
        at = inner;
    }
    if words.is_empty() { "no message".to_owned() } else { words.join(": ") }
}

/// A dynamic column comes as JSON within a string: `["a","b"]`.
fn listed(text: &str) -> String {
    match serde_json::from_str::<Vec<String>>(text) {
        Ok(items) => items.into_iter().filter(|item| !item.is_empty()).collect::<Vec<_>>().join(", "),
        Err(_) => text.to_owned(),
    }
}

fn fingerprint(rule: &str, group: &str) -> String {
    let digest = Sha256::new().chain_update(rule).chain_update([0]).chain_update(group.to_lowercase()).finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::rule::builtin;

    #[test]
    fn every_query_belongs_to_a_rule_and_fills_in() {
        let rules = builtin().expect("whole");
        let list: Value = vec!["a\" or 1 == 1 //", "b\\"].into();
        let given = BTreeMap::from([("approvedIdentities".to_owned(), list.clone()), ("pipelineIdentities".to_owned(), list)]);
        let mut count = 0;
        for file in QUERIES.files() {
            let id = file.path().file_stem().expect("a name").to_string_lossy().into_owned();
            let rule = rules.iter().find(|rule| rule.info.id == id).unwrap_or_else(|| panic!("no rule {id}"));
            let text = query(rule, &given, None).expect("fills in").expect("there is one");
            assert!(!text.contains("{{") && text.contains("by Group = "), "{id}");
            count += 1;
        }
        assert!(count >= 12);
        let rule = rules.iter().find(|rule| rule.info.id == "vault-read-unapproved-identity").expect("there");
        let text = query(rule, &given, Some((Moment(0), Moment(60_000_000)))).expect("fills in").expect("there is one");
        assert!(text.contains(r#"App !in~ ("a\" or 1 == 1 //", "b\\")"#), "{text}");
        assert!(text.starts_with(
            "set query_datetimescope_column = \"TimeGenerated\";\nset query_datetimescope_from = datetime(1970-01-01T00:00:00Z);"
        ));
        assert_eq!(query(rule, &BTreeMap::new(), None), Err(PushDownError::MissingParameter("approvedIdentities".into())));
    }

    #[test]
    fn answers_become_findings_and_errors_are_said() {
        let rules = builtin().expect("whole");
        let rule = rules.iter().find(|rule| rule.info.id == "log-tampering").expect("there");
        let answer = br#"{"tables":[{"name":"PrimaryResult","columns":[{"name":"Group","type":"string"},{"name":"Count","type":"long"},
            {"name":"First","type":"datetime"},{"name":"Last","type":"datetime"},{"name":"Identities","type":"dynamic"}],
            "rows":[["ann@contoso.com, x/delete, /y",3,"2026-01-13T10:00:00Z","2026-01-13T11:00:00Z","[\"ann@contoso.com\"]"]]}]}"#;
        let found = read(rule, "w", answer, None).expect("reads").findings;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].evidence[3].actual, "ann@contoso.com");
        assert!(found[0].message.contains("3 times, 2026-01-13T10:00:00Z to 2026-01-13T11:00:00Z"));
        for answer in ["", "{}", r#"{"tables":[]}"#, r#"{"tables":[{"columns":[],"rows":[]}]}"#, r#"{"error":{"message":"bad"}}"#] {
            assert!(read(rule, "w", answer.as_bytes(), None).is_err(), "{answer}");
        }
        let text = String::from_utf8_lossy(answer).replace(
            "]]}]}",
            "]]}],\"error\":{\"code\":\"PartialError\",\"message\":\"incomplete\",\"details\":[{\"message\":\"too many rows\"}]}}",
        );
        let partial = read(rule, "w", text.as_bytes(), Some(&mut Redactor::default())).expect("what there is");
        assert_eq!(partial.partial.as_deref(), Some("incomplete: too many rows"));
        assert_eq!(partial.findings[0].evidence[3].actual, "user-1");
        assert!(!format!("{:?}", partial.findings).contains("ann@"));
    }
}
