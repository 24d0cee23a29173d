//! One setting, whatever file it stands in.

use std::sync::Arc;

use crate::model::{Kind, Object, Span, Value};

/// A name and its value.
#[derive(Clone, Debug)]
pub struct Setting {
    /// As an application reads it; levels are parted by `__`, as in environment variables.
    pub name: Arc<str>,
    /// Where the name is written.
    pub key: Span,
    /// The value.
    pub value: Value,
}

/// Most settings that one file may make.
const MOST: usize = 10_000;
/// Deepest nesting of settings.
const DEPTH: u32 = 32;

impl Setting {
    /// As Azure Resource Manager has it: `{ name, value }`.
    pub fn to_value(&self) -> Value {
        let mut object = Object::with_capacity(2);
        object.insert("name", self.key, Value::at(Kind::Str(Arc::clone(&self.name)), self.key));
        object.insert("value", self.key, self.value.clone());
        Value { kind: Kind::Object(Arc::new(object)), provenance: self.value.provenance.clone() }
    }
}

/// The settings of nested objects: `{ "A": { "B": 1 } }` is `A__B`.
pub fn flatten(object: &Object, prefix: &str, settings: &mut Vec<Setting>) {
    inner(object, prefix, settings, DEPTH);
}

fn inner(object: &Object, prefix: &str, settings: &mut Vec<Setting>, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for field in object {
        let name = if prefix.is_empty() { field.key.to_string() } else { format!("{prefix}__{}", field.key) };
        below(&name, field.key_span, &field.value, settings, depth);
    }
}

fn below(name: &str, key: Span, value: &Value, settings: &mut Vec<Setting>, depth: u32) {
    if settings.len() >= MOST {
        return;
    }
    match &value.kind {
        Kind::Object(object) => inner(object, name, settings, depth),
        Kind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                match depth.checked_sub(1) {
                    Some(depth) => below(&format!("{name}__{index}"), item.span(), item, settings, depth),
                    None => return,
                }
            }
        }
        Kind::Null => {}
        kind => {
            // An environment variable is text.
            let text = match kind {
                Kind::Bool(flag) => Kind::Str(flag.to_string().into()),
                Kind::Int(n) => Kind::Str(n.to_string().into()),
                Kind::Float(x) => Kind::Str(x.to_string().into()),
                other => other.clone(),
            };
            settings.push(Setting { name: name.into(), key, value: Value { kind: text, provenance: value.provenance.clone() } });
        }
    }
}

/// The settings of a list of `{ name, value, slotSetting }`, and the names of those that stay with their slot.
pub fn of_list(items: &[Value]) -> (Vec<Setting>, Vec<Value>) {
    let (mut settings, mut sticky) = (Vec::new(), Vec::new());
    for item in items.iter().take(MOST) {
        let (Some(name), Some(value)) = (item.get("name"), item.get("value")) else { continue };
        let Some(text) = name.as_str() else { continue };
        if item.get("slotSetting").and_then(Value::as_bool) == Some(true) {
            sticky.push(name.clone());
        }
        below(text, name.span(), value, &mut settings, DEPTH);
    }
    (settings, sticky)
}
