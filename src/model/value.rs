use std::sync::Arc;

use super::{Object, Piece, Provenance, Secret, Shape, Span, Unknown, Why};

/// A value and where it came from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it came from.
    pub provenance: Provenance,
}

/// What a value is: JSON, a secret, or unknown.
#[derive(Clone, Debug)]
pub enum Kind {
    /// JSON `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(Arc<str>),
    /// A list.
    Array(Arc<Vec<Value>>),
    /// Properties, keys compared without regard to case.
    Object(Arc<Object>),
    /// A value that must never be seen.
    Secret(Secret),
    /// A value that cannot be known here.
    Unknown(Arc<Unknown>),
}

impl Value {
    /// A value without a place.
    pub const fn new(kind: Kind) -> Self {
        Self { kind, provenance: Provenance { defined: Span::NONE, used: Span::NONE, via: None } }
    }

    /// A literal at `span`.
    pub const fn at(kind: Kind, span: Span) -> Self {
        Self { kind, provenance: Provenance::literal(span) }
    }

    /// `null` without a place.
    pub const fn null() -> Self {
        Self::new(Kind::Null)
    }

    /// Text without a place.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::new(Kind::Str(text.into()))
    }

    /// A list without a place.
    pub fn array(items: Vec<Self>) -> Self {
        Self::new(Kind::Array(Arc::new(items)))
    }

    /// An object without a place.
    pub fn object(object: Object) -> Self {
        Self::new(Kind::Object(Arc::new(object)))
    }

    /// An unknown value of which nothing is known.
    pub fn unknown(why: Why) -> Self {
        Self::unknown_shaped(why, Shape::Any)
    }

    /// An unknown value of which something is known.
    pub fn unknown_shaped(why: Why, shape: Shape) -> Self {
        Self::new(Kind::Unknown(Arc::new(Unknown { why, shape })))
    }

    /// The same value, used at `span`; where it has no definition yet, defined there too.
    #[must_use]
    pub fn used_at(mut self, span: Span) -> Self {
        self.provenance.used = span;
        self.provenance.defined = self.provenance.defined.or(span);
        self
    }

    /// The same value with another provenance.
    #[must_use]
    pub fn with_provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// The place to show first.
    pub const fn span(&self) -> Span {
        self.provenance.place()
    }

    /// Text, if it is known text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number, if it is one (also a float without fraction).
    pub fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(n) => Some(n),
            #[expect(clippy::cast_possible_truncation, reason = "guarded: no fraction, and within 2^53 where floats are exact")]
            Kind::Float(x) if x.fract() == 0.0 && x.abs() < 9_007_199_254_740_992.0 => Some(x as i64),
            _ => None,
        }
    }

    /// A boolean, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_array(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The properties, if it is an object.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The reason, if it is unknown.
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Whether it is unknown as a whole (an object with unknown fields is not).
    pub const fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }

    /// Whether a secret is anywhere in it, also in what is known of an unknown value.
    pub fn holds_secret(&self) -> bool {
        match &self.kind {
            Kind::Secret(_) => true,
            Kind::Array(items) => items.iter().any(Self::holds_secret),
            Kind::Object(object) => object.iter().any(|field| field.value.holds_secret()),
            Kind::Unknown(unknown) => match &unknown.shape {
                Shape::OneOf(values) => values.iter().any(Self::holds_secret),
                Shape::Fields(object) => object.iter().any(|field| field.value.holds_secret()),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether it is `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The property `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object().and_then(|object| object.get(key))
    }

    /// The value at a dotted path of plain keys, such as `properties.siteConfig.minTlsVersion`.
    pub fn path(&self, dotted: &str) -> Option<&Self> {
        dotted.split('.').try_fold(self, |value, key| value.get(key))
    }

    /// The JSON type as Azure and JSON schema name it; secrets and unknowns say so.
    pub const fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "bool",
            Kind::Int(_) => "int",
            Kind::Float(_) => "float",
            Kind::Str(_) => "string",
            Kind::Array(_) => "array",
            Kind::Object(_) => "object",
            Kind::Secret(_) => "secret",
            Kind::Unknown(_) => "unknown",
        }
    }

    /// Plain JSON for reports: secrets masked, unknowns as `"(unknown: why)"`.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.kind {
            Kind::Null => Json::Null,
            Kind::Bool(flag) => Json::Bool(*flag),
            Kind::Int(n) => Json::from(*n),
            Kind::Float(x) => Json::from(*x),
            Kind::Str(text) => Json::from(&**text),
            Kind::Array(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Kind::Object(object) => Json::Object(object.iter().map(|field| (field.key.to_string(), field.value.to_json())).collect()),
            Kind::Secret(_) => Json::from(Secret::MASK),
            Kind::Unknown(unknown) => match &unknown.shape {
                Shape::Text(pieces) => {
                    Json::from(pieces.iter().map(|piece| if let Piece::Text(text) = piece { text } else { "{?}" }).collect::<String>())
                }
                _ => Json::from(format!("(unknown: {})", unknown.why)),
            },
        }
    }

    /// A value out of plain JSON, without places: live resources, snapshots, tests.
    pub fn from_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        Self::new(match json {
            Json::Null => Kind::Null,
            Json::Bool(flag) => Kind::Bool(*flag),
            Json::Number(number) => number.as_i64().map_or_else(|| Kind::Float(number.as_f64().unwrap_or(f64::MAX)), Kind::Int),
            Json::String(text) => Kind::Str(text.as_str().into()),
            Json::Array(items) => Kind::Array(Arc::new(items.iter().map(Self::from_json).collect())),
            Json::Object(fields) => {
                let mut object = Object::with_capacity(fields.len());
                for (key, value) in fields {
                    object.set(key.as_str(), Self::from_json(value));
                }
                Kind::Object(Arc::new(object))
            }
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::str(text)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::new(Kind::Int(n))
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::new(Kind::Bool(flag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SecretSource;

    #[test]
    fn json_never_shows_a_secret() {
        let mut object = Object::new();
        let hidden = Kind::Str("hunter2".into());
        object.set("password", Value::new(Kind::Secret(Secret::known(SecretSource::Parameter, hidden))));
        let value = Value::object(object);
        assert_eq!(value.to_json().to_string(), r#"{"password":"(secret)"}"#);
        assert!(!format!("{value:?}").contains("hunter2"));
    }
}
