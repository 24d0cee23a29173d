use serde::{Deserialize, Serialize};

use super::{Finding, Ledger, RuleInfo, Severity};

/// Everything that a run has to say. Outputs see this and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// azward's version.
    pub version: String,
    /// When the run started, RFC 3339 in UTC.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was scanned, as given on the command line.
    pub scope: Vec<String>,
    /// The profile in force.
    pub profile: String,
    /// The environment asked for by `--env`.
    pub environment: Option<String>,
    /// The category for GitHub: `iac`, `logs`, `azure`.
    pub category: String,
    /// What was evaluated.
    pub units: Vec<UnitSummary>,
    /// The rules that ran, sorted by id, with counts.
    pub rules: Vec<RuleCount>,
    /// Failures and unknowns, sorted by path, line and rule; suppressed ones too.
    pub findings: Vec<Finding>,
    /// What became of everything in scope.
    pub ledger: Ledger,
    /// Remarks for people: dead ignores, unused waivers, settings that matched nothing.
    pub notices: Vec<String>,
    /// Where each clause of the specifications stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specifications: Vec<Section>,
}

/// One evaluated unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnitSummary {
    /// Template and parameter set.
    pub label: String,
    /// Its environment.
    pub environment: Option<String>,
    /// How many resources came of it.
    pub resources: usize,
}

/// One rule and how often it said what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    /// The rule.
    pub info: RuleInfo,
    /// Resources that pass.
    pub pass: usize,
    /// Resources that fail, suppressed ones too.
    pub fail: usize,
    /// Resources that could not be judged.
    pub unknown: usize,
    /// The first of those that pass, as people name them; never more than [`RuleCount::NAMED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}

impl RuleCount {
    /// How many passing resources are kept by name.
    pub const NAMED: usize = 20;
}

/// One specification, its clauses and where they stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Which specification.
    pub specification: String,
    /// The specification's own section heading.
    pub title: String,
    /// Its clauses in order.
    pub clauses: Vec<ClauseStatus>,
}

/// One clause and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClauseStatus {
    /// The clause's id.
    pub id: String,
    /// The clause in our words.
    pub text: String,
    /// `fail`, `unknown`, `pass`, `attested`, `nothing here`, `needs live or logs`, `needs attestation`, `no rule yet`,
    /// `other environment`.
    pub status: String,
    /// How bad a breach is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The family.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub theme: String,
    /// `static`, `partial`, `live-only`, `log-only`, `attest`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub checkable: String,
    /// The rules that cover it.
    pub rules: Vec<String>,
    /// Resources, evidence or the reason why it could not be checked.
    pub evidence: Vec<String>,
    /// What each of those rules said in this run; a rule that found nothing of its kind is not here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<ClauseCheck>,
}

/// What one rule said for a clause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseCheck {
    /// azward's rule.
    pub rule: String,
    /// Resources that pass.
    pub pass: usize,
    /// Places that fail.
    pub fail: usize,
    /// Places that could not be judged.
    pub unknown: usize,
    /// The first of the resources that pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
}
