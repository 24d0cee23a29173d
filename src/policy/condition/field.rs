use std::borrow::Cow;
use std::sync::Arc;

use super::alias::by_convention;
use super::{Aliases, FieldPath, Operand};

/// What a `field` names.
#[derive(Clone, Debug)]
pub(crate) enum FieldRef {
    /// The resource's type.
    Type,
    /// The last part of its name.
    Name,
    /// Its name with those of its parents.
    FullName,
    /// Its id.
    Id,
    /// The API version that it is deployed with.
    ApiVersion,
    /// Its location; regions compare without spaces.
    Location,
    /// A way into its body.
    Path(FieldPath),
    /// An alias with a way for each type that has it; absent for other types.
    Alias(Arc<AliasRef>),
    /// A name that is computed.
    Computed(Box<Operand>),
    /// A text that names nothing: always absent.
    Nothing,
}

/// An alias of Azure Policy.
#[derive(Debug)]
pub(crate) struct AliasRef {
    /// The ways that the tables know.
    pub paths: Vec<AliasPath>,
    /// The alias itself: where no table has it for a type, the convention says where it leads.
    pub name: String,
}

/// One way that an alias stands for.
#[derive(Debug)]
pub(crate) struct AliasPath {
    /// The type that has it, lower-cased.
    pub kind: String,
    /// The way in its body.
    pub path: FieldPath,
    /// The API versions for which this way holds; all others where empty.
    pub versions: Vec<String>,
}

impl AliasRef {
    /// The way for a resource of `kind`; `None` where that type does not have this alias.
    pub(crate) fn path_for(&self, kind: &str, version: Option<&str>) -> Option<Cow<'_, FieldPath>> {
        let own = || self.paths.iter().filter(|known| known.kind.eq_ignore_ascii_case(kind));
        let dated = |known: &&AliasPath| version.is_some_and(|version| known.versions.iter().any(|own| own.eq_ignore_ascii_case(version)));
        if let Some(found) = own().find(dated).or_else(|| own().find(|known| known.versions.is_empty())) {
            return Some(Cow::Borrowed(&found.path));
        }
        FieldPath::parse(&by_convention(&self.name, kind)?).map(Cow::Owned)
    }
}

impl FieldRef {
    /// Reads a field's name.
    pub(crate) fn named(text: &str, aliases: &Aliases) -> Self {
        let trimmed = text.trim();
        match trimmed.to_ascii_lowercase().as_str() {
            "type" => return Self::Type,
            "name" => return Self::Name,
            "fullname" => return Self::FullName,
            "id" => return Self::Id,
            "location" => return Self::Location,
            "apiversion" => return Self::ApiVersion,
            "identity.type" => return Self::Path(FieldPath::of_keys(["identity", "type"])),
            _ => {}
        }
        if let Some(tag) = trimmed.get(..5).filter(|start| start.eq_ignore_ascii_case("tags.")).and_then(|_| trimmed.get(5..)) {
            // Everything after the dot is one tag's name, even with dots in it.
            return Self::Path(FieldPath::of_keys(["tags", tag]));
        }
        if is_alias(trimmed) {
            return Self::Alias(aliases.resolve(trimmed));
        }
        FieldPath::parse(trimmed).filter(|path| !path.steps.is_empty()).map_or(Self::Nothing, Self::Path)
    }
}

/// Whether a field's name starts with a provider's namespace: `Microsoft.Storage/…`.
fn is_alias(text: &str) -> bool {
    let namespace = text.split('/').next().unwrap_or_default();
    namespace.len() < text.len() && namespace.contains('.') && !namespace.contains(['[', '\'', '"'])
}
