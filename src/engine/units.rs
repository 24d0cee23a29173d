//! From recognised files to units: files that another one calls as a module are judged there, not on their own.

use std::collections::HashSet;

use rayon::prelude::*;

use super::collect::Collected;
use crate::format::arm::read;
use crate::format::{self, Context, Format, Role};
use crate::model::{Entry, FileId, State, Unit};

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
            set_state(collected, &path, |entry| {
                entry.format.push_str(", a module: judged where it is called");
                entry.state = State::Evaluated;
            });
            continue;
        }
        if !named.contains(&root.file)
            && let Some(source) = compiled_from(root.file, &path, context)
        {
            let source = source.rsplit('/').next().unwrap_or(&source);
            set_state(collected, &path, |entry| entry.state = State::Skipped(format!("compiled from {source}, which is judged")));
            continue;
        }
        planned.extend(units.into_iter().map(|unit| Planned { format, unit }));
    }
    planned
}

/// The Bicep file in scope beside `path` that Microsoft's compiler made it of: judging both would say everything twice.
fn compiled_from(file: FileId, path: &str, context: &Context<'_>) -> Option<String> {
    let source = format!("{}.bicep", path.strip_suffix(".json")?);
    context.recognised.binary_search_by(|other| (*context.files.path(other.file)).cmp(source.as_str())).ok()?;
    let text = context.files.get(file)?;
    let template = read::document(file, &text.text).ok()?.value;
    let generator = template.get("metadata")?.get("_generator")?.get("name")?;
    (generator.as_text()? == "bicep").then_some(source)
}

fn set_state(collected: &mut Collected, path: &str, set: impl FnOnce(&mut Entry)) {
    if let Some(entry) = collected.entries.iter_mut().find(|entry| entry.subject == path) {
        set(entry);
    }
}

fn front_end(name: &str) -> Option<&'static dyn Format> {
    format::ALL.iter().copied().find(|format| format.name() == name)
}
