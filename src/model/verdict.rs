use serde::{Deserialize, Serialize};

/// What a rule says of a resource. Unknown is neither pass nor fail.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "why", rename_all = "camelCase")]
pub enum Verdict {
    /// The requirement holds.
    Pass,
    /// The requirement does not hold.
    Fail,
    /// The rule does not speak of this resource.
    NotApplicable,
    /// It could not be decided; holds the reason for people.
    Unknown(String),
    /// No machine can tell; a person must attest it.
    Manual,
}

impl Verdict {
    /// The word that reports print and count by.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not applicable",
            Self::Unknown(_) => "unknown",
            Self::Manual => "manual",
        }
    }

    /// Whether this is [`Verdict::Fail`].
    pub const fn is_fail(&self) -> bool {
        matches!(self, Self::Fail)
    }

    /// Whether this is [`Verdict::Unknown`].
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}
