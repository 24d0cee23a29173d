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
    /// How `actual` must stand to `expected`.
    pub demand: Demand,
    /// Whether the property is absent and `actual` is the service's default.
    pub defaulted: bool,
    /// Where items were counted: the first of them.
    pub items: Vec<Value>,
}

/// What a leaf asks for: where it stands below a `not`, the opposite of what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A value: `be one of`, `not be`, `be at least`.
    Value(&'static str),
    /// A number of items: `be at most`.
    Number(&'static str),
    /// The property must be there.
    Set,
    /// The property must not be there.
    Absent,
    /// Other resources, described by the expected text.
    Company,
}

impl Evidence {
    /// Whether the items that were counted are what is wrong: there should be none.
    pub fn asks_for_none(&self) -> bool {
        let wanted = self.expected.as_int();
        matches!((self.demand, wanted), (Demand::Number("be" | "be at most"), Some(0)) | (Demand::Number("be less than"), Some(1)))
    }

    /// What is asked for, as the end of a sentence: `must be one of ["TLS1_2"]`.
    pub fn must(&self, expected: &str) -> String {
        match self.demand {
            Demand::Value(verb) => format!("must {verb} {expected}"),
            // Without a path the items are values of the rule's own, and there is nothing in the file to point at.
            Demand::Number(_) if self.asks_for_none() => {
                if self.path.is_empty() { "there must be none" } else { "must not be there" }.into()
            }
            Demand::Number("be more than") if expected == "0" => "at least one must be there".into(),
            Demand::Number("be at least") if expected == "1" => "at least one must be there".into(),
            Demand::Number(verb) => format!("their number must {verb} {expected}"),
            Demand::Set => "must be set".into(),
            Demand::Absent => "must not be set".into(),
            Demand::Company => format!("must have {}", self.expected.as_str().unwrap_or(expected)),
        }
    }
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
