//! Bad input: one clear message each, and the rest goes on.

use super::{Folder, deployed, evaluate, output, outputs, template, the};
use crate::model::State;

fn note(evaluated: &crate::model::Evaluated, part: &str) -> bool {
    evaluated.notes.iter().any(|note| note.message.contains(part))
}

#[test]
fn broken_json_is_named_with_its_line() {
    let text = template(r#""resources": [}"#).replace(", ", ",\n");
    let folder = Folder::new(&[("main.json", &text)]);
    let evaluated = folder.evaluate("main.json");
    assert!(evaluated.resources.is_empty());
    let State::Unreadable(why) = &evaluated.entries[0].state else { panic!("{:?}", evaluated.entries) };
    assert!(why.starts_with("line 3, column 15: "), "{why}");
    assert!(why.ends_with("correct the JSON there"), "{why}");
    assert_eq!(folder.files.text(crate::model::Span { end: evaluated.notes[0].span.start + 1, ..evaluated.notes[0].span }), "}");
}

#[test]
fn a_broken_parameter_file_leaves_the_defaults() {
    let main = template(
        r#""parameters": {"a": {"type": "string", "defaultValue": "d"}}, "resources": [{"type": "A.B/c", "apiVersion": "1", "name": "[parameters('a')]"}]"#,
    );
    let folder = Folder::new(&[("main.json", &main), ("main.parameters.json", r#"{"contentVersion": "1", "parameters": {"a" 1}}"#)]);
    let evaluated = folder.evaluate("main.json");
    assert_eq!(the(&evaluated, "A.B/c").name.as_str(), Some("d"));
    assert!(note(&evaluated, "the parameter file cannot be read, and defaults are taken: line 1"));
    assert!(matches!(evaluated.entries[0].state, State::Unreadable(_)));
}

#[test]
fn nesting_without_end_ends() {
    let deep = template(&format!(r#""resources": {}{}"#, "[".repeat(200_000), "]".repeat(200_000)));
    assert!(matches!(evaluate(&deep).entries[0].state, State::Unreadable(_)));
    let objects = template(&format!(r#""resources": [], "variables": {}1{}"#, r#"{"a":"#.repeat(200_000), "}".repeat(200_000)));
    assert!(matches!(evaluate(&objects).entries[0].state, State::Unreadable(_)));
    let calls = outputs(r#""resources": [],"#, &[("x", &format!("[{}1{}]", "string(".repeat(200_000), ")".repeat(200_000)))]);
    assert!(note(&calls, "nested more than"));
}

#[test]
fn an_unknown_function_is_named_once() {
    let evaluated = outputs(r#""resources": [],"#, &[("x", "[noSuchThing(1)]"), ("y", "[other.thing()]"), ("z", "[concat('a'")]);
    assert!(note(&evaluated, "the function `nosuchthing` is not known"));
    assert!(note(&evaluated, "the function `other.thing` is not known"));
    assert!(output(&evaluated, "x").as_str().unwrap().contains("function `noSuchThing` is not known"));
    assert_eq!(output(&evaluated, "z"), "[concat('a'");
}

#[test]
fn circles_are_faults_and_long_chains_are_not() {
    let evaluated = outputs(
        r#""resources": [], "variables": {"a": "[variables('b')]", "b": "[variables('a')]"}, "parameters": {"p": {"type": "string", "defaultValue": "[parameters('p')]"}},"#,
        &[("a", "[variables('a')]"), ("p", "[parameters('p')]"), ("none", "[variables('none')]")],
    );
    assert!(output(&evaluated, "a").as_str().unwrap().contains("variable `a` refers to itself"));
    assert!(output(&evaluated, "p").as_str().unwrap().contains("parameter `p` refers to itself"));
    assert!(output(&evaluated, "none").as_str().unwrap().contains("there is no variable `none`"));

    let chain = |length: usize| {
        let links: Vec<String> = (0..length).map(|n| format!(r#""v{n}": "[variables('v{}')]""#, n + 1)).collect();
        let parts = format!(r#""resources": [], "variables": {{{}, "v{length}": "end"}},"#, links.join(","));
        output(&outputs(&parts, &[("x", "[variables('v0')]")]), "x")
    };
    assert_eq!(chain(100), "end");
    assert!(chain(100_000).as_str().unwrap().contains("the budget for nesting"));
}

#[test]
fn a_template_that_deploys_itself_ends() {
    let main = template(
        r#""resources": [{"type": "A.B/c", "apiVersion": "1", "name": "x"}, {"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "again",
            "properties": {"mode": "Incremental", "templateLink": {"relativePath": "main.json"}}}]"#,
    );
    let evaluated = Folder::new(&[("main.json", &main)]).evaluate("main.json");
    assert_eq!(deployed(&evaluated).len(), 2);
    assert!(note(&evaluated, "deploys itself again and again"));
}

#[test]
fn deployments_nested_too_deeply_are_left_out() {
    let mut inner = template(r#""resources": []"#);
    for _ in 0..60 {
        inner = template(&format!(
            r#""resources": [{{"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "d", "properties": {{"mode": "Incremental", "template": {inner}}}}}]"#
        ));
    }
    let evaluated = evaluate(&inner);
    assert!(deployed(&evaluated).len() <= 40);
    assert!(note(&evaluated, "levels deep"));
}

#[test]
fn loops_in_loops_end_with_the_budget() {
    let inner = template(
        r#""resources": [{"type": "A.B/c", "apiVersion": "1", "name": "[string(copyIndex())]", "copy": {"name": "l", "count": 800}}]"#,
    );
    let nest = |inner: &str| {
        template(&format!(
            r#""resources": [{{"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "[string(copyIndex())]", "copy": {{"name": "l", "count": 800}},
                "properties": {{"expressionEvaluationOptions": {{"scope": "inner"}}, "mode": "Incremental", "template": {inner}}}}}]"#
        ))
    };
    let mut folder = Folder::new(&[("main.json", &nest(&nest(&inner)))]);
    folder.options.budget.millis = 1_000;
    let started = std::time::Instant::now();
    let evaluated = folder.evaluate("main.json");
    assert!(started.elapsed().as_secs() < 30);
    assert!(evaluated.resources.len() <= 60_000);
    assert!(note(&evaluated, "are not looked at") || note(&evaluated, "longer than"));
}

#[test]
fn names_that_are_written_twice_are_noted() {
    let evaluated =
        evaluate(&template(r#""resources": [{"type": "A.B/c", "apiVersion": "1", "name": "x", "properties": {"a": 1, "A": 2}}]"#));
    assert!(note(&evaluated, "`A` is written twice in this object"));
    assert_eq!(the(&evaluated, "A.B/c").body.path("properties.a").unwrap().as_int(), Some(2));
}

#[test]
fn resources_that_are_none_are_noted() {
    let evaluated = evaluate(&template(r#""resources": [1, {"name": "x"}, {"type": "A.B/c", "apiVersion": "1"}]"#));
    assert!(note(&evaluated, "this is no resource"));
    assert!(the(&evaluated, "A.B/c").name.is_unknown());
}
