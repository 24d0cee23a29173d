//! Each file is parsed and lowered once, however many units and modules use it.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use super::compiler::Dialect;
use super::source::Source;
use crate::format::arm::ir::Template;
use crate::format::cache::Cache;
use crate::model::{FileId, Files, Note, SourceFile};

/// A file as a template, and what came up while it was lowered.
#[derive(Debug)]
pub struct Lowered {
    /// The template.
    pub template: Arc<Template>,
    /// What could not be seen, here or in its modules.
    pub notes: Vec<Note>,
    /// Every further file that was read.
    pub read: BTreeSet<FileId>,
}

static SOURCES: LazyLock<Cache<Arc<Source>>> = LazyLock::new(Cache::new);
static SYMBOLIC: LazyLock<Cache<Arc<Lowered>>> = LazyLock::new(Cache::new);
static COMPILER: LazyLock<Cache<Arc<Lowered>>> = LazyLock::new(Cache::new);

/// The parsed file.
pub fn source(file: FileId, files: &Files) -> Option<Arc<Source>> {
    let text = files.get(file)?;
    Some(SOURCES.get(file, &text, || Arc::new(Source::new(file, Arc::clone(&text)))))
}

/// The lowered file, if it was lowered before.
pub fn lowered(file: FileId, text: &Arc<SourceFile>, dialect: Dialect) -> Option<Arc<Lowered>> {
    of(dialect).known(file, text)
}

/// Keeps a lowered file for other units.
pub fn keep(file: FileId, text: &Arc<SourceFile>, dialect: Dialect, lowered: Arc<Lowered>) {
    of(dialect).keep(file, text, lowered);
}

fn of(dialect: Dialect) -> &'static Cache<Arc<Lowered>> {
    match dialect {
        Dialect::Symbolic => &SYMBOLIC,
        Dialect::Compiler => &COMPILER,
    }
}
