//! GitHub Actions workflows and Azure Pipelines: what they run, in which order, and what stands between a change and production.
//!
//! Kinds: `GitHub/workflows`, `GitHub/workflows/jobs`, `AzurePipelines/pipelines`, `AzurePipelines/stages`, `AzurePipelines/jobs`,
//! and `Scripts/files` for scripts that deploy.
//! Both systems carry the same facts: see [`Fact`] for what a step does; a job also has `before` and `after` (the same facts over
//! the jobs that it needs and that need it), `environmentKind`, `loginMethods`, `bypasses`, `exposedSecrets`, `injections`, and the
//! lists of `details`. `docs/workflows.md` tells rule authors all of it.
//!
//! Reusable workflows, composite actions, templates and scripts of the repository are put where they are called, with their inputs.
//! What is not here keeps what depends on it unknown.

mod azure;
mod classify;
mod commands;
mod details;
mod emit;
mod environment;
mod github;
mod health;
mod login;
mod order;
mod plan;
mod recognise;
mod resolve;
mod runner;
mod script;
mod step;
mod steps;
mod substitute;
mod templates;
#[cfg(test)]
mod tests;
mod triggers;
mod variables;
pub mod yaml;

pub use classify::Fact;
pub use script::DeploymentScript;

use super::{Context, Format, Role};
use crate::model::{Entry, EntryKind, Evaluated, FileId, Note, Span, State, Unit, Value};
use emit::Kinds;
use plan::Plan;
use recognise::System;

/// The front end of GitHub Actions workflows.
#[derive(Clone, Copy, Debug, Default)]
pub struct GitHubWorkflow;

/// The front end of Azure Pipelines.
#[derive(Clone, Copy, Debug, Default)]
pub struct AzurePipeline;

/// Largest file that is read: both systems refuse smaller ones.
const MOST_BYTES: usize = 2 * 1024 * 1024;

const GITHUB: Kinds = Kinds { plan: "GitHub/workflows", stage: "GitHub/workflows/stages", job: "GitHub/workflows/jobs", is_github: true };
const AZURE: Kinds =
    Kinds { plan: "AzurePipelines/pipelines", stage: "AzurePipelines/stages", job: "AzurePipelines/jobs", is_github: false };

impl Format for GitHubWorkflow {
    fn name(&self) -> &'static str {
        "GitHub workflow"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        (recognise::recognise(path, text) == Some(System::GitHub)).then_some(Role::Root)
    }

    fn modules(&self, file: FileId, context: &Context<'_>) -> Vec<FileId> {
        modules(file, System::GitHub, context)
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

    fn modules(&self, file: FileId, context: &Context<'_>) -> Vec<FileId> {
        modules(file, System::Azure, context)
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

/// The whole plan of `root`, and the local files that went into it.
fn plan_of(root: &Value, file: FileId, system: System, context: &Context<'_>) -> (Plan, Vec<FileId>) {
    let (mut plan, mut read) = match system {
        System::GitHub => (github::plan(root, context.files), Vec::new()),
        System::Azure => {
            let (root, read) = templates::expand(root, file, context);
            (azure::plan(&root, context.files), read)
        }
    };
    read.extend(resolve::resolve(&mut plan, file, system, context));
    (plan, read)
}

/// The files that are nothing but parts of `file`: a workflow that also starts by itself is judged by itself as well.
fn modules(file: FileId, system: System, context: &Context<'_>) -> Vec<FileId> {
    let read = |file: FileId| {
        let source = context.files.get(file).filter(|source| source.text.len() <= MOST_BYTES)?;
        yaml::read(file, &source.text).ok()
    };
    let Some(root) = read(file) else { return Vec::new() };
    let (_, mut called) = plan_of(&root, file, system, context);
    called.retain(|called| {
        read(*called).is_some_and(|root| match system {
            System::GitHub => github::plan(&root, context.files).is_part,
            System::Azure => ["trigger", "pr", "schedules"].iter().all(|key| root.get(key).is_none()),
        })
    });
    called
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
    if source.text.len() > MOST_BYTES {
        return fail(0, format!("larger than {} KiB: nothing in it was judged; no CI system reads such a file", MOST_BYTES / 1024));
    }
    let root = match yaml::read(unit.file, &source.text) {
        Ok(root) => root,
        Err(error) => return fail(error.at, error.message),
    };
    if root.as_object().is_none() {
        return fail(0, "a list of properties was expected at the top; nothing in it was judged".to_owned());
    }
    let kinds = if system == System::GitHub { &GITHUB } else { &AZURE };
    let (plan, _) = plan_of(&root, unit.file, system, context);
    let start = root.as_object().and_then(|object| object.iter().next()).map_or_else(|| root.span(), |field| field.key_span);
    let resources = emit::resources(&plan, kinds, &source.path, start);
    Evaluated { resources, every_environment: true, ..Evaluated::default() }
}
