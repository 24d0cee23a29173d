//! From a field's name to the values that stand there.

use std::sync::Arc;

use super::scene::Scene;
use crate::model::{Kind, Object, Piece, Secret, SecretSource, Shape, Value, Why};
use crate::policy::condition::{FieldPath, FieldRef, Step};

/// A value that a field names, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// JSON pointer from the resource's root.
    pub pointer: String,
    /// `None` where the property is absent.
    pub value: Option<Value>,
    /// Which item at each `[*]`.
    pub indices: Vec<usize>,
}

/// Everything that a field names.
#[derive(Debug, Default)]
pub(super) struct Selection {
    pub spots: Vec<Spot>,
    /// The field has a `[*]` that no count fixes: it names a list of values.
    pub many: bool,
    /// A list that the field goes over is absent; where.
    pub missing: Option<String>,
    /// A list that the field goes over is unknown.
    pub blind: Option<(String, Value)>,
}

impl Selection {
    fn one(pointer: &str, value: Option<Value>) -> Self {
        Self { spots: vec![Spot { pointer: pointer.to_owned(), value, indices: Vec::new() }], ..Self::default() }
    }
}

/// The way that a field names in this scene's resource; `None` where it names none.
pub(super) fn path_of(field: &FieldRef, scene: &Scene<'_>) -> Option<FieldPath> {
    match field {
        FieldRef::Path(path) => Some(path.clone()),
        FieldRef::Alias(alias) => {
            alias.path_for(&scene.resource.kind, scene.resource.api_version.as_deref()).map(std::borrow::Cow::into_owned)
        }
        _ => None,
    }
}

/// What `field` names in the scene's resource.
pub(super) fn select(field: &FieldRef, scene: &Scene<'_>) -> Selection {
    let resource = scene.resource;
    let root = |key: &str| resource.body.get(key).filter(|value| !value.is_null()).cloned();
    match field {
        FieldRef::Type => {
            let place = root("type").map(|value| value.provenance).unwrap_or_default();
            let kind = Some(Value::str(Arc::clone(&resource.kind)).with_provenance(place));
            Selection::one("/type", kind.filter(|kind| kind.as_str() != Some("")))
        }
        FieldRef::Name => Selection::one("/name", name_of(scene).map(|name| last_part(&name))),
        FieldRef::FullName => Selection::one("/name", root("fullName").or_else(|| root("name")).or_else(|| name_of(scene))),
        FieldRef::Id => Selection::one("/id", Some(resource.id.clone()).filter(|id| !id.is_null()).or_else(|| root("id"))),
        FieldRef::ApiVersion => {
            let version = resource.api_version.as_ref().map(|version| Value::str(Arc::clone(version)));
            Selection::one("/apiVersion", root("apiVersion").or(version))
        }
        FieldRef::Location => Selection::one("/location", root("location").or_else(|| elsewhere(scene, "location"))),
        FieldRef::Path(_) | FieldRef::Alias(_) => match path_of(field, scene) {
            Some(path) => Walk { scene, path: &path, found: Selection::default() }.run(),
            None => Selection::one("", None),
        },
        FieldRef::Computed(_) | FieldRef::Nothing => Selection::one("", None),
    }
}

fn name_of(scene: &Scene<'_>) -> Option<Value> {
    let named = Some(&scene.resource.name).filter(|name| !name.is_null()).cloned();
    named.or_else(|| scene.resource.body.get("name").cloned())
}

/// What follows the last slash.
fn last_part(name: &Value) -> Value {
    let cut = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    match &name.kind {
        Kind::Str(text) if text.contains('/') => Value::str(cut(text)).with_provenance(name.provenance.clone()),
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::Text(pieces) => {
                let slashed = pieces.iter().rposition(|piece| matches!(piece, Piece::Text(text) if text.contains('/')));
                let Some(at) = slashed else { return name.clone() };
                let mut kept: Vec<Piece> = pieces.iter().skip(at).cloned().collect();
                if let Some(Piece::Text(text)) = kept.first_mut() {
                    *text = cut(text).into();
                }
                let shape = Shape::Text(kept.into());
                Value::unknown_shaped(unknown.why.clone(), shape).with_provenance(name.provenance.clone())
            }
            _ => name.clone(),
        },
        _ => name.clone(),
    }
}

/// What an absent property is in a resource that is only referred to: it is declared elsewhere.
fn elsewhere(scene: &Scene<'_>, what: &str) -> Option<Value> {
    let message = || format!("`{what}` of {}", scene.resource.display_name());
    (scene.resource.existing && !scene.frame.world.is_closed()).then(|| Value::unknown(Why::Elsewhere(message().into())))
}

struct Walk<'w, 'a> {
    scene: &'w Scene<'a>,
    path: &'w FieldPath,
    found: Selection,
}

impl Walk<'_, '_> {
    fn run(mut self) -> Selection {
        let body = self.scene.resource.body.clone();
        self.step(Some(body), 0, &mut String::new(), &mut Vec::new());
        self.found
    }

    /// Whether a `[*]` that no count fixes is still ahead.
    fn spreads_after(&self, at: usize) -> bool {
        let steps = self.path.steps.iter().enumerate().skip(at);
        steps.filter(|(_, step)| matches!(step, Step::All)).any(|(index, _)| self.scene.fixed(self.path, index).is_none())
    }

    fn step(&mut self, value: Option<Value>, at: usize, pointer: &mut String, indices: &mut Vec<usize>) {
        if !self.scene.frame.step() {
            self.found.blind = Some((pointer.clone(), Value::unknown(Why::Budget("steps of a condition".into()))));
            return;
        }
        let Some(step) = self.path.steps.get(at) else {
            let value = value.filter(|value| !(value.is_null() && self.scene.resource.existing));
            let value = value.or_else(|| elsewhere(self.scene, &self.path.to_string()));
            self.found.spots.push(Spot { pointer: pointer.clone(), value, indices: indices.clone() });
            return;
        };
        let value = value.or_else(|| elsewhere(self.scene, &self.path.to_string()));
        match value {
            Some(value) if value.is_unknown() => self.enter_unknown(&value, at, pointer, indices),
            Some(Value { kind: Kind::Secret(secret), provenance }) if matches!(step, Step::Secret) => {
                let source = Value::str(secret.source.as_str()).with_provenance(provenance);
                self.step(Some(source), at + 1, pointer, indices);
            }
            Some(Value { kind: Kind::Secret(secret), provenance }) => match secret.reveal() {
                Some(kind) if matches!(kind, Kind::Array(_) | Kind::Object(_)) => {
                    let hidden = hide(&Value { kind: kind.clone(), provenance });
                    self.step(Some(hidden), at, pointer, indices);
                }
                _ => {
                    let hidden = Value { kind: Kind::Secret(secret), provenance };
                    self.dead_end(hidden, at, pointer, indices);
                }
            },
            value => self.enter_known(step.clone(), value.as_ref(), at, pointer, indices),
        }
    }

    fn enter_known(&mut self, step: Step, value: Option<&Value>, at: usize, pointer: &mut String, indices: &mut Vec<usize>) {
        let length = pointer.len();
        match step {
            Step::Key(key) => {
                push(pointer, &key);
                let next = value.and_then(|value| value.get(&key)).cloned();
                self.step(next, at + 1, pointer, indices);
            }
            Step::At(index) => {
                push(pointer, &index.to_string());
                let next = value.and_then(Value::as_array).and_then(|items| items.get(index)).cloned();
                self.step(next, at + 1, pointer, indices);
            }
            Step::Keys => {
                let keys = value.and_then(Value::as_object).map(|object| {
                    Value::array(object.iter().map(|field| Value::at(Kind::Str(Arc::clone(&field.key)), field.key_span)).collect())
                });
                self.step(keys, at + 1, pointer, indices);
            }
            Step::Entries => {
                let entries = value.and_then(Value::as_object).map(entries);
                self.step(entries, at + 1, pointer, indices);
            }
            Step::Secret => self.step(None, at + 1, pointer, indices),
            Step::All => self.all(value, at, pointer, indices),
        }
        pointer.truncate(length);
    }

    fn all(&mut self, value: Option<&Value>, at: usize, pointer: &mut String, indices: &mut Vec<usize>) {
        // Inside a count one item is fixed: the others are not even looked at, or a count over a long list would take its square.
        let fixed = self.scene.fixed(self.path, at);
        let (first, most) = fixed.map_or((0, usize::MAX), |index| (index, 1));
        let items: Vec<(String, Value)> = match value.map(|value| &value.kind) {
            Some(Kind::Array(items)) => {
                let wanted = items.iter().enumerate().skip(first).take(most);
                wanted.map(|(index, item)| (index.to_string(), item.clone())).collect()
            }
            Some(Kind::Object(object)) => {
                object.iter().skip(first).take(most).map(|field| (field.key.to_string(), field.value.clone())).collect()
            }
            _ => {
                self.found.many |= self.spreads_after(at);
                self.found.missing.get_or_insert_with(|| pointer.clone());
                return;
            }
        };
        self.found.many |= fixed.is_none();
        let length = pointer.len();
        for (offset, (key, item)) in items.into_iter().enumerate() {
            push(pointer, &key);
            indices.push(first + offset);
            self.step(Some(item), at + 1, pointer, indices);
            indices.pop();
            pointer.truncate(length);
        }
    }

    /// A step into something unknown: what is known of it may answer all the same.
    fn enter_unknown(&mut self, value: &Value, at: usize, pointer: &mut String, indices: &mut Vec<usize>) {
        let (Some(unknown), Some(step)) = (value.as_unknown(), self.path.steps.get(at)) else { return };
        if let (Shape::OneOf(choices), Step::Key(key)) = (&unknown.shape, step) {
            let next: Option<Vec<Value>> = choices.iter().map(|choice| choice.get(key).cloned()).collect();
            if let Some(next) = next {
                let narrowed = Value::unknown_shaped(unknown.why.clone(), Shape::OneOf(next.into()));
                let length = pointer.len();
                push(pointer, key);
                self.step(Some(narrowed.with_provenance(value.provenance.clone())), at + 1, pointer, indices);
                pointer.truncate(length);
                return;
            }
        }
        let open = Value::unknown(unknown.why.clone()).with_provenance(value.provenance.clone());
        self.dead_end(open, at, pointer, indices);
    }

    /// Nothing can be seen below here: `value` stands for whatever there is.
    fn dead_end(&mut self, value: Value, at: usize, pointer: &str, indices: &[usize]) {
        if self.spreads_after(at) {
            self.found.many = true;
            self.found.blind.get_or_insert_with(|| (pointer.to_owned(), value));
            return;
        }
        let mut full = pointer.to_owned();
        for step in self.path.steps.iter().skip(at) {
            match step {
                Step::Key(key) => push(&mut full, key),
                Step::At(index) => push(&mut full, &index.to_string()),
                Step::All | Step::Keys | Step::Entries | Step::Secret => {}
            }
        }
        self.found.spots.push(Spot { pointer: full, value: Some(value), indices: indices.to_vec() });
    }
}

/// The properties of an object as `{ key, value }`, each with its own place.
fn entries(object: &Object) -> Value {
    let entry = |field: &crate::model::Field| {
        let mut entry = Object::with_capacity(2);
        entry.insert("key", field.key_span, Value::at(Kind::Str(Arc::clone(&field.key)), field.key_span));
        entry.insert("value", field.key_span, field.value.clone());
        Value { kind: Kind::Object(Arc::new(entry)), provenance: field.value.provenance.clone() }
    };
    Value::array(object.iter().map(entry).collect())
}

/// The same list or object with every scalar hidden.
fn hide(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Array(items) => Kind::Array(Arc::new(items.iter().map(hide).collect())),
        Kind::Object(object) => {
            let mut hidden = Object::with_capacity(object.len());
            for field in object.iter() {
                hidden.insert(Arc::clone(&field.key), field.key_span, hide(&field.value));
            }
            Kind::Object(Arc::new(hidden))
        }
        Kind::Secret(_) | Kind::Unknown(_) | Kind::Null => value.kind.clone(),
        kind => Kind::Secret(Secret::known(SecretSource::Derived, kind.clone())),
    };
    Value { kind, provenance: value.provenance.clone() }
}

/// Appends a part to a JSON pointer (RFC 6901, section 3).
fn push(pointer: &mut String, part: &str) {
    pointer.push('/');
    for c in part.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}
