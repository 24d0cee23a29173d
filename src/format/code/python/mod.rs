//! Facts of Python sources, out of tokens: what stands in comments and strings is no code.

mod blocks;
mod calls;
mod holes;
mod leaks;
pub mod names;
mod routes;
pub mod token;

use std::collections::BTreeSet;

use self::names::{Names, span};
use self::token::{Kind, Line};
use crate::model::{FileId, Kind as Is, Object, Span, Value};

/// Most calls that one file keeps.
const CALLS: usize = 2_000;

/// The facts of a source: `imports calls callNames routes bases leaks`.
pub fn facts(file: FileId, text: &str) -> Object {
    let lines = token::lines(text);
    let names = Names::read(file, &lines);
    let functions = blocks::functions(&lines);
    let text_at = |text: &str, place: Span| Value::at(Is::Str(text.into()), place);
    let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    let imports = names.modules.iter().map(|(name, start, end)| text_at(name, Span::new(file, to(*start), to(*end)))).collect();
    let mut kept = Vec::new();
    let mut called = BTreeSet::new();
    let around = enclosing(&lines, &functions);
    for (at, line) in lines.iter().enumerate() {
        let function = around.get(at).copied().flatten().and_then(|index| functions.get(index)).map(|function| function.name.as_str());
        let holes = holes::holes(text, line);
        for line in std::iter::once(line).chain(&holes) {
            for call in calls::calls(&line.tokens, &names) {
                if kept.len() < CALLS {
                    called.insert(call.name.clone());
                    kept.push(calls::value(file, &call, line, &names, function));
                }
            }
        }
    }
    let mut facts = Object::new();
    facts.set("imports", Value::array(imports));
    facts.set("calls", Value::array(kept));
    facts.set("callNames", Value::array(called.into_iter().map(Value::from).collect()));
    facts.set("routes", Value::array(routes::routes(file, &lines, &functions, &names)));
    facts.set("bases", Value::array(bases(file, &lines, &names)));
    facts.set("leaks", Value::array(leaks::leaks(file, &lines, &blocks::handlers(&lines))));
    facts
}

/// For each line the innermost function that it belongs to.
fn enclosing(lines: &[Line<'_>], functions: &[blocks::Function]) -> Vec<Option<usize>> {
    let mut around = vec![None; lines.len()];
    // Inner functions come after outer ones, and so overwrite them.
    for (index, function) in functions.iter().enumerate() {
        for slot in around.get_mut(function.body.clone()).unwrap_or_default() {
            *slot = Some(index);
        }
    }
    around
}

/// The classes that classes are derived from.
fn bases(file: FileId, lines: &[Line<'_>], names: &Names) -> Vec<Value> {
    let mut found = Vec::new();
    for line in lines.iter().filter(|line| line.tokens.first().is_some_and(|token| token.is("class"))) {
        let inner = line.tokens.iter().skip_while(|token| !token.is("(")).skip(1).take_while(|token| !token.is(")"));
        let inner: Vec<_> = inner.copied().collect();
        for part in inner.split(|token| token.is(",")) {
            let (name, rest) = names::dotted(part);
            if !name.is_empty() && rest.is_empty() && found.len() < 1_000 {
                found.push(Value::at(Is::Str(names.full(&name).into()), span(file, part)));
            }
        }
    }
    found
}

/// The literal of a name at the module's level, and whether a function of the module does something.
pub struct Module<'a> {
    lines: Vec<Line<'a>>,
    names: Names,
}

impl<'a> Module<'a> {
    /// Reads a module.
    pub fn read(file: FileId, text: &'a str) -> Self {
        let lines = token::lines(text);
        let names = Names::read(file, &lines);
        Self { lines, names }
    }

    /// The literal that `name` has.
    pub fn constant(&self, name: &str) -> Option<&Value> {
        self.names.value_of(name)
    }

    /// Modules that it imports.
    pub fn imports(&self, module: &str) -> bool {
        self.names.modules.iter().any(|(name, ..)| name == module)
    }

    /// The lines of the body of a function of the module; `None` where there is none of that name.
    pub fn body(&self, function: &str) -> Option<&[Line<'a>]> {
        let found = blocks::functions(&self.lines).into_iter().find(|one| one.name == function)?;
        self.lines.get(found.body)
    }
}

/// Whether lines do nothing: a text, `pass`, `...`, or an exception that says that it is not implemented.
pub fn is_empty(lines: &[Line<'_>]) -> bool {
    lines.iter().all(|line| match line.tokens.as_slice() {
        [one] => one.kind == Kind::Str || one.is("pass") || one.is("return"),
        [raise, error, ..] if raise.is("raise") => error.text.starts_with("NotImplemented"),
        tokens => tokens.iter().all(|token| token.is(".")),
    })
}
