//! Which parameter files belong to a template: by their names, else by their folder and what they give.

/// Folders, below or beside a template's own, in which its parameter files are looked for.
const FOLDERS: &[&str] = &["parameters", "parameter", "params", "param", "environments", "environment", "envs", "env", "config", "configs"];
/// Words that file and folder names use for environments.
const ENVIRONMENTS: &[&str] = &[
    "dev",
    "development",
    "test",
    "tst",
    "qa",
    "uat",
    "acc",
    "acceptance",
    "int",
    "integration",
    "stage",
    "staging",
    "stg",
    "preprod",
    "nonprod",
    "prod",
    "prd",
    "production",
    "live",
    "sandbox",
    "sbx",
    "poc",
    "demo",
];

/// How a parameter file's path relates to a template's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It carries the template's name.
    Named,
    /// It lies where the template's parameter files lie, and carries no template's name.
    Placed,
}

/// How the parameter file at `parameters` relates to the template at `template`, by their paths alone.
pub fn relation(template: &str, parameters: &str) -> Option<Relation> {
    let (folder, file) = split(template);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_ascii_lowercase();
    let (their_folder, their_file) = split(parameters);
    if !near(folder, their_folder) {
        return None;
    }
    let their_stem = their_file.rsplit_once('.').map_or(their_file, |(stem, _)| stem).to_ascii_lowercase();
    if let Some(rest) = their_stem.strip_prefix(&*stem) {
        let separated = rest.is_empty() || rest.starts_with(['.', '-', '_']);
        let marked = rest.contains("param") || words(rest).any(is_environment) || their_folder != folder;
        if separated && marked {
            return Some(Relation::Named);
        }
    }
    // `parameters.json`, `parameters.prod.json`, `prod.json`, `prod.parameters.json`
    let plain = words(&their_stem).all(|word| word.starts_with("param") || word == "azuredeploy" || word == "main" || is_environment(word));
    plain.then_some(Relation::Placed)
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '-', '_']).filter(|word| !word.is_empty())
}

fn is_environment(word: &str) -> bool {
    ENVIRONMENTS.contains(&word)
}

/// The same folder, one of the known folders below it (and one level below that), or beside it.
fn near(template: &str, parameters: &str) -> bool {
    if template == parameters {
        return true;
    }
    let beside = split(template).0;
    [template, beside].into_iter().any(|base| {
        let rest = if base.is_empty() { Some(parameters) } else { parameters.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')) };
        let Some(rest) = rest else { return false };
        let mut segments = rest.split('/');
        let first = segments.next().unwrap_or_default().to_ascii_lowercase();
        let known = FOLDERS.contains(&first.as_str()) || (base == template && is_environment(&first));
        known && segments.count() <= 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_pair() {
        for path in [
            "infra/main.parameters.json",
            "infra/main.parameters.prod.json",
            "infra/main.prod.parameters.json",
            "infra/main-parameters.json",
            "infra/main.prod.json",
            "infra/parameters/main.json",
            "infra/params/prod/main.parameters.json",
            "parameters/main.prod.json",
        ] {
            assert_eq!(relation("infra/main.json", path), Some(Relation::Named), "{path}");
        }
    }

    #[test]
    fn places_pair_only_where_no_other_name_stands() {
        for path in ["infra/parameters.json", "infra/parameters/prod.json", "infra/prod.parameters.json", "infra/parameters.prod.json"] {
            assert_eq!(relation("infra/main.json", path), Some(Relation::Placed), "{path}");
        }
        for path in
            ["infra/storage.parameters.json", "other/main.parameters.json", "infra/mainframe.parameters.json", "infra/a/b/prod.json"]
        {
            assert_eq!(relation("infra/main.json", path), None, "{path}");
        }
    }
}
