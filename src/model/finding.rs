use serde::{Deserialize, Serialize};

use super::{Place, Severity, Verdict};

/// One rule at one place. Owned and serialisable: it can be saved, merged and compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The rule's family, copied here so that outputs need no second look-up.
    pub theme: String,
    /// How bad it is.
    pub severity: Severity,
    /// Fail, or unknown with its reason; passes are counted, not listed.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How sure the detection is.
    pub confidence: Confidence,
    /// The sentence for people.
    pub message: String,
    /// The property's own line.
    pub place: Place,
    /// The line under `place`, cut and masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// Where the value came from, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// The resource, where the finding is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceRef>,
    /// The units in which it was found: template and parameter set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// The environments of those units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environments: Vec<String>,
    /// What decided it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FindingEvidence>,
    /// How to mend it, in the language of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// Stable over line moves: rule, resource and property, hashed.
    pub fingerprint: String,
    /// GitHub's hash of the line, `primaryLocationLineHash`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_hash: Option<String>,
    /// Set where an inline ignore, a waiver or a baseline accepts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppression>,
}

/// How sure the detection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Shape alone: entropy, a suspicious name.
    Generic,
    /// A specific pattern, or a value that azward knows.
    Strong,
    /// A checksum or a structure was verified.
    VerifiedFormat,
}

/// A line of source and the part to underline, in bytes of `text`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// Line, from 1.
    pub line: u32,
    /// The line, cut.
    pub text: String,
    /// First byte to underline.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// A further place and what it has to do with the finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub message: String,
}

impl Related {
    /// The message of the place where the literal stands, where a property takes it from elsewhere.
    pub const WRITTEN: &'static str = "the value is written here";
}

/// The resource of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ResourceRef {
    /// ARM type or kind.
    pub kind: String,
    /// Name, unknown parts as `{?}`.
    pub name: String,
    /// Symbolic name, Terraform address or path in the template.
    pub address: String,
    /// ARM id, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// Evidence as text, secrets masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingEvidence {
    /// Which leaf of the rule.
    pub leaf: String,
    /// JSON pointer into the resource.
    pub path: String,
    /// What stands there, as JSON.
    pub actual: String,
    /// What the rule wants, as JSON.
    pub expected: String,
    /// How the two must stand to each other, as the end of a sentence: `must be one of ["TLS1_2"]`; empty where nothing is asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub must: String,
    /// Whether `actual` is the service's default for an absent property.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub defaulted: bool,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    /// `inline`, `waiver` or `baseline`.
    pub kind: String,
    /// The reason that a person gave.
    pub reason: String,
    /// Until when (RFC 3339 date), where it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}
