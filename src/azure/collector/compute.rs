use super::{Child, Collector, Listed};

const API: &str = "2024-07-01";

/// Machines and what is installed on them, disks and clusters.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[
        Listed::new("Microsoft.Compute/virtualMachines", API),
        Listed { kind: "Microsoft.Compute/virtualMachines/extensions", list: None },
        Listed::new("Microsoft.Compute/virtualMachineScaleSets", API),
        Listed::new("Microsoft.Compute/disks", "2023-10-02"),
        Listed::new("Microsoft.ContainerService/managedClusters", "2024-05-01"),
    ],
    children: &[
        Child::list(
            &["Microsoft.Compute/virtualMachines"],
            "Microsoft.Compute/virtualMachines/extensions",
            "/extensions",
            API,
            "Microsoft.Compute/virtualMachines/extensions/read",
        )
        .in_graph(),
        Child::list(
            &["Microsoft.Compute/virtualMachineScaleSets"],
            "Microsoft.Compute/virtualMachineScaleSets/extensions",
            "/extensions",
            API,
            "Microsoft.Compute/virtualMachineScaleSets/extensions/read",
        ),
    ],
    ..Collector::new("compute")
};
