//! YAML to a value, for `loadYamlContent`.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::model::{Kind, Object, Value};

/// Deepest nesting, and most values: an alias repeats what it names.
const MAX_DEPTH: usize = 64;
const MAX_VALUES: usize = 200_000;

/// The first document of `text`.
///
/// # Errors
/// What is wrong, for people.
pub fn value(text: &str) -> Result<Value, String> {
    let mut stack: Vec<(Open, usize)> = Vec::new();
    let mut anchors: HashMap<usize, (Value, usize)> = HashMap::new();
    let mut count = 0usize;
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        let (done, anchor, size) = match event {
            Event::Scalar(text, style, anchor, _) => (scalar(&text, style), anchor, 1),
            Event::Alias(anchor) => {
                let (value, size) = anchors.get(&anchor).cloned().ok_or("an alias names nothing")?;
                (value, 0, size)
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) if stack.len() >= MAX_DEPTH => {
                return Err(format!("nested deeper than {MAX_DEPTH} levels (anchor {anchor})"));
            }
            Event::SequenceStart(anchor, _) => {
                stack.push((Open::List(Vec::new(), count), anchor));
                continue;
            }
            Event::MappingStart(anchor, _) => {
                stack.push((Open::Map(Object::new(), None, count), anchor));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (open, anchor) = stack.pop().ok_or("an end without a start")?;
                let (value, before) = open.close();
                (value, anchor, count.saturating_sub(before))
            }
            Event::DocumentEnd => return Ok(Value::null()),
            _ => continue,
        };
        count = count.saturating_add(size);
        if count > MAX_VALUES {
            return Err(format!("more than {MAX_VALUES} values"));
        }
        if anchor > 0 {
            anchors.insert(anchor, (done.clone(), size));
        }
        match stack.last_mut() {
            Some((open, _)) => open.add(done),
            None => return Ok(done),
        }
    }
    Ok(Value::null())
}

enum Open {
    List(Vec<Value>, usize),
    Map(Object, Option<Arc<str>>, usize),
}

impl Open {
    fn add(&mut self, value: Value) {
        match self {
            Self::List(items, _) => items.push(value),
            Self::Map(object, key, _) => match key.take() {
                Some(key) => object.set(key, value),
                None => *key = Some(value.as_str().map_or_else(|| value.to_json().to_string().into(), Into::into)),
            },
        }
    }

    fn close(self) -> (Value, usize) {
        match self {
            Self::List(items, before) => (Value::array(items), before),
            Self::Map(object, _, before) => (Value::object(object), before),
        }
    }
}

/// A plain scalar by the core schema; a quoted one is text.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::str(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::null(),
        "true" | "True" | "TRUE" => Value::from(true),
        "false" | "False" | "FALSE" => Value::from(false),
        _ => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(number), _) => Value::from(number),
            (_, Ok(number)) if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => Value::new(Kind::Float(number)),
            _ => Value::str(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_become_values() {
        let read = value("a: 1\nb: [x, 'y', true, ~, 1.5]\nc: &d {e: f}\ng: *d\n").expect("is YAML");
        assert_eq!(read.to_json().to_string(), r#"{"a":1,"b":["x","y",true,null,1.5],"c":{"e":"f"},"g":{"e":"f"}}"#);
    }

    #[test]
    fn aliases_cannot_explode() {
        let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{},", level - 1).repeat(10);
            text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        assert!(value(&text).is_err());
        assert!(value(&"[".repeat(1000)).is_err());
    }
}
