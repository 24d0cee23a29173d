use super::{Child, Collector, Listed};

const API: &str = "2023-01-31";

/// User-assigned identities and who may act as them from outside.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.ManagedIdentity/userAssignedIdentities", API)],
    children: &[Child::list(
        &["Microsoft.ManagedIdentity/userAssignedIdentities"],
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "/federatedIdentityCredentials",
        API,
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
    )],
    ..Collector::new("managed-identity")
};
