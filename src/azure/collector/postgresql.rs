use super::{Child, Collector, Listed};

const SERVER: &[&str] = &["Microsoft.DBforPostgreSQL/flexibleServers"];
const API: &str = "2022-12-01";

/// Flexible servers with their parameters, firewall, administrators and backups; the single servers that are left.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.DBforPostgreSQL/flexibleServers", API), Listed::new("Microsoft.DBforPostgreSQL/servers", "2017-12-01")],
    children: &[
        Child::list(
            SERVER,
            "Microsoft.DBforPostgreSQL/flexibleServers/configurations",
            "/configurations",
            API,
            "Microsoft.DBforPostgreSQL/flexibleServers/configurations/read",
        ),
        Child::list(
            SERVER,
            "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules",
            "/firewallRules",
            API,
            "Microsoft.DBforPostgreSQL/flexibleServers/firewallRules/read",
        ),
        Child::list(
            SERVER,
            "Microsoft.DBforPostgreSQL/flexibleServers/administrators",
            "/administrators",
            API,
            "Microsoft.DBforPostgreSQL/flexibleServers/administrators/read",
        ),
        Child::list(
            SERVER,
            "Microsoft.DBforPostgreSQL/flexibleServers/backups",
            "/backups",
            API,
            "Microsoft.DBforPostgreSQL/flexibleServers/backups/read",
        ),
        Child::list(
            SERVER,
            "Microsoft.DBforPostgreSQL/flexibleServers/databases",
            "/databases",
            API,
            "Microsoft.DBforPostgreSQL/flexibleServers/databases/read",
        ),
        Child::list(
            &["Microsoft.DBforPostgreSQL/servers"],
            "Microsoft.DBforPostgreSQL/servers/firewallRules",
            "/firewallRules",
            "2017-12-01",
            "Microsoft.DBforPostgreSQL/servers/firewallRules/read",
        ),
    ],
    ..Collector::new("postgresql")
};
