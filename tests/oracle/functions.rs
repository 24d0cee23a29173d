//! The expression language against Microsoft's own vectors and against the expressions of public templates.

use std::time::Instant;

use azward::expression::{Evaluator, Expr, Limits, NoScope, Text, classify, equal, functions, parse};
use azward::model::{Span, Value};

use super::support::{corpus, files, score};

/// One row of Bicep's function tests: a function, its arguments, what it returns.
fn vectors(text: &str) -> Vec<(String, Vec<Value>, Value)> {
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let arguments = row["arguments"].as_array().unwrap();
        // C# wraps a single array argument once more, because the test method takes `params object[]`.
        let arguments = match arguments.as_slice() {
            [serde_json::Value::Array(only)] if matches!(only.as_slice(), [serde_json::Value::Array(_)]) => only,
            _ => arguments,
        };
        (row["function"].as_str().unwrap().to_owned(), arguments.iter().map(Value::from_json).collect(), Value::from_json(&row["returns"]))
    };
    text.lines().filter(|line| !line.trim().is_empty()).map(row).collect()
}

#[test]
fn functions_return_what_bicep_returns() {
    let Some(folder) = corpus("bicep-samples") else { return };
    let rows = vectors(&std::fs::read_to_string(folder.join("function-vectors.jsonl")).unwrap());
    let mut right = 0;
    for (function, arguments, wanted) in &rows {
        let by_values = functions::call(function, arguments).unwrap_or_else(|| panic!("no function {function}"));
        // The same once more through the printer, the parser and the evaluator.
        let expr = Expr::call(function.as_str(), arguments.iter().cloned().map(Expr::Literal).collect(), Span::NONE);
        let expr = parse(&expr.to_string(), Span::NONE).unwrap();
        let by_text = Evaluator::new(&NoScope, Limits::default()).eval(&expr);
        match by_values {
            Ok(got) if equal(&got, wanted).known() == Some(true) && equal(&by_text, wanted).known() == Some(true) => right += 1,
            got => println!("{function}({arguments:?}) is {got:?} and {by_text:?}, not {wanted:?}"),
        }
    }
    println!("{right} of {} vectors", rows.len());
    score("functions.vectors", 100.0 * f64::from(right) / rows.len() as f64);
}

#[test]
fn every_function_that_bicep_has_is_here_or_is_contextual() {
    let Some(folder) = corpus("bicep-samples") else { return };
    let mut names = std::collections::BTreeSet::new();
    for namespace in ["az", "sys"] {
        let text = std::fs::read_to_string(folder.join(format!("baselines/Functions/{namespace}.json"))).unwrap();
        let list: serde_json::Value = serde_json::from_str(&text).unwrap();
        names.extend(list.as_array().unwrap().iter().map(|function| function["name"].as_str().unwrap().to_owned()));
    }
    assert!(names.len() >= 92, "the list shrank to {}", names.len());
    let missing: Vec<_> = names.iter().filter(|name| functions::find(name).is_none() && !functions::is_contextual(name)).collect();
    assert!(missing.is_empty(), "neither in the library nor contextual: {missing:?}");
    let both: Vec<_> = functions::CONTEXTUAL.iter().filter(|name| functions::find(name).is_some()).collect();
    assert!(both.is_empty(), "in the library and contextual: {both:?}");
}

fn strings<'a>(json: &'a serde_json::Value, out: &mut Vec<&'a str>) {
    match json {
        serde_json::Value::String(text) => out.push(text),
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| strings(value, out)),
        _ => {}
    }
}

#[test]
fn public_templates_parse_print_and_call_known_functions() {
    let (mut expressions, mut parsed, mut compiled, mut same, mut calls, mut known) = (0_u32, 0_u32, 0_u32, 0_u32, 0_u32, 0_u32);
    let (mut bytes, mut seconds) = (0, 0.0);
    for name in ["arm-examples", "bicep-samples", "avm-dev"] {
        let Some(folder) = corpus(name) else { return };
        for file in files(&folder, ".json") {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            if !text.contains("deploymentTemplate.json") {
                continue;
            }
            let Ok(json) = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')) else { continue };
            let by_bicep = json.pointer("/metadata/_generator/name").is_some_and(|name| name == "bicep");
            let mut texts = Vec::new();
            strings(&json, &mut texts);
            for text in texts {
                let Text::Expression(inner) = classify(text) else { continue };
                let start = Instant::now();
                let expr = parse(inner, Span::NONE);
                seconds += start.elapsed().as_secs_f64();
                bytes += inner.len();
                expressions += 1;
                let Ok(expr) = expr else { continue };
                parsed += 1;
                expr.walk(&mut |node| {
                    if let Expr::Call { name, .. } = node {
                        calls += 1;
                        let found = functions::find(name).is_some() || functions::is_contextual(name);
                        known += u32::from(found);
                    }
                });
                if by_bicep {
                    compiled += 1;
                    let printed = expr.to_string();
                    same += u32::from(printed == inner);
                    if printed != inner && compiled - same < 10 {
                        println!("printed otherwise:\n  {inner}\n  {printed}");
                    }
                }
            }
        }
    }
    println!(
        "{parsed} of {expressions} expressions parsed at {:.0} MB/s; {known} of {calls} calls known; {same} of {compiled} printed as Bicep prints them",
        bytes as f64 / 1e6 / seconds
    );
    let percent = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole.max(1));
    score("expressions.parsed", percent(parsed, expressions));
    score("expressions.calls_known", percent(known, calls));
    score("expressions.printed_as_bicep", percent(same, compiled));
}
