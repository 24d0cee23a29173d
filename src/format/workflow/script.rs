//! Scripts that deploy: what people run by hand carries the same facts as a job.

use std::sync::Arc;

use super::commands::commands;
use super::emit::{self, Kinds};
use super::plan::{Job, Plan, Step};
use super::step::of_commands;
use crate::format::{Context, Format, Role};
use crate::model::{Evaluated, FileId, Kind, Object, Span, Unit, Value};

/// The front end of shell and PowerShell scripts that speak to Azure.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeploymentScript;

const KINDS: Kinds = Kinds { plan: "Scripts/plans", stage: "Scripts/stages", job: "Scripts/files", is_github: false };

/// Most lines that are looked at to recognise a script, and the largest that is read.
const LINES: usize = 5_000;
const MOST_BYTES: usize = 1024 * 1024;

impl Format for DeploymentScript {
    fn name(&self) -> &'static str {
        "deployment script"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        const STARTS: [&str; 8] = ["az ", "azd ", "func azure ", "terraform ", "docker build", "docker push", "New-Az", "Set-Az"];
        let lower = path.to_ascii_lowercase();
        let named = [".sh", ".bash", ".ps1"].iter().any(|end| lower.ends_with(end));
        let speaks = |line: &str| {
            let line = line.trim_start();
            STARTS.iter().any(|start| line.starts_with(start)) || line.contains("$(az ")
        };
        (named && text.len() <= MOST_BYTES && text.lines().take(LINES).any(speaks)).then_some(Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        vec![Unit { file: root, parameters: None, label: context.files.path(root).to_string(), environment: None }]
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let Some(source) = context.files.get(unit.file) else { return Evaluated::default() };
        let whole = Span::new(unit.file, 0, u32::try_from(source.text.len()).unwrap_or(u32::MAX));
        let first = source.text.lines().next().map_or(0, str::len);
        let place = Span::new(unit.file, 0, u32::try_from(first).unwrap_or(u32::MAX));
        let commands = commands(&Value::at(Kind::Str(source.text.as_ref().into()), whole), context.files);
        let steps = commands.into_iter().map(step).collect();
        let job = Job {
            id: Arc::clone(&source.path),
            place,
            stage: None,
            body: Object::new(),
            needs: Vec::new(),
            environment: None,
            condition: None,
            steps,
            opaque: None,
        };
        let elsewhere = Some("what runs before and after this script".into());
        let plan = Plan { jobs: vec![job], elsewhere, is_part: true, ..Plan::default() };
        let mut resources = emit::resources(&plan, &KINDS, &source.path, place);
        resources.retain(|resource| resource.is(KINDS.job));
        Evaluated { resources, every_environment: true, ..Evaluated::default() }
    }
}

fn step(command: Value) -> Step {
    Step {
        place: command.span(),
        name: String::new(),
        uses: None,
        facts: of_commands(std::slice::from_ref(&command)),
        commands: vec![command],
        inputs: None,
        env: None,
        condition: None,
        continue_on_error: None,
        opaque: None,
    }
}
