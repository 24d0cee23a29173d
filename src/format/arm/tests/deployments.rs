use super::{Folder, deployed, evaluate, output, template, the};
use crate::model::Certainty;

fn nested(scope: &str, extra: &str) -> String {
    let inner = template(
        r#""parameters": {"name": {"type": "string", "defaultValue": "own"}}, "variables": {"v": "inner"},
        "resources": [{"type": "A.B/c", "apiVersion": "1", "name": "[parameters('name')]", "properties": {"v": "[variables('v')]", "g": "[resourceGroup().name]"}}],
        "outputs": {"id": {"type": "string", "value": "[resourceId('A.B/c', parameters('name'))]"}}"#,
    );
    template(&format!(
        r#""parameters": {{"name": {{"type": "string", "defaultValue": "outer"}}}}, "variables": {{"v": "outer"}},
        "resources": [{{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "mod", {extra}
            "properties": {{{scope} "mode": "Incremental", "parameters": {{"name": {{"value": "given"}}}}, "template": {inner}}}}}],
        "outputs": {{"id": {{"type": "string", "value": "[reference('mod').outputs.id.value]"}},
            "gone": {{"type": "string", "value": "[reference('mod').outputs.none.value]"}}}}"#
    ))
}

const INNER: &str = r#""expressionEvaluationOptions": {"scope": "inner"},"#;

#[test]
fn inner_scope_sees_its_own_parameters_and_gives_outputs_back() {
    let evaluated = evaluate(&nested(INNER, r#""resourceGroup": "other","#));
    let resource = the(&evaluated, "A.B/c");
    assert_eq!(resource.name.as_str(), Some("given"));
    assert_eq!(resource.body.path("properties.v").unwrap().as_str(), Some("inner"));
    assert_eq!(resource.body.path("properties.g").unwrap().as_str(), Some("other"));
    assert_eq!(resource.address, "resources[0]/resources[0]");
    assert_eq!(resource.calls.len(), 1);
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/other/providers/A.B/c/given";
    assert_eq!(resource.id.as_str(), Some(id));
    assert_eq!(output(&evaluated, "id"), id);
    assert!(output(&evaluated, "gone").as_str().unwrap().contains("there is no property `none`"));
    let deployment = the(&evaluated, "Microsoft.Resources/deployments");
    assert_eq!(deployment.body.path("properties.parameters.name.value").unwrap().as_str(), Some("given"));
}

#[test]
fn outer_scope_is_the_default_and_sees_the_parameters_around_it() {
    let evaluated = evaluate(&nested("", ""));
    let resource = the(&evaluated, "A.B/c");
    assert_eq!(resource.name.as_str(), Some("outer"));
    assert_eq!(resource.body.path("properties.v").unwrap().as_str(), Some("outer"));
}

#[test]
fn what_a_doubtful_deployment_holds_is_doubtful() {
    let text = nested(INNER, r#""condition": "[equals(resourceGroup().location, 'x')]","#);
    let evaluated = evaluate(&text);
    assert!(deployed(&evaluated).iter().all(|one| matches!(one.certainty, Certainty::Maybe(_))));
}

#[test]
fn subscription_templates_make_groups_whose_location_their_modules_know() {
    let evaluated = evaluate(
        r#"{"$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#", "contentVersion": "1.0.0.0",
        "resources": [
            {"type": "Microsoft.Resources/resourceGroups", "apiVersion": "1", "name": "rg", "location": "northeurope"},
            {"type": "Microsoft.Authorization/policyAssignments", "apiVersion": "1", "name": "p"},
            {"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "d", "resourceGroup": "rg", "properties": {
                "expressionEvaluationOptions": {"scope": "inner"}, "mode": "Incremental", "template": {
                "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                "resources": [{"type": "A.B/c", "apiVersion": "1", "name": "x", "location": "[resourceGroup().location]"}]}}}]}"#,
    );
    let ids: Vec<_> =
        deployed(&evaluated).iter().map(|one| one.id.as_str().unwrap().replace("00000000-0000-0000-0000-000000000000", "S")).collect();
    assert_eq!(ids[0], "/subscriptions/S/resourceGroups/rg");
    assert_eq!(ids[1], "/subscriptions/S/providers/Microsoft.Authorization/policyAssignments/p");
    assert_eq!(ids[3], "/subscriptions/S/resourceGroups/rg/providers/A.B/c/x");
    assert_eq!(the(&evaluated, "A.B/c").body.get("location").unwrap().as_str(), Some("northeurope"));
}

#[test]
fn other_scopes_have_their_own_ids() {
    for (schema, id) in [
        (
            "managementGroupDeploymentTemplate",
            "/providers/Microsoft.Management/managementGroups/00000000-0000-0000-0000-000000000000/providers/A.B/c/x",
        ),
        ("tenantDeploymentTemplate", "/providers/A.B/c/x"),
    ] {
        let evaluated = evaluate(&format!(
            r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-08-01/{schema}.json#", "contentVersion": "1.0.0.0",
            "resources": [{{"type": "A.B/c", "apiVersion": "1", "name": "x"}}]}}"#
        ));
        assert_eq!(the(&evaluated, "A.B/c").id.as_str(), Some(id));
    }
}

#[test]
fn linked_templates_are_read_from_the_folder_and_never_fetched() {
    let main = template(
        r#""resources": [
            {"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "near", "properties": {"mode": "Incremental",
                "templateLink": {"relativePath": "linked/part.json"}, "parameters": {"n": {"value": "given"}}}},
            {"type": "Microsoft.Resources/deployments", "apiVersion": "1", "name": "far", "properties": {"mode": "Incremental",
                "templateLink": {"uri": "https://example.com/t.json"}}}],
        "outputs": {"far": {"type": "string", "value": "[reference('far').outputs.x.value]"}}"#,
    );
    let part = template(
        r#""parameters": {"n": {"type": "string"}}, "resources": [{"type": "A.B/c", "apiVersion": "1", "name": "[parameters('n')]"}]"#,
    );
    let folder = Folder::new(&[("i/main.json", &main), ("i/linked/part.json", &part)]);
    assert_eq!(folder.modules("i/main.json"), [folder.id("i/linked/part.json")]);
    let evaluated = folder.evaluate("i/main.json");
    let resource = the(&evaluated, "A.B/c");
    assert_eq!(resource.name.as_str(), Some("given"));
    assert_eq!(resource.place.file, folder.id("i/linked/part.json"));
    assert_eq!(evaluated.opaque, ["https://example.com/t.json"]);
    assert!(evaluated.notes.iter().any(|note| note.message.contains("is not fetched")));
    assert!(output(&evaluated, "far").as_str().unwrap().contains("of a module that is not here"));
}
