use super::outcome::Outcome;
use super::scene::Scene;
use super::{leaf, related};
use crate::model::Why;
use crate::policy::condition::Condition;

impl Condition {
    /// Whether the condition holds in this scene, and what decided it. Depth is bounded by the reader.
    pub(crate) fn evaluate(&self, scene: &Scene<'_>) -> Outcome {
        if !scene.frame.step() {
            return Outcome::unknown(Why::Budget("steps of a condition".into()));
        }
        match self {
            Self::All(conditions) => Outcome::all(conditions.iter().map(|condition| condition.evaluate(scene))),
            Self::Any(conditions) => Outcome::any(conditions.iter().map(|condition| condition.evaluate(scene))),
            Self::Not(condition) => condition.evaluate(scene).negate(),
            Self::Leaf(leaf) => leaf::evaluate(leaf, scene),
            Self::Related(related) => related::evaluate(related, scene),
        }
    }
}
