use std::fmt::Display;

use super::evaluator::failed;
use super::partial;
use crate::model::{Kind, Object, Secret, SecretSource, Shape, Value, Why};

/// How a missing property or item is answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// As a fault of the expression.
    Fails,
    /// As `null`: `tryGet`.
    Null,
}

impl Missing {
    fn answer(self, message: impl FnOnce() -> String) -> Value {
        match self {
            Self::Fails => failed(&message()),
            Self::Null => Value::null(),
        }
    }
}

/// `base.name`, in any ASCII case. A missing property is a fault of the expression.
pub fn property(base: &Value, name: &str) -> Value {
    property_or(base, name, Missing::Fails)
}

/// `base[index]`: an item of an array, from 0, or a property of an object.
pub fn item(base: &Value, index: &Value) -> Value {
    item_or(base, index, Missing::Fails)
}

pub(super) fn property_or(base: &Value, name: &str, missing: Missing) -> Value {
    match &base.kind {
        Kind::Object(object) => match object.get(name) {
            Some(value) => value.clone(),
            None => missing.answer(|| no_property(object, name)),
        },
        Kind::Null if missing == Missing::Null => Value::null(),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::OneOf(values) => partial::one_of(&unknown.why, values.iter().map(|value| property_or(value, name, missing))),
            Shape::Fields(object) if object.contains_key(name) => object.get(name).cloned().unwrap_or_else(Value::null),
            Shape::Any | Shape::Fields(_) | Shape::Type("object") => inside(base, &unknown.why),
            Shape::Type("null") if missing == Missing::Null => Value::null(),
            _ => unfit(base, &format!("the property `{name}`")),
        },
        Kind::Secret(secret) => through(base, secret, |inner| property_or(inner, name, missing)),
        _ => unfit(base, &format!("the property `{name}`")),
    }
}

pub(super) fn item_or(base: &Value, index: &Value, missing: Missing) -> Value {
    if let Some(values) = partial::alternatives(index) {
        let why = index.as_unknown().map_or_else(|| Why::Error("no index".into()), |unknown| unknown.why.clone());
        return partial::one_of(&why, values.iter().map(|value| item_or(base, value, missing)));
    }
    match (&base.kind, &index.kind) {
        (_, Kind::Str(name)) => property_or(base, name, missing),
        (_, Kind::Secret(secret)) => match secret.reveal() {
            Some(known) => hidden(&item_or(base, &Value::new(known.clone()), missing)),
            None => Value::new(Kind::Secret(Secret::opaque(SecretSource::Derived))).with_provenance(base.provenance.clone()),
        },
        (Kind::Array(items), Kind::Unknown(unknown)) => {
            partial::one_of(&unknown.why, items.iter().take(partial::MAX_ALTERNATIVES + 1).cloned())
        }
        (Kind::Object(object), Kind::Unknown(unknown)) => {
            let values = object.iter().take(partial::MAX_ALTERNATIVES + 1).map(|field| field.value.clone());
            partial::one_of(&unknown.why, values.chain((missing == Missing::Null).then(Value::null)))
        }
        (Kind::Array(items), _) => match index.as_int() {
            Some(at) => match usize::try_from(at).ok().and_then(|at| items.get(at)) {
                Some(value) => value.clone(),
                None => missing.answer(|| format!("index {at} is outside an array of {} items", items.len())),
            },
            None => unfit_index(index),
        },
        (Kind::Null, _) if missing == Missing::Null => Value::null(),
        (Kind::Unknown(unknown), _) => match &unknown.shape {
            Shape::OneOf(values) => partial::one_of(&unknown.why, values.iter().map(|value| item_or(value, index, missing))),
            Shape::Any | Shape::Type("array" | "object") | Shape::Fields(_) => inside(base, &unknown.why),
            _ => unfit(base, &"an item"),
        },
        (Kind::Secret(secret), _) => through(base, secret, |inner| item_or(inner, index, missing)),
        _ => unfit(base, &"an item"),
    }
}

/// Something inside an unknown value: unknown for the same reason.
fn inside(base: &Value, why: &Why) -> Value {
    Value::unknown(why.clone()).with_provenance(base.provenance.clone())
}

/// What is taken out of a secret is secret.
fn through(base: &Value, secret: &Secret, take: impl Fn(&Value) -> Value) -> Value {
    match secret.reveal() {
        Some(inner) => {
            let taken = take(&Value::new(inner.clone()).with_provenance(base.provenance.clone()));
            // A message would list the names of the secret's properties.
            if taken.is_unknown() { failed(&"a secret value has no such property or item") } else { hidden(&taken) }
        }
        None => Value::new(Kind::Secret(Secret::opaque(secret.source))).with_provenance(base.provenance.clone()),
    }
}

/// The same value as a secret. Faults stay visible: their messages speak of names and types only.
pub(super) fn hidden(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Secret(_) | Kind::Null => return value.clone(),
        Kind::Unknown(unknown) if matches!(unknown.why, Why::Error(_) | Why::Budget(_)) => return value.clone(),
        Kind::Unknown(_) => Kind::Secret(Secret::opaque(SecretSource::Derived)),
        known => Kind::Secret(Secret::known(SecretSource::Derived, known.clone())),
    };
    Value::new(kind).with_provenance(value.provenance.clone())
}

fn no_property(object: &Object, name: &str) -> String {
    let mut names: Vec<&str> = object.iter().take(8).map(|field| &*field.key).collect();
    if object.len() > names.len() {
        names.push("…");
    }
    format!("there is no property `{name}`; there are: {}", names.join(", "))
}

fn unfit(base: &Value, what: &dyn Display) -> Value {
    failed(&format!("{what} cannot be taken of a value of type {}", base.type_name()))
}

fn unfit_index(index: &Value) -> Value {
    failed(&format!("a value of type {} is no index", index.type_name()))
}
