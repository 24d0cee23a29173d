//! YAML to JSON, as far as fixtures use it: no anchors, first document alone.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

pub fn parse(text: &str) -> Value {
    let mut parser = Parser::new_from_str(text);
    let mut next = move || parser.next_event().map(|event| event.expect("fixtures are YAML").0);
    loop {
        match next() {
            Some(Event::StreamStart | Event::DocumentStart(_)) => {}
            Some(event) => return value(event, &mut next),
            None => return Value::Null,
        }
    }
}

fn value<'e>(event: Event<'e>, next: &mut impl FnMut() -> Option<Event<'e>>) -> Value {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) => plain(&text),
        Event::Scalar(text, ..) => Value::from(text.to_string()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next().expect("a list ends") {
                    Event::SequenceEnd => return Value::Array(items),
                    event => items.push(value(event, next)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut fields = Map::new();
            loop {
                match next().expect("a map ends") {
                    Event::MappingEnd => return Value::Object(fields),
                    Event::Scalar(key, ..) => {
                        let event = next().expect("a key has a value");
                        let previous = fields.insert(key.to_string(), value(event, next));
                        assert!(previous.is_none(), "`{key}` is there twice");
                    }
                    other => panic!("a key is {other:?}"),
                }
            }
        }
        other => panic!("fixtures have no {other:?}"),
    }
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<f64>().map(Value::from)).unwrap_or_else(|_| Value::from(text)),
    }
}
