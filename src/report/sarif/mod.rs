//! SARIF 2.1.0 as GitHub code scanning accepts it.
//!
//! Choices that GitHub makes for us: suppressed results would become open alerts, so they are left out; a result needs a
//! physical location, so a live resource gets a stable pseudo path; `partialFingerprints.primaryLocationLineHash` is
//! GitHub's own hash. GitHub knows no undecided result and would open an alert for each, so unknowns are notifications of
//! the invocation, one for each rule, beside the gaps of the ledger.

mod limits;
mod model;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use self::model::{
    ArtifactLocation, AutomationDetails, Configuration, Driver, Invocation, Location, Log, LogicalLocation, Message, Notification,
    Physical, Region, ReportingDescriptor, Result as SarifResult, RuleProperties, Run, Tool, UriBase,
};
use super::Style;
use super::score::{Standing, Tally, specifications};
use crate::model::{Confidence, Entry, Finding, Place, Report, RuleInfo, Severity, State, Verdict};

/// Where rules are explained to people.
const HOME: &str = "https://github.com/azward/azward";
/// Name of the base that relative paths are relative to.
const BASE: &str = "SRCROOT";

/// Lines of evidence that a clause keeps: uploads have a limit, and the results hold all of it.
const EVIDENCE: usize = 5;

/// Writes one run.
pub fn write(report: &Report, _style: &Style, to: &mut dyn Write) -> io::Result<()> {
    write_within(report, limits::BYTES, to)
}

/// Writes one run of at most so many bytes, compressed.
fn write_within(report: &Report, room: usize, to: &mut dyn Write) -> io::Result<()> {
    let counted: Vec<&Finding> = report.findings.iter().filter(|one| one.suppressed.is_none() && one.verdict.is_fail()).collect();
    let all = counted.len();
    let mut shown = limits::within(counted, limits::RESULTS);
    loop {
        let mut text = serde_json::to_vec_pretty(&log(report, &shown, all))?;
        text.push(b'\n');
        match limits::cut(&text, shown.len(), room)? {
            Some(most) => shown = limits::within(shown, most),
            None => return to.write_all(&text),
        }
    }
}

fn log(report: &Report, shown: &[&Finding], all: usize) -> Log {
    let used: BTreeSet<&str> = shown.iter().map(|finding| finding.rule.as_str()).collect();
    let mut rules: Vec<&RuleInfo> = report.rules.iter().map(|rule| &rule.info).collect();
    rules.retain(|rule| used.contains(rule.id.as_str()));
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), at)).collect();
    let results = shown.iter().filter_map(|finding| Some(result(finding, *index.get(finding.rule.as_str())?))).collect();
    let base = UriBase { description: Message::text("The root of the scanned repository.") };
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "azward",
                full_name: format!("azward {}", report.version),
                semantic_version: report.version.clone(),
                information_uri: HOME,
                rules: rules.into_iter().map(descriptor).collect(),
            },
        },
        automation_details: AutomationDetails { id: format!("azward/{}/", report.category) },
        invocations: vec![Invocation { execution_successful: true, tool_execution_notifications: notifications(report, shown.len(), all) }],
        original_uri_base_ids: BTreeMap::from([(BASE, base)]),
        column_kind: "utf16CodeUnits",
        results,
        properties: properties(report),
    };
    Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: vec![run] }
}

/// Where the clauses of specifications stand, as properties of the run: SARIF has no place of its own for them.
fn properties(report: &Report) -> BTreeMap<&'static str, serde_json::Value> {
    let scored = specifications(report);
    if scored.is_empty() {
        return BTreeMap::new();
    }
    let totals = |tally: &Tally| Standing::ALL.iter().map(|standing| (standing.key().to_owned(), tally.get(*standing).into())).collect();
    let all = scored.iter().map(|one| {
        let sections = one.sections.iter().map(|(section, tally)| {
            let clauses = section.clauses.iter().map(|clause| {
                let evidence: Vec<&String> = clause.evidence.iter().take(EVIDENCE).collect();
                serde_json::json!({"id": clause.id, "status": clause.status, "rules": clause.rules, "evidence": evidence})
            });
            let totals: serde_json::Map<String, serde_json::Value> = totals(tally);
            serde_json::json!({"title": section.title, "totals": totals, "clauses": clauses.collect::<Vec<_>>()})
        });
        serde_json::json!({"id": one.id, "percent": one.tally.percent(), "totals": totals(&one.tally), "sections": sections.collect::<Vec<_>>()})
    });
    BTreeMap::from([("specifications", serde_json::Value::Array(all.collect()))])
}

fn descriptor(rule: &RuleInfo) -> ReportingDescriptor {
    let mut tags = vec!["security".to_owned(), rule.theme.clone()];
    tags.extend(rule.controls.iter().map(|control| format!("{}/{}", control.framework, control.id)));
    // GitHub takes at most twenty tags.
    tags.truncate(20);
    let title = sentence(&rule.title);
    let description = if rule.description.trim().is_empty() { title.clone() } else { sentence(rule.description.trim()) };
    ReportingDescriptor {
        id: rule.id.clone(),
        name: pascal(&rule.id),
        short_description: Message::text(title),
        full_description: Message::text(description.chars().take(1000).collect::<String>()),
        help: help(rule),
        help_uri: rule.sources.iter().find(|source| source.starts_with("https://")).cloned().unwrap_or_else(|| HOME.to_owned()),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties {
            precision: "high",
            problem_severity: problem_severity(rule.severity),
            security_severity: rule.severity.security_severity(),
            tags,
        },
    }
}

fn help(rule: &RuleInfo) -> Message {
    let fixes = [
        ("Bicep", "bicep", &rule.fix.bicep),
        ("ARM", "json", &rule.fix.arm),
        ("Terraform", "hcl", &rule.fix.terraform),
        ("Azure CLI", "sh", &rule.fix.cli),
        ("Workflow", "yaml", &rule.fix.workflow),
    ];
    let mut markdown = format!("{}\n", rule.description.trim());
    let mut text = markdown.clone();
    if let Some(sentence) = &rule.fix.text {
        markdown.push_str(&format!("\n**Fix:** {sentence}\n"));
        text.push_str(&format!("\nFix: {sentence}\n"));
    }
    for (name, language, code) in fixes {
        if let Some(code) = code {
            markdown.push_str(&format!("\n**{name}**\n```{language}\n{}\n```\n", code.trim_end()));
            text.push_str(&format!("\n{name}: {}\n", code.trim_end()));
        }
    }
    for source in &rule.sources {
        markdown.push_str(&format!("\n- <{source}>"));
        text.push_str(&format!("\n{source}"));
    }
    Message { text, markdown: Some(markdown) }
}

fn result(finding: &Finding, rule_index: usize) -> SarifResult {
    let mut properties = BTreeMap::from([
        ("confidence", serde_json::to_value(finding.confidence).unwrap_or_default()),
        ("severity", serde_json::Value::from(finding.severity.as_str())),
    ]);
    if !finding.units.is_empty() {
        properties.insert("units", serde_json::Value::from(finding.units.clone()));
    }
    if !finding.evidence.is_empty() {
        properties.insert("evidence", serde_json::to_value(&finding.evidence).unwrap_or_default());
    }
    let logical = finding.resource.iter().map(|resource| LogicalLocation {
        name: resource.name.clone(),
        fully_qualified_name: resource.id.clone().unwrap_or_else(|| format!("{}/{}", resource.kind, resource.name)),
        kind: "resource",
    });
    let mut fingerprints = BTreeMap::from([("azwardFinding/v1", finding.fingerprint.clone())]);
    if let Some(hash) = &finding.line_hash {
        fingerprints.insert("primaryLocationLineHash", hash.clone());
    }
    let related = finding.related.iter().enumerate().map(|(at, related)| {
        let message = Some(Message::text(sentence(&related.message)));
        Location { id: Some(at + 1), physical_location: physical(&related.place), logical_locations: Vec::new(), message }
    });
    SarifResult {
        rule_id: finding.rule.clone(),
        rule_index,
        kind: "fail",
        level: level(finding.severity),
        message: Message::text(result_text(finding)),
        locations: vec![Location {
            id: None,
            physical_location: physical(&finding.place),
            logical_locations: logical.collect(),
            message: None,
        }],
        // GitHub shows at most ten locations of a result.
        related_locations: related.take(9).collect(),
        partial_fingerprints: fingerprints,
        properties,
    }
}

fn result_text(finding: &Finding) -> String {
    let mut text = sentence(&finding.message);
    if finding.confidence == Confidence::Generic {
        text.push_str(" The shape alone speaks for it; look before you act.");
    }
    if let Some(fix) = &finding.fix {
        text.push_str(&format!(" Fix: {fix}"));
    }
    text
}

/// GitHub's level. Levels follow severity so that `error` means a failed check.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

const fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

fn physical(place: &Place) -> Physical {
    let region = match place {
        Place::File { start, end, .. } => {
            let end_column = if (end.line, end.column) > (start.line, start.column) { end.column } else { start.column + 1 };
            Region {
                start_line: u64::from(start.line),
                start_column: start.column,
                end_line: u64::from(end.line.max(start.line)),
                end_column,
            }
        }
        Place::LogLine { line, .. } => Region { start_line: *line, start_column: 1, end_line: *line, end_column: 2 },
        Place::Resource { .. } => Region { start_line: 1, start_column: 1, end_line: 1, end_column: 2 },
    };
    let path = match place {
        Place::Resource { id } => pseudo_path(id),
        _ => place.path().to_owned(),
    };
    Physical { artifact_location: ArtifactLocation { uri: uri(&path), uri_base_id: BASE }, region }
}

/// A stable relative path for a live resource: `azure/<group>/<type>/<name>`.
fn pseudo_path(id: &str) -> String {
    let parts: Vec<&str> = id.split('/').filter(|part| !part.is_empty()).collect();
    let after = |word: &str| parts.iter().position(|part| part.eq_ignore_ascii_case(word)).and_then(|at| parts.get(at + 1));
    let group = after("resourceGroups").copied().unwrap_or("subscription");
    let provider = parts.iter().rposition(|part| part.eq_ignore_ascii_case("providers"));
    let rest = provider.and_then(|at| parts.get(at + 1..)).map_or_else(|| parts.join("/"), |rest| rest.join("/"));
    format!("azure/{group}/{rest}").to_ascii_lowercase()
}

/// A relative path as a URI reference: everything but unreserved characters and `/` percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn notifications(report: &Report, shown: usize, all: usize) -> Vec<Notification> {
    let gaps = report.ledger.gaps().map(|entry| Notification { level: "warning", message: Message::text(sentence(&gap_text(entry))) });
    let mut undecided: BTreeMap<&str, (usize, &Place, &str)> = BTreeMap::new();
    for finding in &report.findings {
        if let Verdict::Unknown(why) = &finding.verdict {
            undecided.entry(&finding.rule).or_insert((0, &finding.place, why)).0 += 1;
        }
    }
    let undecided = undecided.into_iter().map(|(rule, (count, place, why))| {
        let text = format!("Rule {rule} could not decide {count} resources, the first at {place}: {why}");
        Notification { level: "note", message: Message::text(sentence(&text)) }
    });
    limits::left_out(shown, all).into_iter().chain(gaps).chain(undecided).collect()
}

fn gap_text(entry: &Entry) -> String {
    match &entry.state {
        State::Partly(gaps) => format!("{} ({}) was judged in part: {}", entry.subject, entry.format, gaps.join("; ")),
        State::Unreadable(why) => format!("{} ({}) could not be read: {why}", entry.subject, entry.format),
        State::Skipped(why) => format!("{} ({}) was left out: {why}", entry.subject, entry.format),
        State::Evaluated => entry.subject.clone(),
    }
}

/// `text` as a sentence: with a full stop at its end.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

/// `storage-min-tls` as `StorageMinTls`, the form that SARIF asks of a rule's name.
fn pascal(id: &str) -> String {
    let upper = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
    };
    id.split(['-', '_', '.', '/']).map(upper).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri("./a b/ü#1.json"), "a%20b/%C3%BC%231.json");
        let id = "/subscriptions/0/resourceGroups/RG/providers/Microsoft.Storage/storageAccounts/st";
        assert_eq!(pseudo_path(id), "azure/rg/microsoft.storage/storageaccounts/st");
        assert_eq!(pascal("storage-min-tls"), "StorageMinTls");
    }
}
