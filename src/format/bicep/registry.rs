//! Which modules of registries a file names, for those who fetch them.

use super::compiler::ModuleError;
use super::tree::StatementKind;
use super::{aliases, cache};
use crate::format::Context;
use crate::model::{FileId, Span};

/// A module path that leads to a registry or a template spec.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Where it is written.
    pub span: Span,
    /// As it is written: `br/public:avm/res/storage/storage-account:0.1.0`.
    pub written: String,
    /// In full, aliases resolved: `br:mcr.microsoft.com/bicep/avm/res/storage/storage-account:0.1.0`.
    pub whole: Result<String, ModuleError>,
}

/// Every registry reference of a `.bicep` or `.bicepparam` file: modules, imports, `using`. In the order of the text.
pub fn references(file: FileId, context: &Context<'_>) -> Vec<Reference> {
    let Some(source) = cache::source(file, context.files) else { return Vec::new() };
    let reference = |kind: &StatementKind| {
        let path = match kind {
            StatementKind::Module(module) => &module.path,
            StatementKind::Import(import) => &import.from,
            StatementKind::Using(Some(path), _) => path,
            _ => return None,
        };
        let written = source.key(path).filter(|written| aliases::is_registry(written))?.into_owned();
        Some(Reference { span: source.span(path.at), whole: aliases::resolve(context, file, &written), written })
    };
    source.program.statements.iter().filter_map(|statement| reference(&statement.kind)).collect()
}
