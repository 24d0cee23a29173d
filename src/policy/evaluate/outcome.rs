use crate::model::{Evidence, Why};
use crate::policy::truth::Truth;

/// A truth and the leaves that decided it.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub truth: Truth,
    pub evidence: Vec<Evidence>,
}

impl Outcome {
    /// Most leaves that are kept: a report names the first few, and a list may have thousands of items.
    pub(super) const MOST: usize = 16;

    pub(super) const fn new(truth: Truth) -> Self {
        Self { truth, evidence: Vec::new() }
    }

    pub(super) fn unknown(why: Why) -> Self {
        Self::new(Truth::Unknown(why))
    }

    pub(super) fn with(truth: Truth, evidence: Evidence) -> Self {
        Self { truth, evidence: vec![evidence] }
    }

    fn absorb(&mut self, other: Vec<Evidence>) {
        let room = Self::MOST.saturating_sub(self.evidence.len());
        self.evidence.extend(other.into_iter().take(room));
    }

    /// All of them: those that fail decide, or else those that are unknown, or else all.
    pub(super) fn all(outcomes: impl IntoIterator<Item = Self>) -> Self {
        Self::join(outcomes, true)
    }

    /// Any of them: the first that holds decides, or else those that are unknown, or else all.
    pub(super) fn any(outcomes: impl IntoIterator<Item = Self>) -> Self {
        Self::join(outcomes, false)
    }

    fn join(outcomes: impl IntoIterator<Item = Self>, conjunction: bool) -> Self {
        let mut joined = Self::new(Truth::from(conjunction));
        let mut weightiest = 0;
        for outcome in outcomes {
            let weight = match &outcome.truth {
                truth if *truth == Truth::from(!conjunction) => 2,
                truth if truth.is_unknown() => 1,
                _ => 0,
            };
            joined.truth = if conjunction { joined.truth.and(outcome.truth) } else { joined.truth.or(outcome.truth) };
            if weight > weightiest {
                joined.evidence.clear();
                weightiest = weight;
            }
            if weight == weightiest {
                joined.absorb(outcome.evidence);
            }
            if weight == 2 && !conjunction {
                break;
            }
        }
        joined
    }

    /// The opposite; the same leaves decided it.
    pub(super) fn negate(mut self) -> Self {
        self.truth = self.truth.negate();
        self
    }
}
