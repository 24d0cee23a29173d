//! Parameter files: `.bicepparam`.

use std::sync::Arc;

use super::super::compiler::Compiler;
use super::super::source::Source;
use super::super::tree::{Expr as Tree, ExprKind, StatementKind};
use super::{Env, Lowering};
use crate::format::arm::ir::{Output, Template, TypeNode};
use crate::model::{FileId, Span};

/// A parameter file, lowered.
#[derive(Debug)]
pub struct Parameters {
    /// The template that `using` names, if it names one and it is here.
    pub using: Option<FileId>,
    /// Its variables, and one output for each parameter that it gives.
    pub template: Arc<Template>,
    /// Parameters that are secrets of a Key Vault, and where they stand.
    pub vault: Vec<(Arc<str>, Span)>,
}

/// Lowers a `.bicepparam` file and those that it extends.
pub fn parameters(compiler: &mut Compiler<'_>, source: &Arc<Source>) -> Parameters {
    let mut chain = vec![Arc::clone(source)];
    while let Some(base) = chain.last().and_then(|last| extended(compiler, last)) {
        let known = chain.iter().any(|known| known.file == base.file);
        if known || chain.len() > 8 {
            compiler.note(source.span(super::Bytes::default()), format!("{}: extends itself", source.text.path));
            break;
        }
        chain.push(base);
    }
    let mut lowering = Lowering::new(compiler, source);
    lowering.lazy = true;
    let mut vault = Vec::new();
    let mut outputs: Vec<Output> = Vec::new();
    // The base first: a file overrides what it extends.
    for source in chain.iter().rev() {
        for statement in &source.program.statements {
            let StatementKind::Param(param) = &statement.kind else { continue };
            let Some(value) = &param.value else { continue };
            let name: Arc<str> = source.str(param.name.at).into();
            let name_span = source.span(param.name.at);
            outputs.retain(|output| !output.name.eq_ignore_ascii_case(&name));
            vault.retain(|(given, _): &(Arc<str>, Span)| !given.eq_ignore_ascii_case(&name));
            if is_vault_secret(source, value) {
                vault.push((name, source.span(value.at)));
                continue;
            }
            let value = lowering.node(&Env::top(source), value, &name);
            outputs.push(Output { name, name_span, schema: TypeNode::default(), value, condition: None, metadata: None });
        }
    }
    let mut template = lowering.template;
    template.outputs = outputs.into_iter().collect();
    let using = chain.iter().find_map(|source| using(compiler, source));
    Parameters { using, template: Arc::new(template), vault }
}

fn extended(compiler: &mut Compiler<'_>, source: &Source) -> Option<Arc<Source>> {
    let path = source.program.statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Extends(path) => Some(path),
        _ => None,
    })?;
    let text = source.key(path)?;
    match compiler.find(source.file, &text) {
        Ok(file) => compiler.source(file),
        Err(error) => {
            compiler.note(source.span(path.at), error.to_string());
            None
        }
    }
}

fn using(compiler: &mut Compiler<'_>, source: &Source) -> Option<FileId> {
    let path = source.program.statements.iter().find_map(|statement| match &statement.kind {
        StatementKind::Using(path, _) => path.as_ref(),
        _ => None,
    })?;
    let text = source.key(path)?;
    match compiler.find(source.file, &text) {
        Ok(file) => Some(file),
        Err(error) => {
            compiler.note(source.span(path.at), error.to_string());
            None
        }
    }
}

fn is_vault_secret(source: &Source, value: &Tree) -> bool {
    match &value.kind {
        ExprKind::Parens(inner) => is_vault_secret(source, inner),
        ExprKind::Call(name, _) | ExprKind::Method(_, name, _) => source.str(name.at) == "getSecret",
        _ => false,
    }
}
