//! One parsed file with its names.

use std::collections::HashMap;
use std::sync::Arc;

use super::parser::parse;
use super::token::Bytes;
use super::tree::{Expr, ExprKind, For, Imported, Member, Name, Program, Resource, Statement, StatementKind};
use crate::model::{FileId, SourceFile, Span};

/// A `.bicep` or `.bicepparam` file, parsed, with the names that it declares.
#[derive(Debug)]
pub struct Source {
    /// The file.
    pub file: FileId,
    /// Its path and text.
    pub text: Arc<SourceFile>,
    /// Its syntax tree.
    pub program: Program,
    /// Every resource, those nested in others after their parents.
    pub resources: Vec<Declared>,
    names: HashMap<Box<str>, Symbol>,
}

/// A resource and where it stands in the tree.
#[derive(Debug)]
pub struct Declared {
    /// Its name with those of the resources around it: `parent::child`.
    pub symbol: Arc<str>,
    /// The resource around it.
    pub parent: Option<usize>,
    /// The index of the statement, then of each member on the way down.
    path: Vec<usize>,
}

/// What a name at the top of a file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// The statement of that index.
    Statement(usize),
    /// A resource: index into [`Source::resources`].
    Resource(usize),
    /// A name of an import: the statement, and the item within it.
    Imported(usize, usize),
    /// `* as name` of an import.
    Wildcard(usize),
}

impl Source {
    /// Parses a file and collects its names. Of two declarations with the same name the first counts.
    pub fn new(file: FileId, text: Arc<SourceFile>) -> Self {
        let program = parse(&text.text);
        let mut source = Self { file, text, program: Program::default(), resources: Vec::new(), names: HashMap::new() };
        for (index, statement) in program.statements.iter().enumerate() {
            source.collect(index, statement);
        }
        source.program = program;
        source
    }

    fn collect(&mut self, index: usize, statement: &Statement) {
        let (name, symbol) = match &statement.kind {
            StatementKind::Param(param) => (param.name, Symbol::Statement(index)),
            StatementKind::Var(var) => (var.name, Symbol::Statement(index)),
            StatementKind::Type(name, _) => (*name, Symbol::Statement(index)),
            StatementKind::Func(func) => (func.name, Symbol::Statement(index)),
            StatementKind::Module(module) => (module.name, Symbol::Statement(index)),
            // Without an alias an extension goes by the name that it is asked for.
            StatementKind::Extension(extension) => match (&extension.alias, &extension.what.kind) {
                (Some(alias), _) => (alias.name, Symbol::Statement(index)),
                (None, ExprKind::Variable) => (Name { at: extension.what.at }, Symbol::Statement(index)),
                _ => return,
            },
            StatementKind::Resource(resource) => {
                let first = self.resources.len();
                self.collect_resources(resource, vec![index], None);
                (resource.name, Symbol::Resource(first))
            }
            StatementKind::Import(import) => {
                match &import.what {
                    Imported::All(alias) => self.declare(alias.name, Symbol::Wildcard(index)),
                    Imported::Some(names) => {
                        for (item, imported) in names.iter().enumerate() {
                            let name = imported.alias.map_or(Name { at: imported.name.at }, |alias| alias.name);
                            self.declare(name, Symbol::Imported(index, item));
                        }
                    }
                }
                return;
            }
            _ => return,
        };
        self.declare(name, symbol);
    }

    fn declare(&mut self, name: Name, symbol: Symbol) {
        let name: Box<str> = name.at.of(&self.text.text).into();
        self.names.entry(name).or_insert(symbol);
    }

    fn collect_resources(&mut self, resource: &Resource, path: Vec<usize>, parent: Option<usize>) {
        let own = resource.name.at.of(&self.text.text);
        let around = parent.and_then(|parent| self.resources.get(parent)).map(|parent| Arc::clone(&parent.symbol));
        let symbol = around.map_or_else(|| own.into(), |around| format!("{around}::{own}").into());
        let index = self.resources.len();
        self.resources.push(Declared { symbol, parent, path: path.clone() });
        let Some(members) = Body::of(&resource.body).members else { return };
        for (at, member) in members.iter().enumerate() {
            if let Member::Resource(Statement { kind: StatementKind::Resource(child), .. }) = member {
                let mut path = path.clone();
                path.push(at);
                self.collect_resources(child, path, Some(index));
            }
        }
    }

    /// The text under `at`.
    pub fn str(&self, at: Bytes) -> &str {
        at.of(&self.text.text)
    }

    /// The place of `at` in this run's files.
    pub const fn span(&self, at: Bytes) -> Span {
        Span::new(self.file, at.start, at.end)
    }

    /// What `name` means at the top of the file.
    pub fn symbol(&self, name: &str) -> Option<Symbol> {
        self.names.get(name).copied()
    }

    /// The statement of that index.
    pub fn statement(&self, index: usize) -> Option<&Statement> {
        self.program.statements.get(index)
    }

    /// The resource of that index with its statement (decorators and all).
    pub fn resource(&self, index: usize) -> Option<(&Statement, &Resource)> {
        let declared = self.resources.get(index)?;
        let (first, rest) = declared.path.split_first()?;
        let mut statement = self.statement(*first)?;
        for at in rest {
            let StatementKind::Resource(resource) = &statement.kind else { return None };
            let Some(Member::Resource(child)) = Body::of(&resource.body).members.and_then(|members| members.get(*at)) else { return None };
            statement = child;
        }
        match &statement.kind {
            StatementKind::Resource(resource) => Some((statement, resource)),
            _ => None,
        }
    }

    /// The resource that `name` means inside the resource `within`: a nested one of it, or of one around it.
    pub fn nested(&self, within: Option<usize>, name: &str) -> Option<usize> {
        let mut around = within;
        while let Some(parent) = around {
            if let Some(child) = self.child(parent, name) {
                return Some(child);
            }
            around = self.resources.get(parent)?.parent;
        }
        None
    }

    /// The resource `name` that is nested in `parent`.
    pub fn child(&self, parent: usize, name: &str) -> Option<usize> {
        let named = |declared: &Declared| declared.symbol.rsplit("::").next() == Some(name);
        self.resources.iter().position(|declared| declared.parent == Some(parent) && named(declared))
    }

    /// The value of the property `name` of an object's members.
    pub fn property<'a>(&self, members: &'a [Member], name: &str) -> Option<&'a Expr> {
        members.iter().find_map(|member| match member {
            Member::Pair(key, value) if self.key(key).is_some_and(|key| key == name) => Some(value),
            _ => None,
        })
    }

    /// The text of a key that is a name or a plain string.
    pub fn key(&self, key: &Expr) -> Option<std::borrow::Cow<'_, str>> {
        match key.kind {
            ExprKind::Variable => Some(self.str(key.at).into()),
            ExprKind::Str(quote) => Some(super::strings::unquote(self.str(key.at), quote).into()),
            _ => None,
        }
    }
}

/// A resource's or module's body, taken apart: loop, condition, object.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// The loop around it.
    pub looped: Option<&'a For>,
    /// The condition, also a loop's filter.
    pub condition: Option<&'a Expr>,
    /// The object's members.
    pub members: Option<&'a [Member]>,
    /// The object itself.
    pub object: &'a Expr,
}

impl<'a> Body<'a> {
    /// Takes `body` apart.
    pub fn of(body: &'a Expr) -> Self {
        let mut parts = Self { looped: None, condition: None, members: None, object: body };
        let mut rest = body;
        // A loop, a condition, the object: three steps, and one to spare.
        for _ in 0..4 {
            match &rest.kind {
                ExprKind::For(looped) if parts.looped.is_none() => {
                    parts.looped = Some(looped);
                    rest = &looped.body;
                }
                ExprKind::If(condition, inner) if parts.condition.is_none() => {
                    parts.condition = Some(condition);
                    rest = inner;
                }
                ExprKind::Object(members) => {
                    parts.members = Some(members);
                    parts.object = rest;
                    return parts;
                }
                ExprKind::Parens(inner) => rest = inner,
                _ => return parts,
            }
        }
        parts
    }
}
