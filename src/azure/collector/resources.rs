use super::{Collector, Listed, Table};

/// Everything that no other collector claims, the resource groups, and the subscription itself.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed { kind: "Microsoft.App/containerApps", list: None },
        Listed { kind: "Microsoft.App/jobs", list: None },
        Listed { kind: "Microsoft.AppConfiguration/configurationStores", list: None },
        Listed { kind: "Microsoft.AzureActiveDirectory/b2cDirectories", list: None },
        Listed { kind: "Microsoft.ContainerInstance/containerGroups", list: None },
        Listed { kind: "Microsoft.Dashboard/grafana", list: None },
        Listed { kind: "Microsoft.Devices/IotHubs", list: None },
        Listed { kind: "Microsoft.Logic/workflows", list: None },
        Listed { kind: "Microsoft.Portal/dashboards", list: None },
        Listed { kind: "Microsoft.Resources/deploymentScripts", list: None },
        Listed { kind: "Microsoft.SignalRService/signalR", list: None },
        Listed { kind: "Microsoft.SignalRService/webPubSub", list: None },
    ],
    tables: &[Table { name: "resourcecontainers", kinds: &["microsoft.resources/subscriptions/resourcegroups"] }],
    ..Collector::new("resources")
};
