//! Rules and their values, out of arguments.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Choice, Sure};
use super::event_rules;
use super::exit::Failure;
use crate::engine::Environments;
use crate::model::{Confidence, RuleInfo};
use crate::policy::{Aliases, Problem, RuleSet, Settings};
use crate::spec::Profile;

/// The profile, the rules that it and the arguments choose, and the values of the command line held against them.
pub struct Chosen {
    /// The profile in force.
    pub profile: Profile,
    /// The rules to run.
    pub rules: RuleSet,
    /// `--param`.
    command_line: Vec<(String, String)>,
}

impl Chosen {
    /// Reads profile, rules and values.
    pub fn new(choice: &Choice) -> Result<Self, Failure> {
        let all = rules(choice)?;
        let profile = Profile::load(&choice.profile).map_err(|error| Failure::usage(error.to_string()))?;
        let wrong = event_rules::check(&profile, &all);
        if !wrong.is_empty() {
            return Err(problems(wrong));
        }
        let mut command_line = Vec::new();
        let mut settings = Settings::new();
        for given in &choice.param {
            let (name, value) = given.split_once('=').ok_or_else(|| Failure::usage(format!("`--param {given}`: write NAME=VALUE")))?;
            settings.set_text(name.trim(), value);
            command_line.push((name.trim().to_owned(), value.to_owned()));
        }
        let wrong = event_rules::without_known(settings.check(&all));
        if !wrong.is_empty() {
            return Err(Failure::all(wrong.iter().map(ToString::to_string)));
        }
        let rules = all.filtered(|rule| chosen(choice, rule.info()) && !profile.is_off(rule.info()));
        Ok(Self { profile, rules, command_line })
    }

    /// The values in force in an environment: profile, then command line.
    pub fn settings(&self, environment: Option<&str>) -> Settings {
        let mut settings = self.profile.settings(environment);
        settings.push_layer();
        for (name, value) in &self.command_line {
            settings.set_text(name, value);
        }
        settings
    }

    /// How environments are recognised.
    pub fn environments(&self) -> Environments {
        let mut environments = Environments::default();
        if let Some(words) = self.profile.environments() {
            environments.words = words.to_vec();
        }
        if let Some(tags) = self.profile.environment_tags() {
            environments.tags = tags.to_vec();
        }
        environments
    }
}

/// The rules that exist, ours and the user's; every word of `--rule` and `--skip-rule` must name one.
fn rules(choice: &Choice) -> Result<RuleSet, Failure> {
    let rules = RuleSet::builtin().map_err(problems)?.overlaid(&own_rules(&choice.rule_files)?);
    for word in choice.rule.iter().chain(&choice.skip_rule) {
        let known = word.starts_with("secret") || rules.iter().any(|rule| names(rule.info(), word));
        if !known {
            let near = rules.nearest(word).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            return Err(Failure::usage(format!("there is no rule or theme `{word}`{near} (`azward rules` lists all)")));
        }
    }
    Ok(rules)
}

fn chosen(choice: &Choice, rule: &RuleInfo) -> bool {
    let wanted = choice.rule.is_empty() || choice.rule.iter().any(|word| names(rule, word));
    wanted && !choice.skip_rule.iter().any(|word| names(rule, word))
}

fn names(rule: &RuleInfo, word: &str) -> bool {
    rule.id == word || rule.theme == word || rule.controls.iter().any(|control| control.id == word)
}

pub(super) fn problems(problems: Vec<Problem>) -> Failure {
    Failure::all(problems.iter().map(ToString::to_string))
}

/// The rules over resources of these folders and files.
pub(super) fn own_rules(paths: &[PathBuf]) -> Result<RuleSet, Failure> {
    let files = paths.iter().map(|path| rule_files(path, |event| !event)).collect::<Result<Vec<_>, _>>()?;
    RuleSet::load(files.into_iter().flatten().collect(), &Arc::new(Aliases::built_in())).map_err(problems)
}

/// Whether a rule file is about events of logs: only those say what they read.
pub(super) fn is_event_rule(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("input:"))
}

/// One file, or of a folder every `.yaml` and every definition of Azure Policy, where `keep` wants rules over events (true) or over
/// resources (false): name and text.
pub(super) fn rule_files(path: &Path, keep: impl Fn(bool) -> bool) -> Result<Vec<(String, String)>, Failure> {
    let unreadable =
        |path: &Path, error: &dyn std::fmt::Display| Failure::usage(format!("the rules at `{}` cannot be read: {error}", path.display()));
    let mut found = 0usize;
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| unreadable(path, &error))?;
        let file = entry.path();
        let named = file == path;
        let ending = file.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
        if !entry.file_type().is_file() || !(named || ["yaml", "yml", "json"].contains(&ending)) {
            continue;
        }
        let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
        if ending == "json" && !named && !text.contains("\"policyRule\"") {
            continue;
        }
        found += 1;
        // A file that is named is read as what the command works with, and told what it is not.
        if named || keep(is_event_rule(&text)) {
            files.push((file.display().to_string(), text));
        }
    }
    if found == 0 {
        return Err(Failure::usage(format!("there is no rule file (`*.yaml`) in `{}`", path.display())));
    }
    Ok(files)
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
