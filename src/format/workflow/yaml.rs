//! YAML to values, each with its own place.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::model::{FileId, Kind, Object, Span, Value};

/// Deepest nesting, and most values: an alias repeats what it names.
const MAX_DEPTH: usize = 64;
const MAX_VALUES: usize = 200_000;

/// Why a text is no usable YAML, and the byte at which that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct YamlError {
    /// Byte in the text.
    pub at: u32,
    /// What is wrong, for people.
    pub message: String,
}

/// The first document of `text`, which is `file`.
///
/// # Errors
/// What is wrong and where: broken syntax, nesting too deep, too many values.
pub fn read(file: FileId, text: &str) -> Result<Value, YamlError> {
    let (text, mark) = text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, '\u{feff}'.len_utf8()));
    let mut reader = Reader { file, places: Places::new(text, mark), stack: Vec::new(), anchors: HashMap::new(), count: 0 };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let message = format!("not YAML: {} (line {}, column {})", error.info(), marker.line(), marker.col() + 1);
            YamlError { at: reader.places.byte(marker), message }
        })?;
        let place = Span::new(file, reader.places.byte(&span.start), reader.places.byte(&span.end));
        if let Some(root) = reader.event(event, place)? {
            return Ok(root);
        }
    }
    Ok(Value::at(Kind::Null, Span::new(file, 0, 0)))
}

/// From lines and columns in characters to bytes.
struct Places<'a> {
    lines: Vec<(usize, &'a str)>,
    /// Bytes before the text: a byte-order mark.
    before: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str, before: usize) -> Self {
        let mut at = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len();
            (start, line)
        });
        Self { lines: lines.collect(), before }
    }

    fn byte(&self, marker: &Marker) -> u32 {
        let end = self.lines.last().map_or(0, |(start, line)| start + line.len());
        let at = self.lines.get(marker.line().saturating_sub(1)).map_or(end, |(start, line)| {
            let column = if line.is_ascii() {
                marker.col().min(line.len())
            } else {
                line.char_indices().nth(marker.col()).map_or(line.len(), |(at, _)| at)
            };
            start + column
        });
        u32::try_from(at + self.before).unwrap_or(u32::MAX)
    }
}

enum Open {
    List(Vec<Value>),
    Map(Object, Option<(Arc<str>, Span)>),
}

/// A list or map that is not closed yet: what it holds, where it starts, its anchor, and how many values came before.
struct Level {
    open: Open,
    start: Span,
    anchor: usize,
    before: usize,
}

struct Reader<'a> {
    file: FileId,
    places: Places<'a>,
    stack: Vec<Level>,
    anchors: HashMap<usize, (Value, usize)>,
    count: usize,
}

impl Reader<'_> {
    /// Takes one event; the root once it is whole.
    fn event(&mut self, event: Event<'_>, place: Span) -> Result<Option<Value>, YamlError> {
        let fail = |message: String| YamlError { at: place.start, message };
        let (done, anchor, size) = match event {
            Event::Scalar(text, style, anchor, _) => (scalar(&text, style, place), anchor, 1),
            Event::Alias(anchor) => {
                let found = self.anchors.get(&anchor).cloned();
                let (value, size) = found.ok_or_else(|| fail("an alias names nothing".to_owned()))?;
                (value.used_at(place), 0, size)
            }
            Event::SequenceStart(anchor, _) => return self.open(Open::List(Vec::new()), anchor, place).map(|()| None),
            Event::MappingStart(anchor, _) => return self.open(Open::Map(Object::new(), None), anchor, place).map(|()| None),
            Event::SequenceEnd | Event::MappingEnd => {
                let level = self.stack.pop().ok_or_else(|| fail("an end without a start".to_owned()))?;
                let kind = match level.open {
                    Open::List(items) => Kind::Array(Arc::new(items)),
                    Open::Map(object, _) => Kind::Object(Arc::new(object)),
                };
                let span = Span::new(self.file, level.start.start, place.end.max(level.start.start));
                (Value::at(kind, span), level.anchor, self.count.saturating_sub(level.before))
            }
            _ => return Ok(None),
        };
        self.count = self.count.saturating_add(size);
        if self.count > MAX_VALUES {
            return Err(fail(format!("more than {MAX_VALUES} values, aliases expanded")));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (done.clone(), size));
        }
        let Some(level) = self.stack.last_mut() else { return Ok(Some(done)) };
        match &mut level.open {
            Open::List(items) => items.push(done),
            Open::Map(object, key) => match key.take() {
                Some((key, span)) => object.insert(key, span, done),
                None => *key = Some((done.as_str().map_or_else(|| done.to_json().to_string().into(), Into::into), place)),
            },
        }
        Ok(None)
    }

    fn open(&mut self, open: Open, anchor: usize, start: Span) -> Result<(), YamlError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(YamlError { at: start.start, message: format!("nested deeper than {MAX_DEPTH} levels") });
        }
        self.stack.push(Level { open, start, anchor, before: self.count });
        Ok(())
    }
}

/// A plain scalar by the core schema (so `on` is text); a quoted one is text.
fn scalar(text: &str, style: ScalarStyle, place: Span) -> Value {
    let kind = match text {
        _ if style != ScalarStyle::Plain => Kind::Str(text.into()),
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ => text.parse().map_or_else(|_| Kind::Str(text.into()), Kind::Int),
    };
    Value::at(kind, place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Files;

    #[test]
    fn every_value_has_its_place_after_a_mark_and_letters_of_several_bytes() {
        let text = "\u{feff}é: ü\r\non:\r\n  push: [main, 'x']\r\n";
        let files = Files::new();
        let file = files.add("a.yml", text);
        let value = read(file, text).unwrap();
        let branch = value.path("on.push").and_then(|list| list.as_array()?.get(1)).unwrap();
        assert_eq!(files.text(branch.span()), "'x'");
        assert_eq!(files.text(value.get("é").unwrap().span()), "ü");
        assert_eq!(files.text(value.as_object().unwrap().field("on").unwrap().key_span), "on");
    }

    #[test]
    fn aliases_cannot_explode_and_errors_say_where() {
        let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{},", level - 1).repeat(10);
            text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        assert!(read(FileId::NONE, &text).unwrap_err().message.contains("aliases"));
        assert!(read(FileId::NONE, &"[".repeat(1000)).is_err());
        let error = read(FileId::NONE, "a: 1\nb: [1, 2\n").unwrap_err();
        assert!(error.at >= 5, "{error:?}");
    }
}
