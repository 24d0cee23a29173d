//! Any text: it parses or is refused, prints as it parses, and evaluates within its budget.
#![no_main]

use azward::expression::{Evaluator, Limits, NoScope, parse, parse_text};
use azward::model::Span;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = parse_text(text, Span::NONE);
    let Ok(expr) = parse(text, Span::NONE) else { return };
    let printed = expr.to_string();
    let again = parse(&printed, Span::NONE).expect("what was printed parses");
    assert_eq!(again.to_string(), printed);
    let value = Evaluator::new(&NoScope, Limits { depth: 64, nodes: 100_000 }).eval(&expr);
    let _ = value.to_json();
});
