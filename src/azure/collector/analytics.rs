use super::{Child, Collector, Listed};

const API: &str = "2021-06-01";

/// Workspaces, clusters and factories of data, and the firewall of Synapse.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed { kind: "Microsoft.DataFactory/factories", list: None },
        Listed { kind: "Microsoft.Databricks/workspaces", list: None },
        Listed { kind: "Microsoft.Kusto/clusters", list: None },
        Listed { kind: "Microsoft.MachineLearningServices/workspaces", list: None },
        Listed { kind: "Microsoft.Search/searchServices", list: None },
        Listed::new("Microsoft.Synapse/workspaces", API),
    ],
    children: &[Child::list(
        &["Microsoft.Synapse/workspaces"],
        "Microsoft.Synapse/workspaces/firewallRules",
        "/firewallRules",
        API,
        "Microsoft.Synapse/workspaces/firewallRules/read",
    )],
    ..Collector::new("analytics")
};
