use super::{Child, Collector, Listed};

/// Types whose diagnostic settings rules ask about.
const WATCHED: &[&str] = &[
    "Microsoft.ApiManagement/service",
    "Microsoft.Cache/redis",
    "Microsoft.Cdn/profiles",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.DBforMySQL/flexibleServers",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.EventHub/namespaces",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Logic/workflows",
    "Microsoft.Network/applicationGateways",
    "Microsoft.Network/azureFirewalls",
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.RecoveryServices/vaults",
    "Microsoft.ServiceBus/namespaces",
    "Microsoft.Sql/servers/databases",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Storage/storageAccounts/blobServices",
    "Microsoft.Web/sites",
];
const SETTING: &str = "Microsoft.Insights/diagnosticSettings";
const READ: &str = "Microsoft.Insights/diagnosticSettings/read";
const PATH: &str = "/providers/Microsoft.Insights/diagnosticSettings";
const API: &str = "2021-05-01-preview";

/// Diagnostic settings of whatever rules ask about and of the subscription; alerts, autoscale, tests and components.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.Insights/actionGroups", "2023-01-01"),
        Listed::new("Microsoft.Insights/activityLogAlerts", "2020-10-01"),
        Listed::new("Microsoft.Insights/autoscaleSettings", "2022-10-01"),
        Listed::new("Microsoft.Insights/components", "2020-02-02"),
        Listed::new("Microsoft.Insights/metricAlerts", "2018-03-01"),
        Listed::new("Microsoft.Insights/scheduledQueryRules", "2023-12-01"),
        Listed::new("Microsoft.Insights/webtests", "2022-06-15"),
        Listed { kind: "Microsoft.Insights/workbooks", list: None },
    ],
    children: &[Child::list(WATCHED, SETTING, PATH, API, READ).absent(&["ResourceTypeNotSupported"])],
    subscription: &[Child::list(&[], SETTING, PATH, API, READ)],
    ..Collector::new("monitor")
};
