use super::{Child, Collector, Listed};

const API: &str = "2023-05-01";

/// Azure AI accounts and the models deployed in them.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.CognitiveServices/accounts", API)],
    children: &[Child::list(
        &["Microsoft.CognitiveServices/accounts"],
        "Microsoft.CognitiveServices/accounts/deployments",
        "/deployments",
        API,
        "Microsoft.CognitiveServices/accounts/deployments/read",
    )],
    ..Collector::new("cognitive-services")
};
