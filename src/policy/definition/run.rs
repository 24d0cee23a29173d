use std::cell::Cell;

use super::Definition;
use crate::expression::{Expr, functions};
use crate::model::{Evidence, Resource, Value, Why};
use crate::policy::condition::{Condition, Leaf, Operand, Operator, Subject, Test};
use crate::policy::evaluate::{Frame, Outcome, Scene};
use crate::policy::settings::Settings;
use crate::policy::truth::Truth;
use crate::policy::world::World;

/// What `subscription()`, `resourceGroup()`, `requestContext()`, `policy()` and `utcNow()` know.
#[derive(Clone, Debug, Default)]
pub struct Context(Option<Value>);

impl Context {
    /// A context from an object with properties by function name, lower-cased: `{ "resourcegroup": { "name": … } }`.
    pub const fn new(functions: Value) -> Self {
        Self(Some(functions))
    }
}

/// What a definition says of a resource.
#[derive(Clone, Debug)]
pub struct Match {
    /// Whether the effect takes place: the resource is what the definition calls wrong.
    pub matched: Truth,
    /// The effect, as parameters give it: `Audit`.
    pub effect: Option<String>,
    /// The leaves that decided it.
    pub evidence: Vec<Evidence>,
}

impl Definition {
    /// Judges one resource. An existence check looks for its related resources in `world`.
    pub fn evaluate(&self, subject: &Resource, world: &World<'_>, settings: &Settings, context: &Context) -> Match {
        let frame = Frame {
            rule: &self.name,
            parameters: &self.parameters,
            settings,
            world,
            aliases: &self.aliases,
            context: context.0.as_ref(),
            budget: Cell::new(Frame::BUDGET),
        };
        let scene = Scene::new(&frame, subject);
        let effect = scene.value_of(&self.effect).as_str().map(str::to_owned);
        if effect.as_deref().is_some_and(|effect| effect.eq_ignore_ascii_case("disabled")) {
            return Match { matched: Truth::False, effect, evidence: Vec::new() };
        }
        let Outcome { truth: mut matched, mut evidence } = self.condition.evaluate(&scene);
        if let Some(existence) = self.existence.as_ref().filter(|_| effect.as_deref().is_none_or(checks_existence))
            && !matched.is_false()
        {
            let found = Condition::Related(Box::new(existence.clone())).evaluate(&scene);
            evidence.extend(found.evidence);
            matched = matched.and(found.truth.negate());
        }
        if effect.is_none() && matched.is_true() {
            let why = scene.value_of(&self.effect).as_unknown().map(|unknown| unknown.why.clone());
            matched = Truth::Unknown(why.unwrap_or_else(|| Why::Error("the effect is no text".into())));
        }
        Match { matched, effect, evidence }
    }

    /// The functions that it calls and azward does not know, sorted; unknown where they decide.
    pub fn unknown_functions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut visit = |expr: &Expr| {
            expr.walk(&mut |expr| {
                if let Expr::Call { name, .. } = expr
                    && !crate::policy::condition::is_contextual(name)
                    && functions::find(name).is_none()
                {
                    found.push(name.to_lowercase());
                }
            });
        };
        self.effect.expressions(&mut visit);
        self.condition.expressions(&mut visit);
        if let Some(condition) = self.existence.as_ref().and_then(|existence| existence.condition.as_ref()) {
            condition.expressions(&mut visit);
        }
        found.sort();
        found.dedup();
        found
    }

    /// A leaf that holds unless the effect is `Disabled`.
    pub(super) fn enabled(&self) -> Condition {
        Condition::Leaf(Box::new(Leaf {
            at: "then.effect".into(),
            subject: Subject::Value(self.effect.clone()),
            operator: Operator { test: Test::Equals, negated: true },
            operand: Operand::Fixed("Disabled".into()),
            pattern: None,
            default: None,
            missing_holds: false,
        }))
    }
}

pub(super) fn checks_existence(effect: &str) -> bool {
    effect.eq_ignore_ascii_case("auditIfNotExists") || effect.eq_ignore_ascii_case("deployIfNotExists")
}
