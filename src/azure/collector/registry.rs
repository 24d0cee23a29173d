use super::{Child, Collector, Listed};

const API: &str = "2023-07-01";

/// Container registries and their replicas.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.ContainerRegistry/registries", API)],
    children: &[Child::list(
        &["Microsoft.ContainerRegistry/registries"],
        "Microsoft.ContainerRegistry/registries/replications",
        "/replications",
        API,
        "Microsoft.ContainerRegistry/registries/replications/read",
    )],
    ..Collector::new("container-registry")
};
