//! Any text as a template: it is read or refused, and evaluates within its budget.
#![no_main]

use azward::format::arm::{Arm, read};
use azward::format::{Budget, Context, Format, Options};
use azward::model::{Files, NoLoader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Arm.recognise("main.json", text);
    let files = Files::new();
    let file = files.add("main.json", text);
    let options = Options { budget: Budget { depth: 64, nodes: 100_000, millis: 2_000 }, ..Options::default() };
    let context = Context { files: &files, loader: &NoLoader, recognised: &[], options: &options };
    for unit in Arm.units(file, &context) {
        for resource in Arm.evaluate(&unit, &context).resources {
            let _ = resource.body.to_json();
            let _ = files.place(resource.place);
        }
    }
    if let Ok(read) = read::template(file, text) {
        let printed = read.value.to_json();
        let again = read::template(file, &printed.to_string()).expect("what was printed reads");
        assert_eq!(again.value.to_json(), printed);
    }
});
