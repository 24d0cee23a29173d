//! Azure Pipelines templates: what `template:` and `extends:` name is put where they stand, with its parameters.

use std::sync::Arc;

use super::substitute::{named, substitute};
use super::yaml;
use crate::format::Context;
use crate::model::{FileId, Kind, Object, Value};

/// How deep templates may call each other, and how many calls and values one pipeline may make.
const DEPTH: u32 = 12;
const CALLS: usize = 200;
const VALUES: usize = 200_000;

/// Lists that templates stand in.
const LISTS: [&str; 4] = ["stages", "jobs", "steps", "variables"];

/// Reads templates, within a budget.
struct Expander<'a> {
    context: &'a Context<'a>,
    calls: usize,
    values: usize,
    files: Vec<FileId>,
}

/// `root` with every local template in its place, and the files that were read.
pub fn expand(root: &Value, file: FileId, context: &Context<'_>) -> (Value, Vec<FileId>) {
    let mut expander = Expander { context, calls: CALLS, values: VALUES, files: Vec::new() };
    let own = with_defaults(root, &Object::new(), &mut expander.values);
    let mut whole = expander.value(&own, file, 0);
    if let Some(path) = root.path("extends.template").and_then(Value::as_str)
        && let Some((called, from)) = expander.called(path, root.path("extends.parameters"), file, 0)
        && let Some(object) = whole.as_object()
    {
        let mut merged = object.clone();
        merged.remove("extends");
        for field in expander.value(&called, from, 1).as_object().into_iter().flatten() {
            if !merged.contains_key(&field.key) {
                merged.insert(Arc::clone(&field.key), field.key_span, field.value.clone());
            }
        }
        whole = Value { kind: Kind::Object(Arc::new(merged)), provenance: whole.provenance.clone() };
    }
    (whole, expander.files)
}

/// `root` with the values of its parameters: those given, else their defaults.
fn with_defaults(root: &Value, given: &Object, left: &mut usize) -> Value {
    let declared = root.get("parameters");
    let lookup = |expression: &str| {
        let name = named(expression, "parameters")?;
        let default = || match &declared?.kind {
            Kind::Array(list) => list.iter().find(|one| one.get("name").and_then(Value::as_str) == Some(name))?.get("default").cloned(),
            Kind::Object(object) => object.get(name).filter(|value| !value.is_null()).cloned(),
            _ => None,
        };
        given.get(name).cloned().or_else(default)
    };
    substitute(root, &lookup, left)
}

impl Expander<'_> {
    fn value(&mut self, value: &Value, file: FileId, depth: u32) -> Value {
        self.values = self.values.saturating_sub(1);
        if self.values == 0 || depth > 64 {
            return value.clone();
        }
        let kind = match &value.kind {
            Kind::Object(object) => {
                let mut made = Object::with_capacity(object.len());
                for field in object.iter() {
                    // `variables` may be an object as well.
                    let inner = if LISTS.contains(&&*field.key) && field.value.as_array().is_some() {
                        let items = self.list(&field.value, &field.key, file, 0);
                        Value { kind: Kind::Array(Arc::new(items)), provenance: field.value.provenance.clone() }
                    } else {
                        self.value(&field.value, file, depth + 1)
                    };
                    made.insert(Arc::clone(&field.key), field.key_span, inner);
                }
                Kind::Object(Arc::new(made))
            }
            Kind::Array(items) => Kind::Array(Arc::new(items.iter().map(|item| self.value(item, file, depth + 1)).collect())),
            other => other.clone(),
        };
        Value { kind, provenance: value.provenance.clone() }
    }

    /// The items of a list, conditional insertions opened, templates replaced by what they hold. A template that is not here stays.
    fn list(&mut self, list: &Value, name: &str, file: FileId, depth: u32) -> Vec<Value> {
        let mut made = Vec::new();
        for item in list.as_array().unwrap_or_default() {
            let inserted = item.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
            if let Some(field) = inserted.filter(|field| field.key.starts_with("${{"))
                && depth < DEPTH
            {
                // `if`, `else` and `each`: what may be inserted is judged as if it were.
                made.extend(self.list(&field.value, name, file, depth + 1));
                continue;
            }
            let path = item.get("template").and_then(Value::as_str);
            match path.and_then(|path| self.called(path, item.get("parameters"), file, depth)) {
                Some((called, from)) => {
                    let inner = called.get(name).cloned().unwrap_or_else(Value::null);
                    made.extend(self.list(&inner, name, from, depth + 1));
                }
                None => made.push(self.value(item, file, 0)),
            }
        }
        made
    }

    /// The template at `path`, its parameters filled in, and its file.
    fn called(&mut self, path: &str, parameters: Option<&Value>, file: FileId, depth: u32) -> Option<(Value, FileId)> {
        // Another repository: `file.yml@name`.
        let path = path.strip_suffix("@self").unwrap_or(path);
        if depth >= DEPTH || self.calls == 0 || path.contains('@') || path.contains("${{") {
            return None;
        }
        self.calls -= 1;
        let own = self.context.files.path(file);
        let path = match path.strip_prefix('/') {
            Some(path) => format!("{}{path}", "../".repeat(own.split('/').count().saturating_sub(1))),
            None => path.to_owned(),
        };
        let id = self.context.loader.load(file, &path).ok()?;
        let source = self.context.files.get(id)?;
        let root = yaml::read(id, &source.text).ok()?;
        if !self.files.contains(&id) {
            self.files.push(id);
        }
        let given = parameters.and_then(Value::as_object).cloned().unwrap_or_default();
        Some((with_defaults(&root, &given, &mut self.values), id))
    }
}
