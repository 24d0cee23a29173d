use std::borrow::Cow;

use super::Origin;
use crate::log::{Event, Slot};

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A plain field.
    Slot(Slot),
    /// `kind`: `Log/keyVaultAudit`.
    Kind,
    /// `caller`: the best name of who acts.
    Caller,
    /// `identities`: every name and id of who acts; a test passes when one of them does.
    Identities,
    /// `actor`: user, application, platform, unknown.
    Actor,
    /// `address`: the caller's address without port.
    Address,
    /// `tls`: `1.2`; `SSL` for what is older.
    Tls,
    /// `scheme`: http or https.
    Scheme,
    /// `resourceName`: last segment of the resource's id.
    ResourceName,
    /// `vaultObject`: `secrets/name`.
    VaultObject,
    /// `resourceGroup`: out of the resource's id.
    ResourceGroup,
    /// `elapsedMs`: how long the request took, in milliseconds whatever the log counts in.
    Elapsed,
    /// `file`: the log's path.
    File,
    /// `run`: what the log belongs to.
    Run,
    /// `raw.properties.x`: any field by path.
    Raw(String),
}

impl Field {
    /// The names beside those of slots.
    pub const NAMED: [(&'static str, Self); 12] = [
        ("kind", Self::Kind),
        ("caller", Self::Caller),
        ("identities", Self::Identities),
        ("actor", Self::Actor),
        ("address", Self::Address),
        ("tls", Self::Tls),
        ("scheme", Self::Scheme),
        ("resourceName", Self::ResourceName),
        ("vaultObject", Self::VaultObject),
        ("resourceGroup", Self::ResourceGroup),
        ("elapsedMs", Self::Elapsed),
        ("file", Self::File),
    ];

    /// The field that rules call `name`.
    pub fn named(name: &str) -> Option<Self> {
        if name == "run" {
            return Some(Self::Run);
        }
        if let Some(path) = name.strip_prefix("raw.") {
            return Some(Self::Raw(path.to_owned()));
        }
        let special = Self::NAMED.iter().find(|(known, _)| *known == name).map(|(_, field)| field.clone());
        special.or_else(|| Slot::named(name).map(Self::Slot))
    }

    /// The field's text; `None` where the event has none.
    pub fn text<'e>(&self, event: &'e Event<'_>, origin: Origin<'e>) -> Option<Cow<'e, str>> {
        let text = match self {
            Self::Slot(slot) => event.get(*slot).text()?,
            Self::Kind => Cow::Borrowed(event.kind.as_str()),
            Self::Caller | Self::Identities => event.caller(),
            Self::Actor => Cow::Borrowed(event.actor().as_str()),
            Self::Address => Cow::Owned(event.address()?.to_string()),
            Self::Tls => Cow::Borrowed(event.tls()?.as_str()),
            Self::Scheme => Cow::Borrowed(event.scheme()?),
            Self::ResourceName => event.resource_name(),
            Self::VaultObject => event.vault_object(),
            Self::ResourceGroup => resource_group(&event.get(Slot::ResourceId).text()?)?.into(),
            Self::Elapsed => Cow::Owned(event.elapsed_ms()?.to_string()),
            Self::File => Cow::Borrowed(origin.file),
            Self::Run => Cow::Borrowed(origin.run),
            Self::Raw(path) => event.raw(path).text()?,
        };
        (!text.is_empty()).then_some(text)
    }
}

fn resource_group(id: &str) -> Option<String> {
    let mut parts = id.split('/');
    parts.by_ref().find(|part| part.eq_ignore_ascii_case("resourcegroups"))?;
    parts.next().map(str::to_owned)
}
