use super::{Child, Collector, Listed, Table};

const VAULT: &[&str] = &["Microsoft.RecoveryServices/vaults"];
const API: &str = "2024-04-01";
const ITEM: &str = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems";
const REPLICATED: &str = "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems";

/// Vaults with their redundancy and soft delete, what they protect, by which policy, and how the last jobs ended.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.RecoveryServices/vaults", API)],
    children: &[
        Child::one(
            VAULT,
            "Microsoft.RecoveryServices/vaults/backupconfig",
            "/backupconfig/vaultconfig",
            API,
            "Microsoft.RecoveryServices/Vaults/backupconfig/read",
        ),
        Child::one(
            VAULT,
            "Microsoft.RecoveryServices/vaults/backupstorageconfig",
            "/backupstorageconfig/vaultstorageconfig",
            API,
            "Microsoft.RecoveryServices/Vaults/backupstorageconfig/read",
        ),
        Child::list(
            VAULT,
            "Microsoft.RecoveryServices/vaults/backupPolicies",
            "/backupPolicies",
            API,
            "Microsoft.RecoveryServices/Vaults/backupPolicies/read",
        )
        .in_table(),
        Child::list(VAULT, ITEM, "/backupProtectedItems", API, "Microsoft.RecoveryServices/Vaults/backupProtectedItems/read").in_table(),
        Child::list(
            VAULT,
            "Microsoft.RecoveryServices/vaults/backupJobs",
            "/backupJobs",
            API,
            "Microsoft.RecoveryServices/Vaults/backupJobs/read",
        )
        .in_table(),
        Child::list(
            VAULT,
            REPLICATED,
            "/replicationProtectedItems",
            API,
            "Microsoft.RecoveryServices/vaults/replicationProtectedItems/read",
        )
        .in_table(),
        Child::list(
            VAULT,
            "Microsoft.RecoveryServices/vaults/replicationJobs",
            "/replicationJobs",
            API,
            "Microsoft.RecoveryServices/vaults/replicationJobs/read",
        )
        .in_table(),
        Child::list(
            VAULT,
            "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans",
            "/replicationRecoveryPlans",
            API,
            "Microsoft.RecoveryServices/vaults/replicationRecoveryPlans/read",
        )
        .in_table(),
    ],
    tables: &[Table {
        name: "recoveryservicesresources",
        kinds: &[
            "microsoft.recoveryservices/vaults/backuppolicies",
            "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems",
            "microsoft.recoveryservices/vaults/backupjobs",
            "microsoft.recoveryservices/vaults/replicationfabrics/replicationprotectioncontainers/replicationprotecteditems",
            "microsoft.recoveryservices/vaults/replicationjobs",
            "microsoft.recoveryservices/vaults/replicationrecoveryplans",
            "microsoft.dataprotection/backupvaults/backupinstances",
            "microsoft.dataprotection/backupvaults/backuppolicies",
            "microsoft.dataprotection/backupvaults/backupjobs",
        ],
    }],
    ..Collector::new("recovery-services")
};
