//! Bytes to resources, one file or folder per format.
//!
//! A front end is a [`Format`]: it says which files are its own, which units they make, and evaluates a unit into
//! plain [`Resource`](crate::model::Resource)s. It never judges.

pub mod arm;
pub mod bicep;
mod cache;
pub mod code;
pub mod data;
pub mod docker;
pub mod document;
pub mod repository;
pub mod settings;
pub mod workflow;

use std::sync::Arc;

use crate::model::{Evaluated, FileId, Files, Loader, Unit, Value};

/// Every front end, in the order in which they are asked.
pub const ALL: &[&dyn Format] = &[
    &arm::Arm,
    &bicep::Bicep,
    &workflow::GitHubWorkflow,
    &workflow::AzurePipeline,
    &workflow::DeploymentScript,
    &settings::Settings,
    &docker::Dockerfile,
    &docker::Compose,
    &document::Document,
    &code::Code,
];

/// A front end.
pub trait Format: Send + Sync {
    /// What people call it: `ARM template`, `Bicep`, `GitHub workflow`.
    fn name(&self) -> &'static str;

    /// Whether this text is of this format, and what it is good for. By content first; the path only helps.
    fn recognise(&self, path: &str, text: &str) -> Option<Role>;

    /// The local files that `file` calls as modules. A file that another one calls is evaluated there, not on its own.
    fn modules(&self, _file: FileId, _context: &Context<'_>) -> Vec<FileId> {
        Vec::new()
    }

    /// The units that start at `root`: one for each parameter set that belongs to it, or one with defaults.
    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit>;

    /// Evaluates one unit. Never fails as a whole: what could not be seen is in the notes.
    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated;
}

/// What a recognised file is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Units start here.
    Root,
    /// Only read by others: a parameter file, a settings file of the format.
    Part,
}

/// What front ends may use.
pub struct Context<'a> {
    /// All texts of the run.
    pub files: &'a Files,
    /// Reads further files, within the root.
    pub loader: &'a dyn Loader,
    /// Every recognised file in scope, sorted by path.
    pub recognised: &'a [Recognised],
    /// What the user asked for.
    pub options: &'a Options,
}

/// A file in scope and the front end that took it.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// The file.
    pub file: FileId,
    /// [`Format::name`] of the front end.
    pub format: &'static str,
    /// What it is good for.
    pub role: Role,
}

/// What the user asked for, as far as front ends are concerned.
#[derive(Clone, Debug)]
pub struct Options {
    /// `--param name=value`: beats parameter files and defaults.
    pub parameters: Vec<(String, Value)>,
    /// `--parameters FILE`: pairs these with every template instead of the automatic pairing.
    pub parameter_files: Vec<FileId>,
    /// The subscription that ids are built with where it is not known.
    pub subscription_id: Arc<str>,
    /// The tenant that ids are built with where it is not known.
    pub tenant_id: Arc<str>,
    /// The resource group that ids are built with where it is not known.
    pub resource_group: Arc<str>,
    /// `resourceGroup().location`, where the user says it.
    pub location: Option<Arc<str>>,
    /// Limits of one unit.
    pub budget: Budget,
}

/// Limits of one unit: untrusted input must end.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Deepest nesting of values, expressions and deployments.
    pub depth: u32,
    /// Most values that may be made.
    pub nodes: u64,
    /// Longest time, in milliseconds.
    pub millis: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { depth: 128, nodes: 20_000_000, millis: 20_000 }
    }
}

impl Default for Options {
    fn default() -> Self {
        let zero: Arc<str> = "00000000-0000-0000-0000-000000000000".into();
        Self {
            parameters: Vec::new(),
            parameter_files: Vec::new(),
            subscription_id: Arc::clone(&zero),
            tenant_id: zero,
            resource_group: "resource-group".into(),
            location: None,
            budget: Budget::default(),
        }
    }
}
