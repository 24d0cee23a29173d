use std::ops::Not;

use super::partial::text;
use crate::model::{Kind, Object, Shape, Unknown, Value};

/// An answer that may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// For certain.
    Yes,
    /// Certainly not.
    No,
    /// It depends on what is not known.
    Maybe,
}

impl Truth {
    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Maybe,
        }
    }

    /// Either.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, Self::No) => Self::No,
            _ => Self::Maybe,
        }
    }

    /// Whether all of `truths` hold.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for truth in truths {
            result = result.and(truth);
            if result == Self::No {
                break;
            }
        }
        result
    }

    /// Whether any of `truths` holds.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::No;
        for truth in truths {
            result = result.or(truth);
            if result == Self::Yes {
                break;
            }
        }
        result
    }

    /// The answer, where it is known.
    pub const fn known(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Maybe => None,
        }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
        }
    }
}

impl From<bool> for Truth {
    fn from(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No }
    }
}

/// Whether two values are equal, as ARM's `equals` says: texts with case, property names without, numbers by value.
/// `Maybe` where it depends on what is not known; so `equal(partly_known, known) != Truth::No` asks whether `known` is possible.
/// Secrets are compared; what is made of the answer must stay secret.
pub fn equal(a: &Value, b: &Value) -> Truth {
    kinds(&a.kind, &b.kind)
}

fn kinds(a: &Kind, b: &Kind) -> Truth {
    match (a, b) {
        (Kind::Secret(secret), other) | (other, Kind::Secret(secret)) => secret.reveal().map_or(Truth::Maybe, |known| kinds(known, other)),
        (Kind::Unknown(unknown), other) | (other, Kind::Unknown(unknown)) => with_unknown(unknown, other),
        (Kind::Null, Kind::Null) => Truth::Yes,
        (Kind::Bool(a), Kind::Bool(b)) => (a == b).into(),
        (Kind::Int(a), Kind::Int(b)) => (a == b).into(),
        (Kind::Float(a), Kind::Float(b)) => (a == b).into(),
        #[expect(clippy::cast_precision_loss, reason = "whole numbers beyond 2^53 never meet a float in templates")]
        (Kind::Int(n), Kind::Float(x)) | (Kind::Float(x), Kind::Int(n)) => (*x == *n as f64).into(),
        (Kind::Str(a), Kind::Str(b)) => (a == b).into(),
        (Kind::Array(a), Kind::Array(b)) if a.len() == b.len() => Truth::all(a.iter().zip(b.iter()).map(|(a, b)| equal(a, b))),
        (Kind::Object(a), Kind::Object(b)) if a.len() == b.len() => covers(a, b),
        _ => Truth::No,
    }
}

/// Whether `object` has every field of `fields`, with an equal value.
fn covers(fields: &Object, object: &Object) -> Truth {
    Truth::all(fields.iter().map(|field| object.get(&field.key).map_or(Truth::No, |value| equal(&field.value, value))))
}

fn with_unknown(unknown: &Unknown, other: &Kind) -> Truth {
    match (&unknown.shape, other) {
        (Shape::OneOf(values), _) => {
            let mut answers = values.iter().map(|value| kinds(&value.kind, other));
            let first = answers.next().unwrap_or(Truth::Maybe);
            if answers.all(|answer| answer == first) { first } else { Truth::Maybe }
        }
        (_, Kind::Unknown(second)) if matches!(second.shape, Shape::OneOf(_)) => {
            let Shape::OneOf(values) = &second.shape else { return Truth::Maybe };
            Truth::any(values.iter().map(|value| with_unknown(unknown, &value.kind))).and(Truth::Maybe)
        }
        (Shape::Any, _) => Truth::Maybe,
        (Shape::Text(pieces), Kind::Str(known)) => text::could_be(pieces, known),
        (Shape::Text(a), Kind::Unknown(second)) if matches!(second.shape, Shape::Text(_)) => {
            let Shape::Text(b) = &second.shape else { return Truth::Maybe };
            text::could_meet(a, b)
        }
        (Shape::Fields(fields), Kind::Object(object)) => covers(fields, object).and(Truth::Maybe),
        (shape, other) => match (type_of_shape(shape), type_of(other)) {
            (Some(a), Some(b)) if a != b => Truth::No,
            _ => Truth::Maybe,
        },
    }
}

/// The JSON type that a shape implies. Whole and other numbers are both `int` here.
pub(super) fn type_of_shape(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Any => None,
        Shape::Text(_) => Some("string"),
        Shape::Fields(_) => Some("object"),
        Shape::Type(name) => Some(if *name == "float" { "int" } else { name }),
        Shape::OneOf(values) => {
            let mut types = values.iter().map(|value| type_of(&value.kind));
            let first = types.next()??;
            types.all(|each| each == Some(first)).then_some(first)
        }
    }
}

/// The JSON type of a value as far as it is known.
pub(super) fn type_of(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Null => Some("null"),
        Kind::Bool(_) => Some("bool"),
        Kind::Int(_) | Kind::Float(_) => Some("int"),
        Kind::Str(_) => Some("string"),
        Kind::Array(_) => Some("array"),
        Kind::Object(_) => Some("object"),
        Kind::Secret(secret) => secret.reveal().and_then(type_of),
        Kind::Unknown(unknown) => type_of_shape(&unknown.shape),
    }
}
