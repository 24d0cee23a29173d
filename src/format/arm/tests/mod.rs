//! What templates mean, one small template each.

mod bad;
mod deployments;
mod loops;
mod parameters;
mod places;
mod properties;
mod references;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::Arm;
use crate::format::{Context, Format, Options, Recognised, Role};
use crate::model::{Evaluated, FileId, Files, LoadError, Loader, Resource, Unit, Value};

/// A folder in memory.
pub struct Folder {
    pub files: Files,
    ids: Mutex<HashMap<String, FileId>>,
    pub options: Options,
}

impl Loader for Folder {
    fn load(&self, from: FileId, path: &str) -> Result<FileId, LoadError> {
        let base = self.files.path(from);
        let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
        let whole = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        self.ids.lock().unwrap().get(&whole).copied().ok_or(LoadError::NotFound(whole))
    }

    fn load_bytes(&self, _: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

impl Folder {
    /// A folder that holds `files`, path and text each.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { files: Files::new(), ids: Mutex::default(), options: Options::default() };
        for (path, text) in files {
            let id = folder.files.add(*path, *text);
            folder.ids.lock().unwrap().insert((*path).to_owned(), id);
        }
        folder
    }

    pub fn id(&self, path: &str) -> FileId {
        self.ids.lock().unwrap()[path]
    }

    fn recognised(&self) -> Vec<Recognised> {
        let ids = self.ids.lock().unwrap();
        let mut list: Vec<Recognised> = ids
            .iter()
            .filter_map(|(path, &file)| {
                let role = Arm.recognise(path, &self.files.get(file)?.text)?;
                Some(Recognised { file, format: Arm.name(), role })
            })
            .collect();
        list.sort_by_key(|one| self.files.path(one.file));
        list
    }

    pub fn units(&self, path: &str) -> Vec<Unit> {
        let recognised = self.recognised();
        let context = Context { files: &self.files, loader: self, recognised: &recognised, options: &self.options };
        Arm.units(self.id(path), &context)
    }

    pub fn modules(&self, path: &str) -> Vec<FileId> {
        let context = Context { files: &self.files, loader: self, recognised: &[], options: &self.options };
        Arm.modules(self.id(path), &context)
    }

    /// Evaluates the first unit of `path`.
    pub fn evaluate(&self, path: &str) -> Evaluated {
        let unit = self.units(path).remove(0);
        let context = Context { files: &self.files, loader: self, recognised: &[], options: &self.options };
        Arm.evaluate(&unit, &context)
    }
}

/// Evaluates one template.
pub fn evaluate(text: &str) -> Evaluated {
    Folder::new(&[("main.json", text)]).evaluate("main.json")
}

/// A template with `parts` beside its schema.
pub fn template(parts: &str) -> String {
    format!(
        r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", {parts}}}"#
    )
}

/// The resources of `evaluated` that Azure deploys, without those of templates themselves.
pub fn deployed(evaluated: &Evaluated) -> Vec<&Resource> {
    evaluated.resources.iter().filter(|resource| !resource.kind.starts_with("Template/")).collect()
}

/// The properties of the only resource `kind`.
pub fn the<'e>(evaluated: &'e Evaluated, kind: &str) -> &'e Resource {
    let found: Vec<&Resource> = evaluated.resources.iter().filter(|resource| resource.is(kind)).collect();
    assert_eq!(found.len(), 1, "{kind} in {:?}", evaluated.resources.iter().map(|resource| &resource.kind).collect::<Vec<_>>());
    found[0]
}

/// The value of an output as JSON.
pub fn output(evaluated: &Evaluated, name: &str) -> serde_json::Value {
    let found = evaluated.resources.iter().find(|resource| resource.is("Template/outputs") && resource.name.as_str() == Some(name));
    let found = found.unwrap_or_else(|| panic!("no output {name}"));
    found.body.path("properties.value").unwrap_or(&Value::null()).to_json()
}

/// The outputs `name: expression` of a template with `parts`, evaluated.
pub fn outputs(parts: &str, expressions: &[(&str, &str)]) -> Evaluated {
    let list: Vec<String> =
        expressions.iter().map(|(name, text)| format!(r#""{name}": {{"type": "string", "value": "{text}"}}"#)).collect();
    evaluate(&template(&format!(r#"{parts} "outputs": {{{}}}"#, list.join(", "))))
}

#[test]
fn roles_come_from_content() {
    assert_eq!(Arm.recognise("x.json", &template(r#""resources": []"#)), Some(Role::Root));
    assert_eq!(Arm.recognise("x.json", "{}"), None);
    let name: Arc<str> = Arm.name().into();
    assert_eq!(&*name, "ARM template");
}
