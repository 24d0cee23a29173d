use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::compiler::{Compiler, Dialect};
use super::super::format::Bicep;
use crate::format::{Context, Format, Options};
use crate::model::{FileId, Files, LoadError, Loader, Unit};

/// Files in memory, all in one folder.
struct Memory(Arc<Files>);

impl Loader for Memory {
    fn load(&self, _from: FileId, path: &str) -> Result<FileId, LoadError> {
        if path.starts_with(['/', '.']) {
            return Err(LoadError::Outside(path.to_owned()));
        }
        let named = |id: &FileId| &*self.0.path(*id) == path;
        (0..16).map(FileId).find(named).ok_or_else(|| LoadError::NotFound(path.to_owned()))
    }

    fn load_bytes(&self, from: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        let file = self.load(from, path)?;
        Ok(self.0.get(file).map(|file| file.text.as_bytes().to_vec()).unwrap_or_default())
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

/// The printed template of the first file, and what could not be seen.
fn lower(texts: &[(&str, &str)]) -> (Json, Vec<String>) {
    let files = Arc::new(Files::new());
    for (path, text) in texts {
        files.add(*path, *text);
    }
    let (loader, options) = (Memory(Arc::clone(&files)), Options::default());
    let context = Context { files: &files, loader: &loader, recognised: &[], options: &options };
    let mut compiler = Compiler::new(&context, Dialect::Symbolic);
    let template = compiler.template(FileId(0)).expect("the file is there");
    (template.to_json(), compiler.finish().0.into_iter().map(|note| note.message).collect())
}

fn variable(text: &str) -> Json {
    let (json, _) = lower(&[("main.bicep", &format!("param p object\nvar v = {text}\n"))]);
    json["variables"]["v"].clone()
}

#[test]
fn expressions_become_calls() {
    for (bicep, arm) in [
        ("'a-${p.b}-{c}'", "[format('a-{0}-{{c}}', parameters('p').b)]"),
        ("p.?a.b[0] ?? 'x'", "[coalesce(tryGet(parameters('p'), 'a', 'b', 0), 'x')]"),
        ("(p.?a)!.b", "[tryGet(parameters('p'), 'a').b]"),
        ("p.a =~ 'X' && !p.b", "[and(equals(toLower(parameters('p').a), toLower('X')), not(parameters('p').b))]"),
        ("map([1, 2], (x, i) => x + i)", "[map(createArray(1, 2), lambda('x', 'i', add(lambdaVariables('x'), lambdaVariables('i'))))]"),
        ("p.a ? -1 : sys.max(2, 3)", "[if(parameters('p').a, -1, max(2, 3))]"),
        ("any(p['odd key'])", "[parameters('p')['odd key']]"),
        ("[...p.a, 1]", "[flatten(createArray(parameters('p').a, createArray(1)))]"),
    ] {
        assert_eq!(variable(bicep), Json::from(arm), "{bicep}");
    }
    assert_eq!(variable("{ a: 'x', b: [true, null] }").to_string(), r#"{"a":"x","b":[true,null]}"#);
}

#[test]
fn resources_have_whole_types_names_and_ids() {
    let (json, notes) = lower(&[(
        "main.bicep",
        "param on bool\nresource a 'A.B/c@2020-01-01' = if (on) {\n  name: 'x'\n  resource d 'd' = {\n    name: 'y'\n  }\n}\n\
         resource e 'A.B/c/d/e@2021-01-01' = [for (n, i) in ['p', 'q']: {\n  parent: a::d\n  name: '${n}${i}'\n}]\n\
         resource f 'F.G/h@2022-01-01' = {\n  scope: a\n  name: e[1].name\n  properties: {\n    id: a::d.id\n    size: e[0].properties.size\n  }\n}\n",
    )]);
    assert_eq!(notes, [""; 0]);
    let resources = &json["resources"];
    assert_eq!(resources["a::d"]["type"], "A.B/c/d");
    assert_eq!(resources["a::d"]["condition"], "[parameters('on')]");
    assert_eq!(resources["a::d"]["name"], "[format('{0}/{1}', 'x', 'y')]");
    assert_eq!(
        resources["e"]["name"],
        "[format('{0}/{1}/{2}', 'x', 'y', format('{0}{1}', createArray('p', 'q')[copyIndex()], copyIndex()))]"
    );
    assert_eq!(resources["f"]["name"], "[format('{0}{1}', createArray('p', 'q')[1], 1)]");
    assert_eq!(resources["f"]["scope"], "[resourceId('A.B/c', 'x')]");
    assert_eq!(resources["f"]["properties"]["id"], "[resourceId('A.B/c/d', 'x', 'y')]");
    assert_eq!(resources["f"]["properties"]["size"], "[reference(format('e[{0}]', 0)).size]");
}

#[test]
fn modules_are_read_and_circles_end() {
    let (json, notes) = lower(&[
        ("main.bicep", "module m 'm.bicep' = {\n  name: 'm'\n  params: {\n    a: 1\n  }\n}\noutput o int = m.outputs.b\n"),
        ("m.bicep", "param a int\noutput b int = a\nmodule back 'main.bicep' = {\n  name: 'back'\n}\n"),
    ]);
    assert_eq!(json["resources"]["m"]["properties"]["template"]["outputs"]["b"]["value"], "[parameters('a')]");
    assert_eq!(json["outputs"]["o"]["value"], "[reference('m').outputs.b.value]");
    assert!(notes.iter().any(|note| note.contains("calls itself")), "{notes:?}");
}

#[test]
fn files_outside_and_missing_modules_are_named() {
    let text = "var a = loadTextContent('../x')\nvar b = loadTextContent('/etc/hostname')\nmodule c 'br/public:a:1' = {\n  name: 'c'\n}\n";
    let (_, notes) = lower(&[("main.bicep", text)]);
    assert_eq!(notes.iter().filter(|note| note.contains("leads out of the scanned folder")).count(), 2, "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("azward modules restore") && note.contains("br:mcr.microsoft.com/bicep/a:1")));
}

#[test]
fn imports_bring_what_they_need() {
    let (json, _) = lower(&[
        (
            "main.bicep",
            "import { greet, base as root } from 'lib.bicep'\nimport * as all from 'lib.bicep'\nvar v = greet('x')\nvar w = '${root}${all.base}'\n",
        ),
        ("lib.bicep", "var hidden = 'h'\n@export()\nvar base = '${hidden}!'\n@export()\nfunc greet(name string) string => 'hi ${name}'\n"),
    ]);
    assert_eq!(json["variables"]["v"], "[__bicep._1.greet('x')]");
    assert_eq!(json["variables"]["_1.base"], "[format('{0}!', variables('_1.hidden'))]");
    assert_eq!(json["variables"]["_1.hidden"], "h");
}

#[test]
fn names_that_refer_to_each_other_end() {
    let mut text =
        String::from("resource r0 'A.B/c@1' = {\n  name: r1.name\n}\nresource r1 'A.B/c@1' = {\n  name: r0.name\n  parent: r1\n}\n");
    for level in 2..40 {
        let before = level - 1;
        text.push_str(&format!("resource r{level} 'A.B/c@1' = {{\n  name: '${{r{before}.name}}${{r{before}.name}}'\n}}\n"));
    }
    lower(&[("main.bicep", &text)]);
}

#[test]
fn the_valid_half_of_a_broken_file_is_judged() {
    let files = Arc::new(Files::new());
    let text = "param a string = 'x'\nresource broken 'A.B/c@1' = {\n  name:\nvar z = [\nresource good 'A.B/c@1' = {\n  name: a\n  tags: { b: a }\n}\n";
    let file = files.add("main.bicep", text);
    let (loader, options) = (Memory(Arc::clone(&files)), Options::default());
    let context = Context { files: &files, loader: &loader, recognised: &[], options: &options };
    let evaluated = Bicep.evaluate(&Unit { file, parameters: None, label: String::new(), environment: None }, &context);
    let good = evaluated.resources.iter().find(|resource| resource.address.contains("good")).expect("it is whole");
    assert_eq!(good.body.path("tags.b").and_then(|tag| tag.as_str()), Some("x"));
    assert!(evaluated.notes.iter().any(|note| note.message.contains("not read as Bicep")));
}

/// What the first file deploys, and what could not be seen.
fn deployed(texts: &[(&str, &str)]) -> (Vec<crate::model::Resource>, Vec<String>) {
    let files = Arc::new(Files::new());
    for (path, text) in texts {
        files.add(*path, *text);
    }
    let (loader, options) = (Memory(Arc::clone(&files)), Options::default());
    let context = Context { files: &files, loader: &loader, recognised: &[], options: &options };
    let evaluated = Bicep.evaluate(&Unit { file: FileId(0), parameters: None, label: String::new(), environment: None }, &context);
    (evaluated.resources, evaluated.notes.into_iter().map(|note| note.message).collect())
}

fn value(resources: &[crate::model::Resource], kind: &str, path: &str) -> String {
    let resource = resources.iter().find(|resource| resource.is(kind)).expect("it is deployed");
    resource.body.path(path).map(|value| value.to_json().to_string()).unwrap_or_default()
}

#[test]
fn deployments_written_out_are_nested_templates() {
    let text = |scope: &str| {
        format!(
            "param p string = 'outer'\nvar v = 'west'\nresource d 'Microsoft.Resources/deployments@2024-03-01' = {{\n  name: 'd'\n  properties: {{\n    mode: 'Incremental'\n    \
             expressionEvaluationOptions: {{ scope: '{scope}' }}\n    parameters: {{ p: {{ value: '${{p}}-given' }} }}\n    template: {{\n      '$schema': 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#'\n      \
             contentVersion: '1.0.0.0'\n      parameters: {{ p: {{ type: 'string', defaultValue: 'inner' }} }}\n      variables: {{ w: 'x' }}\n      resources: [\n        {{\n          type: 'A.B/c'\n          apiVersion: '2020-01-01'\n          name: 'n'\n          location: v\n          \
             tags: {{ p: p, plain: '[resourceGroup().id]' }}\n        }}\n      ]\n      outputs: {{ o: {{ type: 'string', value: 'told' }} }}\n    }}\n  }}\n}}\n\
             resource after 'A.B/d@2020-01-01' = {{\n  name: 'after'\n  tags: {{ o: d.properties.outputs.o.value }}\n}}\n"
        )
    };
    let (resources, notes) = deployed(&[("main.bicep", &text("outer"))]);
    assert_eq!(notes, [""; 0]);
    assert_eq!(value(&resources, "A.B/c", "location"), "\"west\"");
    assert_eq!(value(&resources, "A.B/c", "tags.p"), "\"outer\"");
    assert_eq!(value(&resources, "A.B/c", "tags.plain"), "\"[resourceGroup().id]\"");
    assert_eq!(value(&resources, "A.B/d", "tags.o"), "\"told\"");
    let (resources, _) = deployed(&[("main.bicep", &text("inner"))]);
    assert_eq!(value(&resources, "A.B/c", "tags.p"), "\"outer-given\"");
}

#[test]
fn what_refers_to_itself_is_unknown_for_that_reason() {
    let mut text = String::from("resource good 'A.B/good@2020-01-01' = {\n  name: 'good'\n}\n");
    // Each speaks of all the others: so many ways around that following them would not end.
    let names: Vec<String> = (0..12).map(|number| format!("${{r{number}.name}}")).collect();
    for number in 0..12 {
        text.push_str(&format!("resource r{number} 'A.B/c@2020-01-01' = if (r{number}.id == 'x') {{\n  name: '{}'\n}}\n", names.concat()));
    }
    text.push_str("resource p 'A.B/c/d@1' = {\n  parent: q\n  name: 'p'\n}\nresource q 'A.B/c/d@1' = {\n  parent: p\n  name: 'q'\n}\n");
    let start = std::time::Instant::now();
    let (resources, notes) = deployed(&[("main.bicep", &text)]);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert_eq!(value(&resources, "A.B/good", "name"), "\"good\"");
    assert!(notes.iter().any(|note| note.contains("`r0` refers to itself, directly or through other declarations")), "{notes:?}");
}

#[test]
fn extensions_are_configured_and_passed_on() {
    let (json, _) = lower(&[
        (
            "main.bicep",
            "extension kubernetes with {\n  namespace: 'n'\n} as k8s\nmodule m 'm.bicep' = {\n  name: 'm'\n  extensionConfigs: {\n    k8s: k8s.config\n    other: {\n      namespace: 'x'\n    }\n  }\n}\n",
        ),
        ("m.bicep", "extension kubernetes as k8s\n"),
    ]);
    let configs = &json["resources"]["m"]["properties"]["extensionConfigs"];
    assert_eq!(configs["k8s"], "[extensions('k8s').config]");
    assert_eq!(configs["other"]["namespace"]["value"], "x");
}

#[test]
fn remarks_and_bounds_are_kept() {
    let (json, _) = lower(&[(
        "main.bicep",
        "metadata owner = 'us'\n@description('how many')\n@minValue(1)\n@metadata({ unit: 'pieces' })\nparam n int = 2\n@description('told')\noutput o int = n\n",
    )]);
    assert_eq!(json["metadata"]["owner"], "us");
    let n = &json["parameters"]["n"];
    assert_eq!((&n["minValue"], &n["metadata"]["description"], &n["metadata"]["unit"]), (&1.into(), &"how many".into(), &"pieces".into()));
    assert_eq!(json["outputs"]["o"]["metadata"]["description"], "told");
}

#[test]
fn paths_of_files_may_be_constants() {
    let main = "var folder = 'a'\nvar v = loadTextContent('${folder}.txt')\nparam p string\nvar w = loadTextContent(p)\n";
    let (json, notes) = lower(&[("main.bicep", main), ("a.txt", "text of a")]);
    assert_eq!(json["variables"]["v"], "text of a");
    assert!(notes.iter().any(|note| note.contains("is not plain text, so the file is not read")), "{notes:?}");
}

#[test]
fn parameter_files_give_values() {
    let files = Arc::new(Files::new());
    let file =
        files.add("main.bicep", "param a string\nparam b array\nresource r 'A.B/c@1' = {\n  name: a\n  properties: {\n    b: b\n  }\n}\n");
    let given = files.add("main.bicepparam", "using 'main.bicep'\nvar n = 'x'\nparam a = '${n}1'\nparam b = [for i in range(0, 2): i]\n");
    let (loader, options) = (Memory(Arc::clone(&files)), Options::default());
    let context = Context { files: &files, loader: &loader, recognised: &[], options: &options };
    let evaluated = Bicep.evaluate(&Unit { file, parameters: Some(given), label: String::new(), environment: None }, &context);
    let resource = evaluated.resources.iter().find(|resource| resource.is("A.B/c")).expect("there is one");
    assert_eq!(resource.name.as_str(), Some("x1"));
    assert_eq!(resource.body.path("properties.b").map(|b| b.to_json().to_string()).as_deref(), Some("[0,1]"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(words in proptest::collection::vec(prop_oneof![
        Just("param p string\n"), Just("resource r 'A.B/c@1' = "), Just("module m 'main.bicep' = "), Just("{\n"), Just("}\n"), Just("[for x in "),
        Just("]"), Just("name: "), Just("parent: r\n"), Just("scope: "), Just("r"), Just("r.id"), Just("m.outputs.x"), Just("'${"), Just("}'"),
        Just("("), Just(") => "), Just(": "), Just(" ? "), Just("x"), Just(".?y"), Just("[0]"), Just("import * as x from 'main.bicep'\n"),
        Just("type t = "), Just("t[]?"), Just("var v = "), Just("v"), Just("\n"), Just("func f(a string) string => "), Just("f("), Just("'s'"), Just("1")
    ], 0..60)) {
        lower(&[("main.bicep", &words.concat())]);
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        lower(&[("main.bicep", &text)]);
    }
}
