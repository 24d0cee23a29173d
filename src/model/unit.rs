use std::sync::Arc;

use super::{Entry, FileId, Resource, Span};

/// One template with one parameter set, one Terraform root with one set of variables, one workflow, one subscription.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    /// The template, workflow or settings file.
    pub file: FileId,
    /// The parameter file, where there is one.
    pub parameters: Option<FileId>,
    /// For people: `infra/main.json` or `infra/main.json + infra/main.prod.parameters.json`.
    pub label: String,
    /// The environment that file names, tags or the profile's patterns say.
    pub environment: Option<Arc<str>>,
}

/// What came of evaluating a unit.
#[derive(Debug, Default)]
pub struct Evaluated {
    /// Everything that rules can judge.
    pub resources: Vec<Resource>,
    /// What could not be seen, and other remarks for the ledger.
    pub notes: Vec<Note>,
    /// Modules and templates that could not be read: whatever they declare, relations to it are unknown.
    pub opaque: Vec<String>,
    /// Ledger lines for further files that the unit read (modules, parameter files).
    pub entries: Vec<Entry>,
    /// The unit belongs to no environment of its own, whatever its file is called: it is seen from every environment, and its
    /// resources say for themselves which one they serve. So it is with workflows.
    pub every_environment: bool,
}

/// Something that the evaluation could not see, with the cure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// Where.
    pub span: Span,
    /// What could not be seen and what to do about it.
    pub message: String,
}
