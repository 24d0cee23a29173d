//! Evaluates units in parallel. A bug in one unit costs that unit, never the run.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::options::Progress;
use super::units::Planned;
use crate::format::Context;
use crate::model::{Evaluated, Note, Span, Unit};

/// A unit and what came of it.
pub struct Done {
    /// The unit, its environment set.
    pub unit: Unit,
    /// What came of it.
    pub evaluated: Evaluated,
}

/// Evaluates every planned unit.
pub fn evaluate(planned: Vec<Planned>, context: &Context<'_>, progress: &dyn Progress) -> Vec<Done> {
    progress.stage("evaluating", planned.len());
    planned
        .into_par_iter()
        .map(|Planned { format, unit }| {
            let evaluated = catch_unwind(AssertUnwindSafe(|| format.evaluate(&unit, context))).unwrap_or_else(|_| broken(&unit));
            progress.step();
            Done { unit, evaluated }
        })
        .collect()
}

fn broken(unit: &Unit) -> Evaluated {
    let message = "azward failed on this file, which is a bug of azward's: please report it; nothing in it was judged".to_owned();
    let opaque = vec![unit.label.clone()];
    Evaluated { notes: vec![Note { span: Span::new(unit.file, 0, 0), message }], opaque, ..Evaluated::default() }
}
