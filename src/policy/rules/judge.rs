use std::cell::Cell;

use super::Rule;
use crate::model::{Evidence, Judgement, Resource, Value, Verdict, Why};
use crate::policy::evaluate::{Frame, Scene};
use crate::policy::settings::Settings;
use crate::policy::truth::Truth;
use crate::policy::world::World;

impl Rule {
    /// What this rule says of `subject`, in its `world`, under `settings`.
    ///
    /// Not applicable to other kinds and environments, to resources that are only referred to, and where `when` does not
    /// hold. Unknown, with the reason, where a value that would decide cannot be known.
    pub fn judge(&self, subject: &Resource, world: &World<'_>, settings: &Settings) -> Judgement {
        let environment = settings.environment.as_deref().or(subject.environment.as_deref());
        if subject.existing || !self.applies_to(&subject.kind) || !self.applies_in(environment) {
            return Judgement { verdict: Verdict::NotApplicable, evidence: Vec::new(), message: String::new() };
        }
        self.judge_in(subject, world, settings, None)
    }

    /// The same without looking at the kind; `context` is what `subscription()` and the like know.
    pub(crate) fn judge_in(&self, subject: &Resource, world: &World<'_>, settings: &Settings, context: Option<&Value>) -> Judgement {
        let frame = Frame {
            rule: &self.info.id,
            parameters: &self.parameters,
            settings,
            world,
            aliases: &self.aliases,
            context,
            budget: Cell::new(Frame::BUDGET),
        };
        let scene = Scene::new(&frame, subject);
        if let Some(when) = &self.when {
            let applicable = when.evaluate(&scene);
            match applicable.truth {
                Truth::True => {}
                Truth::False => {
                    return Judgement { verdict: Verdict::NotApplicable, evidence: applicable.evidence, message: String::new() };
                }
                Truth::Unknown(why) => return self.unknown(subject, &why, applicable.evidence),
            }
        }
        let outcome = self.require.evaluate(&scene);
        let verdict = match outcome.truth {
            Truth::True => Verdict::Pass,
            Truth::False => Verdict::Fail,
            Truth::Unknown(why) => return self.unknown(subject, &why, outcome.evidence),
        };
        let message = if verdict.is_fail() { self.message.fill(subject, &outcome.evidence) } else { self.info.title.clone() };
        Judgement { verdict, evidence: outcome.evidence, message }
    }

    fn unknown(&self, subject: &Resource, why: &Why, evidence: Vec<Evidence>) -> Judgement {
        // The verdict carries the reason; said twice it buries the sentence.
        let name = if subject.name.as_unknown().is_some() { format!("one of {}", subject.kind) } else { subject.display_name() };
        let message = format!("{}: not decided for {name}", self.info.title);
        Judgement { verdict: Verdict::Unknown(why.to_string()), evidence, message }
    }
}

#[cfg(test)]
mod tests;
