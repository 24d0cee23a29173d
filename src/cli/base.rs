//! What the engine is told, out of arguments: one builder for every command that judges.

use std::path::PathBuf;

use clap::Args;

use super::args::Choice;
use super::exit::Failure;
use super::profile::Chosen;
use crate::engine::ScanOptions;
use crate::format;
use crate::model::Value;
use crate::policy::Settings;
use crate::source::{Limits, ModuleCaches};

/// How files are read, for commands that read files.
#[derive(Args)]
pub struct Inputs {
    /// Parameter file for the templates, instead of those found beside them (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub parameters: Vec<PathBuf>,
    /// Value of a template parameter, NAME=VALUE; JSON, or text (repeatable)
    #[arg(long = "set", value_name = "NAME=VALUE", help_heading = "Input")]
    pub set: Vec<String>,
    /// Location of the resource group, where templates take theirs from it
    #[arg(long, help_heading = "Input")]
    pub location: Option<String>,
    /// Folder of compiled registry modules (repeatable)
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub module_cache: Vec<PathBuf>,
    /// Scan what ignore files leave out, too
    #[arg(long, help_heading = "Input")]
    pub no_ignore: bool,
    /// Everything that exists is here: what is not found does not exist
    #[arg(long, help_heading = "Input")]
    pub closed_world: bool,
}

/// Options without files, secrets and progress, for `..base(…)`.
pub fn base<'a>(chosen: &'a Chosen, settings: &'a (dyn Fn(Option<&str>) -> Settings + Sync), choice: &Choice) -> ScanOptions<'a> {
    let environments = chosen.environments();
    let environment = choice.environment.as_deref().map(|name| environments.named(name).unwrap_or(name).to_owned());
    ScanOptions {
        paths: Vec::new(),
        rules: &chosen.rules,
        settings,
        environments,
        environment,
        profile: chosen.profile.name.clone(),
        format: format::Options::default(),
        parameter_files: Vec::new(),
        respect_ignore_files: true,
        closed_world: false,
        secrets: None,
        min_severity: choice.min_severity,
        min_confidence: choice.min_confidence.into(),
        limits: Limits::default(),
        modules: ModuleCaches::of_this_user(Vec::new()),
        progress: &(),
    }
}

impl Inputs {
    /// `options` with these files and values.
    pub fn apply<'a>(&self, paths: &[PathBuf], options: ScanOptions<'a>) -> Result<ScanOptions<'a>, Failure> {
        Ok(ScanOptions {
            paths: paths.to_vec(),
            format: self.format()?,
            parameter_files: self.parameters.clone(),
            respect_ignore_files: !self.no_ignore,
            closed_world: self.closed_world,
            modules: ModuleCaches::of_this_user(self.module_cache.clone()),
            ..options
        })
    }

    fn format(&self) -> Result<format::Options, Failure> {
        let mut options = format::Options { location: self.location.as_deref().map(Into::into), ..format::Options::default() };
        for given in &self.set {
            let (name, value) = given.split_once('=').ok_or_else(|| Failure::usage(format!("`--set {given}`: write NAME=VALUE")))?;
            let value = serde_json::from_str::<serde_json::Value>(value).map_or_else(|_| Value::str(value), |json| Value::from_json(&json));
            options.parameters.push((name.trim().to_owned(), value));
        }
        Ok(options)
    }
}

/// Whether `--rule`, `--skip-rule` and `--no-secrets` leave the search for secrets in.
pub fn secrets_wanted(choice: &Choice) -> bool {
    let names_secrets = |word: &String| word == "secrets" || word.starts_with("secret-");
    let chosen = choice.rule.is_empty() || choice.rule.iter().any(names_secrets);
    !choice.no_secrets && chosen && !choice.skip_rule.iter().any(|word| word == "secrets")
}
