//! Files to templates: parses and lowers each file once, finds modules, and keeps what could not be seen.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::aliases;
use super::lower;
use super::source::Source;
use crate::format::Context;
use crate::format::arm::ir::Template;
use crate::format::arm::read;
use crate::model::{FileId, LoadError, Note, Span};

/// How references between resources are spelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// By symbolic name, and `existing` resources are kept: what evaluation needs.
    #[default]
    Symbolic,
    /// As Microsoft's compiler would print the file: by symbolic name only where it uses language version 2.0.
    Compiler,
}

/// Lowers Bicep files for one unit.
pub struct Compiler<'c> {
    /// Files, loader and options.
    pub context: &'c Context<'c>,
    /// How references are spelled.
    pub dialect: Dialect,
    /// What could not be seen.
    pub notes: Vec<Note>,
    /// Every further file that was read.
    pub read: BTreeSet<FileId>,
    sources: HashMap<FileId, Arc<Source>>,
    templates: HashMap<FileId, Arc<Template>>,
    /// Files that are being lowered, outermost first: a module that is among them calls itself.
    open: Vec<FileId>,
    missing: HashSet<String>,
    /// Expressions that may still be made.
    pub(super) nodes: u64,
}

/// Why a module is not here.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ModuleError {
    /// It cannot be read.
    #[error("{0}")]
    Load(#[from] LoadError),
    /// No cache has it.
    #[error(
        "the module `{0}` is in no cache on this machine; `azward modules restore` fetches it, `--module-cache DIR` names another cache"
    )]
    NotRestored(String),
    /// An alias that no `bicepconfig.json` declares.
    #[error("the alias of `{0}` is declared in no bicepconfig.json; declare it under `moduleAliases`")]
    UnknownAlias(String),
    /// It calls itself.
    #[error("`{0}` calls itself, directly or through another module; break the circle")]
    Circle(String),
    /// Modules within modules beyond the limit.
    #[error("modules are nested deeper than {0} levels; azward does not follow")]
    TooDeep(usize),
    /// Its JSON is no template.
    #[error("`{path}` is no template: {message}")]
    NotTemplate {
        /// The file.
        path: String,
        /// What is wrong.
        message: String,
    },
}

impl<'c> Compiler<'c> {
    const MAX_MODULES: usize = 32;

    /// A compiler without anything read.
    pub fn new(context: &'c Context<'c>, dialect: Dialect) -> Self {
        Self {
            context,
            dialect,
            notes: Vec::new(),
            read: BTreeSet::new(),
            sources: HashMap::new(),
            templates: HashMap::new(),
            open: Vec::new(),
            missing: HashSet::new(),
            nodes: context.options.budget.nodes.min(4_000_000),
        }
    }

    /// Says once that something could not be seen.
    pub fn note(&mut self, span: Span, message: impl Into<String>) {
        let message = message.into();
        if self.missing.insert(message.clone()) {
            self.notes.push(Note { span, message });
        }
    }

    /// The parsed file.
    pub fn source(&mut self, file: FileId) -> Option<Arc<Source>> {
        if let Some(source) = self.sources.get(&file) {
            return Some(Arc::clone(source));
        }
        let text = self.context.files.get(file)?;
        let source = Arc::new(Source::new(file, text));
        if let Some(problem) = source.program.problems.first() {
            let more = source.program.problems.len() - 1;
            let rest = if more > 0 { format!(" (and {more} more places)") } else { String::new() };
            self.note(source.span(problem.at), format!("{}: not read as Bicep here: {}{rest}", source.text.path, problem.syntax));
        }
        self.sources.insert(file, Arc::clone(&source));
        Some(source)
    }

    /// The file that a module path names, read from `from`.
    ///
    /// # Errors
    /// See [`ModuleError`].
    pub fn find(&mut self, from: FileId, path: &str) -> Result<FileId, ModuleError> {
        let file = if aliases::is_registry(path) {
            let reference = aliases::resolve(self.context, from, path)?;
            self.context.loader.load_module(&reference).map_err(|error| match error {
                LoadError::NotFound(_) => ModuleError::NotRestored(reference),
                other => other.into(),
            })?
        } else {
            self.context.loader.load(from, path)?
        };
        self.read.insert(file);
        Ok(file)
    }

    /// The template that a module path names.
    ///
    /// # Errors
    /// See [`ModuleError`].
    pub fn module(&mut self, from: FileId, path: &str) -> Result<Arc<Template>, ModuleError> {
        let file = self.find(from, path)?;
        self.template(file)
    }

    /// The template of a `.bicep` or JSON file.
    ///
    /// # Errors
    /// See [`ModuleError`].
    pub fn template(&mut self, file: FileId) -> Result<Arc<Template>, ModuleError> {
        if let Some(template) = self.templates.get(&file) {
            return Ok(Arc::clone(template));
        }
        let path = self.context.files.path(file);
        if self.open.contains(&file) {
            return Err(ModuleError::Circle(path.to_string()));
        }
        if self.open.len() >= Self::MAX_MODULES {
            return Err(ModuleError::TooDeep(Self::MAX_MODULES));
        }
        let template = if path.ends_with(".bicep") {
            let source = self.source(file).ok_or_else(|| LoadError::NotFound(path.to_string()))?;
            self.open.push(file);
            let template = lower::template(self, &source);
            self.open.pop();
            Arc::new(template)
        } else {
            let text = self.context.files.get(file).ok_or_else(|| LoadError::NotFound(path.to_string()))?;
            let read = read::template(file, &text.text)
                .map_err(|error| ModuleError::NotTemplate { path: path.to_string(), message: error.to_string() })?;
            self.notes.extend(read.notes);
            read.value
        };
        self.templates.insert(file, Arc::clone(&template));
        Ok(template)
    }
}
