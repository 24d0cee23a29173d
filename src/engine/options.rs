use std::path::PathBuf;

use crate::format;
use crate::model::{Confidence, Severity};
use crate::policy::{RuleSet, Settings};
use crate::source::{Limits, ModuleCaches, SourceError};

use super::Environments;

/// What a scan is asked to do.
pub struct ScanOptions<'a> {
    /// Folders and files, as the user named them.
    pub paths: Vec<PathBuf>,
    /// The rules to run.
    pub rules: &'a RuleSet,
    /// Parameter values for an environment, out of profile and command line.
    pub settings: &'a (dyn Fn(Option<&str>) -> Settings + Sync),
    /// How environments are recognised.
    pub environments: Environments,
    /// Judge only units of this environment (and those that belong to none), as if they were of it.
    pub environment: Option<String>,
    /// The profile's name, for the report.
    pub profile: String,
    /// What front ends are told.
    pub format: format::Options,
    /// Parameter files that the user named.
    pub parameter_files: Vec<PathBuf>,
    /// Leave out what `.gitignore` and its kin leave out.
    pub respect_ignore_files: bool,
    /// Whether everything that exists is in scope: what is not found does not exist.
    pub closed_world: bool,
    /// Look for secrets in every file.
    pub secrets: Option<&'a super::Search>,
    /// Drop findings below this severity.
    pub min_severity: Severity,
    /// Drop secrets below this confidence.
    pub min_confidence: Confidence,
    /// Sizes over which files are not parsed.
    pub limits: Limits,
    /// Where compiled registry modules may lie.
    pub modules: ModuleCaches,
    /// Told how far it is.
    pub progress: &'a dyn Progress,
}

/// Told how far a run is.
pub trait Progress: Sync {
    /// A stage of `total` steps begins.
    fn stage(&self, _name: &'static str, _total: usize) {}
    /// One step is done.
    fn step(&self) {}
}

/// Silence.
impl Progress for () {}

/// Why a scan could not run at all: always something that the user can mend.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// A path that the user named.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A parameter file that the user named cannot be used.
    #[error("the parameter file `{path}` cannot be used: {message}")]
    ParameterFile {
        /// As given.
        path: String,
        /// What is wrong.
        message: String,
    },
}
