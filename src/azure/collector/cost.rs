use super::{Child, Collector};

/// Budgets of the subscription.
pub(super) const COLLECTOR: Collector = Collector {
    subscription: &[Child::list(
        &[],
        "Microsoft.Consumption/budgets",
        "/providers/Microsoft.Consumption/budgets",
        "2023-11-01",
        "Microsoft.Consumption/budgets/read",
    )
    .absent(&["SubscriptionNotSupported"])],
    ..Collector::new("cost")
};
