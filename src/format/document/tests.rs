use super::*;
use crate::format::Options;
use crate::model::{Files, LoadError, Loader};
use proptest::prelude::*;

struct Nothing;

impl Loader for Nothing {
    fn load(&self, _: FileId, path: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }
    fn load_bytes(&self, _: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }
    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

fn evaluate(path: &str, text: &str) -> (Files, Resource) {
    let (files, options) = (Files::new(), Options::default());
    let file = files.add(path, text);
    let context = Context { files: &files, loader: &Nothing, recognised: &[], options: &options };
    let unit = Document.units(file, &context).remove(0);
    let resource = Document.evaluate(&unit, &context).resources.remove(0);
    (files, resource)
}

#[test]
fn a_plan_states_its_objectives_where_they_stand() {
    let text = "# Disaster recovery\n\nRTO: 4 hours\nRPO: 15 minutes\n\n```mermaid\ngraph TD\n```\n";
    let (files, resource) = evaluate("docs/operations/disaster-recovery.md", text);
    assert_eq!(resource.body.path("properties.rto").unwrap().to_json(), serde_json::json!([240]));
    let rpo = &resource.body.path("properties.rpo").unwrap().as_array().unwrap()[0];
    assert_eq!((files.text(rpo.span()).as_str(), rpo.as_int()), ("RPO: 15 minutes", Some(15)));
    assert_eq!(resource.body.path("properties.hasDiagram").and_then(Value::as_bool), Some(true));
}

#[test]
fn owners_are_read_without_comments() {
    let (_, resource) = evaluate(".github/CODEOWNERS", "# all\n* @contoso/all\n/infra/ @contoso/platform # why\nunowned\n");
    let expected = serde_json::json!([
        { "pattern": "*", "owners": ["@contoso/all"] },
        { "pattern": "/infra/", "owners": ["@contoso/platform"] },
        { "pattern": "unowned", "owners": [] }
    ]);
    assert_eq!(resource.body.path("properties.entries").unwrap().to_json(), expected);
}

#[test]
fn pages_about_nothing_that_is_asked_for_are_left_alone() {
    assert!(Document.recognise("docs/poem.md", "# Roses\n").is_none() && Document.recognise("docs/dr-plan.txt", "x").is_none());
    assert!(Document.recognise("node_modules/x/README.md", "# x\n").is_none() && Document.recognise("README.md", "# x\n").is_some());
}

proptest! {
    #[test]
    fn no_text_breaks_a_page(text in "\\PC{0,120}") {
        let _ = evaluate("docs/dr-plan.md", &text);
        let _ = evaluate("CODEOWNERS", &text);
    }
}
