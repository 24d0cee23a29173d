use std::sync::Arc;

use jsonc_parser::ast::{Object, Value as Json};

use super::node::{Reader, find, name_of, name_range, object_of};
use crate::model::{Span, Value};

/// A parameter file.
#[derive(Clone, Debug, Default)]
pub struct ParameterFile {
    /// What it gives, in order.
    pub given: Vec<Given>,
}

/// One parameter that a file gives.
#[derive(Clone, Debug)]
pub struct Given {
    /// The parameter's name.
    pub name: Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// What is given.
    pub value: GivenValue,
}

/// What a parameter file gives.
#[derive(Clone, Debug)]
pub enum GivenValue {
    /// A value.
    Value(Value),
    /// A secret in a Key Vault, and where the reference stands.
    KeyVault(Span),
}

impl Reader {
    /// A parameter file: with `parameters` around the list, or the list alone.
    pub fn parameter_file(&mut self, root: &Object<'_>) -> ParameterFile {
        let list = object_of(root, "parameters").unwrap_or(root);
        self.check_keys(list);
        let mut given = Vec::new();
        for property in &list.properties {
            let name = name_of(property);
            if name.starts_with('$') || name.eq_ignore_ascii_case("contentVersion") {
                continue;
            }
            let Json::Object(body) = &property.value else { continue };
            let value = if let Some(value) = find(body, "value") {
                GivenValue::Value(self.plain(&value.value))
            } else if find(body, "reference").is_some() {
                GivenValue::KeyVault(self.span(body.range))
            } else {
                continue;
            };
            given.push(Given { name: name.into(), name_span: self.span(name_range(property)), value });
        }
        ParameterFile { given }
    }

    /// A value in which texts in brackets are only text.
    fn plain(&mut self, json: &Json<'_>) -> Value {
        use crate::model::{Kind, Object as Fields};
        match json {
            Json::StringLit(text) => Value::at(Kind::Str(text.value.as_ref().into()), self.span(text.range)),
            Json::Array(array) => {
                let items = array.elements.iter().map(|item| self.plain(item)).collect();
                Value::at(Kind::Array(Arc::new(items)), self.span(array.range))
            }
            Json::Object(object) => {
                self.check_keys(object);
                let mut fields = Fields::with_capacity(object.properties.len());
                for property in &object.properties {
                    let value = self.plain(&property.value);
                    fields.insert(name_of(property), self.span(name_range(property)), value);
                }
                Value::at(Kind::Object(Arc::new(fields)), self.span(object.range))
            }
            scalar => self.node(scalar).as_literal().cloned().unwrap_or_else(Value::null),
        }
    }
}
