use super::{Child, Collector, Listed};

const API: &str = "2024-01-01";

/// Networks, groups, endpoints, gateways, firewalls and zones.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies", API),
        Listed::new("Microsoft.Network/applicationGateways", API),
        Listed::new("Microsoft.Network/azureFirewalls", API),
        Listed { kind: "Microsoft.Network/bastionHosts", list: None },
        Listed::new("Microsoft.Network/ddosProtectionPlans", API),
        Listed::new("Microsoft.Network/dnsZones", "2018-05-01"),
        Listed::new("Microsoft.Network/firewallPolicies", API),
        Listed::new("Microsoft.Network/loadBalancers", API),
        Listed::new("Microsoft.Network/natGateways", API),
        Listed::new("Microsoft.Network/networkInterfaces", API),
        Listed::new("Microsoft.Network/networkSecurityGroups", API),
        Listed::new("Microsoft.Network/privateDnsZones", "2024-06-01"),
        Listed { kind: "Microsoft.Network/privateDnsZones/virtualNetworkLinks", list: None },
        Listed::new("Microsoft.Network/privateEndpoints", API),
        Listed::new("Microsoft.Network/publicIPAddresses", API),
        Listed::new("Microsoft.Network/routeTables", API),
        Listed::new("Microsoft.Network/virtualNetworks", API),
    ],
    children: &[
        Child::list(
            &["Microsoft.Network/privateEndpoints"],
            "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
            "/privateDnsZoneGroups",
            API,
            "Microsoft.Network/privateEndpoints/privateDnsZoneGroups/read",
        ),
        Child::list(
            &["Microsoft.Network/privateDnsZones"],
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
            "/virtualNetworkLinks",
            "2024-06-01",
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks/read",
        )
        .in_graph(),
        Child::list(
            &["Microsoft.Network/dnsZones"],
            "Microsoft.Network/dnsZones/TXT",
            "/recordsets",
            "2018-05-01",
            "Microsoft.Network/dnsZones/recordsets/read",
        )
        .also(&["Microsoft.Network/dnsZones/A", "Microsoft.Network/dnsZones/CNAME", "Microsoft.Network/dnsZones/MX"]),
        Child::list(
            &["Microsoft.Network/firewallPolicies"],
            "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
            "/ruleCollectionGroups",
            API,
            "Microsoft.Network/firewallPolicies/ruleCollectionGroups/read",
        ),
    ],
    ..Collector::new("network")
};
