//! Bicep to the representation that the ARM evaluator runs, as Microsoft's compiler lowers it.
//!
//! Two deliberate differences, neither of which changes a value: variables that need a running deployment stay variables
//! (the compiler writes them out at every use, which untrusted input could make exponential), and the order in which
//! resources are deployed (`dependsOn`) is kept only where the file writes it.

mod access;
mod call;
mod circle;
mod env;
mod expression;
mod foreign;
mod import;
mod load;
mod module;
mod node;
mod params;
mod resource;
mod scope;
mod statement;
mod target;
mod types;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::compiler::Compiler;
use super::source::Source;
use super::token::Bytes;
use crate::expression::Expr;
use crate::format::arm::ir::{ScopeKind, Template};
use crate::model::{FileId, Span, Value, Why};
use circle::Question;
use env::{Env, Local};

pub use params::{Parameters, parameters};

/// Lowers a `.bicep` file.
pub fn template(compiler: &mut Compiler<'_>, source: &Arc<Source>) -> Template {
    let mut lowering = Lowering::new(compiler, source);
    lowering.file();
    lowering.template
}

/// The state of lowering one file.
struct Lowering<'a, 'c> {
    compiler: &'a mut Compiler<'c>,
    root: Arc<Source>,
    template: Template,
    /// Whether references go by symbolic name.
    symbolic: bool,
    /// Declarations of other files under the names that they have here.
    emitted: HashMap<(FileId, String), Arc<str>>,
    /// Other files whose declarations came in, in the order of their first use.
    foreign: Vec<FileId>,
    /// Whether variables come in at their first use: in parameter files.
    lazy: bool,
    depth: u32,
    /// What is being found out, outermost first.
    asked: Vec<Question>,
    /// What was asked in a circle: there is no answer to it.
    circular: HashSet<Question>,
}

impl<'a, 'c> Lowering<'a, 'c> {
    /// Deepest nesting, through names and scopes that are written out at their uses.
    const MAX_DEPTH: u32 = 320;

    fn new(compiler: &'a mut Compiler<'c>, root: &Arc<Source>) -> Self {
        let end = u32::try_from(root.text.text.len()).unwrap_or(u32::MAX);
        let template = Template { file: root.file, span: Span::new(root.file, 0, end), symbolic: true, ..Template::default() };
        Self {
            compiler,
            root: Arc::clone(root),
            template,
            symbolic: true,
            emitted: HashMap::new(),
            foreign: Vec::new(),
            lazy: false,
            depth: 0,
            asked: Vec::new(),
            circular: HashSet::new(),
        }
    }

    /// Runs `inner` one level deeper, if depth and budget allow it.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= Self::MAX_DEPTH || self.compiler.nodes == 0 {
            return None;
        }
        self.compiler.nodes -= 1;
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// An expression of which nothing is known, for a reason.
    fn unknown(source: &Source, at: Bytes, why: Why) -> Expr {
        Expr::Literal(Value::unknown(why).used_at(source.span(at)))
    }

    fn fault(&mut self, source: &Source, at: Bytes, message: impl Into<Arc<str>>) -> Expr {
        Self::unknown(source, at, Why::Error(message.into()))
    }

    fn scope_kind(&self) -> ScopeKind {
        self.template.scope
    }
}

#[cfg(test)]
mod tests;
