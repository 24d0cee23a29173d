use super::{Child, Collector, Listed};

const API: &str = "2018-06-01";

/// Servers with their firewall.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.DBforMariaDB/servers", API)],
    children: &[Child::list(
        &["Microsoft.DBforMariaDB/servers"],
        "Microsoft.DBforMariaDB/servers/firewallRules",
        "/firewallRules",
        API,
        "Microsoft.DBforMariaDB/servers/firewallRules/read",
    )],
    ..Collector::new("mariadb")
};
