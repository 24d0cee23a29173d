use super::{Child, Collector, Listed};

const VAULT: &[&str] = &["Microsoft.DataProtection/backupVaults"];
const API: &str = "2024-04-01";

/// Backup vaults with their instances, policies and jobs; the graph's table of recovery services answers for most.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.DataProtection/backupVaults", API)],
    children: &[
        Child::list(
            VAULT,
            "Microsoft.DataProtection/backupVaults/backupInstances",
            "/backupInstances",
            API,
            "Microsoft.DataProtection/backupVaults/backupInstances/read",
        )
        .in_table(),
        Child::list(
            VAULT,
            "Microsoft.DataProtection/backupVaults/backupPolicies",
            "/backupPolicies",
            API,
            "Microsoft.DataProtection/backupVaults/backupPolicies/read",
        )
        .in_table(),
        Child::list(
            VAULT,
            "Microsoft.DataProtection/backupVaults/backupJobs",
            "/backupJobs",
            API,
            "Microsoft.DataProtection/backupVaults/backupJobs/read",
        )
        .in_table(),
    ],
    ..Collector::new("data-protection")
};
