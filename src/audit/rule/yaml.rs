use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

const DEPTH_LIMIT: usize = 64;

/// Reads one YAML document as plain JSON. Aliases, which rule files do not need, are refused.
///
/// # Errors
/// Says what is wrong and in which line.
pub fn read(text: &str) -> Result<Value, String> {
    let mut stack = Vec::new();
    let mut done = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        let finished = match event {
            Event::Scalar(text, style, ..) => Some(scalar(&text, style == ScalarStyle::Plain)),
            Event::MappingStart(..) => {
                stack.push(Open::Map(Map::new(), None));
                None
            }
            Event::SequenceStart(..) => {
                stack.push(Open::List(Vec::new()));
                None
            }
            Event::MappingEnd | Event::SequenceEnd => match stack.pop() {
                Some(Open::Map(map, _)) => Some(Value::Object(map)),
                Some(Open::List(items)) => Some(Value::Array(items)),
                None => None,
            },
            Event::Alias(_) => return Err(format!("line {}: aliases are not allowed", span.start.line())),
            _ => None,
        };
        if stack.len() > DEPTH_LIMIT {
            return Err(format!("line {}: nested too deep", span.start.line()));
        }
        if let Some(value) = finished {
            place(&mut stack, &mut done, value).map_err(|why| format!("line {}: {why}", span.start.line()))?;
        }
    }
    done.ok_or_else(|| "the document is empty".to_owned())
}

enum Open {
    /// An object, and the key whose value comes next.
    Map(Map<String, Value>, Option<String>),
    List(Vec<Value>),
}

fn place(stack: &mut [Open], done: &mut Option<Value>, value: Value) -> Result<(), String> {
    match stack.last_mut() {
        None if done.is_none() => *done = Some(value),
        None => return Err("more than one document".to_owned()),
        Some(Open::List(items)) => items.push(value),
        Some(Open::Map(map, key)) => match (key.take(), value) {
            (Some(name), value) => {
                if map.insert(name.clone(), value).is_some() {
                    return Err(format!("`{name}` stands twice"));
                }
            }
            (None, Value::String(name)) => *key = Some(name),
            (None, other @ (Value::Number(_) | Value::Bool(_))) => *key = Some(other.to_string()),
            (None, _) => return Err("a key must be a text".to_owned()),
        },
    }
    Ok(())
}

fn scalar(text: &str, plain: bool) -> Value {
    match text {
        _ if !plain => Value::String(text.to_owned()),
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => text.parse::<i64>().map_or_else(|_| Value::String(text.to_owned()), Value::from),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn yaml_becomes_json() {
        let json = read("a: [1, '1', x]\nb: { c: true, d: null }\ne: |\n  two\n  lines\n").expect("valid");
        assert_eq!(json, serde_json::json!({"a": [1, "1", "x"], "b": {"c": true, "d": null}, "e": "two\nlines\n"}));
        for text in ["", "a: 1\na: 2", "a: *x", "{a: [", "a: &x 1\nb: *x"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"[".repeat(1000)).is_err());
    }
}
