//! From recognised files to units: files that another one calls as a module are judged there, not on their own.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::collect::Collected;
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
    let calls: HashMap<FileId, Vec<FileId>> = roots
        .par_iter()
        .filter_map(|root| Some((root.file, front_end(root.format)?)))
        .map(|(file, format)| (file, format.modules(file, context)))
        .collect();
    let called = called(&roots.iter().map(|root| root.file).collect::<Vec<_>>(), &calls);
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

/// The files that are judged where another one calls them. Of files that only call each other the first is a root all the same.
fn called(roots: &[FileId], calls: &HashMap<FileId, Vec<FileId>>) -> HashSet<FileId> {
    let of = |file: &FileId| calls.get(file).into_iter().flatten().copied();
    let mut called: HashSet<FileId> = roots.iter().flat_map(|root| of(root).filter(move |module| module != root)).collect();
    let mut waiting: Vec<FileId> = roots.iter().copied().filter(|root| !called.contains(root)).collect();
    let mut reached: HashSet<FileId> = waiting.iter().copied().collect();
    let mut later = roots.iter();
    loop {
        while let Some(file) = waiting.pop() {
            waiting.extend(of(&file).filter(|module| reached.insert(*module)));
        }
        let Some(first) = later.find(|root| !reached.contains(root)) else { return called };
        called.remove(first);
        reached.insert(*first);
        waiting.push(*first);
    }
}

/// The Bicep file in scope beside `path` that Microsoft's compiler made it of: judging both would say everything twice.
fn compiled_from(file: FileId, path: &str, context: &Context<'_>) -> Option<String> {
    let source = format!("{}.bicep", path.strip_suffix(".json")?);
    context.recognised.binary_search_by(|other| (*context.files.path(other.file)).cmp(source.as_str())).ok()?;
    // The compiler signs at the top, and modules below `resources` have signatures of their own. Reading megabytes as JSON for
    // one word would cost as much as judging them.
    let text = context.files.get(file)?;
    let (head, _) = text.text.split_once("\"resources\"")?;
    let (_, signature) = head.split_once("\"_generator\"")?;
    let (signature, _) = signature.split_once('}')?;
    signature.contains("\"bicep\"").then_some(source)
}

fn set_state(collected: &mut Collected, path: &str, set: impl FnOnce(&mut Entry)) {
    if let Some(entry) = collected.entries.iter_mut().find(|entry| entry.subject == path) {
        set(entry);
    }
}

fn front_end(name: &str) -> Option<&'static dyn Format> {
    format::ALL.iter().copied().find(|format| format.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_only_call_each_other_have_a_root() {
        let of = |pairs: &[(u32, &[u32])]| {
            let calls = pairs.iter().map(|(file, modules)| (FileId(*file), modules.iter().copied().map(FileId).collect())).collect();
            let roots: Vec<FileId> = pairs.iter().map(|(file, _)| FileId(*file)).collect();
            let mut called: Vec<u32> = called(&roots, &calls).into_iter().map(|file| file.0).collect();
            called.sort_unstable();
            called
        };
        assert_eq!(of(&[(1, &[2]), (2, &[3]), (3, &[])]), [2, 3]);
        assert_eq!(of(&[(1, &[2]), (2, &[3]), (3, &[1])]), [2, 3]);
        assert_eq!(of(&[(1, &[1]), (2, &[3]), (3, &[2])]), [3]);
    }
}
