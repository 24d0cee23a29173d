use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::{Span, Value};

/// One property of an [`Object`].
#[derive(Clone, Debug)]
pub struct Field {
    /// The key as written.
    pub key: Arc<str>,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: Value,
}

/// Properties in the order of the source. Keys compare without regard to ASCII case, as in ARM.
#[derive(Clone, Debug, Default)]
pub struct Object {
    fields: Vec<Field>,
    /// Lower-cased key to position; made at the first look-up in a large object.
    index: OnceLock<HashMap<Box<str>, usize>>,
}

impl Object {
    /// Up to this many fields a linear search beats hashing.
    const LINEAR: usize = 12;

    /// An object without properties.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty object with room for `capacity` properties.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { fields: Vec::with_capacity(capacity), index: OnceLock::new() }
    }

    fn position(&self, key: &str) -> Option<usize> {
        if self.fields.len() <= Self::LINEAR {
            return self.fields.iter().position(|field| field.key.eq_ignore_ascii_case(key));
        }
        let index = self.index.get_or_init(|| {
            let mut index = HashMap::with_capacity(self.fields.len());
            for (at, field) in self.fields.iter().enumerate() {
                index.entry(field.key.to_ascii_lowercase().into_boxed_str()).or_insert(at);
            }
            index
        });
        index.get(key.to_ascii_lowercase().as_str()).copied()
    }

    /// The value under `key`, in any ASCII case.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.field(key).map(|field| &field.value)
    }

    /// The whole property under `key`, in any ASCII case.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.position(key).and_then(|at| self.fields.get(at))
    }

    /// Whether there is a property `key`.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Sets `key`, in place where it exists already (its spelling stays), at the end otherwise.
    pub fn insert(&mut self, key: impl Into<Arc<str>>, key_span: Span, value: Value) {
        let key = key.into();
        if let Some(field) = self.position(&key).and_then(|at| self.fields.get_mut(at)) {
            field.value = value;
            field.key_span = key_span;
            return;
        }
        self.fields.push(Field { key, key_span, value });
        self.index = OnceLock::new();
    }

    /// Sets `key` for a computed value that no file spells.
    pub fn set(&mut self, key: impl Into<Arc<str>>, value: Value) {
        self.insert(key, Span::NONE, value);
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.position(key)?;
        self.index = OnceLock::new();
        Some(self.fields.remove(at).value)
    }

    /// The properties in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Field> {
        self.fields.iter()
    }

    /// The properties in order, to change.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.fields.iter_mut().map(|field| &mut field.value)
    }

    /// How many properties.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = &'a Field;
    type IntoIter = std::slice::Iter<'a, Field>;

    fn into_iter(self) -> Self::IntoIter {
        self.fields.iter()
    }
}

impl FromIterator<Field> for Object {
    fn from_iter<T: IntoIterator<Item = Field>>(fields: T) -> Self {
        let mut object = Self::new();
        for field in fields {
            object.insert(field.key, field.key_span, field.value);
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_case_insensitive_in_small_and_large_objects() {
        let mut object = Object::new();
        for n in 0..40 {
            object.set(format!("Key{n}"), Value::from(n));
            object.set(format!("KEY{n}"), Value::from(n + 100));
        }
        assert_eq!(object.len(), 40);
        assert_eq!(object.get("key39").and_then(Value::as_int), Some(139));
        assert!(object.remove("kEy0").is_some() && object.get("key0").is_none());
        assert_eq!(object.get("key1").and_then(Value::as_int), Some(101));
    }
}
