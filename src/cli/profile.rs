//! Rules and their values, out of arguments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Choice, Sure};
use super::exit::Failure;
use crate::model::Confidence;
use crate::policy::{Aliases, Problem, RuleSet, Settings};

/// The rules that the arguments choose.
pub fn rules(choice: &Choice) -> Result<RuleSet, Failure> {
    let mut rules = RuleSet::builtin().map_err(problems)?;
    if !choice.rule_files.is_empty() {
        let mut files = Vec::new();
        for path in &choice.rule_files {
            files.extend(rule_files(path)?);
        }
        let own = RuleSet::load(files, &Arc::new(Aliases::built_in())).map_err(problems)?;
        rules = rules.overlaid(&own);
    }
    for word in choice.rule.iter().chain(&choice.skip_rule) {
        let known = word.starts_with("secret") || rules.iter().any(|rule| names(rule.info(), word));
        if !known {
            let near = rules.nearest(word).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(Failure::usage(format!("there is no rule or theme `{word}`{near} (`azward rules` lists all)")));
        }
    }
    Ok(rules.filtered(|rule| {
        let chosen = choice.rule.is_empty() || choice.rule.iter().any(|word| names(rule.info(), word));
        chosen && !choice.skip_rule.iter().any(|word| names(rule.info(), word))
    }))
}

fn names(rule: &crate::model::RuleInfo, word: &str) -> bool {
    rule.id == word || rule.theme == word || rule.controls.iter().any(|control| control.id == word)
}

fn problems(problems: Vec<Problem>) -> Failure {
    Failure::all(problems.iter().map(ToString::to_string))
}

/// Every `.yaml` of a folder, or one file.
fn rule_files(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let unreadable =
        |path: &Path, error: &dyn std::fmt::Display| Failure::usage(format!("the rules at `{}` cannot be read: {error}", path.display()));
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| unreadable(path, &error))?;
        let is_rule = entry.path().extension().is_some_and(|end| end == "yaml" || end == "yml");
        if entry.file_type().is_file() && (is_rule || entry.path() == path) {
            files.push(entry.into_path());
        }
    }
    if files.is_empty() {
        return Err(Failure::usage(format!("there is no rule file (`*.yaml`) in `{}`", path.display())));
    }
    files
        .into_iter()
        .map(|file| Ok((file.display().to_string(), std::fs::read_to_string(&file).map_err(|error| unreadable(&file, &error))?)))
        .collect()
}

/// The values of the command line.
pub fn command_line(choice: &Choice, settings: &mut Settings) -> Result<(), Failure> {
    settings.push_layer();
    for given in &choice.param {
        let (name, value) = given.split_once('=').ok_or_else(|| Failure::usage(format!("`--param {given}`: write NAME=VALUE")))?;
        settings.set_text(name.trim(), value);
    }
    Ok(())
}

impl From<Sure> for Confidence {
    fn from(sure: Sure) -> Self {
        match sure {
            Sure::Generic => Self::Generic,
            Sure::Strong => Self::Strong,
            Sure::VerifiedFormat => Self::VerifiedFormat,
        }
    }
}
