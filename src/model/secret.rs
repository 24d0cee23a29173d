use std::sync::Arc;

use super::Kind;

/// A value that must never be seen: a secure parameter, a key, a Key Vault reference.
///
/// It can be computed with, but not printed: `Debug` and every serialisation show a mask.
#[derive(Clone)]
pub struct Secret {
    /// Where it came from.
    pub source: SecretSource,
    inner: Option<Arc<Kind>>,
}

/// Where a secret came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretSource {
    /// A secure parameter that was given a value.
    Parameter,
    /// A reference of a parameter file, or `getSecret()`, to a Key Vault: the good way.
    KeyVault,
    /// `listKeys()` and its kin.
    ListKeys,
    /// Computed from another secret.
    Derived,
}

impl SecretSource {
    /// The word that rules use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::KeyVault => "keyVault",
            Self::ListKeys => "listKeys",
            Self::Derived => "derived",
        }
    }
}

impl Secret {
    /// What every output shows in the place of a secret.
    pub const MASK: &'static str = "(secret)";

    /// A secret whose value azward knows and keeps to itself.
    pub fn known(source: SecretSource, kind: Kind) -> Self {
        Self { source, inner: Some(Arc::new(kind)) }
    }

    /// A secret whose value azward never saw.
    pub const fn opaque(source: SecretSource) -> Self {
        Self { source, inner: None }
    }

    /// The hidden value, for computing with it. Whatever is computed from it must be a secret again.
    pub fn reveal(&self) -> Option<&Kind> {
        self.inner.as_deref()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(Self::MASK)
    }
}
