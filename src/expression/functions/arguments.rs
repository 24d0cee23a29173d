use super::Function;
use crate::expression::FunctionError;
use crate::model::{Kind, Object, Value};

/// The arguments of one call, with checks that speak the template author's language.
#[derive(Clone, Copy)]
pub struct Arguments<'a> {
    pub function: &'static Function,
    pub values: &'a [Value],
}

impl<'a> Arguments<'a> {
    /// Argument `at`, from 0. The table has checked the count, so a missing one is an optional one.
    pub fn get(self, at: usize) -> Option<&'a Value> {
        self.values.get(at)
    }

    /// Argument `at` that the table says is there.
    pub fn value(self, at: usize) -> Result<&'a Value, FunctionError> {
        self.get(at).ok_or_else(|| FunctionError::Count {
            function: self.function.name,
            wanted: format!("at least {}", at + 1),
            given: self.values.len(),
        })
    }

    /// The error that argument `at` should be `wanted`.
    pub fn wrong(self, at: usize, wanted: &'static str) -> FunctionError {
        let given = self.get(at).map_or("absent", Value::type_name);
        FunctionError::Type { position: at + 1, wanted, given }
    }

    /// Argument `at` as a text.
    pub fn text(self, at: usize) -> Result<&'a str, FunctionError> {
        self.value(at)?.as_str().ok_or_else(|| self.wrong(at, "a string"))
    }

    /// Argument `at` as a whole number.
    pub fn int(self, at: usize) -> Result<i64, FunctionError> {
        self.value(at)?.as_int().ok_or_else(|| self.wrong(at, "an integer"))
    }

    /// Argument `at` as an array.
    pub fn array(self, at: usize) -> Result<&'a [Value], FunctionError> {
        self.value(at)?.as_array().ok_or_else(|| self.wrong(at, "an array"))
    }

    /// Argument `at` as an object.
    pub fn object(self, at: usize) -> Result<&'a Object, FunctionError> {
        self.value(at)?.as_object().ok_or_else(|| self.wrong(at, "an object"))
    }

    /// Argument `at` as a number with a fraction.
    pub fn number(self, at: usize) -> Result<f64, FunctionError> {
        match self.value(at)?.kind {
            #[expect(clippy::cast_precision_loss, reason = "a mixed operation is in floats, as in ARM")]
            Kind::Int(n) => Ok(n as f64),
            Kind::Float(x) => Ok(x),
            _ => Err(self.wrong(at, "a number")),
        }
    }

    /// An optional text.
    pub fn optional_text(self, at: usize) -> Result<Option<&'a str>, FunctionError> {
        match self.get(at) {
            None => Ok(None),
            Some(value) if value.is_null() => Ok(None),
            Some(_) => self.text(at).map(Some),
        }
    }

    /// An optional whole number.
    pub fn optional_int(self, at: usize) -> Result<Option<i64>, FunctionError> {
        match self.get(at) {
            None => Ok(None),
            Some(value) if value.is_null() => Ok(None),
            Some(_) => self.int(at).map(Some),
        }
    }
}

/// An error in plain words.
pub fn invalid<T>(message: impl Into<String>) -> Result<T, FunctionError> {
    Err(FunctionError::Invalid(message.into()))
}
