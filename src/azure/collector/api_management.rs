use super::{Child, Collector, Listed};

const SERVICE: &[&str] = &["Microsoft.ApiManagement/service"];
const APIS: &[&str] = &["Microsoft.ApiManagement/service/apis"];
const PRODUCTS: &[&str] = &["Microsoft.ApiManagement/service/products"];
const API: &str = "2022-08-01";
/// Tiers without a gateway of their own have no policies above their interfaces.
const NOT_IN_TIER: &[&str] = &["MethodNotAllowedInPricingTier"];

/// Services with their interfaces, backends, products and policies. Never a named value or a subscription key.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.ApiManagement/service", API)],
    children: &[
        Child::list(SERVICE, "Microsoft.ApiManagement/service/apis", "/apis", API, "Microsoft.ApiManagement/service/apis/read"),
        Child::list(SERVICE, "Microsoft.ApiManagement/service/backends", "/backends", API, "Microsoft.ApiManagement/service/backends/read")
            .absent(NOT_IN_TIER),
        Child::list(SERVICE, "Microsoft.ApiManagement/service/policies", "/policies", API, "Microsoft.ApiManagement/service/policies/read")
            .absent(NOT_IN_TIER),
        Child::list(SERVICE, "Microsoft.ApiManagement/service/products", "/products", API, "Microsoft.ApiManagement/service/products/read")
            .absent(NOT_IN_TIER),
        Child::list(
            APIS,
            "Microsoft.ApiManagement/service/apis/policies",
            "/policies",
            API,
            "Microsoft.ApiManagement/service/apis/policies/read",
        ),
        Child::list(
            PRODUCTS,
            "Microsoft.ApiManagement/service/products/policies",
            "/policies",
            API,
            "Microsoft.ApiManagement/service/products/policies/read",
        ),
    ],
    ..Collector::new("api-management")
};
