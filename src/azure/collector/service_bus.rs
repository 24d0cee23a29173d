use super::{Child, Collector, Listed};

const NAMESPACE: &[&str] = &["Microsoft.ServiceBus/namespaces"];
const API: &str = "2021-11-01";

/// Namespaces with their network rules and geo-recovery pairs. Never an authorization key.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.ServiceBus/namespaces", API)],
    children: &[
        Child::one(
            NAMESPACE,
            "Microsoft.ServiceBus/namespaces/networkRuleSets",
            "/networkRuleSets/default",
            API,
            "Microsoft.ServiceBus/namespaces/networkrulesets/read",
        ),
        Child::list(
            NAMESPACE,
            "Microsoft.ServiceBus/namespaces/disasterRecoveryConfigs",
            "/disasterRecoveryConfigs",
            API,
            "Microsoft.ServiceBus/namespaces/disasterRecoveryConfigs/read",
        )
        .absent(&["MessagingGatewayBadRequest"]),
    ],
    ..Collector::new("service-bus")
};
