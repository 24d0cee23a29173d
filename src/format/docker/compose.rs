//! The services of a compose file.
//!
//! Source: <https://docs.docker.com/reference/compose-file/>

use super::super::settings::made;
use super::image;
use crate::model::{FileId, Kind, Object, Resource, Span, Value};

/// Most services of one file.
const MOST: usize = 500;

/// One resource for each service.
pub fn services(file: FileId, path: &str, root: &Value) -> Vec<Resource> {
    let Some(services) = root.get("services").and_then(Value::as_object) else { return Vec::new() };
    let one = |field: &crate::model::Field| {
        let mut properties = field.value.as_object().cloned().unwrap_or_default();
        if let Some(text) = field.value.get("image").and_then(Value::as_str) {
            let span = field.value.get("image").map(Value::span).unwrap_or_default();
            properties.set("imageName", image::parts(text, span));
        }
        if let Some(list) = field.value.get("environment") {
            properties.set("environment", environment(list));
        }
        let mut resource = made(file, path, "Docker/services", Value::object(properties));
        resource.name = Value::at(Kind::Str(std::sync::Arc::clone(&field.key)), field.key_span);
        resource.address = format!("services.{}", field.key);
        resource.place = field.key_span;
        resource
    };
    services.iter().take(MOST).map(one).collect()
}

/// Environment variables as `{ name, value }`, from either of the two ways to write them.
fn environment(list: &Value) -> Value {
    let pair = |name: &str, value: Value, span: Span| {
        let mut object = Object::with_capacity(2);
        object.set("name", Value::at(Kind::Str(name.into()), span));
        object.set("value", value);
        Value::at(Kind::Object(object.into()), span)
    };
    let pairs = match &list.kind {
        Kind::Object(object) => {
            object.iter().map(|field| pair(&field.key, field.value.clone(), field.value.span().or(field.key_span))).collect()
        }
        Kind::Array(items) => items
            .iter()
            .filter_map(|item| {
                let (name, value) = item.as_str()?.split_once('=')?;
                Some(pair(name, Value::at(Kind::Str(value.into()), item.span()), item.span()))
            })
            .collect(),
        _ => Vec::new(),
    };
    Value::array(pairs)
}
