//! Settings of applications: `host.json`, `function.json`, `local.settings.json`, `appsettings*.json`, lists of application
//! settings, `.env`, `staticwebapp.config.json`, `package.json`.
//!
//! Kinds: `App/settings` has its settings where a site of Azure has them (`properties.siteConfig.appSettings`), so that one rule
//! judges both; `Functions/hosts`, `Functions/functions`, `App/staticSites` and `Code/packages` have the file's own properties.

mod dotenv;
mod entry;
mod recognise;

use std::sync::Arc;

use super::data::{self, DataError};
use super::{Context, Format, Role};
use crate::model::{Entry, EntryKind, Evaluated, FileId, Kind, Note, Object, Resource, Span, State, Unit, Value};
use entry::Setting;
use recognise::{Form, is_example, is_local, recognise};

/// The front end of settings files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings;

/// The kind of settings of an application.
pub const KIND: &str = "App/settings";

impl Format for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        recognise(path, text).map(|_| Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        let path = context.files.path(root);
        let form = recognise(&path, &context.files.get(root).map(|file| Arc::clone(&file.text)).unwrap_or_default());
        // A developer's own file says nothing of an environment by its name, and belongs to development all the same.
        let own = form.is_some_and(|form| matches!(form, Form::Dotenv | Form::Local) && is_local(&path, form));
        let environment = own.then(|| Arc::from("development"));
        vec![Unit { file: root, parameters: None, label: path.to_string(), environment }]
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let Some(source) = context.files.get(unit.file) else { return Evaluated::default() };
        let Some(form) = recognise(&source.path, &source.text) else { return Evaluated::default() };
        match resource(unit.file, &source.path, &source.text, form) {
            Ok(resource) => Evaluated { resources: vec![resource], ..Evaluated::default() },
            Err(error) => unreadable(unit.file, &source.path, form.label(), &error),
        }
    }
}

/// What is left of a file that cannot be read: a line of the ledger.
pub(super) fn unreadable(file: FileId, path: &str, format: &str, error: &DataError) -> Evaluated {
    let state = State::Unreadable(error.message.clone());
    let entry = Entry { subject: path.to_owned(), kind: EntryKind::File, format: format.to_owned(), state };
    let note = Note { span: Span::new(file, error.at, error.at), message: error.message.clone() };
    Evaluated { notes: vec![note], entries: vec![entry], opaque: vec![path.to_owned()], ..Evaluated::default() }
}

fn resource(file: FileId, path: &str, text: &str, form: Form) -> Result<Resource, DataError> {
    if form == Form::Dotenv {
        return Ok(settings(file, path, form, &dotenv::read(file, text), Vec::new()));
    }
    let root = data::json(file, text)?;
    let object = |what: &str| {
        root.as_object().ok_or_else(|| DataError { at: 0, message: format!("{what} is a JSON object, and this is {}", root.type_name()) })
    };
    Ok(match form {
        Form::Host => whole(file, path, "Functions/hosts", object("host.json")?),
        Form::Function => function(file, path, object("function.json")?),
        Form::StaticSite => whole(file, path, "App/staticSites", object("staticwebapp.config.json")?),
        Form::Package => whole(file, path, "Code/packages", object("package.json")?),
        Form::List => {
            let (list, sticky) = entry::of_list(root.as_array().unwrap_or_default());
            settings(file, path, form, &list, sticky)
        }
        Form::Local => {
            let mut list = Vec::new();
            let root = object("local.settings.json")?;
            for (section, prefix) in [("Values", ""), ("ConnectionStrings", "ConnectionStrings")] {
                if let Some(values) = root.get(section).and_then(Value::as_object) {
                    entry::flatten(values, prefix, &mut list);
                }
            }
            settings(file, path, form, &list, Vec::new())
        }
        Form::Net | Form::Dotenv => {
            let mut list = Vec::new();
            entry::flatten(object("a settings file")?, "", &mut list);
            settings(file, path, form, &list, Vec::new())
        }
    })
}

fn settings(file: FileId, path: &str, form: Form, list: &[Setting], sticky: Vec<Value>) -> Resource {
    let mut site = Object::with_capacity(1);
    site.set("appSettings", Value::array(list.iter().map(Setting::to_value).collect()));
    let mut properties = Object::new();
    properties.set("siteConfig", Value::object(site));
    properties.set("source", Value::str(form.label()));
    properties.set("example", Value::from(is_example(path)));
    properties.set("local", Value::from(is_local(path, form)));
    properties.set("slotSettings", Value::array(sticky));
    made(file, path, KIND, Value::object(properties))
}

/// A resource whose properties are those of the file.
fn whole(file: FileId, path: &str, kind: &str, root: &Object) -> Resource {
    made(file, path, kind, Value::object(root.clone()))
}

/// A function: its name is its folder's.
fn function(file: FileId, path: &str, root: &Object) -> Resource {
    let mut resource = whole(file, path, "Functions/functions", root);
    if let Some(folder) = path.rsplit('/').nth(1) {
        resource.name = Value::str(folder);
    }
    resource
}

/// A resource of `kind` that stands for a whole file.
pub(super) fn made(file: FileId, path: &str, kind: &str, properties: Value) -> Resource {
    let mut body = Object::with_capacity(3);
    body.set("type", Value::str(kind));
    body.set("name", Value::str(path));
    body.set("path", Value::str(path));
    body.set("properties", properties);
    let place = Span::new(file, 0, 0);
    let mut resource = Resource::new(kind, Value::str(path), Value::new(Kind::Object(Arc::new(body))), place);
    resource.address = path.to_owned();
    resource
}

#[cfg(test)]
mod tests;
