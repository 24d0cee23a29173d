use super::{Value, Verdict};

/// One leaf of a condition and what it saw.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Which leaf of the rule: `require.allOf[1]`.
    pub leaf: String,
    /// JSON pointer into the resource: `/properties/minimumTlsVersion`.
    pub path: String,
    /// What stands there; its provenance is the place to show. `null` without a place when the property is absent.
    pub actual: Value,
    /// What the rule wants.
    pub expected: Value,
    /// Whether the property is absent and `actual` is the service's default.
    pub defaulted: bool,
}

/// What a rule says of one resource, and why.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Pass, fail, unknown …
    pub verdict: Verdict,
    /// The leaves that decided it.
    pub evidence: Vec<Evidence>,
    /// The sentence for people, placeholders filled in.
    pub message: String,
}
