//! `br/alias:` and `ts/alias:` to whole references, by `bicepconfig.json`.

use super::compiler::ModuleError;
use crate::format::Context;
use crate::format::arm::{ir::Node, read};
use crate::model::FileId;

/// Whether a module path names a registry or a template spec.
pub fn is_registry(path: &str) -> bool {
    ["br:", "br/", "ts:", "ts/"].iter().any(|scheme| path.starts_with(scheme))
}

/// The whole reference: `br/public:avm/res/x:1.0` is `br:mcr.microsoft.com/bicep/avm/res/x:1.0`.
///
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-config-modules>.
pub fn resolve(context: &Context<'_>, from: FileId, path: &str) -> Result<String, ModuleError> {
    let Some((scheme, rest)) = path.split_once('/').filter(|(scheme, _)| matches!(*scheme, "br" | "ts")) else {
        return Ok(path.to_owned());
    };
    let unknown = || ModuleError::UnknownAlias(path.to_owned());
    let (alias, rest) = rest.split_once(':').ok_or_else(unknown)?;
    let declared = configured(context, from, scheme, alias);
    if scheme == "ts" {
        let declared = declared.ok_or_else(unknown)?;
        let text = |name| declared.get(name).and_then(|node| node.as_text().map(str::to_owned)).ok_or_else(unknown);
        return Ok(format!("ts:{}/{}/{rest}", text("subscription")?, text("resourceGroup")?));
    }
    let Some(declared) = declared else {
        return if alias == "public" { Ok(format!("br:mcr.microsoft.com/bicep/{rest}")) } else { Err(unknown()) };
    };
    let registry = declared.get("registry").and_then(|node| node.as_text().map(str::to_owned)).ok_or_else(unknown)?;
    let folder = declared.get("modulePath").and_then(|node| node.as_text().map(|path| format!("{path}/"))).unwrap_or_default();
    Ok(format!("br:{registry}/{folder}{rest}"))
}

/// The alias in the nearest `bicepconfig.json` of `from`'s folder or one above it.
fn configured(context: &Context<'_>, from: FileId, scheme: &str, alias: &str) -> Option<Node> {
    let folders = context.files.path(from).matches('/').count();
    for up in 0..=folders {
        let path = format!("{}bicepconfig.json", "../".repeat(up));
        let Ok(file) = context.loader.load(from, &path) else { continue };
        let text = context.files.get(file)?;
        let config = read::document(file, &text.text).ok()?.value;
        // Only the nearest file counts, as for the compiler.
        return config.get("moduleAliases")?.get(scheme)?.get(alias);
    }
    None
}
