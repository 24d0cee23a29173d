//! The built-in snapshot: an invented tenant, so that a newcomer sees a whole report without an Azure of their own.

use super::snapshot::{Limits, Loaded, SnapshotError, load};

/// The snapshot's bytes. Made from `fixtures/azure/demo.yaml` by the test that reads that tenant through the whole client.
pub const SNAPSHOT: &[u8] = include_bytes!("../../fixtures/azure/demo.snapshot.json.zst");

/// The demo tenant, ready to be judged.
///
/// # Errors
///
/// Never for the bytes that are built in; a test reads them.
pub fn demo() -> Result<Loaded, SnapshotError> {
    load(SNAPSHOT, Limits::default())
}
