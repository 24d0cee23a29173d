//! Values of secure types become secrets, also inside objects and arrays.

use std::sync::Arc;

use super::super::ir::{Template, TypeNode};
use super::parameters::resolve;
use crate::model::{Kind, Object, Secret, SecretSource, Value, Why};

/// Deepest type that is looked into.
const MAX_DEPTH: u32 = 16;

/// `value` with everything hidden that `schema` calls secure.
pub fn apply(value: Value, schema: &TypeNode, template: &Template) -> Value {
    if holds_secure(schema, template, MAX_DEPTH) { hide(value, schema, template, MAX_DEPTH) } else { value }
}

/// Whether the type is secure, by itself or by a definition that it refers to.
pub fn is_secure(schema: &TypeNode, template: &Template) -> bool {
    schema.is_secure() || resolve(schema, template).is_secure()
}

fn holds_secure(schema: &TypeNode, template: &Template, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    // Most types have no parts: no look-up for them.
    let schema = if schema.reference.is_some() { resolve(schema, template) } else { schema };
    schema.is_secure()
        || schema.properties.iter().any(|(_, part)| holds_secure(part, template, depth))
        || schema.items.as_deref().is_some_and(|part| holds_secure(part, template, depth))
        || schema.additional.as_deref().is_some_and(|part| holds_secure(part, template, depth))
}

fn hide(value: Value, schema: &TypeNode, template: &Template, depth: u32) -> Value {
    let Some(depth) = depth.checked_sub(1) else { return value };
    let schema = resolve(schema, template);
    if schema.is_secure() {
        return secret(value);
    }
    let kind = match &value.kind {
        Kind::Object(object) => {
            let mut copy = Object::with_capacity(object.len());
            for field in object.iter() {
                let declared = schema.properties.iter().find(|(name, _)| name.eq_ignore_ascii_case(&field.key)).map(|(_, part)| part);
                let part = declared.or(schema.additional.as_deref());
                let inner = part.map_or_else(|| field.value.clone(), |part| hide(field.value.clone(), part, template, depth));
                copy.insert(Arc::clone(&field.key), field.key_span, inner);
            }
            Kind::Object(Arc::new(copy))
        }
        Kind::Array(items) => match schema.items.as_deref() {
            Some(part) => Kind::Array(Arc::new(items.iter().map(|item| hide(item.clone(), part, template, depth)).collect())),
            None => return value,
        },
        _ => return value,
    };
    Value { kind, provenance: value.provenance }
}

/// The value as a secret. Faults of an expression stay visible, and nothing hides that there is no value.
pub fn secret(value: Value) -> Value {
    let kind = match value.kind {
        Kind::Secret(_) | Kind::Null => return value,
        Kind::Unknown(ref unknown) if matches!(unknown.why, Why::Error(_) | Why::Budget(_)) => return value,
        Kind::Unknown(_) => Kind::Secret(Secret::opaque(SecretSource::Parameter)),
        known => Kind::Secret(Secret::known(SecretSource::Parameter, known)),
    };
    Value { kind, provenance: value.provenance }
}
