use super::{Child, Collector, Listed};

const API: &str = "2022-06-15";

/// Topics, domains and namespaces, and who listens to a vault's events.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.EventGrid/domains", API),
        Listed { kind: "Microsoft.EventGrid/namespaces", list: None },
        Listed::new("Microsoft.EventGrid/systemTopics", API),
        Listed::new("Microsoft.EventGrid/topics", API),
    ],
    children: &[Child::list(
        &["Microsoft.KeyVault/vaults"],
        "Microsoft.EventGrid/eventSubscriptions",
        "/providers/Microsoft.EventGrid/eventSubscriptions",
        API,
        "Microsoft.EventGrid/eventSubscriptions/read",
    )],
    ..Collector::new("event-grid")
};
