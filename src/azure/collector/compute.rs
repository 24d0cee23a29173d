use super::{Collector, Listed};

/// Machines, disks and clusters; all that rules ask about is in the resources themselves.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.Compute/virtualMachines", "2024-07-01"),
        Listed::new("Microsoft.Compute/disks", "2023-10-02"),
        Listed::new("Microsoft.ContainerService/managedClusters", "2024-05-01"),
    ],
    ..Collector::new("compute")
};
