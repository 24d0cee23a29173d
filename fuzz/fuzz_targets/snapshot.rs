//! Snapshots of live subscriptions: compressed or not, whole or cut, ours or somebody else's.
#![no_main]

use azward::azure::snapshot::{Limits, load};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { record: 1 << 20, records: 10_000, free: 64 << 20, ratio: 20 };
    if let Ok(loaded) = load(bytes, limits) {
        for resource in loaded.subscriptions.iter().flat_map(|subscription| &subscription.resources) {
            let _ = (resource.display_name(), resource.body.to_json());
        }
    }
});
