use super::{Child, Collector, Listed};

const API: &str = "2023-11-01";

/// Accounts with their variables. Of an encrypted one the service gives no value; the value of another is taken out before it is kept.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.Automation/automationAccounts", API)],
    children: &[Child::list(
        &["Microsoft.Automation/automationAccounts"],
        "Microsoft.Automation/automationAccounts/variables",
        "/variables",
        API,
        "Microsoft.Automation/automationAccounts/variables/read",
    )],
    ..Collector::new("automation")
};
