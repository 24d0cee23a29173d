//! ARM templates: JSON to resources.
//!
//! [`read`] makes [`ir::Template`]s of JSON, [`evaluate`] makes resources of those; Bicep is lowered to the same templates.

pub(super) mod cache;
pub mod evaluate;
pub mod ir;
mod pairing;
pub mod read;
mod recognise;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

pub use pairing::{Relation, relation};

use super::{Context, Format, Role};
use crate::model::{Entry, EntryKind, Evaluated, FileId, Note, Span, State, Unit};
use ir::{Declaration, Node, Template, TemplateSource};

/// The front end of ARM templates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arm;

/// What people call the format.
pub const NAME: &str = "ARM template";

impl Format for Arm {
    fn name(&self) -> &'static str {
        NAME
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        recognise::recognise(path, text)
    }

    fn modules(&self, file: FileId, context: &Context<'_>) -> Vec<FileId> {
        let Ok(read) = cache::template(file, context.files) else { return Vec::new() };
        let mut paths = Vec::new();
        links(&read.value, &mut paths, 0);
        paths.iter().filter_map(|path| context.loader.load(file, path).ok()).collect()
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        let path = context.files.path(root);
        let explicit = &context.options.parameter_files;
        let is_ours = |file: &FileId| {
            context.files.get(*file).is_some_and(|source| recognise::recognise(&source.path, &source.text) == Some(Role::Part))
        };
        let paired = if explicit.is_empty() { pair(root, context) } else { explicit.iter().copied().filter(is_ours).collect() };
        if paired.is_empty() {
            return vec![Unit { file: root, parameters: None, label: path.to_string(), environment: None }];
        }
        let with = |file: FileId| {
            let theirs = context.files.path(file);
            Unit { file: root, parameters: Some(file), label: format!("{path} + {theirs}"), environment: None }
        };
        paired.into_iter().map(with).collect()
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let read = match cache::template(unit.file, context.files) {
            Ok(read) => read,
            Err(error) => return unreadable(unit.file, &error, context),
        };
        let mut given = Vec::new();
        let mut before = read.notes.clone();
        let mut entries = Vec::new();
        if let Some(file) = unit.parameters {
            let subject = context.files.path(file).to_string();
            let state = match cache::parameters(file, context.files) {
                Ok(parameters) => {
                    given.clone_from(&parameters.value.given);
                    before.extend(parameters.notes.iter().cloned());
                    State::Evaluated
                }
                Err(error) => {
                    let span = Span::new(file, error.at(), error.at());
                    before.push(Note { span, message: format!("the parameter file cannot be read, and defaults are taken: {error}") });
                    State::Unreadable(error.to_string())
                }
            };
            entries.push(Entry { subject, kind: EntryKind::File, format: NAME.into(), state });
        }
        let mut evaluated = evaluate::evaluate(&read.value, &given, context);
        before.append(&mut evaluated.notes);
        entries.append(&mut evaluated.entries);
        Evaluated { notes: before, entries, ..evaluated }
    }
}

fn unreadable(file: FileId, error: &read::ReadError, context: &Context<'_>) -> Evaluated {
    let message = error.to_string();
    let entry = Entry {
        subject: context.files.path(file).to_string(),
        kind: EntryKind::File,
        format: NAME.into(),
        state: State::Unreadable(message.clone()),
    };
    let note = Note { span: Span::new(file, error.at(), error.at()), message };
    let opaque = vec![context.files.path(file).to_string()];
    Evaluated { notes: vec![note], entries: vec![entry], opaque, ..Evaluated::default() }
}

/// The parameter files that belong to a template: those with its name; else those of its folder that give nothing it lacks.
fn pair(root: FileId, context: &Context<'_>) -> Vec<FileId> {
    let path = context.files.path(root);
    let parts = context.recognised.iter().filter(|part| part.format == NAME && part.role == Role::Part);
    let related: Vec<(FileId, Relation)> =
        parts.filter_map(|part| relation(&path, &context.files.path(part.file)).map(|relation| (part.file, relation))).collect();
    let named: Vec<FileId> = related.iter().filter(|(_, relation)| *relation == Relation::Named).map(|(file, _)| *file).collect();
    if !named.is_empty() {
        return named;
    }
    let Ok(read) = cache::template(root, context.files) else { return Vec::new() };
    let fits = |file: &FileId| {
        let Ok(parameters) = cache::parameters(*file, context.files) else { return false };
        let given = &parameters.value.given;
        !given.is_empty() && given.iter().all(|given| read.value.parameters.get(&given.name).is_some())
    };
    related.into_iter().map(|(file, _)| file).filter(fits).collect()
}

/// The relative paths of linked templates, where they are plain text.
fn links(template: &Template, paths: &mut Vec<Arc<str>>, depth: u32) {
    if depth > 32 {
        return;
    }
    let mut waiting: Vec<&Arc<Declaration>> = template.resources.iter().collect();
    let mut seen = HashSet::new();
    while let Some(declaration) = waiting.pop() {
        waiting.extend(&declaration.children);
        match declaration.deployment.as_ref().map(|deployment| &deployment.template) {
            Some(TemplateSource::Inline(inner)) => links(inner, paths, depth + 1),
            Some(TemplateSource::Link(link)) => {
                if let Some(path) = link.relative_path.as_ref().and_then(Node::as_text)
                    && seen.insert(path.to_owned())
                {
                    paths.push(path.into());
                }
            }
            _ => {}
        }
    }
}
