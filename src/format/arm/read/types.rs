use std::sync::Arc;

use jsonc_parser::ast::{Object, Value as Json};

use super::super::ir::TypeNode;
use super::node::{Reader, find, name_of, string};

/// Deepest type that is read; a type that nests more deeply says nothing further.
const MAX_DEPTH: u32 = 64;

impl Reader {
    /// A type: of a parameter, an output, a definition, a property. Names in `without` belong to the declaration around it.
    pub fn schema(&mut self, object: &Object<'_>, without: &[&str], depth: u32) -> TypeNode {
        let mut schema = TypeNode { span: self.span(object.range), ..TypeNode::default() };
        if depth > MAX_DEPTH {
            return schema;
        }
        for property in &object.properties {
            let name = name_of(property);
            if without.iter().any(|other| name.eq_ignore_ascii_case(other)) {
                continue;
            }
            match (name.to_ascii_lowercase().as_str(), &property.value) {
                ("type", Json::StringLit(text)) => {
                    schema.name = Some(text.value.as_ref().into());
                    schema.span = self.span(text.range);
                }
                ("$ref", Json::StringLit(text)) => {
                    schema.reference = Some(text.value.as_ref().into());
                    schema.span = self.span(text.range);
                }
                ("nullable", Json::BooleanLit(flag)) => schema.nullable = flag.value,
                ("allowedvalues", value) => schema.allowed = Some(self.node(value)),
                ("properties", Json::Object(inner)) => schema.properties = self.schemas(inner, depth + 1),
                ("items", Json::Object(inner)) => schema.items = Some(Box::new(self.schema(inner, &[], depth + 1))),
                ("additionalproperties", Json::Object(inner)) => {
                    schema.additional = Some(Box::new(self.schema(inner, &[], depth + 1)));
                }
                (_, value) => {
                    let node = self.node(value);
                    schema.rest.push((name.into(), node));
                }
            }
        }
        schema
    }

    fn schemas(&mut self, object: &Object<'_>, depth: u32) -> Vec<(Arc<str>, TypeNode)> {
        let types = object.properties.iter().filter_map(|property| match &property.value {
            Json::Object(inner) => Some((Arc::from(name_of(property)), self.schema(inner, &[], depth))),
            _ => None,
        });
        types.collect()
    }

    /// A user function's parameters: a list of types with a name each.
    pub fn signature(&mut self, json: Option<&Json<'_>>) -> Vec<(Arc<str>, TypeNode)> {
        let Some(Json::Array(list)) = json else { return Vec::new() };
        let parameters = list.elements.iter().filter_map(|element| {
            let Json::Object(object) = element else { return None };
            let name = find(object, "name").and_then(string)?.value.as_ref().into();
            Some((name, self.schema(object, &["name"], 0)))
        });
        parameters.collect()
    }
}
