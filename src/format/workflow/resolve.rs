//! Follows local reusable workflows, composite actions and templates: what they do, the caller does.

use std::sync::Arc;

use super::plan::{Job, Plan};
use super::recognise::System;
use super::{azure, github, yaml};
use crate::format::Context;
use crate::model::{FileId, Value};

/// How deep local files may call each other.
const DEPTH: u32 = 4;

/// Joins what local files do into the steps that call them; what stays out of sight keeps its jobs opaque.
pub fn resolve(plan: &mut Plan, file: FileId, system: System, context: &Context<'_>) {
    into(plan, file, system, context, 0);
}

fn into(plan: &mut Plan, file: FileId, system: System, context: &Context<'_>, depth: u32) {
    for job in &mut plan.jobs {
        if let Some(uses) = job.body.get("uses").and_then(Value::as_str).map(str::to_owned)
            && let Some(called) = called(&uses, file, system, context, depth)
        {
            absorb(job, called);
        }
        for step in &mut job.steps {
            let Some(uses) = step.uses.as_ref().and_then(Value::as_str).filter(|uses| uses.starts_with("./")) else { continue };
            let candidates = [format!("{uses}/action.yml"), format!("{uses}/action.yaml")];
            match candidates.iter().find_map(|path| called(path, file, system, context, depth)) {
                Some(inner) => inner.jobs.iter().flat_map(|job| &job.steps).for_each(|inner| step.facts.join(inner.facts)),
                None => step.opaque = Some(Arc::from(format!("the action `{uses}`"))),
            }
        }
    }
}

/// The plan of a local file.
fn called(path: &str, file: FileId, system: System, context: &Context<'_>, depth: u32) -> Option<Plan> {
    let path = path.strip_prefix("./").filter(|_| depth < DEPTH)?;
    // Such paths start at the repository's root, which holds the folder `.github`.
    let own = context.files.path(file);
    let above = own.split("/.github/").next().filter(|_| own.contains("/.github/")).map_or(0, |root| root.split('/').count());
    let up = own.split('/').count().saturating_sub(above + 1);
    let id = context.loader.load(file, &format!("{}{path}", "../".repeat(up))).ok()?;
    let source = context.files.get(id)?;
    let root = yaml::read(id, &source.text).ok()?;
    let mut plan = match system {
        System::GitHub => github::plan(&root, Some(&source)),
        System::Azure => azure::plan(&root, Some(&source)),
    };
    into(&mut plan, id, system, context, depth + 1);
    Some(plan)
}

/// The steps of a called workflow stand in the job that calls it, at the line of the call.
fn absorb(job: &mut Job, called: Plan) {
    let call = job.body.get("uses").map_or(job.place, Value::span);
    job.opaque = called.jobs.iter().find_map(|inner| inner.opaque.clone());
    for inner in called.jobs {
        if job.environment.is_none() {
            job.environment = inner.environment;
        }
        for mut step in inner.steps {
            step.place = call;
            step.uses = None;
            step.commands.clear();
            step.continue_on_error = None;
            step.condition = None;
            step.env = None;
            job.steps.push(step);
        }
    }
}
