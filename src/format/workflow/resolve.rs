//! Follows what stands in other files of the repository: reusable workflows, composite actions, scripts.

use std::collections::HashMap;
use std::sync::Arc;

use super::classify::classify;
use super::commands::commands;
use super::plan::{Job, Plan, Step};
use super::recognise::System;
use super::substitute::{named, substitute};
use super::{github, yaml};
use crate::format::Context;
use crate::model::{FileId, Kind, Span, Value};

/// How deep local files may call each other, how often one file may call, and how many steps may come of it.
const DEPTH: u32 = 4;
const CALLS: usize = 100;
const STEPS: usize = 20_000;

/// Follows calls, within a budget.
struct Resolver<'a> {
    context: &'a Context<'a>,
    system: System,
    calls: usize,
    files: Vec<FileId>,
}

/// Puts what local files do where they are called; what stays out of sight keeps its jobs opaque. Gives the files that were read.
pub fn resolve(plan: &mut Plan, file: FileId, system: System, context: &Context<'_>) -> Vec<FileId> {
    let mut resolver = Resolver { context, system, calls: CALLS, files: Vec::new() };
    resolver.plan(plan, file, 0);
    resolver.files
}

impl Resolver<'_> {
    fn plan(&mut self, plan: &mut Plan, file: FileId, depth: u32) {
        let mut jobs: Vec<Job> = Vec::new();
        let mut became: HashMap<Arc<str>, Vec<Arc<str>>> = HashMap::new();
        for mut job in std::mem::take(&mut plan.jobs) {
            let called = job.body.get("uses").and_then(Value::as_str).map(str::to_owned);
            if let Some(called) = called.and_then(|path| self.workflow(&path, &job, file, depth)) {
                became.insert(Arc::clone(&job.id), called.iter().map(|inner| Arc::clone(&inner.id)).collect());
                jobs.extend(called);
                continue;
            }
            let mut steps = Vec::with_capacity(job.steps.len());
            for step in std::mem::take(&mut job.steps) {
                self.step(step, file, depth, &mut steps);
            }
            job.steps = steps;
            jobs.push(job);
        }
        for job in &mut jobs {
            job.needs = job.needs.iter().flat_map(|need| became.get(need).cloned().unwrap_or_else(|| vec![Arc::clone(need)])).collect();
        }
        plan.jobs = jobs;
    }

    /// The jobs of the reusable workflow that `caller` is, each under the name of the caller.
    fn workflow(&mut self, path: &str, caller: &Job, file: FileId, depth: u32) -> Option<Vec<Job>> {
        let id = self.load(path, file, depth)?;
        let inputs = caller.body.get("with");
        let root = self.root(id, inputs, "on.workflow_call.inputs")?;
        let mut plan = github::plan(&root, self.context.files);
        self.plan(&mut plan, id, depth + 1);
        let full = |name: &str| -> Arc<str> { format!("{}/{name}", caller.id).into() };
        for job in &mut plan.jobs {
            job.id = full(&job.id);
            job.needs = job.needs.iter().map(|need| full(need)).chain(caller.needs.iter().cloned()).collect();
            job.condition = job.condition.take().or_else(|| caller.condition.clone());
            for key in ["name", "permissions"] {
                if let Some(value) = caller.body.get(key).filter(|_| !job.body.contains_key(key)) {
                    job.body.set(key, value.clone());
                }
            }
        }
        (!plan.jobs.is_empty()).then_some(plan.jobs)
    }

    /// Adds `step`, or the steps of the composite action that it calls.
    fn step(&mut self, mut step: Step, file: FileId, depth: u32, steps: &mut Vec<Step>) {
        if steps.len() >= STEPS {
            return;
        }
        let uses = step.uses.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        if self.system == System::GitHub && uses.starts_with("./") {
            let files = [format!("{uses}/action.yml"), format!("{uses}/action.yaml")];
            let found = files.iter().find_map(|path| self.load(path, file, depth));
            let root = found.and_then(|id| Some((self.root(id, step.inputs.as_ref(), "inputs")?, id)));
            let Some((root, id)) = root else {
                step.opaque = Some(Arc::from(format!("the action `{uses}`")));
                steps.push(step);
                return;
            };
            let plan = github::plan(&root, self.context.files);
            for mut inner in plan.jobs.into_iter().flat_map(|job| job.steps) {
                inner.condition = inner.condition.take().or_else(|| step.condition.clone());
                self.step(inner, id, depth + 1, steps);
            }
            return;
        }
        self.scripts(&mut step, file, depth);
        steps.push(step);
    }

    /// What the scripts of the repository do that a step runs, its step does.
    fn scripts(&mut self, step: &mut Step, file: FileId, depth: u32) {
        let by_input = ["scriptPath", "filePath", "ScriptPath"].iter().find_map(|key| step.inputs.as_ref()?.get(key)?.as_str());
        let by_command = step.commands.iter().filter_map(Value::as_str).filter_map(script_of);
        let paths: Vec<String> = by_input.into_iter().chain(by_command).map(str::to_owned).collect();
        for path in paths {
            let path =
                ["$(System.DefaultWorkingDirectory)/", "$(Build.SourcesDirectory)/", "${{ github.workspace }}/", "$GITHUB_WORKSPACE/"]
                    .iter()
                    .find_map(|start| path.strip_prefix(start))
                    .unwrap_or(&path);
            let Some(id) = self.load(path, file, depth) else { continue };
            let Some(source) = self.context.files.get(id) else { continue };
            if source.text.len() > 1_000_000 {
                continue;
            }
            let span = Span::new(id, 0, u32::try_from(source.text.len()).unwrap_or(u32::MAX));
            let text = Value::at(Kind::Str(source.text.as_ref().into()), span);
            for command in commands(&text, self.context.files) {
                if let Some(text) = command.as_str() {
                    step.facts.join(classify(text));
                }
                step.commands.push(command);
            }
        }
    }

    /// A called file with the inputs of the call put in.
    fn root(&mut self, id: FileId, given: Option<&Value>, declared: &str) -> Option<Value> {
        let source = self.context.files.get(id)?;
        let root = yaml::read(id, &source.text).ok()?;
        let lookup = |expression: &str| {
            let name = named(expression, "inputs")?;
            let default = || root.path(declared)?.get(name)?.get("default").cloned();
            given.and_then(|given| given.get(name)).cloned().or_else(default)
        };
        let mut left = 200_000;
        Some(substitute(&root, &lookup, &mut left))
    }

    /// A file of the repository: from its root, else from the folder of `file`.
    fn load(&mut self, path: &str, file: FileId, depth: u32) -> Option<FileId> {
        if depth >= DEPTH || self.calls == 0 || path.contains(['$', '*', '~']) || path.starts_with('/') {
            return None;
        }
        let path = path.strip_prefix("./").unwrap_or(path);
        let own = self.context.files.path(file);
        let root = own.split("/.github/").next().filter(|_| own.contains("/.github/")).map_or(0, |root| root.split('/').count());
        let up = own.split('/').count().saturating_sub(root + 1);
        let candidates = [format!("{}{path}", "../".repeat(up)), path.to_owned()];
        let id = candidates.iter().find_map(|path| self.context.loader.load(file, path).ok())?;
        self.calls -= 1;
        if !self.files.contains(&id) {
            self.files.push(id);
        }
        Some(id)
    }
}

/// The script of one's own that a command runs: `./deploy.sh`, `bash scripts/x.sh`, `pwsh ./x.ps1 -A b`.
fn script_of(command: &str) -> Option<&str> {
    const SHELLS: [&str; 7] = ["bash", "sh", "pwsh", "powershell", "source", ".", "&"];
    let mut words = command.split_whitespace().filter(|word| !matches!(*word, "sudo" | "-File" | "-e" | "-x" | "-eu" | "-ex" | "-c"));
    let first = words.next()?.trim_matches(['"', '\'']);
    let script = if SHELLS.contains(&first) { words.next()?.trim_matches(['"', '\'']) } else { first };
    let is_script = [".sh", ".ps1", ".bash"].iter().any(|end| script.ends_with(end));
    (is_script && script.len() > 4).then_some(script)
}

#[cfg(test)]
mod tests {
    use super::script_of;

    #[test]
    fn scripts_of_the_repository_are_told_from_commands() {
        assert_eq!(script_of("./deploy.sh prod"), Some("./deploy.sh"));
        assert_eq!(script_of("bash -e scripts/a.sh"), Some("scripts/a.sh"));
        assert_eq!(script_of("pwsh -File ./a.ps1"), Some("./a.ps1"));
        assert_eq!(script_of("cat a.sh"), None);
    }
}
