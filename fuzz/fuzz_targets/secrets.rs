#![no_main]
//! Any bytes may be scanned, whole or as a stream; spans stay inside and no secret is told.
use std::sync::LazyLock;

use azward::secret::{Scanner, mask_line};
use libfuzzer_sys::fuzz_target;

static SCANNER: LazyLock<Scanner> = LazyLock::new(Scanner::builtin);

fuzz_target!(|data: &[u8]| {
    let hits = SCANNER.scan("fuzz.txt", data);
    for hit in &hits {
        assert!(hit.span.start <= hit.span.end && hit.span.end <= data.len());
    }
    let text = String::from_utf8_lossy(data);
    let _ = mask_line(&text, 0, &hits);
    let _ = SCANNER.stream("fuzz.py", data, |_| {});
});
