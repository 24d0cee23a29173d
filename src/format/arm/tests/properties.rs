//! Any text, read and evaluated, ends without a panic; what is printed reads back the same.

use proptest::prelude::*;

use super::super::read;
use super::{evaluate, template};
use crate::model::FileId;

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("'x'".to_owned()),
        Just("parameters('p')".to_owned()),
        Just("parameters('q')".to_owned()),
        Just("variables('v')".to_owned()),
        Just("copyIndex()".to_owned()),
        Just("copyIndex('items')".to_owned()),
        Just("resourceGroup()".to_owned()),
        Just("reference('x')".to_owned()),
        Just("reference(resourceId('A.B/c', 'x'), '1', 'Full')".to_owned()),
        Just("listKeys('x', '1')".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let name = prop_oneof![
            Just("concat"),
            Just("if"),
            Just("union"),
            Just("resourceId"),
            Just("createObject"),
            Just("createArray"),
            Just("reference"),
            Just("length"),
            Just("tryGet"),
            Just("format"),
            Just("equals"),
            Just("own.f"),
            Just("parameters"),
            Just("variables"),
        ];
        let member = prop_oneof![Just("outputs"), Just("id"), Just("name"), Just("value")];
        prop_oneof![
            (name, prop::collection::vec(inner.clone(), 0..4)).prop_map(|(name, args)| format!("{name}({})", args.join(", "))),
            (inner.clone(), member)
                .prop_filter_map("members need a call", |(base, member)| base.ends_with(')').then(|| format!("{base}.{member}"))),
            (inner.clone(), inner)
                .prop_filter_map("items need a call", |(base, index)| base.ends_with(')').then(|| format!("{base}[{index}]"))),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    (expression(), expression(), expression(), expression(), expression()).prop_map(|(a, b, c, d, e)| {
        template(&format!(
            r#""parameters": {{"p": {{"type": "string", "defaultValue": "[{a}]"}}, "q": {{"type": "object"}}}}, "variables": {{"v": {{"k": "[{b}]"}}}},
            "functions": [{{"namespace": "own", "members": {{"f": {{"parameters": [{{"name": "a", "type": "string"}}], "output": {{"type": "string", "value": "[own.f(parameters('a'))]"}}}}}}}}],
            "resources": [{{"type": "A.B/c", "apiVersion": "1", "name": "[{c}]", "condition": "[{d}]",
                "copy": {{"name": "loop", "count": "[{e}]"}}, "properties": {{"copy": [{{"name": "items", "count": 2, "input": "[{a}]"}}], "p": "[{b}]"}}}}],
            "outputs": {{"o": {{"type": "string", "value": "[{c}]"}}}}"#
        ))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_expressions_evaluate(text in text()) {
        let evaluated = evaluate(&text);
        prop_assert!(evaluated.entries.is_empty());
    }

    #[test]
    fn any_json_like_text_ends(text in r#"[\[\]{}":,a-c0-9\\' \n/*]{0,200}"#) {
        let _ = read::template(FileId(0), &text);
        let _ = read::parameter_file(FileId(0), &text);
        let whole = template(&format!("\"resources\": [{{\"type\": \"A.B/c\", \"properties\": {text}}}]"));
        let _ = evaluate(&whole);
    }

    #[test]
    fn what_is_printed_reads_back(text in text()) {
        let once = read::template(FileId(0), &text).expect("reads").value.to_json();
        let again = read::template(FileId(0), &once.to_string()).expect("reads again").value.to_json();
        prop_assert_eq!(once, again);
    }
}
