//! `azward drift`: what templates declare against what is deployed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use sha2::{Digest, Sha256};

use super::args::{Choice, Global, Output};
use super::base::{Inputs, base};
use super::exit::{Exit, Failure};
use super::profile::Chosen;
use super::{output, snapshot};
use crate::azure::drift::{Drift, drift};
use crate::azure::ident;
use crate::engine::{Declared, declared};
use crate::model::{
    Confidence, Entry, EntryKind, Files, Finding, FindingEvidence, Fix, Place, Related, Report, Resource, ResourceRef, RuleCount, RuleInfo,
    Severity, Span, State, Value, Verdict,
};
use crate::policy::RuleSet;

/// `azward drift`.
#[derive(Args)]
pub struct Arguments {
    /// Folders and files of templates
    #[arg(default_value = ".", help_heading = "Input")]
    pub paths: Vec<PathBuf>,
    /// Snapshot of `azward live --save`
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub snapshot: PathBuf,
    #[command(flatten)]
    pub inputs: Inputs,
    /// List live resources that no template declares, too
    #[arg(long, help_heading = "Input")]
    pub undeclared: bool,
    #[command(flatten)]
    pub choice: Choice,
    #[command(flatten)]
    pub output: Output,
}

const DIFFERENT: &str = "drift-different";
const MISSING: &str = "drift-missing";
const UNDECLARED: &str = "drift-undeclared";

/// Runs the command.
pub fn run(arguments: &Arguments, global: &Global) -> Result<Exit, Failure> {
    let started = std::time::Instant::now();
    let chosen = Chosen::new(&arguments.choice)?;
    let rules = &chosen.rules;
    let settings = |environment: Option<&str>| chosen.settings(environment);
    let options = arguments.inputs.apply(&arguments.paths, base(&chosen, &settings, &arguments.choice))?;
    let environment = options.environment.clone();
    let Declared { files, resources, mut entries } = declared(&options).map_err(|error| Failure::usage(error.to_string()))?;
    let loaded = snapshot::open(&arguments.snapshot)?;
    let live: Vec<&Resource> = loaded.subscriptions.iter().flat_map(|subscription| &subscription.resources).collect();
    let templates: Vec<&Resource> = resources.iter().filter(|resource| is_deployed(resource)).collect();
    let whole = !loaded.meta.narrow && loaded.meta.changed_since.is_none() && loaded.end.as_ref().is_some_and(|end| end.complete);
    let found = drift(templates.iter().copied(), live.iter().copied(), whole, |kind| paths(rules, kind));
    entries.extend(loaded.ledger.entries.iter().cloned());
    let compared = format!("{} declared resources are deployed, {} properties compared", found.matched, found.compared);
    let label = arguments.snapshot.display().to_string();
    entries.push(Entry { subject: label, kind: EntryKind::Collector, format: "Azure snapshot".into(), state: State::Evaluated });
    entries.extend(undecided(&found, &files));
    entries.sort();
    let mut report = Report {
        version: env!("CARGO_PKG_VERSION").into(),
        started: jiff::Timestamp::now().to_string(),
        scope: arguments.paths.iter().map(|path| path.display().to_string()).collect(),
        profile: chosen.profile.name.clone(),
        environment,
        category: "drift".into(),
        findings: findings(&found, &files, arguments.undeclared),
        notices: vec![compared],
        ..Report::default()
    };
    report.ledger.entries = entries;
    report.rules = infos().into_iter().map(|info| count(info, &report.findings, &found)).collect();
    report.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    output::write(&report, &arguments.output, global)?;
    Ok(output::exit(&report, &arguments.output))
}

/// Whether it is a type of Azure Resource Manager: its namespace has a dot.
fn is_deployed(resource: &Resource) -> bool {
    resource.kind.split('/').next().is_some_and(|namespace| namespace.contains('.'))
}

/// The properties of a type that rules ask about, as they write them.
fn paths(rules: &RuleSet, kind: &str) -> Vec<String> {
    let mut all: BTreeSet<String> = ["location".to_owned(), "sku".to_owned()].into();
    for rule in rules.for_kind(kind) {
        fields(&rule.written().to_json(), kind, &mut all);
    }
    all.into_iter().collect()
}

/// Collects what stands behind `field`; conditions over related resources speak of other types.
fn fields(written: &serde_json::Value, kind: &str, all: &mut BTreeSet<String>) {
    match written {
        serde_json::Value::Object(object) => {
            for (key, value) in object {
                match value.as_str() {
                    Some(path) if key.eq_ignore_ascii_case("field") => all.extend(path_of(path, kind)),
                    _ if key.eq_ignore_ascii_case("related") => {}
                    _ => fields(value, kind, all),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| fields(item, kind, all)),
        _ => {}
    }
}

/// A field as a path of plain keys; names, ids and what is computed are not compared.
fn path_of(field: &str, kind: &str) -> Option<String> {
    let field = field.trim();
    let own =
        field.get(..kind.len()).filter(|head| head.eq_ignore_ascii_case(kind)).and_then(|_| field.get(kind.len()..)?.strip_prefix('/'));
    let path = own.map_or_else(|| field.to_owned(), |alias| format!("properties.{alias}"));
    let plain = !path.replace("[*]", "").contains(['[', ']', '/', '\'', '(', '@']);
    let compared = !["type", "name", "fullname", "id", "kind"].iter().any(|word| path.eq_ignore_ascii_case(word));
    (plain && compared && !path.is_empty()).then_some(path)
}

fn findings(found: &Drift, files: &Files, undeclared: bool) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    for one in &found.differences {
        let (declared, actual) = (text(&one.declared), text(&one.actual));
        let message = format!("{} of {} is {actual}, and declared as {declared}", one.path, one.resource.name);
        let mut finding = finding(DIFFERENT, Severity::Medium, message, place(files, one.span, &one.resource), &one.resource);
        finding.snippet = if matches!(one.declared.kind, crate::model::Kind::Secret(_)) { None } else { files.snippet(one.span) };
        finding.related = vec![Related { place: one.live.clone(), message: "the live resource".into() }];
        finding.evidence = vec![FindingEvidence {
            leaf: "declared".into(),
            path: one.path.clone(),
            actual,
            must: format!("must be {declared}, as declared"),
            expected: declared,
            defaulted: false,
            place: files.place(one.span),
        }];
        finding.fingerprint = fingerprint(&[DIFFERENT, one.live.path(), &one.path]);
        // The same template with several parameter sets says the same thing several times.
        if seen.insert((finding.fingerprint.clone(), finding.place.to_string())) {
            all.push(finding);
        }
    }
    for one in &found.missing {
        let message = format!("{} is declared, and does not exist", one.resource.name);
        let finding = finding(MISSING, Severity::Medium, message, place(files, one.span, &one.resource), &one.resource);
        if seen.insert((finding.fingerprint.clone(), finding.place.to_string())) {
            all.push(finding);
        }
    }
    let stray = found.undeclared.iter().filter(|_| undeclared);
    all.extend(stray.map(|resource| {
        let message = format!("{} exists, and no template declares it", resource.name);
        let place = Place::Resource { id: resource.id.clone().unwrap_or_default() };
        finding(UNDECLARED, Severity::Low, message, place, resource)
    }));
    all
}

fn finding(rule: &str, severity: Severity, message: String, place: Place, resource: &ResourceRef) -> Finding {
    let id = resource.id.as_deref().unwrap_or(&resource.address);
    Finding {
        rule: rule.to_owned(),
        theme: "drift".into(),
        severity,
        verdict: Verdict::Fail,
        confidence: Confidence::Strong,
        message,
        snippet: None,
        related: Vec::new(),
        resource: Some(resource.clone()),
        units: Vec::new(),
        environments: Vec::new(),
        evidence: Vec::new(),
        fix: None,
        fingerprint: fingerprint(&[rule, place.path(), &resource.kind, id]),
        line_hash: None,
        suppressed: None,
        place,
    }
}

fn place(files: &Files, span: Span, resource: &ResourceRef) -> Place {
    files.place(span).unwrap_or_else(|| Place::Resource { id: resource.id.clone().unwrap_or_else(|| resource.name.clone()) })
}

fn text(value: &Value) -> String {
    let text = value.to_json().to_string();
    if text.chars().count() > 200 { text.chars().take(200).chain("…".chars()).collect() } else { text }
}

fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.to_ascii_lowercase());
        hash.update([0]);
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// What could not be compared is a gap of the file that declares it.
fn undecided(found: &Drift, files: &Files) -> Vec<Entry> {
    let mut gaps: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in &found.undecided {
        let path = files.path(one.span.file);
        let subject = if path.is_empty() { one.resource.address.clone() } else { path.to_string() };
        gaps.entry(subject).or_default().insert(format!(
            "{} {}: {}",
            ident::full_name(&one.resource.kind).unwrap_or_default(),
            one.resource.name,
            one.why
        ));
    }
    let entry = |(subject, why): (String, BTreeSet<String>)| Entry {
        subject,
        kind: EntryKind::File,
        format: "drift".into(),
        state: State::Partly(why.into_iter().collect()),
    };
    gaps.into_iter().map(entry).collect()
}

fn infos() -> Vec<RuleInfo> {
    let info = |id: &str, title: &str, description: &str, severity, fix: &str| RuleInfo {
        id: id.into(),
        title: title.into(),
        description: description.into(),
        severity,
        theme: "drift".into(),
        kinds: vec!["*".into()],
        fix: Fix { text: Some(fix.into()), ..Fix::default() },
        sources: Vec::new(),
        controls: Vec::new(),
    };
    vec![
        info(
            DIFFERENT,
            "Deployed properties are as declared",
            "A property that a rule asks about has another value than its template says: somebody changed it by hand, or the template was never deployed.",
            Severity::Medium,
            "Deploy the template again, or put the change into it.",
        ),
        info(
            MISSING,
            "Declared resources exist",
            "A template declares a resource that is not deployed.",
            Severity::Medium,
            "Deploy the template, or take the resource out of it.",
        ),
        info(
            UNDECLARED,
            "Deployed resources are declared",
            "A resource is deployed that no template declares: nobody reviews it.",
            Severity::Low,
            "Declare the resource in a template, or remove it.",
        ),
    ]
}

fn count(info: RuleInfo, findings: &[Finding], found: &Drift) -> RuleCount {
    let fail = findings.iter().filter(|finding| finding.rule == info.id).count();
    let pass = if info.id == MISSING { found.matched } else { 0 };
    let unknown = if info.id == DIFFERENT { found.undecided.len() } else { 0 };
    RuleCount { info, pass, fail, unknown, resources: Vec::new() }
}
