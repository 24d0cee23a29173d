//! Facts of code that clauses ask for: Python sources and what they require, migrations, start-up scripts, routes of other languages.
//!
//! Kinds: `Code/python` (`imports calls routes bases leaks`), `Code/requirements`, `Code/startScripts`, `Code/sources`,
//! `Alembic/revisions`. What a tokenizer cannot tell for sure is left out: a missing fact makes a rule not applicable, never a guess.

pub mod alembic;
pub mod python;
mod requirements;
mod sources;
mod start;
#[cfg(test)]
mod tests;

use super::settings::{made, unreadable};
use super::{Context, Format, Role};
use crate::model::{Evaluated, FileId, Unit, Value};

/// The front end of code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Code;

impl Format for Code {
    fn name(&self) -> &'static str {
        "code"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        form(path, text).map(|_| Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        vec![Unit { file: root, parameters: None, label: context.files.path(root).to_string(), environment: None }]
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let Some(source) = context.files.get(unit.file) else { return Evaluated::default() };
        let (file, path, text) = (unit.file, &*source.path, &*source.text);
        let resource = match form(path, text) {
            Some(Form::Python) => {
                let mut properties = python::facts(file, text);
                properties.set("isTest", Value::from(is_test(path)));
                made(file, path, "Code/python", Value::object(properties))
            }
            Some(Form::Migration) => match alembic::revision(file, path, text) {
                Some(resource) => resource,
                None => return Evaluated::default(),
            },
            Some(Form::Requirements) => match requirements::properties(file, path, text) {
                Ok(properties) => made(file, path, "Code/requirements", Value::object(properties)),
                Err(error) => return unreadable(file, path, "pyproject.toml", &error),
            },
            Some(Form::Start) => made(file, path, "Code/startScripts", Value::object(start::properties(file, text))),
            Some(Form::Source) => made(file, path, "Code/sources", Value::object(sources::properties(file, text))),
            None => return Evaluated::default(),
        };
        Evaluated { resources: vec![resource], ..Evaluated::default() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Python,
    Migration,
    Requirements,
    Start,
    Source,
}

fn form(path: &str, text: &str) -> Option<Form> {
    let foreign =
        path.split('/').any(|folder| matches!(folder, "node_modules" | ".venv" | "venv" | "site-packages" | "__pycache__" | "vendor"));
    if foreign {
        return None;
    }
    if path.ends_with(".py") {
        return Some(if alembic::looks_like(text) { Form::Migration } else { Form::Python });
    }
    if requirements::is_one(path) {
        return Some(Form::Requirements);
    }
    if start::is_one(path) {
        return Some(Form::Start);
    }
    sources::is_one(path, text).then_some(Form::Source)
}

/// Whether a source tests others: what it calls is not what runs.
fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("test_")
        || name.ends_with("_test.py")
        || name == "conftest.py"
        || path.split('/').any(|folder| matches!(folder, "tests" | "test"))
}
