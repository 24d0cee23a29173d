//! Any text as a parameter file: it is read or refused.
#![no_main]

use azward::format::Format;
use azward::format::arm::{Arm, read};
use azward::model::FileId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Arm.recognise("main.parameters.json", text);
    if let Ok(read) = read::parameter_file(FileId(0), text) {
        for given in &read.value.given {
            assert!(given.name_span.end as usize <= text.len());
        }
    }
});
