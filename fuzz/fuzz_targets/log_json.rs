#![no_main]

use azward::log::read::{Documents, Found, Piece, for_each_event, for_each_in_record};
use azward::log::LogKind;
use libfuzzer_sys::fuzz_target;

// JSON logs: as lines, and as a document that streams by. Every event is asked for everything that rules ask.
fuzz_target!(|data: &[u8]| {
    let mut each = |event: &azward::log::Event<'_>| {
        let _ = (event.time(), event.caller(), event.actor(), event.address(), event.tls(), event.scheme());
        let _ = (event.resource_name(), event.vault_object(), event.raw("properties.a.b"));
    };
    let piece = Piece { bytes: data.to_vec(), line: 1, byte: 0, oversize: None };
    for_each_event(&piece, LogKind::Text, &mut each, &mut |_| {});
    let mut document = Documents::new(Vec::new(), data);
    while let Ok(Some(found)) = document.next_record() {
        if let Found::Record(line, byte, bytes) = found {
            for_each_in_record(&bytes, line, byte, &mut each, &mut |_| {});
        }
    }
});
