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
    /// Lower-cased type and the way in its body.
    pub paths: Vec<(String, FieldPath)>,
    /// The alias itself where no table has it: then the convention says where it leads.
    pub convention: Option<String>,
}

impl AliasRef {
    /// The way for a resource of `kind`; `None` where that type does not have this alias.
    pub(crate) fn path_for(&self, kind: &str) -> Option<Cow<'_, FieldPath>> {
        let found = self.paths.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind));
        if let Some((_, path)) = found {
            return Some(Cow::Borrowed(path));
        }
        let alias = self.convention.as_deref()?;
        FieldPath::parse(&by_convention(alias, kind)?).map(Cow::Owned)
    }
}

impl FieldRef {
    /// Reads a field's name; `kinds` are those that the rule speaks of, where it says so.
    pub(crate) fn named(text: &str, kinds: &[String], aliases: &Aliases) -> Self {
        let trimmed = text.trim();
        match trimmed.to_ascii_lowercase().as_str() {
            "type" => return Self::Type,
            "name" => return Self::Name,
            "fullname" => return Self::FullName,
            "id" => return Self::Id,
            "location" => return Self::Location,
            "identity.type" => return Self::Path(FieldPath::of_keys(["identity", "type"])),
            _ => {}
        }
        if let Some(tag) = trimmed.get(..5).filter(|start| start.eq_ignore_ascii_case("tags.")).and_then(|_| trimmed.get(5..)) {
            // Everything after the dot is one tag's name, even with dots in it.
            return Self::Path(FieldPath::of_keys(["tags", tag]));
        }
        if is_alias(trimmed) {
            return Self::Alias(aliases.resolve(trimmed, kinds));
        }
        FieldPath::parse(trimmed).filter(|path| !path.steps.is_empty()).map_or(Self::Nothing, Self::Path)
    }
}

/// Whether a field's name starts with a provider's namespace: `Microsoft.Storage/…`.
fn is_alias(text: &str) -> bool {
    let namespace = text.split('/').next().unwrap_or_default();
    namespace.len() < text.len() && namespace.contains('.') && !namespace.contains(['[', '\'', '"'])
}
