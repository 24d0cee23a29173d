use super::{Folder, template, the};
use crate::model::{HopKind, Value};

fn steps(value: &Value) -> Vec<(HopKind, String)> {
    value.provenance.hops().map(|hop| (hop.kind, hop.name.to_string())).collect()
}

#[test]
fn a_value_knows_its_use_its_definition_and_the_way_between() {
    let inner = template(
        r#""parameters": {"tls": {"type": "string"}}, "resources": [{"type": "A.B/c", "apiVersion": "1", "name": "x",
            "properties": {"min": "[parameters('tls')]", "literal": "here"}}]"#,
    );
    let main = template(&format!(
        r#""parameters": {{"version": {{"type": "string"}}}}, "variables": {{"v": "[parameters('version')]"}},
        "resources": [{{"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "m", "properties": {{
            "expressionEvaluationOptions": {{"scope": "inner"}}, "mode": "Incremental",
            "parameters": {{"tls": {{"value": "[variables('v')]"}}}}, "template": {inner}}}}}]"#
    ));
    let parameters = r#"{"contentVersion": "1", "parameters": {"version": {"value": "TLS1_0"}}}"#;
    let folder = Folder::new(&[("main.json", &main), ("main.parameters.json", parameters)]);
    let evaluated = folder.evaluate("main.json");
    let body = &the(&evaluated, "A.B/c").body;
    let min = body.path("properties.min").unwrap();
    assert_eq!(min.as_str(), Some("TLS1_0"));
    assert_eq!(folder.files.text(min.provenance.used), "\"[parameters('tls')]\"");
    assert_eq!(folder.files.text(min.provenance.defined), "\"TLS1_0\"");
    assert_eq!(min.provenance.defined.file, folder.id("main.parameters.json"));
    let wanted = [
        (HopKind::Parameter, "tls"),
        (HopKind::ModuleCall, "tls"),
        (HopKind::Variable, "v"),
        (HopKind::Parameter, "version"),
        (HopKind::ParameterFile, "version"),
    ];
    assert_eq!(steps(min), wanted.map(|(kind, name)| (kind, name.to_owned())));
    let literal = body.path("properties.literal").unwrap();
    assert_eq!(folder.files.text(literal.provenance.used), "\"here\"");
    assert_eq!(literal.provenance.defined, literal.provenance.used);
}

#[test]
fn the_parts_of_an_object_are_used_where_the_object_is() {
    let main = template(
        r#""parameters": {"tags": {"type": "object", "defaultValue": {"env": "dev"}}},
        "resources": [{"type": "A.B/c", "apiVersion": "1", "name": "x", "tags": "[parameters('tags')]"}]"#,
    );
    let folder = Folder::new(&[("main.json", &main)]);
    let evaluated = folder.evaluate("main.json");
    let env = the(&evaluated, "A.B/c").body.path("tags.env").unwrap().clone();
    assert_eq!(folder.files.text(env.provenance.used), "\"[parameters('tags')]\"");
    assert_eq!(folder.files.text(env.provenance.defined), "\"dev\"");
    assert_eq!(steps(&env), [(HopKind::Parameter, "tags".to_owned())]);
}

#[test]
fn a_byte_order_mark_and_comments_shift_nothing() {
    let main = format!(
        "\u{feff}// head\r\n{}",
        template(
            r#""resources": [{"type": "A.B/c", "apiVersion": "1", /* é */ "name": "x", "properties": {"p": 'q', "m": "two
lines",}}]"#
        )
    );
    let folder = Folder::new(&[("main.json", &main)]);
    let evaluated = folder.evaluate("main.json");
    let resource = the(&evaluated, "A.B/c");
    assert_eq!(folder.files.text(resource.place), "\"A.B/c\"");
    assert_eq!(folder.files.text(resource.body.path("properties.p").unwrap().span()), "'q'");
    assert_eq!(resource.body.path("properties.m").unwrap().as_str(), Some("two\nlines"));
}
