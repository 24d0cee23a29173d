//! Which parameter files belong to which template.

use super::source::Source;
use super::tree::StatementKind;
use crate::format::Context;
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
    let belongs = |file: &FileId| {
        let path = context.files.path(*file);
        if path.ends_with(".bicepparam") { uses(*file, root, context) } else { is_named_for(&path, &template) }
    };
    let mut files: Vec<FileId> = context.recognised.iter().map(|recognised| recognised.file).filter(belongs).collect();
    files.sort_by_key(|file| context.files.path(*file));
    files.dedup();
    if files.is_empty() {
        return vec![unit(None)];
    }
    files.into_iter().map(|file| unit(Some(file))).collect()
}

/// Whether a `.bicepparam` file says `using` this template, itself or in a file that it extends.
fn uses(file: FileId, root: FileId, context: &Context<'_>) -> bool {
    let mut file = file;
    for _ in 0..8 {
        let Some(text) = context.files.get(file) else { return false };
        let source = Source::new(file, text);
        let mut base = None;
        for statement in &source.program.statements {
            let path = match &statement.kind {
                StatementKind::Using(Some(path), _) | StatementKind::Extends(path) => path,
                _ => continue,
            };
            let named = source.key(path).and_then(|path| context.loader.load(file, &path).ok());
            match statement.kind {
                StatementKind::Using(..) if named.is_some() => return named == Some(root),
                _ => base = base.or(named),
            }
        }
        match base {
            Some(next) => file = next,
            None => return false,
        }
    }
    false
}

/// Whether a JSON parameter file goes by the template's name: `main.parameters.json`, `main.prod.parameters.json`,
/// `main.parameters.prod.json`, beside the template or in a folder `parameters` there.
fn is_named_for(path: &str, template: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (home, template) = template.rsplit_once('/').unwrap_or(("", template));
    let beside = folder == home
        || folder.strip_prefix(home).is_some_and(|rest| matches!(rest, "/parameters" | "/params"))
        || (home.is_empty() && folder == "parameters");
    let Some(stem) = template.strip_suffix(".bicep") else { return false };
    let Some(rest) = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(".json")) else { return false };
    beside && rest.starts_with('.') && rest.split('.').any(|part| matches!(part, "parameters" | "params" | "param"))
}

#[cfg(test)]
mod tests {
    use super::is_named_for;

    #[test]
    fn parameter_files_go_by_name_and_folder() {
        let is = |path| is_named_for(path, "infra/main.bicep");
        assert!(
            is("infra/main.parameters.json") && is("infra/main.prod.parameters.json") && is("infra/parameters/main.parameters.dev.json")
        );
        assert!(
            !is("infra/other.parameters.json")
                && !is("main.parameters.json")
                && !is("infra/main.json")
                && !is("infra/mainx.parameters.json")
        );
    }
}
