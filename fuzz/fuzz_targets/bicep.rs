#![no_main]
//! Any text is read, walked, lowered and evaluated without harm.

use azward::format::bicep::{Bicep, parser::parse, source::Source, walk::walk};
use azward::format::{Budget, Context, Format, Options};
use azward::model::{Files, NoLoader};

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
    let options = Options { budget: Budget { depth: 64, nodes: 100_000, millis: 2_000 }, ..Options::default() };
    let context = Context { files: &files, loader: &NoLoader, recognised: &[], options: &options };
    for unit in Bicep.units(file, &context) {
        for resource in Bicep.evaluate(&unit, &context).resources {
            let _ = resource.body.to_json();
            let _ = files.place(resource.place);
        }
    }
});
