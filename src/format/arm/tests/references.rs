use super::{deployed, evaluate, output, outputs, template, the};

const PLACEHOLDER: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/resource-group";

#[test]
fn ids_are_built_for_every_scope() {
    let evaluated = outputs(
        r#""resources": [],"#,
        &[
            ("group", "[resourceId('A.B/c/d', 'x', 'y')]"),
            ("other", "[resourceId('s', 'g', 'A.B/c', 'x')]"),
            ("subscription", "[subscriptionResourceId('A.B/c', 'x')]"),
            ("tenant", "[tenantResourceId('A.B/c', 'x')]"),
            ("extension", "[extensionResourceId('/q', 'A.B/c', 'x')]"),
            ("itself", "[resourceGroup().id]"),
            ("cloud", "[environment().suffixes.storage]"),
            ("name", "[deployment().name]"),
        ],
    );
    assert_eq!(output(&evaluated, "group"), format!("{PLACEHOLDER}/providers/A.B/c/x/d/y"));
    assert_eq!(output(&evaluated, "other"), "/subscriptions/s/resourceGroups/g/providers/A.B/c/x");
    assert_eq!(output(&evaluated, "subscription"), "/subscriptions/00000000-0000-0000-0000-000000000000/providers/A.B/c/x");
    assert_eq!(output(&evaluated, "tenant"), "/providers/A.B/c/x");
    assert_eq!(output(&evaluated, "extension"), "/q/providers/A.B/c/x");
    assert_eq!(output(&evaluated, "itself"), PLACEHOLDER);
    assert_eq!(output(&evaluated, "cloud"), "core.windows.net");
    assert_eq!(output(&evaluated, "name"), "main");
}

#[test]
fn a_resource_of_the_same_template_is_known_as_far_as_it_is_written() {
    let evaluated = outputs(
        r#""resources": [{"type": "A.B/c", "apiVersion": "1", "name": "x", "location": "here", "properties": {"size": 3, "in": {"side": 1}}}],"#,
        &[
            ("written", "[string(reference('x').size)]"),
            ("byid", "[string(reference(resourceId('A.B/c', 'X'), '1').in.side)]"),
            ("added", "[reference('x').endpoint]"),
            ("deep", "[reference('x').in.other]"),
            ("full", "[reference('x', '1', 'Full').location]"),
            ("elsewhere", "[reference('y').size]"),
        ],
    );
    assert_eq!(output(&evaluated, "written"), "3");
    assert_eq!(output(&evaluated, "byid"), "1");
    assert_eq!(output(&evaluated, "full"), "here");
    for name in ["added", "deep", "elsewhere"] {
        let text = output(&evaluated, name);
        assert!(text.as_str().unwrap().contains("known only to a running deployment"), "{name}: {text}");
    }
}

#[test]
fn the_parts_of_a_network_have_ids() {
    let evaluated = outputs(
        r#""resources": [{"type": "Microsoft.Network/virtualNetworks", "apiVersion": "1", "name": "v", "properties": {
            "subnets": [{"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}}]}}],"#,
        &[("id", "[reference('v').subnets[0].id]"), ("state", "[reference('v').subnets[0].provisioningState]")],
    );
    assert_eq!(output(&evaluated, "id"), format!("{PLACEHOLDER}/providers/Microsoft.Network/virtualNetworks/v/subnets/a"));
    assert!(output(&evaluated, "state").as_str().unwrap().contains("running deployment"));
}

#[test]
fn symbols_name_resources_and_existing_ones_are_only_referred_to() {
    let evaluated = evaluate(&template(
        r#""languageVersion": "2.0", "resources": {
            "vault": {"existing": true, "type": "A.B/vaults", "apiVersion": "1", "name": "kv"},
            "many": {"copy": {"name": "many", "count": 2}, "type": "A.B/c", "apiVersion": "1", "name": "[format('n{0}', copyIndex())]",
                "properties": {"at": "[copyIndex()]"}},
            "lock": {"type": "A.B/locks", "apiVersion": "1", "name": "l", "scope": "[resourceId('A.B/c', 'n1')]"}},
        "outputs": {
            "second": {"type": "int", "value": "[reference('many[1]').at]"},
            "computed": {"type": "int", "value": "[reference(format('many[{0}]', 0)).at]"},
            "all": {"type": "array", "value": "[references('many')]"},
            "info": {"type": "string", "value": "[resourceInfo('vault').id]"},
            "uri": {"type": "string", "value": "[reference('vault').uri]"}}"#,
    ));
    assert_eq!(output(&evaluated, "second"), 1);
    assert_eq!(output(&evaluated, "computed"), 0);
    assert_eq!(output(&evaluated, "info"), format!("{PLACEHOLDER}/providers/A.B/vaults/kv"));
    assert!(output(&evaluated, "uri").as_str().unwrap().contains("running deployment"));
    assert!(the(&evaluated, "A.B/vaults").existing);
    assert_eq!(the(&evaluated, "A.B/locks").id.as_str().unwrap(), format!("{PLACEHOLDER}/providers/A.B/c/n1/providers/A.B/locks/l"));
    assert_eq!(deployed(&evaluated)[2].address, "many[1]");
}

#[test]
fn children_are_named_by_their_parents_in_every_spelling() {
    let evaluated = evaluate(&template(
        r#""resources": [
            {"type": "A.B/c", "apiVersion": "1", "name": "p", "resources": [
                {"type": "d", "apiVersion": "1", "name": "q", "resources": [{"type": "e", "apiVersion": "1", "name": "r"}]},
                {"type": "Microsoft.Authorization/locks", "apiVersion": "1", "name": "lock"}]},
            {"type": "A.B/c/d", "apiVersion": "1", "name": "p/s"},
            {"type": "A.B/c/providers/diagnosticSettings", "apiVersion": "1", "name": "p/Microsoft.Insights/set"}]"#,
    ));
    let found: Vec<_> =
        deployed(&evaluated).iter().map(|one| (one.kind.to_string(), one.id.as_str().unwrap().replace(PLACEHOLDER, ""))).collect();
    let wanted = [
        ("A.B/c", "/providers/A.B/c/p"),
        ("A.B/c/d", "/providers/A.B/c/p/d/q"),
        ("A.B/c/d/e", "/providers/A.B/c/p/d/q/e/r"),
        ("Microsoft.Authorization/locks", "/providers/A.B/c/p/providers/Microsoft.Authorization/locks/lock"),
        ("A.B/c/d", "/providers/A.B/c/p/d/s"),
        ("Microsoft.Insights/diagnosticSettings", "/providers/A.B/c/p/providers/Microsoft.Insights/diagnosticSettings/set"),
    ];
    assert_eq!(found, wanted.map(|(kind, id)| (kind.to_owned(), id.to_owned())));
    assert_eq!(deployed(&evaluated)[2].address, "resources[0]/resources[0]/resources[0]");
    assert_eq!(deployed(&evaluated)[1].body.get("name").unwrap().as_str(), Some("p/q"));
}

#[test]
fn user_functions_see_their_own_parameters() {
    let evaluated = outputs(
        r#""resources": [], "functions": [{"namespace": "own", "members": {
            "twice": {"parameters": [{"name": "x", "type": "string"}], "output": {"type": "string", "value": "[concat(parameters('x'), parameters('x'))]"}},
            "again": {"parameters": [{"name": "y", "type": "string"}], "output": {"type": "string", "value": "[own.twice(parameters('y'))]"}}}}],
        "parameters": {"x": {"type": "string", "defaultValue": "outer"}},"#,
        &[("a", "[own.twice('ab')]"), ("b", "[own.again(parameters('x'))]"), ("c", "[own.twice()]")],
    );
    assert_eq!(output(&evaluated, "a"), "abab");
    assert_eq!(output(&evaluated, "b"), "outerouter");
    assert!(output(&evaluated, "c").as_str().unwrap().contains("takes 1 arguments, not 0"));
}
