use super::{Child, Collector};

/// Which plans of Defender for Cloud are on, and whom it tells.
pub(super) const COLLECTOR: Collector = Collector {
    subscription: &[
        Child::list(
            &[],
            "Microsoft.Security/pricings",
            "/providers/Microsoft.Security/pricings",
            "2024-01-01",
            "Microsoft.Security/pricings/read",
        ),
        Child::list(
            &[],
            "Microsoft.Security/securityContacts",
            "/providers/Microsoft.Security/securityContacts",
            "2020-01-01-preview",
            "Microsoft.Security/securityContacts/read",
        ),
    ],
    ..Collector::new("defender")
};
