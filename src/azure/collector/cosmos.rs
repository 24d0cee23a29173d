use super::{Collector, Listed};

/// Cosmos DB accounts; all that rules ask about is in the account itself.
pub(super) const COLLECTOR: Collector =
    Collector { kinds: &[Listed::new("Microsoft.DocumentDB/databaseAccounts", "2024-05-15")], ..Collector::new("cosmos-db") };
