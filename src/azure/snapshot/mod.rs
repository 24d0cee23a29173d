//! What a live run saw, as a file: versioned, redacted, one JSON record a line, compressed with zstd.
//!
//! Written while the run goes on and read line by line, so that neither needs memory in proportion to the tenant.
//! A file without its last record is one whose run was cut short; what it holds is used, and the cut is a gap.

mod load;
mod read;
mod record;
mod redact;
mod sites;
mod write;

pub use load::{Loaded, Subscription, entry, load, resource, unread};
pub use read::{Limits, Reader, SnapshotError};
pub use record::{Done, End, FORMAT, Gap, Item, Meta, Record, Source, SubscriptionInfo, Unread, VERSION};
pub use redact::{MARK, UNREAD_MARK, is_marked, redact};
pub use write::Writer;
