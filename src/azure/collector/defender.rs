use super::{Child, Collector};

/// Which plans of Defender for Cloud are on.
pub(super) const COLLECTOR: Collector = Collector {
    subscription: &[Child::list(
        &[],
        "Microsoft.Security/pricings",
        "/providers/Microsoft.Security/pricings",
        "2024-01-01",
        "Microsoft.Security/pricings/read",
    )],
    ..Collector::new("defender")
};
