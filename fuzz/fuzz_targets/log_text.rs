#![no_main]

use azward::log::LogKind;
use azward::log::read::{Layout, Piece, for_each_event, probe};
use libfuzzer_sys::fuzz_target;

// Text logs of every kind, and what recognises them.
fuzz_target!(|data: &[u8]| {
    let recognised = match probe(data) {
        Layout::Lines(kind) => kind,
        Layout::Document | Layout::Binary => LogKind::Text,
    };
    let piece = Piece { bytes: data.to_vec(), line: 1, byte: 0, oversize: None };
    for kind in [recognised, LogKind::Text, LogKind::GithubActions, LogKind::AzurePipelines] {
        for_each_event(&piece, kind, &mut |event| drop((event.time(), event.caller().into_owned())), &mut |_| {});
    }
});
