use super::{Folder, evaluate, output, outputs, template, the};
use crate::model::{Kind, SecretSource, Shape, Value};

const PARAMETERS: &str = r#""resources": [], "parameters": {
    "name": {"type": "string", "defaultValue": "[concat('st', parameters('suffix'))]"},
    "suffix": {"type": "string", "defaultValue": "dev"},
    "sku": {"type": "string", "allowedValues": ["a", "b"]},
    "count": {"type": "int"},
    "maybe": {"type": "string", "nullable": true},
    "password": {"type": "secureString"}
}, "outputs": {
    "name": {"type": "string", "value": "[parameters('NAME')]"},
    "sku": {"type": "string", "value": "[parameters('sku')]"},
    "count": {"type": "int", "value": "[parameters('count')]"},
    "maybe": {"type": "string", "value": "[parameters('maybe')]"},
    "password": {"type": "string", "value": "[concat('x', parameters('password'))]"}
}"#;

fn value<'e>(evaluated: &'e crate::model::Evaluated, name: &str) -> &'e Value {
    let found = evaluated.resources.iter().find(|one| one.is("Template/outputs") && one.name.as_str() == Some(name)).unwrap();
    found.body.path("properties.value").unwrap()
}

#[test]
fn defaults_apply_and_what_is_missing_is_unknown_with_what_its_type_says() {
    let evaluated = evaluate(&template(PARAMETERS));
    assert_eq!(output(&evaluated, "name"), "stdev");
    assert!(value(&evaluated, "maybe").is_null());
    assert!(matches!(&value(&evaluated, "sku").as_unknown().unwrap().shape, Shape::OneOf(values) if values.len() == 2));
    assert!(matches!(value(&evaluated, "count").as_unknown().unwrap().shape, Shape::Type("int")));
    assert!(matches!(value(&evaluated, "password").kind, Kind::Secret(_)));
    let notes: Vec<&str> = evaluated.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert!(notes[0].contains("`sku` has no value and no default: give it with `--param sku=…`"));
}

#[test]
fn a_parameter_file_beats_defaults_and_the_command_line_beats_both() {
    let parameters = r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "parameters": {
        "suffix": {"value": "prod"}, "sku": {"value": "a"}, "gone": {"value": 1},
        "password": {"reference": {"keyVault": {"id": "/x"}, "secretName": "y"}}}}"#;
    let mut folder = Folder::new(&[("main.json", &template(PARAMETERS)), ("main.prod.parameters.json", parameters)]);
    folder.options.parameters.push(("Count".into(), Value::from(3)));
    let unit = folder.units("main.json").remove(0);
    assert_eq!(unit.label, "main.json + main.prod.parameters.json");
    let evaluated = folder.evaluate("main.json");
    assert_eq!(output(&evaluated, "name"), "stprod");
    assert_eq!(output(&evaluated, "sku"), "a");
    assert_eq!(output(&evaluated, "count"), 3);
    assert!(evaluated.notes.iter().any(|note| note.message.contains("no parameter `gone`")));
    let password = evaluated.resources.iter().find(|one| one.is("Template/parameters") && one.name.as_str() == Some("password")).unwrap();
    match &password.body.path("properties.value").unwrap().kind {
        Kind::Secret(secret) => assert_eq!(secret.source, SecretSource::KeyVault),
        other => panic!("{other:?}"),
    }
}

#[test]
fn null_takes_the_default() {
    let file = r#"{"parameters": {"a": {"value": null}, "b": {"value": null}}, "contentVersion": "1.0.0.0"}"#;
    let main = template(
        r#""resources": [], "parameters": {"a": {"type": "string", "defaultValue": "x"}, "b": {"type": "string", "nullable": true}},
        "outputs": {"a": {"type": "string", "value": "[parameters('a')]"}, "b": {"type": "string", "value": "[parameters('b')]"}}"#,
    );
    let evaluated = Folder::new(&[("main.json", &main), ("main.parameters.json", file)]).evaluate("main.json");
    assert_eq!(output(&evaluated, "a"), "x");
    assert_eq!(output(&evaluated, "b"), serde_json::Value::Null);
}

#[test]
fn definitions_say_what_is_secure_and_nullable() {
    let parts = r##""definitions": {
            "login": {"type": "object", "properties": {"user": {"type": "string"}, "password": {"type": "secureString"}}},
            "maybe": {"type": "string", "nullable": true}},
        "resources": [],
        "parameters": {
            "login": {"$ref": "#/definitions/login", "defaultValue": {"user": "u", "password": "p"}},
            "maybe": {"$ref": "#/definitions/maybe"}},"##;
    let evaluated = outputs(
        parts,
        &[
            ("user", "[parameters('login').user]"),
            ("password", "[parameters('login').password]"),
            ("maybe", "[coalesce(parameters('maybe'), 'none')]"),
        ],
    );
    assert_eq!(output(&evaluated, "user"), "u");
    assert_eq!(output(&evaluated, "password"), "(secret)");
    assert_eq!(output(&evaluated, "maybe"), "none");
}

#[test]
fn declarations_are_resources_of_their_own() {
    let evaluated = evaluate(&template(
        r#""resources": [], "parameters": {"password": {"type": "securestring", "defaultValue": "literal", "metadata": {"description": "d"}}},
        "outputs": {"key": {"type": "string", "value": "[listKeys('x', '2020-01-01').keys[0].value]"}}"#,
    ));
    let parameter = the(&evaluated, "Template/parameters");
    assert_eq!(parameter.address, "parameters.password");
    let json = parameter.body.path("properties").unwrap().to_json();
    assert_eq!(json["secure"], true);
    assert_eq!(json["hasDefault"], true);
    assert_eq!(json["defaultIsLiteral"], true);
    assert_eq!(json["defaultValue"], "(secret)");
    assert_eq!(json["description"], "d");
    let output = the(&evaluated, "Template/outputs").body.path("properties").unwrap().to_json();
    assert_eq!(output["listsKeys"], true);
    assert_eq!(output["holdsSecret"], true);
}

#[test]
fn files_pair_by_name_then_by_folder_where_they_fit() {
    let main = template(r#""resources": [], "parameters": {"a": {"type": "string"}}"#);
    let fits = r#"{"contentVersion": "1", "parameters": {"a": {"value": "x"}}}"#;
    let other = r#"{"contentVersion": "1", "parameters": {"b": {"value": "x"}}}"#;
    let folder = Folder::new(&[
        ("i/main.json", &main),
        ("i/parameters/prod.json", fits),
        ("i/parameters/dev.json", fits),
        ("i/parameters/test.json", other),
    ]);
    let labels: Vec<String> = folder.units("i/main.json").into_iter().map(|unit| unit.label).collect();
    assert_eq!(labels, ["i/main.json + i/parameters/dev.json", "i/main.json + i/parameters/prod.json"]);
    let named = Folder::new(&[("i/main.json", &main), ("i/parameters/prod.json", fits), ("i/main.parameters.json", other)]);
    assert_eq!(named.units("i/main.json").len(), 1);
}
