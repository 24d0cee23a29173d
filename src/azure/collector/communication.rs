use super::{Child, Collector, Listed};

const API: &str = "2023-04-01";

/// Communication services and e-mail domains with the state of their verification.
pub(super) const COLLECTOR: Collector = Collector {
    kinds: &[Listed::new("Microsoft.Communication/communicationServices", API), Listed::new("Microsoft.Communication/emailServices", API)],
    children: &[
        Child::list(
            &["Microsoft.Communication/emailServices"],
            "Microsoft.Communication/emailServices/domains",
            "/domains",
            API,
            "Microsoft.Communication/EmailServices/Domains/read",
        ),
        Child::list(
            &["Microsoft.Communication/emailServices/domains"],
            "Microsoft.Communication/emailServices/domains/senderUsernames",
            "/senderUsernames",
            API,
            "Microsoft.Communication/EmailServices/Domains/SenderUsernames/read",
        ),
    ],
    ..Collector::new("communication")
};
