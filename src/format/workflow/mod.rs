//! GitHub Actions workflows and Azure Pipelines: what they run, in which order, and what stands between a change and production.
//!
//! Kinds: `GitHub/workflows`, `GitHub/workflows/jobs`, `AzurePipelines/pipelines`, `AzurePipelines/stages`, `AzurePipelines/jobs`.
//! Both systems carry the same facts: see [`Fact`] for what a step does; a job also has `before` and `after` (the same facts over
//! the jobs that it needs and that need it), `environmentKind`, `loginMethods`, `bypasses`, `exposedSecrets`, `injections`.

mod azure;
mod classify;
mod commands;
mod emit;
mod environment;
mod github;
mod login;
mod order;
mod plan;
mod recognise;
mod resolve;
mod step;
mod steps;
#[cfg(test)]
mod tests;
pub mod yaml;

pub use classify::Fact;

use super::{Context, Format, Role};
use crate::model::{Entry, EntryKind, Evaluated, FileId, Note, Span, State, Unit};
use emit::Kinds;
use recognise::System;

/// The front end of GitHub Actions workflows.
#[derive(Clone, Copy, Debug, Default)]
pub struct GitHubWorkflow;

/// The front end of Azure Pipelines.
#[derive(Clone, Copy, Debug, Default)]
pub struct AzurePipeline;

const GITHUB: Kinds = Kinds { plan: "GitHub/workflows", stage: "GitHub/workflows/stages", job: "GitHub/workflows/jobs" };
const AZURE: Kinds = Kinds { plan: "AzurePipelines/pipelines", stage: "AzurePipelines/stages", job: "AzurePipelines/jobs" };

impl Format for GitHubWorkflow {
    fn name(&self) -> &'static str {
        "GitHub workflow"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        (recognise::recognise(path, text) == Some(System::GitHub)).then_some(Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        unit(root, context)
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        evaluate(unit, System::GitHub, self.name(), context)
    }
}

impl Format for AzurePipeline {
    fn name(&self) -> &'static str {
        "Azure pipeline"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        (recognise::recognise(path, text) == Some(System::Azure)).then_some(Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        unit(root, context)
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        evaluate(unit, System::Azure, self.name(), context)
    }
}

fn unit(root: FileId, context: &Context<'_>) -> Vec<Unit> {
    vec![Unit { file: root, parameters: None, label: context.files.path(root).to_string(), environment: None }]
}

fn evaluate(unit: &Unit, system: System, format: &'static str, context: &Context<'_>) -> Evaluated {
    let Some(source) = context.files.get(unit.file) else { return Evaluated::default() };
    let fail = |at: u32, message: String| {
        let entry = Entry {
            subject: source.path.to_string(),
            kind: EntryKind::File,
            format: format.into(),
            state: State::Unreadable(message.clone()),
        };
        let note = Note { span: Span::new(unit.file, at, at), message };
        Evaluated { notes: vec![note], entries: vec![entry], opaque: vec![source.path.to_string()], ..Evaluated::default() }
    };
    let root = match yaml::read(unit.file, &source.text) {
        Ok(root) => root,
        Err(error) => return fail(error.at, error.message),
    };
    if root.as_object().is_none() {
        return fail(0, "a list of properties was expected at the top; nothing in it was judged".to_owned());
    }
    let (mut plan, kinds) = match system {
        System::GitHub => (github::plan(&root, Some(&source)), &GITHUB),
        System::Azure => (azure::plan(&root, Some(&source)), &AZURE),
    };
    resolve::resolve(&mut plan, unit.file, system, context);
    let start = root.as_object().and_then(|object| object.iter().next()).map_or_else(|| root.span(), |field| field.key_span);
    let resources = emit::resources(&plan, kinds, &source.path, start);
    Evaluated { resources, every_environment: true, ..Evaluated::default() }
}
