use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use jsonc_parser::ast::{Object, ObjectProp, ObjectPropName, StringLit, Value as Json};
use jsonc_parser::common::Range;

use super::super::ir::{ExprNode, Key, Node, Property};
use crate::expression::{Text, classify, parse_text};
use crate::model::{FileId, Kind, Note, Span, Value, Why};

/// Most remarks that one file may make; a generated file could repeat one a million times.
const MAX_NOTES: usize = 100;

/// Turns parsed JSON into nodes.
pub struct Reader {
    pub file: FileId,
    /// Bytes of the byte-order mark.
    pub offset: u32,
    pub notes: Vec<Note>,
}

impl Reader {
    pub const fn new(file: FileId, offset: u32) -> Self {
        Self { file, offset, notes: Vec::new() }
    }

    pub fn span(&self, range: Range) -> Span {
        let at = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX).saturating_add(self.offset);
        Span::new(self.file, at(range.start), at(range.end))
    }

    pub fn note(&mut self, span: Span, message: impl Into<String>) {
        if self.notes.len() < MAX_NOTES {
            self.notes.push(Note { span, message: message.into() });
        }
    }

    pub fn node(&mut self, json: &Json<'_>) -> Node {
        match json {
            Json::StringLit(text) => self.text(text),
            Json::NumberLit(number) => Node::Literal(Value::at(number_of(number.value), self.span(number.range))),
            Json::BooleanLit(flag) => Node::Literal(Value::at(Kind::Bool(flag.value), self.span(flag.range))),
            Json::NullKeyword(null) => Node::null(self.span(null.range)),
            Json::Array(array) => {
                let items = array.elements.iter().map(|item| self.node(item)).collect();
                Node::array(items, self.span(array.range))
            }
            Json::Object(object) => self.object(object),
        }
    }

    pub fn object(&mut self, object: &Object<'_>) -> Node {
        let properties = self.properties(object, &[]);
        Node::object(properties, self.span(object.range))
    }

    /// The properties but for those named in `without`, with what `copy` makes among them.
    pub fn properties(&mut self, object: &Object<'_>, without: &[&str]) -> Vec<Property> {
        self.check_keys(object);
        let mut properties = Vec::with_capacity(object.properties.len());
        for property in &object.properties {
            let name = name_of(property);
            if without.iter().any(|other| name.eq_ignore_ascii_case(other)) {
                continue;
            }
            if name.eq_ignore_ascii_case("copy") && self.copies(&property.value, &mut properties) {
                continue;
            }
            let value = self.node(&property.value);
            let key_span = self.span(name_range(property));
            properties.push(Property { key: self.key(name, key_span), key_span, value });
        }
        properties
    }

    fn key(&mut self, name: &str, span: Span) -> Key {
        match parse_text(name, span) {
            None => Key::Text(plain(name).into()),
            Some(Ok(expr)) => Key::Expr(Arc::new(ExprNode { expr, span })),
            Some(Err(error)) => {
                self.note(error.span(), format!("this is no template expression: {error}"));
                Key::Text(name.into())
            }
        }
    }

    pub fn text(&mut self, text: &StringLit<'_>) -> Node {
        let span = self.span(text.range);
        if !text.value.starts_with('[') {
            return Node::text(&*text.value, span);
        }
        match parse_text(&text.value, span) {
            None => Node::text(plain(&text.value), span),
            Some(Ok(expr)) => Node::expr(expr, span),
            Some(Err(error)) => {
                self.note(error.span(), format!("this is no template expression: {error}; correct it, or write `[[` for plain text"));
                Node::Literal(Value::unknown(Why::Error(error.to_string().into())).used_at(span))
            }
        }
    }

    /// Reads `copy` of an object: a list of loops, each of which makes one property. False where it is something else.
    fn copies(&mut self, json: &Json<'_>, into: &mut Vec<Property>) -> bool {
        let Json::Array(list) = json else { return false };
        let loops: Option<Vec<_>> = list.elements.iter().map(as_loop).collect();
        let Some(loops) = loops else { return false };
        for (object, name) in loops {
            let span = self.span(object.range);
            let key_span = self.span(name.range);
            let count = self.field(object, "count").unwrap_or_else(|| Node::null(span));
            let input = self.field(object, "input").unwrap_or_else(|| Node::null(span));
            let name: Arc<str> = name.value.as_ref().into();
            into.push(Property { key: Key::Text(Arc::clone(&name)), key_span, value: Node::copy(name, count, input, span) });
        }
        true
    }

    /// The property `name` as a node.
    pub fn field(&mut self, object: &Object<'_>, name: &str) -> Option<Node> {
        find(object, name).map(|property| self.node(&property.value))
    }

    /// Notes names that are written twice: ARM takes the last one, people see the first.
    pub fn check_keys(&mut self, object: &Object<'_>) {
        let properties = &object.properties;
        let mut twice = Vec::new();
        if properties.len() <= 16 {
            for (at, property) in properties.iter().enumerate() {
                let name = name_of(property);
                if properties.iter().take(at).any(|other| name_of(other).eq_ignore_ascii_case(name)) {
                    twice.push(property);
                }
            }
        } else {
            let mut seen = HashSet::with_capacity(properties.len());
            twice.extend(properties.iter().filter(|property| !seen.insert(name_of(property).to_ascii_lowercase())));
        }
        for property in twice {
            let span = self.span(name_range(property));
            self.note(span, format!("`{}` is written twice in this object; remove one, Azure takes the last", name_of(property)));
        }
    }
}

/// An element of `copy`: an object with a name, a count and an input.
fn as_loop<'a, 'b>(json: &'a Json<'b>) -> Option<(&'a Object<'b>, &'a StringLit<'b>)> {
    let Json::Object(object) = json else { return None };
    let name = string(find(object, "name")?)?;
    (find(object, "count").is_some() && find(object, "input").is_some()).then_some((object, name))
}

/// The property `name`, in any ASCII case; the last one where it is written twice.
pub fn find<'a, 'b>(object: &'a Object<'b>, name: &str) -> Option<&'a ObjectProp<'b>> {
    object.properties.iter().rev().find(|property| name_of(property).eq_ignore_ascii_case(name))
}

/// The text of a property, if it is one.
pub const fn string<'a, 'b>(property: &'a ObjectProp<'b>) -> Option<&'a StringLit<'b>> {
    match &property.value {
        Json::StringLit(text) => Some(text),
        _ => None,
    }
}

/// The property `name` as plain text.
pub fn text_of<'a>(object: &'a Object<'_>, name: &str) -> Option<&'a str> {
    find(object, name).and_then(string).map(|text| text.value.as_ref())
}

/// The property `name` as an object.
pub fn object_of<'a, 'b>(object: &'a Object<'b>, name: &str) -> Option<&'a Object<'b>> {
    match &find(object, name)?.value {
        Json::Object(inner) => Some(inner),
        _ => None,
    }
}

/// A property's name.
pub fn name_of<'a>(property: &'a ObjectProp<'_>) -> &'a str {
    match &property.name {
        ObjectPropName::String(text) => text.value.as_ref(),
        ObjectPropName::Word(word) => word.value,
    }
}

/// Where a property's name stands.
pub const fn name_range(property: &ObjectProp<'_>) -> Range {
    match &property.name {
        ObjectPropName::String(text) => text.range,
        ObjectPropName::Word(word) => word.range,
    }
}

/// Text with its `[[` escape undone.
pub fn plain(text: &str) -> &str {
    match classify(text) {
        Text::Plain(text) | Text::Expression(text) => text,
    }
}

fn number_of(text: &str) -> Kind {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).map_or(Kind::Float(f64::MAX), |n| Kind::Int(sign * n));
    }
    let clean: Cow<'_, str> = text.into();
    clean.parse::<i64>().map_or_else(|_| Kind::Float(clean.parse().unwrap_or(f64::MAX)), Kind::Int)
}
