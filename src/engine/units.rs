//! From recognised files to units: files that another one calls as a module are judged there, not on their own.

use std::collections::HashSet;

use rayon::prelude::*;

use super::collect::Collected;
use crate::format::{self, Context, Format, Role};
use crate::model::{FileId, State, Unit};

/// A unit and the front end that evaluates it.
pub struct Planned {
    /// The front end.
    pub format: &'static dyn Format,
    /// What it evaluates.
    pub unit: Unit,
}

/// The units of everything recognised, in the order of their paths; notes in the ledger which files are judged elsewhere.
pub fn plan(collected: &mut Collected, context: &Context<'_>) -> Vec<Planned> {
    let roots: Vec<_> = context.recognised.iter().filter(|file| file.role == Role::Root).collect();
    let called: HashSet<FileId> = roots
        .par_iter()
        .filter_map(|root| Some((root.file, front_end(root.format)?)))
        .flat_map_iter(|(file, format)| format.modules(file, context).into_iter().filter(move |module| *module != file))
        .collect();
    let named: HashSet<FileId> = collected.named.iter().copied().collect();
    let mut planned = Vec::new();
    for root in roots {
        let Some(format) = front_end(root.format) else { continue };
        let path = context.files.path(root.file);
        let units = format.units(root.file, context);
        let has_parameters = units.iter().any(|unit| unit.parameters.is_some());
        if called.contains(&root.file) && !named.contains(&root.file) && !has_parameters {
            set_state(collected, &path, "a module: judged where it is called");
            continue;
        }
        planned.extend(units.into_iter().map(|unit| Planned { format, unit }));
    }
    planned
}

fn set_state(collected: &mut Collected, path: &str, why: &str) {
    if let Some(entry) = collected.entries.iter_mut().find(|entry| entry.subject == path) {
        entry.format.push_str(", ");
        entry.format.push_str(why);
        entry.state = State::Evaluated;
    }
}

fn front_end(name: &str) -> Option<&'static dyn Format> {
    format::ALL.iter().copied().find(|format| format.name() == name)
}
