use super::{Child, Collector, Listed};

const ACCOUNT: &[&str] = &["Microsoft.Storage/storageAccounts"];
const API: &str = "2023-05-01";
/// Accounts of one purpose lack the services of the others.
const NO_SUCH_SERVICE: &[&str] = &["FeatureNotSupportedForAccount", "UnsupportedOperation"];

/// Accounts, their services with soft delete and versioning, life cycle rules and containers. Never a key.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.Storage/storageAccounts", API)],
    children: &[
        Child::one(
            ACCOUNT,
            "Microsoft.Storage/storageAccounts/blobServices",
            "/blobServices/default",
            API,
            "Microsoft.Storage/storageAccounts/blobServices/read",
        )
        .absent(NO_SUCH_SERVICE),
        Child::one(
            ACCOUNT,
            "Microsoft.Storage/storageAccounts/fileServices",
            "/fileServices/default",
            API,
            "Microsoft.Storage/storageAccounts/fileServices/read",
        )
        .absent(NO_SUCH_SERVICE),
        Child::one(
            ACCOUNT,
            "Microsoft.Storage/storageAccounts/managementPolicies",
            "/managementPolicies/default",
            API,
            "Microsoft.Storage/storageAccounts/managementPolicies/read",
        )
        .absent(NO_SUCH_SERVICE),
        Child::list(
            ACCOUNT,
            "Microsoft.Storage/storageAccounts/blobServices/containers",
            "/blobServices/default/containers",
            API,
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
        )
        .absent(NO_SUCH_SERVICE),
    ],
    ..Collector::new("storage")
};
