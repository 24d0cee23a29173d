//! Files to templates: parses and lowers each file once, finds modules, and keeps what could not be seen.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::cache::{self, Lowered};
use super::source::Source;
use super::{aliases, lower};
use crate::format::Context;
use crate::format::arm::cache as json;
use crate::format::arm::ir::Template;
use crate::model::{FileId, LoadError, Note, SourceFile, Span};

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
    /// What came up, first outside of every template, then in each that is being lowered, outermost first.
    records: Vec<Record>,
    templates: HashMap<FileId, Arc<Template>>,
    /// Expressions that may still be made.
    pub(super) nodes: u64,
}

/// What came up while one file was lowered.
#[derive(Default)]
struct Record {
    file: Option<FileId>,
    notes: Vec<Note>,
    said: HashSet<String>,
    read: BTreeSet<FileId>,
    /// Whether the result depends on the files around: a circle was cut here, or the budget ran out.
    is_own: bool,
}

impl Record {
    fn note(&mut self, note: Note) {
        if self.said.insert(note.message.clone()) {
            self.notes.push(note);
        }
    }
}

/// Why a module is not here.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ModuleError {
    /// It cannot be read.
    #[error("{0}")]
    Load(#[from] LoadError),
    /// No cache has it.
    #[error("the module `{module}` is in no cache on this machine; {} fetches it, `--module-cache DIR` names another cache", restore(.module))]
    NotRestored {
        /// The whole reference.
        module: String,
    },
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

/// Template specs are resources of a subscription, not of a registry.
fn restore(module: &str) -> &'static str {
    if module.starts_with("ts:") { "`bicep restore`" } else { "`azward modules restore`" }
}

impl<'c> Compiler<'c> {
    const MAX_MODULES: usize = 32;
    /// Most expressions that one file may make: names that speak of names are written out at every use.
    const MAX_NODES: u64 = 600_000;

    /// A compiler without anything read.
    pub fn new(context: &'c Context<'c>, dialect: Dialect) -> Self {
        Self {
            context,
            dialect,
            records: vec![Record::default()],
            templates: HashMap::new(),
            nodes: context.options.budget.nodes.min(Self::MAX_NODES),
        }
    }

    /// Says once that something could not be seen.
    pub fn note(&mut self, span: Span, message: impl Into<String>) {
        if let Some(record) = self.records.last_mut() {
            record.note(Note { span, message: message.into() });
        }
    }

    /// What could not be seen, and every further file that was read.
    pub fn finish(mut self) -> (Vec<Note>, BTreeSet<FileId>) {
        let record = self.records.swap_remove(0);
        (record.notes, record.read)
    }

    /// The parsed file.
    pub fn source(&mut self, file: FileId) -> Option<Arc<Source>> {
        let source = cache::source(file, self.context.files)?;
        if let Some(problem) = source.program.problems.first() {
            let more = source.program.problems.len() - 1;
            let rest = if more > 0 { format!(" (and {more} more places)") } else { String::new() };
            self.note(source.span(problem.at), format!("{}: not read as Bicep here: {}{rest}", source.text.path, problem.syntax));
        }
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
                LoadError::NotFound(_) => ModuleError::NotRestored { module: reference },
                other => other.into(),
            })?
        } else {
            self.context.loader.load(from, path)?
        };
        if let Some(record) = self.records.last_mut() {
            record.read.insert(file);
        }
        Ok(file)
    }

    /// The id of the template spec that a module path names; `None` for another path.
    pub fn template_spec(&self, from: FileId, path: &str) -> Option<String> {
        let whole = aliases::resolve(self.context, from, path).ok()?;
        let (place, version) = whole.strip_prefix("ts:")?.rsplit_once(':')?;
        let [subscription, group, name] = place.splitn(3, '/').collect::<Vec<_>>().try_into().ok()?;
        let provider = "providers/Microsoft.Resources/templateSpecs";
        Some(format!("/subscriptions/{subscription}/resourceGroups/{group}/{provider}/{name}/versions/{version}"))
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
        let text = self.context.files.get(file).ok_or_else(|| LoadError::NotFound(self.context.files.path(file).to_string()))?;
        let template = if text.path.ends_with(".bicep") {
            match cache::lowered(file, &text, self.dialect) {
                Some(lowered) => self.absorb(&lowered),
                None => self.lower(file, &text)?,
            }
        } else {
            let read = json::template(file, self.context.files)
                .map_err(|error| ModuleError::NotTemplate { path: text.path.to_string(), message: error.to_string() })?;
            for note in &read.notes {
                self.note(note.span, note.message.clone());
            }
            Arc::clone(&read.value)
        };
        self.templates.insert(file, Arc::clone(&template));
        Ok(template)
    }

    fn lower(&mut self, file: FileId, text: &Arc<SourceFile>) -> Result<Arc<Template>, ModuleError> {
        // The first record belongs to no file.
        let depth = self.records.len() - 1;
        let is_circle = self.records.iter().any(|record| record.file == Some(file));
        if is_circle || depth >= Self::MAX_MODULES {
            self.records.iter_mut().for_each(|record| record.is_own = true);
            let path = text.path.to_string();
            return Err(if is_circle { ModuleError::Circle(path) } else { ModuleError::TooDeep(Self::MAX_MODULES) });
        }
        self.records.push(Record { file: Some(file), ..Record::default() });
        let around = std::mem::replace(&mut self.nodes, self.context.options.budget.nodes.min(Self::MAX_NODES));
        let source = self.source(file);
        let template = source.map(|source| lower::template(self, &source)).unwrap_or_default();
        let record = self.records.pop().unwrap_or_default();
        let lowered = Arc::new(Lowered { template: Arc::new(template), notes: record.notes, read: record.read });
        let left = std::mem::replace(&mut self.nodes, around);
        if !record.is_own && left > 0 {
            cache::keep(file, text, self.dialect, Arc::clone(&lowered));
        }
        Ok(self.absorb(&lowered))
    }

    /// Takes over what came up while a file was lowered.
    fn absorb(&mut self, lowered: &Lowered) -> Arc<Template> {
        if let Some(record) = self.records.last_mut() {
            record.read.extend(&lowered.read);
            lowered.notes.iter().for_each(|note| record.note(note.clone()));
        }
        Arc::clone(&lowered.template)
    }
}
