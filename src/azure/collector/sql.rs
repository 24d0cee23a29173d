use super::{Child, Collector, Listed};

const SERVER: &[&str] = &["Microsoft.Sql/servers"];
const DATABASE: &[&str] = &["Microsoft.Sql/servers/databases"];
const API: &str = "2021-11-01";

/// Servers, instances and databases with firewall, sign-in, auditing, failover, encryption and backup retention.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.Sql/servers", API),
        Listed { kind: "Microsoft.Sql/servers/databases", list: None },
        Listed::new("Microsoft.Sql/managedInstances", API),
        Listed { kind: "Microsoft.Sql/managedInstances/databases", list: None },
    ],
    children: &[
        Child::list(SERVER, "Microsoft.Sql/servers/databases", "/databases", API, "Microsoft.Sql/servers/databases/read").in_graph(),
        Child::list(SERVER, "Microsoft.Sql/servers/firewallRules", "/firewallRules", API, "Microsoft.Sql/servers/firewallRules/read"),
        Child::list(
            SERVER,
            "Microsoft.Sql/servers/azureADOnlyAuthentications",
            "/azureADOnlyAuthentications",
            API,
            "Microsoft.Sql/servers/azureADOnlyAuthentications/read",
        ),
        Child::list(SERVER, "Microsoft.Sql/servers/administrators", "/administrators", API, "Microsoft.Sql/servers/administrators/read"),
        Child::one(
            SERVER,
            "Microsoft.Sql/servers/auditingSettings",
            "/auditingSettings/default",
            API,
            "Microsoft.Sql/servers/auditingSettings/read",
        ),
        Child::one(
            SERVER,
            "Microsoft.Sql/servers/extendedAuditingSettings",
            "/extendedAuditingSettings/default",
            API,
            "Microsoft.Sql/servers/extendedAuditingSettings/read",
        ),
        Child::list(SERVER, "Microsoft.Sql/servers/failoverGroups", "/failoverGroups", API, "Microsoft.Sql/servers/failoverGroups/read"),
        Child::one(
            SERVER,
            "Microsoft.Sql/servers/securityAlertPolicies",
            "/securityAlertPolicies/Default",
            API,
            "Microsoft.Sql/servers/securityAlertPolicies/read",
        ),
        Child::one(
            DATABASE,
            "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies",
            "/backupShortTermRetentionPolicies/default",
            API,
            "Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read",
        ),
        Child::one(
            DATABASE,
            "Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies",
            "/backupLongTermRetentionPolicies/default",
            API,
            "Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/read",
        ),
        Child::one(
            DATABASE,
            "Microsoft.Sql/servers/databases/transparentDataEncryption",
            "/transparentDataEncryption/current",
            API,
            "Microsoft.Sql/servers/databases/transparentDataEncryption/read",
        ),
        Child::list(
            &["Microsoft.Sql/managedInstances"],
            "Microsoft.Sql/managedInstances/databases",
            "/databases",
            API,
            "Microsoft.Sql/managedInstances/databases/read",
        )
        .in_graph(),
        Child::one(
            &["Microsoft.Sql/managedInstances/databases"],
            "Microsoft.Sql/managedInstances/databases/backupShortTermRetentionPolicies",
            "/backupShortTermRetentionPolicies/default",
            API,
            "Microsoft.Sql/managedInstances/databases/backupShortTermRetentionPolicies/read",
        ),
    ],
    ..Collector::new("sql")
};
