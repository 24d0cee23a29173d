//! Dockerfiles and compose files.
//!
//! Kinds: `Docker/files`, one for each Dockerfile (its base images, what the last stage runs as, opens, starts and checks, what it
//! copies), and `Docker/services`, one for each service of a compose file.

mod compose;
mod ignore;
mod image;
mod lines;
mod stages;
#[cfg(test)]
mod tests;

pub use ignore::patterns;

use super::data::DataError;
use super::settings::{made, unreadable};
use super::{Context, Format, Role};
use crate::model::{Evaluated, FileId, Unit, Value};

/// The front end of Dockerfiles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dockerfile;

/// The front end of compose files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compose;

impl Format for Dockerfile {
    fn name(&self) -> &'static str {
        "Dockerfile"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let named = ["dockerfile", "containerfile"].into_iter().any(|word| {
            name == word
                || name.starts_with(&format!("{word}."))
                || name.ends_with(&format!(".{word}"))
                || name.starts_with(&format!("{word}-"))
        });
        // Without an extension anything may be one; other files say by theirs what they are.
        let nameless = !name.contains('.') && !path.contains("/.git/");
        ((named || nameless) && !name.ends_with(".dockerignore") && lines::looks_like(text)).then_some(Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        whole(root, context)
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let Some(source) = context.files.get(unit.file) else { return Evaluated::default() };
        let mut properties = stages::properties(unit.file, &lines::instructions(&source.text));
        // The context is most often the Dockerfile's own folder, and else the root.
        let up = "../".repeat(source.path.matches('/').count());
        let named = format!("{}.dockerignore", source.path.rsplit('/').next().unwrap_or(&source.path));
        let beside = [named, ".dockerignore".to_owned(), format!("{up}.dockerignore")];
        let ignores = beside.iter().find_map(|path| context.files.get(context.loader.load(unit.file, path).ok()?));
        properties.set("hasIgnoreFile", Value::from(ignores.is_some()));
        let let_in = ignore::let_in(ignores.as_deref().map_or("", |file| &file.text));
        properties.set("letsIn", Value::array(let_in.into_iter().map(Value::str).collect()));
        Evaluated { resources: vec![made(unit.file, &source.path, "Docker/files", Value::object(properties))], ..Evaluated::default() }
    }
}

impl Format for Compose {
    fn name(&self) -> &'static str {
        "compose file"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let named = (name.starts_with("docker-compose") || name.starts_with("compose.") || name.starts_with("compose-"))
            && (name.ends_with(".yml") || name.ends_with(".yaml"));
        (named && text.lines().any(|line| line.trim_end() == "services:")).then_some(Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        whole(root, context)
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let Some(source) = context.files.get(unit.file) else { return Evaluated::default() };
        match super::workflow::yaml::read(unit.file, &source.text) {
            Ok(root) => Evaluated { resources: compose::services(unit.file, &source.path, &root), ..Evaluated::default() },
            Err(error) => unreadable(unit.file, &source.path, self.name(), &DataError { at: error.at, message: error.message }),
        }
    }
}

fn whole(root: FileId, context: &Context<'_>) -> Vec<Unit> {
    vec![Unit { file: root, parameters: None, label: context.files.path(root).to_string(), environment: None }]
}
