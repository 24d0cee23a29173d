use serde::{Deserialize, Serialize};

use super::Severity;

/// What people read of a rule. The condition itself lives in `policy/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleInfo {
    /// Stable kebab-case id, never reused: `storage-min-tls`.
    pub id: String,
    /// What must hold, in one sentence.
    pub title: String,
    /// Why it matters; Markdown.
    pub description: String,
    /// How bad a failure is, unless the profile says otherwise.
    pub severity: Severity,
    /// The family: `tls`, `tags`, `regions`, `sku`, `backup`, `network`, `secrets` …
    pub theme: String,
    /// The kinds that it judges.
    pub kinds: Vec<String>,
    /// How to mend it.
    pub fix: Fix,
    /// Where the requirement and the assumed default come from: links.
    pub sources: Vec<String>,
    /// Specification rules (`TLS-001`) and controls of frameworks that this covers.
    pub controls: Vec<Control>,
}

/// How to mend a failure, in the languages that people use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fix {
    /// A sentence.
    pub text: Option<String>,
    /// A Bicep property.
    pub bicep: Option<String>,
    /// An ARM JSON property.
    pub arm: Option<String>,
    /// A Terraform attribute.
    pub terraform: Option<String>,
    /// An Azure CLI command.
    pub cli: Option<String>,
    /// Lines of a workflow or pipeline.
    pub workflow: Option<String>,
}

/// One control of a framework or one rule of a specification.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Control {
    /// `spec`, `cis-azure`, `mcsb` …
    pub framework: String,
    /// The id within it: `TLS-001`, `DP-3`.
    pub id: String,
}
