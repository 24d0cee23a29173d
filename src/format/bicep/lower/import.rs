//! Compile-time imports: from Bicep files, from templates.

use std::sync::Arc;

use super::super::source::{Source, Symbol};
use super::super::token::Bytes;
use super::super::tree::{Expr as Tree, ExprKind, Import, Imported, StatementKind};
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::format::arm::ir::{Template, TypeNode};
use crate::model::{Span, Value, Why};

/// A file that something is imported from.
pub(super) enum Foreign {
    /// A Bicep file.
    Bicep(Arc<Source>),
    /// A compiled template.
    Json(Arc<Template>),
    /// It is not here; the reason.
    Missing(Arc<str>),
}

impl Lowering<'_, '_> {
    fn import_at(source: &Source, statement: usize) -> Option<&Import> {
        match &source.statement(statement)?.kind {
            StatementKind::Import(import) => Some(import),
            _ => None,
        }
    }

    /// The file that an import names.
    fn imported_file(&mut self, source: &Source, statement: usize) -> Foreign {
        let Some(import) = Self::import_at(source, statement) else { return Foreign::Missing("no import".into()) };
        let Some(path) = source.key(&import.from) else { return Foreign::Missing("the path of this import is not plain text".into()) };
        let found = self.compiler.find(source.file, &path).and_then(|file| {
            if self.compiler.context.files.path(file).ends_with(".bicep") {
                Ok(self.compiler.source(file).map_or_else(|| Foreign::Missing("the file is gone".into()), Foreign::Bicep))
            } else {
                self.compiler.template(file).map(Foreign::Json)
            }
        });
        found.unwrap_or_else(|error| Foreign::Missing(error.to_string().into()))
    }

    /// The file of a named import, and the name there.
    fn imported(&mut self, env: &Env<'_>, statement: usize, item: usize) -> Option<(Foreign, String)> {
        let Imported::Some(names) = &Self::import_at(env.source, statement)?.what else { return None };
        let name = env.source.key(&names.get(item)?.name)?.into_owned();
        Some((self.imported_file(env.source, statement), name))
    }

    pub(super) fn imported_variable(&mut self, env: &Env<'_>, statement: usize, item: usize, at: Bytes) -> Expr {
        match self.imported(env, statement, item) {
            Some((foreign, name)) => self.foreign_variable(&foreign, &name, env.source.span(at)),
            None => self.fault(env.source, at, "nothing is imported under this name"),
        }
    }

    /// `namespace.name` of a wildcard import, as a value.
    pub(super) fn of_import(&mut self, env: &Env<'_>, base: &Tree, property: &str, span: Span) -> Option<Expr> {
        let ExprKind::Variable = base.kind else { return None };
        let namespace = env.source.str(base.at);
        let Some(Symbol::Wildcard(statement)) = env.source.symbol(namespace).filter(|_| env.local(namespace).is_none()) else {
            return None;
        };
        let foreign = self.imported_file(env.source, statement);
        Some(self.foreign_variable(&foreign, property, span))
    }

    fn foreign_variable(&mut self, foreign: &Foreign, name: &str, span: Span) -> Expr {
        let emitted = match foreign {
            Foreign::Bicep(source) => self.emit_variable(source, name),
            Foreign::Json(template) => self.copy_variable(template, name),
            Foreign::Missing(reason) => {
                self.compiler.note(span, reason.to_string());
                return Expr::Literal(Value::unknown(Why::Elsewhere(format!("`{name}`").into())).used_at(span));
            }
        };
        Expr::call("variables", vec![Expr::str(emitted, span)], span)
    }

    pub(super) fn imported_function(&mut self, env: &Env<'_>, statement: usize, item: usize) -> Option<Arc<str>> {
        let (foreign, name) = self.imported(env, statement, item)?;
        self.foreign_function(&foreign, &name)
    }

    pub(super) fn wildcard_function(&mut self, env: &Env<'_>, statement: usize, name: &str) -> Option<Arc<str>> {
        let foreign = self.imported_file(env.source, statement);
        self.foreign_function(&foreign, name)
    }

    fn foreign_function(&mut self, foreign: &Foreign, name: &str) -> Option<Arc<str>> {
        match foreign {
            Foreign::Bicep(source) => Some(self.emit_function(source, name)),
            Foreign::Json(template) => self.copy_function(template, &format!("__bicep.{name}")),
            Foreign::Missing(reason) => {
                self.compiler.note(Span::NONE, reason.to_string());
                None
            }
        }
    }

    pub(super) fn imported_type(&mut self, env: &Env<'_>, statement: usize, item: usize, span: Span) -> TypeNode {
        let Some((foreign, name)) = self.imported(env, statement, item) else { return TypeNode::default() };
        self.foreign_type(&foreign, &name, span)
    }

    pub(super) fn wildcard_type(&mut self, env: &Env<'_>, statement: usize, name: &str, span: Span) -> TypeNode {
        let foreign = self.imported_file(env.source, statement);
        self.foreign_type(&foreign, name, span)
    }

    /// A type of another file. Where that is missing any value will do: types only narrow, they make no values.
    fn foreign_type(&mut self, foreign: &Foreign, name: &str, span: Span) -> TypeNode {
        let emitted = match foreign {
            Foreign::Bicep(source) => match source.symbol(name) {
                Some(Symbol::Statement(_)) => self.emit_type(source, name),
                _ => return TypeNode { span, ..TypeNode::default() },
            },
            Foreign::Json(template) => self.copy_definition(template, name),
            Foreign::Missing(_) => return TypeNode { span, ..TypeNode::default() },
        };
        TypeNode { reference: Some(format!("#/definitions/{emitted}").into()), span, ..TypeNode::default() }
    }
}
