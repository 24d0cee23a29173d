use super::{Collector, Listed};

/// Namespaces. Never an authorization key.
pub(super) const COLLECTOR: Collector =
    Collector { kinds: &[Listed::new("Microsoft.EventHub/namespaces", "2024-01-01")], ..Collector::new("event-hub") };
