use super::{deployed, evaluate, output, outputs, template};
use crate::model::Certainty;

#[test]
fn resources_repeat_and_nested_loops_know_their_own_index() {
    let evaluated = evaluate(&template(
        r#""resources": [{"type": "A.B/c", "apiVersion": "1", "name": "[concat('n', copyIndex('outer', 1))]",
            "copy": {"name": "outer", "count": 2, "mode": "serial", "batchSize": 1},
            "properties": {"copy": [{"name": "items", "count": "[add(copyIndex(), 1)]",
                "input": {"own": "[copyIndex('items')]", "around": "[copyIndex('outer')]",
                          "copy": [{"name": "inner", "count": 2, "input": "[format('{0}{1}', copyIndex('items', 5), copyIndex('inner'))]"}]}}]}}]"#,
    ));
    let found = deployed(&evaluated);
    let names: Vec<_> = found.iter().map(|one| one.name.as_str().unwrap()).collect();
    assert_eq!(names, ["n1", "n2"]);
    assert_eq!(found[1].address, "resources[0][1]");
    let items = found[1].body.path("properties.items").unwrap().to_json();
    assert_eq!(items, serde_json::json!([{"own": 0, "around": 1, "inner": ["50", "51"]}, {"own": 1, "around": 1, "inner": ["60", "61"]}]));
}

#[test]
fn variables_and_outputs_repeat() {
    let evaluated = evaluate(&template(
        r#""resources": [], "variables": {"copy": [{"name": "list", "count": 3, "input": "[copyIndex('list', 1)]"}],
            "object": {"copy": [{"name": "x", "count": 2, "input": {"i": "[copyIndex('x')]"}}], "y": 1}},
        "outputs": {"list": {"type": "array", "value": "[variables('list')]"}, "object": {"type": "object", "value": "[variables('object')]"},
            "made": {"type": "array", "copy": {"count": "[length(variables('list'))]", "input": "[mul(variables('list')[copyIndex()], 10)]"}}}"#,
    ));
    assert_eq!(output(&evaluated, "list"), serde_json::json!([1, 2, 3]));
    assert_eq!(output(&evaluated, "object"), serde_json::json!({"x": [{"i": 0}, {"i": 1}], "y": 1}));
    assert_eq!(output(&evaluated, "made"), serde_json::json!([10, 20, 30]));
}

#[test]
fn a_loop_of_unknown_length_has_one_that_stands_for_all() {
    let evaluated = evaluate(&template(
        r#""parameters": {"names": {"type": "array"}}, "resources": [{"type": "A.B/c", "apiVersion": "1",
            "name": "[concat('n-', parameters('names')[copyIndex()])]", "properties": {"fixed": 1},
            "copy": {"name": "all", "count": "[length(parameters('names'))]"}}]"#,
    ));
    let found = deployed(&evaluated);
    assert_eq!(found.len(), 1);
    assert!(matches!(found[0].certainty, Certainty::Maybe(_)));
    assert_eq!(found[0].address, "resources[0][*]");
    assert_eq!(found[0].display_name(), "n-{?}");
    assert_eq!(found[0].body.path("properties.fixed").unwrap().as_int(), Some(1));
}

#[test]
fn a_loop_never_runs_more_often_than_azure_allows() {
    let evaluated = evaluate(&template(
        r#""resources": [{"type": "A.B/c", "apiVersion": "1", "name": "[string(copyIndex())]", "copy": {"name": "l", "count": 100000}},
            {"type": "A.B/d", "apiVersion": "1", "name": "none", "copy": {"name": "m", "count": 0}}]"#,
    ));
    assert_eq!(deployed(&evaluated).len(), 800);
    assert!(evaluated.notes.iter().any(|note| note.message.contains("Azure refuses more than 800")));
}

#[test]
fn conditions_leave_out_keep_or_doubt() {
    let evaluated = evaluate(&template(
        r#""parameters": {"flag": {"type": "bool"}}, "resources": [
            {"type": "A.B/no", "apiVersion": "1", "name": "a", "condition": false},
            {"type": "A.B/yes", "apiVersion": "1", "name": "b", "condition": "[equals(1, 1)]"},
            {"type": "A.B/maybe", "apiVersion": "1", "name": "c", "condition": "[parameters('flag')]"}]"#,
    ));
    let found: Vec<_> = deployed(&evaluated).into_iter().map(|one| (&*one.kind, one.certainty.clone())).collect();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], ("A.B/yes", Certainty::Certain));
    assert!(matches!(found[1], ("A.B/maybe", Certainty::Maybe(_))));
}

#[test]
fn copy_index_outside_a_loop_is_a_fault() {
    let evaluated = outputs(r#""resources": [],"#, &[("x", "[copyIndex('none')]")]);
    assert!(output(&evaluated, "x").as_str().unwrap().contains("stands in no loop called `none`"));
}
