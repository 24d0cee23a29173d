//! Which hits count: allowlists with reason and expiry, baselines, the least confidence.
//!
//! * [`allowlist`]: accepted by fingerprint, path or detector, with a reason and an end
//! * [`baseline`]: what was there when somebody first looked

mod allowlist;
mod baseline;

pub use allowlist::{Allowed, Allowlist, AllowlistError};
pub use baseline::Baseline;
