//! YAML to plain JSON values, for detector files: no aliases, no tags, shallow.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// Deepest nesting of a detector file.
const DEPTH: usize = 16;

enum Open {
    List(Vec<Value>),
    Map(Map<String, Value>, Option<String>),
}

/// The first document of `text`.
///
/// # Errors
/// A sentence with the line, where the text is not YAML, nested too deeply, or uses aliases.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut stack: Vec<Open> = Vec::new();
    let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| format!("line {}: {}", error.marker().line(), error.info()))?;
        let line = span.start.line();
        let complete = match event {
            Event::Scalar(text, style, _, _) => scalar(&text, style),
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if stack.len() >= DEPTH {
                    return Err(format!("line {line}: nested deeper than {DEPTH} levels"));
                }
                stack.push(if matches!(event, Event::SequenceStart(..)) { Open::List(Vec::new()) } else { Open::Map(Map::new(), None) });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(Open::List(items)) => Value::Array(items),
                Some(Open::Map(fields, _)) => Value::Object(fields),
                None => continue,
            },
            Event::Alias(_) => return Err(format!("line {line}: aliases are not allowed here")),
            Event::DocumentEnd => break,
            _ => continue,
        };
        match stack.last_mut() {
            None => return Ok(complete),
            Some(Open::List(items)) => items.push(complete),
            Some(Open::Map(fields, key)) => match key.take() {
                Some(key) => {
                    if fields.insert(key.clone(), complete).is_some() {
                        return Err(format!("line {line}: the key `{key}` is here twice"));
                    }
                }
                None => *key = Some(complete.as_str().map_or_else(|| complete.to_string(), str::to_owned)),
            },
        }
    }
    Ok(Value::Null)
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => {
            if let Ok(whole) = text.parse::<i64>() {
                return Value::from(whole);
            }
            let numeric = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || c == '.');
            match text.parse::<f64>() {
                Ok(float) if numeric => Value::from(float),
                _ => Value::from(text),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_detector_files_are_made_of() {
        let value = parse("a: [x, 'y', 3, 2.5]\nb:\n  - id: z\n    on: true\n").unwrap();
        assert_eq!(value.to_string(), r#"{"a":["x","y",3,2.5],"b":[{"id":"z","on":true}]}"#);
    }

    #[test]
    fn refuses_aliases_depth_and_doubles() {
        assert!(parse("a: &x 1\nb: *x\n").is_err());
        assert!(parse(&"[".repeat(100)).is_err());
        assert!(parse("a: 1\na: 2\n").unwrap_err().contains("twice"));
    }
}
