use super::{Child, Collector, Listed};

const VAULT: &[&str] = &["Microsoft.KeyVault/vaults"];
const API: &str = "2023-07-01";

/// Vaults, and the attributes of their secrets and keys on the control plane: expiry and state, never a value.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.KeyVault/vaults", API)],
    children: &[
        Child::list(VAULT, "Microsoft.KeyVault/vaults/secrets", "/secrets", API, "Microsoft.KeyVault/vaults/secrets/read"),
        Child::list(VAULT, "Microsoft.KeyVault/vaults/keys", "/keys", API, "Microsoft.KeyVault/vaults/keys/read"),
    ],
    ..Collector::new("key-vault")
};
