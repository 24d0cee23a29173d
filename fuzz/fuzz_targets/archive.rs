#![no_main]
//! Any bytes may be opened as an archive; what comes out stays within the limits.
use std::io::{Cursor, Read};

use azward::source::archive::{ArchiveLimits, unpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = ArchiveLimits { bytes: 1 << 20, entries: 100, nested_zip: 1 << 20, ..ArchiveLimits::default() };
    let done = unpack("fuzz", Cursor::new(data), limits, &mut |_, reader| {
        let _ = reader.take(1 << 21).read_to_end(&mut Vec::new());
    });
    assert!(done.bytes <= limits.bytes);
});
