//! Which parameter files belong to which template.

use super::cache;
use super::tree::StatementKind;
use crate::format::arm::{self, Relation, cache as json, relation};
use crate::format::{Context, Role};
use crate::model::{FileId, Unit};

/// One unit for each parameter set of `root`; one with defaults where there is none.
pub fn units(root: FileId, context: &Context<'_>) -> Vec<Unit> {
    let template = context.files.path(root).to_string();
    let unit = |parameters: Option<FileId>| {
        let label = match parameters {
            Some(file) => format!("{template} + {}", context.files.path(file)),
            None => template.clone(),
        };
        Unit { file: root, parameters, label, environment: None }
    };
    if !context.options.parameter_files.is_empty() {
        return context.options.parameter_files.iter().map(|file| unit(Some(*file))).collect();
    }
    let is_bicep = |file: &FileId| context.files.path(*file).ends_with(".bicepparam");
    let all = context.recognised.iter().filter(|recognised| recognised.role == Role::Part);
    let mut files: Vec<FileId> =
        all.map(|recognised| recognised.file).filter(|file| is_bicep(file) && uses(*file, root, &template, context)).collect();
    files.extend(json_for(root, &template, files.is_empty(), context));
    files.sort_by_key(|file| context.files.path(*file));
    files.dedup();
    if files.is_empty() {
        return vec![unit(None)];
    }
    files.into_iter().map(|file| unit(Some(file))).collect()
}

/// Whether a `.bicepparam` file says `using` this template, itself or in a file that it extends.
fn uses(file: FileId, root: FileId, template: &str, context: &Context<'_>) -> bool {
    let mut file = file;
    for _ in 0..8 {
        let Some(source) = cache::source(file, context.files) else { return false };
        let mut base = None;
        for statement in &source.program.statements {
            match &statement.kind {
                StatementKind::Using(Some(path), _) => {
                    let Some(path) = source.key(path) else { continue };
                    // Most files name another template; only a link could make the letters lie.
                    let is_named = joined(&source.text.path, &path).is_none_or(|path| same_name(&path, template));
                    return is_named && context.loader.load(file, &path).is_ok_and(|named| named == root);
                }
                StatementKind::Extends(path) => {
                    base = base.or_else(|| source.key(path).and_then(|path| context.loader.load(file, &path).ok()));
                }
                _ => {}
            }
        }
        match base {
            Some(next) => file = next,
            None => return false,
        }
    }
    false
}

/// `path` from the folder of `from`, by the letter; `None` where it leads out.
fn joined(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

fn same_name(left: &str, right: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name(left) == name(right)
}

/// The JSON parameter files of a template: those with its name; else, where it has none in Bicep either, those that lie where
/// parameter files lie and give nothing that it lacks.
fn json_for(root: FileId, template: &str, is_without: bool, context: &Context<'_>) -> Vec<FileId> {
    let parts = context.recognised.iter().filter(|part| part.role == Role::Part && part.format == arm::NAME);
    let related: Vec<(FileId, Relation)> =
        parts.filter_map(|part| relation(template, &context.files.path(part.file)).map(|relation| (part.file, relation))).collect();
    let named: Vec<FileId> = related.iter().filter(|(_, relation)| *relation == Relation::Named).map(|(file, _)| *file).collect();
    if !named.is_empty() || !is_without {
        return named;
    }
    let Some(source) = cache::source(root, context.files) else { return Vec::new() };
    let declared = |name: &str| {
        source.program.statements.iter().any(|statement| match &statement.kind {
            StatementKind::Param(param) => source.str(param.name.at).eq_ignore_ascii_case(name),
            _ => false,
        })
    };
    let fits = |file: &FileId| {
        let Ok(parameters) = json::parameters(*file, context.files) else { return false };
        let given = &parameters.value.given;
        !given.is_empty() && given.iter().all(|given| declared(&given.name))
    };
    related.into_iter().map(|(file, _)| file).filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::{joined, same_name};

    #[test]
    fn paths_are_joined_by_the_letter() {
        assert_eq!(joined("infra/env/prod.bicepparam", "../main.bicep").as_deref(), Some("infra/main.bicep"));
        assert_eq!(joined("prod.bicepparam", "../main.bicep"), None);
        assert!(same_name("infra/Main.bicep", "other/main.bicep") && !same_name("a/main.bicep", "a/other.bicep"));
    }
}
