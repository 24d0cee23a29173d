#![no_main]
//! Any text is read, walked and taken apart without harm.

use azward::format::bicep::{parser::parse, source::Source, walk::walk};
use azward::model::Files;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let program = parse(text);
    walk(&program, text, &mut |_, at| assert!(at.start <= at.end && text.get(at.start as usize..at.end as usize).is_some()));
    let files = Files::new();
    let file = files.add("main.bicep", text);
    if let Some(text) = files.get(file) {
        let source = Source::new(file, text);
        for index in 0..source.resources.len() {
            assert!(source.resource(index).is_some());
        }
    }
});
