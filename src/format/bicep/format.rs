//! The front end: which files are Bicep, which units they make, what a unit deploys.

use std::sync::Arc;

use super::compiler::{Compiler, Dialect};
use super::lower::parameters;
use super::tree::{Expr, StatementKind};
use super::{aliases, cache, pairing};
use crate::format::arm::cache as json;
use crate::format::arm::evaluate;
use crate::format::arm::ir::{Declaration, Node, Property, Template};
use crate::format::arm::read::{Given, GivenValue};
use crate::format::{Context, Format, Role};
use crate::model::{Entry, EntryKind, Evaluated, FileId, Note, Span, State, Unit};

/// Bicep.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bicep;

/// The kind of the resource that holds a parameter file's values while they are computed.
const PARAMETERS: &str = "Bicep/parameters";

/// Stack of the thread that lowers: what nests as deep as the limits allow must fit.
const STACK: usize = 64 << 20;

impl Format for Bicep {
    fn name(&self) -> &'static str {
        "Bicep"
    }

    fn recognise(&self, path: &str, _text: &str) -> Option<Role> {
        // Nothing in a text tells Bicep from other languages; its compiler goes by the suffix, too.
        if path.ends_with(".bicep") {
            Some(Role::Root)
        } else if path.ends_with(".bicepparam") || path.rsplit('/').next() == Some("bicepconfig.json") {
            Some(Role::Part)
        } else {
            None
        }
    }

    fn modules(&self, file: FileId, context: &Context<'_>) -> Vec<FileId> {
        let Some(source) = cache::source(file, context.files) else { return Vec::new() };
        let local = |path: &Expr| {
            let path = source.key(path).filter(|path| !aliases::is_registry(path))?;
            context.loader.load(file, &path).ok()
        };
        let called = |kind: &StatementKind| match kind {
            StatementKind::Module(module) => local(&module.path),
            // A file of types, functions and variables deploys nothing on its own.
            StatementKind::Import(import) => local(&import.from).filter(|file| !deploys(*file, context)),
            _ => None,
        };
        let mut files: Vec<FileId> = source.program.statements.iter().filter_map(|statement| called(&statement.kind)).collect();
        files.retain(|called| *called != file);
        files.sort_unstable();
        files.dedup();
        files
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        pairing::units(root, context)
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let evaluated = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("bicep".into()).stack_size(STACK);
            let handle = thread.spawn_scoped(scope, || evaluate_unit(unit, context)).ok()?;
            handle.join().ok()
        });
        evaluated.unwrap_or_else(|| {
            let message = "this file could not be lowered; please report it with the file".to_owned();
            Evaluated { notes: vec![Note { span: Span::new(unit.file, 0, 0), message }], ..Evaluated::default() }
        })
    }
}

fn deploys(file: FileId, context: &Context<'_>) -> bool {
    let Some(source) = cache::source(file, context.files) else { return false };
    let deployed = |kind: &StatementKind| matches!(kind, StatementKind::Resource(_) | StatementKind::Module(_));
    source.program.statements.iter().any(|statement| deployed(&statement.kind))
}

fn evaluate_unit(unit: &Unit, context: &Context<'_>) -> Evaluated {
    let mut compiler = Compiler::new(context, Dialect::Symbolic);
    let given = unit.parameters.map(|file| given(&mut compiler, file, context)).unwrap_or_default();
    let mut evaluated = match compiler.template(unit.file) {
        Ok(template) => evaluate::evaluate(&template, &given, context),
        Err(error) => {
            let note = Note { span: Span::new(unit.file, 0, 0), message: error.to_string() };
            Evaluated { notes: vec![note], ..Evaluated::default() }
        }
    };
    let (notes, read) = compiler.finish();
    for note in notes {
        if !evaluated.notes.contains(&note) {
            evaluated.notes.push(note);
        }
    }
    let read = read.into_iter().chain(unit.parameters).filter(|file| *file != unit.file);
    for file in read {
        let path = context.files.path(file).to_string();
        let format = if path.ends_with(".json") { "ARM template" } else { "Bicep" };
        evaluated.entries.push(Entry { subject: path, kind: EntryKind::File, format: format.into(), state: State::Evaluated });
    }
    evaluated
}

/// What a parameter file gives.
fn given(compiler: &mut Compiler<'_>, file: FileId, context: &Context<'_>) -> Vec<Given> {
    let Some(text) = context.files.get(file) else { return Vec::new() };
    if !text.path.ends_with(".bicepparam") {
        return match json::parameters(file, context.files) {
            Ok(read) => {
                read.notes.iter().for_each(|note| compiler.note(note.span, note.message.clone()));
                read.value.given.clone()
            }
            Err(error) => {
                compiler.note(Span::new(file, 0, 0), format!("{}: {error}", text.path));
                Vec::new()
            }
        };
    }
    let Some(source) = compiler.source(file) else { return Vec::new() };
    let lowered = parameters(compiler, &source);
    let mut given: Vec<Given> = values(&lowered.template, context);
    given.extend(lowered.vault.iter().map(|(name, span)| Given {
        name: Arc::clone(name),
        name_span: *span,
        value: GivenValue::KeyVault(*span),
    }));
    given
}

/// Computes the values of a parameter file: they are the body of a resource that nobody sees.
fn values(parameters: &Arc<Template>, context: &Context<'_>) -> Vec<Given> {
    let span = parameters.span;
    let body = parameters.outputs.iter().map(|output| Property::new(Arc::clone(&output.name), output.name_span, output.value.clone()));
    let declaration = Declaration {
        symbol: Some("parameters".into()),
        kind: PARAMETERS.into(),
        api_version: Some(Node::text("1.0", span)),
        name: Some(Node::text("parameters", span)),
        body: vec![Property::new("properties", span, Node::object(body.collect(), span))],
        span,
        place: span,
        ..Declaration::default()
    };
    let template = Template {
        file: parameters.file,
        span,
        symbolic: true,
        definitions: parameters.definitions.clone(),
        functions: parameters.functions.clone(),
        variables: parameters.variables.clone(),
        resources: vec![Arc::new(declaration)],
        ..Template::default()
    };
    let evaluated = evaluate::evaluate(&Arc::new(template), &[], context);
    let Some(resource) = evaluated.resources.iter().find(|resource| resource.is(PARAMETERS)) else { return Vec::new() };
    let given = |output: &crate::format::arm::ir::Output| {
        let value = resource.body.path("properties")?.get(&output.name)?.clone();
        Some(Given { name: Arc::clone(&output.name), name_span: output.name_span, value: GivenValue::Value(value) })
    };
    parameters.outputs.iter().filter_map(given).collect()
}
