use super::{Child, Collector, Listed};

const SERVER: &[&str] = &["Microsoft.DBforMySQL/flexibleServers"];
const SINGLE: &[&str] = &["Microsoft.DBforMySQL/servers"];
const API: &str = "2023-12-30";

/// Flexible servers with their parameters and firewall; the single servers that are left with their firewall.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.DBforMySQL/flexibleServers", API), Listed::new("Microsoft.DBforMySQL/servers", "2017-12-01")],
    children: &[
        Child::list(
            SERVER,
            "Microsoft.DBforMySQL/flexibleServers/configurations",
            "/configurations",
            API,
            "Microsoft.DBforMySQL/flexibleServers/configurations/read",
        ),
        Child::list(
            SERVER,
            "Microsoft.DBforMySQL/flexibleServers/firewallRules",
            "/firewallRules",
            API,
            "Microsoft.DBforMySQL/flexibleServers/firewallRules/read",
        ),
        Child::list(
            SINGLE,
            "Microsoft.DBforMySQL/servers/firewallRules",
            "/firewallRules",
            "2017-12-01",
            "Microsoft.DBforMySQL/servers/firewallRules/read",
        ),
    ],
    ..Collector::new("mysql")
};
