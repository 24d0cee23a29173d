use super::{Child, Collector, Listed};

const CACHE: &[&str] = &["Microsoft.Cache/redis"];
const ENTERPRISE: &[&str] = &["Microsoft.Cache/redisEnterprise"];
const API: &str = "2024-03-01";

/// Caches with their firewall and patch schedules, and the databases of the Enterprise tier.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.Cache/redis", API), Listed::new("Microsoft.Cache/redisEnterprise", "2024-02-01")],
    children: &[
        Child::list(CACHE, "Microsoft.Cache/redis/firewallRules", "/firewallRules", API, "Microsoft.Cache/redis/firewallRules/read"),
        Child::list(CACHE, "Microsoft.Cache/redis/patchSchedules", "/patchSchedules", API, "Microsoft.Cache/redis/patchSchedules/read"),
        Child::list(
            ENTERPRISE,
            "Microsoft.Cache/redisEnterprise/databases",
            "/databases",
            "2024-02-01",
            "Microsoft.Cache/redisEnterprise/databases/read",
        ),
    ],
    ..Collector::new("redis")
};
