use super::{Child, Collector, Listed};

const WORKSPACE: &[&str] = &["Microsoft.OperationalInsights/workspaces"];

/// Workspaces, the retention of each of their tables, and exports.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.OperationalInsights/workspaces", "2023-09-01")],
    children: &[
        Child::list(
            WORKSPACE,
            "Microsoft.OperationalInsights/workspaces/tables",
            "/tables",
            "2022-10-01",
            "Microsoft.OperationalInsights/workspaces/tables/read",
        ),
        Child::list(
            WORKSPACE,
            "Microsoft.OperationalInsights/workspaces/dataExports",
            "/dataExports",
            "2020-08-01",
            "Microsoft.OperationalInsights/workspaces/dataExports/read",
        ),
    ],
    ..Collector::new("log-analytics")
};
