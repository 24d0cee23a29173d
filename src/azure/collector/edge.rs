use super::{Child, Collector, Listed};

const PROFILE: &[&str] = &["Microsoft.Cdn/profiles"];
const API: &str = "2024-02-01";
/// Classic CDN profiles have none of Front Door's parts, and those none of theirs.
const CLASSIC: &[&str] = &["BadRequest", "NotSupported"];

/// Front Door and CDN: profiles, domains, endpoints, routes, origins and firewalls.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.Cdn/profiles", API),
        Listed { kind: "Microsoft.Cdn/profiles/afdEndpoints", list: None },
        Listed { kind: "Microsoft.Cdn/profiles/endpoints", list: None },
        Listed { kind: "Microsoft.Cdn/cdnWebApplicationFirewallPolicies", list: None },
        Listed::new("Microsoft.Network/frontDoors", "2021-06-01"),
        Listed::new("Microsoft.Network/frontdoorWebApplicationFirewallPolicies", API),
    ],
    children: &[
        Child::list(PROFILE, "Microsoft.Cdn/profiles/customDomains", "/customDomains", API, "Microsoft.Cdn/profiles/customdomains/read")
            .absent(CLASSIC),
        Child::list(PROFILE, "Microsoft.Cdn/profiles/afdEndpoints", "/afdEndpoints", API, "Microsoft.Cdn/profiles/afdendpoints/read")
            .absent(CLASSIC)
            .in_graph(),
        Child::list(PROFILE, "Microsoft.Cdn/profiles/endpoints", "/endpoints", API, "Microsoft.Cdn/profiles/endpoints/read")
            .absent(CLASSIC)
            .in_graph(),
        Child::list(PROFILE, "Microsoft.Cdn/profiles/originGroups", "/originGroups", API, "Microsoft.Cdn/profiles/origingroups/read")
            .absent(CLASSIC),
        Child::list(
            PROFILE,
            "Microsoft.Cdn/profiles/securityPolicies",
            "/securityPolicies",
            API,
            "Microsoft.Cdn/profiles/securitypolicies/read",
        )
        .absent(CLASSIC),
        Child::list(
            &["Microsoft.Cdn/profiles/afdEndpoints"],
            "Microsoft.Cdn/profiles/afdEndpoints/routes",
            "/routes",
            API,
            "Microsoft.Cdn/profiles/afdendpoints/routes/read",
        ),
        Child::list(
            &["Microsoft.Cdn/profiles/originGroups"],
            "Microsoft.Cdn/profiles/originGroups/origins",
            "/origins",
            API,
            "Microsoft.Cdn/profiles/origingroups/origins/read",
        ),
    ],
    ..Collector::new("edge")
};
