use serde_json::Value;

use super::condition::{Field, Invalid, Origin};
use super::group::Group;
use crate::log::Event;

/// A sentence with placeholders: fields of the event, parameters, and what the group knows (`{count}`, `{first}`, `{last}`, `{identities}`, `{addresses}`, `{detail}`).
#[derive(Clone, Debug)]
pub struct Message(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Field(Field),
    Count,
    First,
    Last,
    Identities,
    Addresses,
    Detail,
}

impl Message {
    /// Reads a template.
    pub fn parse(template: &str, parameter: &dyn Fn(&str) -> Option<Value>) -> Result<Self, Invalid> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or_else(|| Invalid::Shape(format!("message `{template}`")))?;
            parts.push(Part::Text(before.to_owned()));
            parts.push(match name {
                "count" => Part::Count,
                "first" => Part::First,
                "last" => Part::Last,
                "identities" => Part::Identities,
                "addresses" => Part::Addresses,
                "detail" => Part::Detail,
                _ => match (Field::named(name), parameter(name)) {
                    (Some(field), _) => Part::Field(field),
                    (None, Some(Value::String(text))) => Part::Text(text),
                    (None, Some(value)) => Part::Text(value.to_string()),
                    (None, None) => return Err(Invalid::UnknownField(name.to_owned())),
                },
            });
            rest = tail;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    /// What the sentence needs of an event, captured while the event is there.
    pub fn capture(&self, event: &Event<'_>, origin: Origin<'_>) -> Vec<String> {
        let fields = self.0.iter().filter_map(|part| if let Part::Field(field) = part { Some(field) } else { None });
        fields.map(|field| cut(&super::condition::text(field, event, origin))).collect()
    }

    /// Which captured texts name a user or an address, for redaction.
    pub fn personal(&self) -> Vec<bool> {
        let fields = self.0.iter().filter_map(|part| if let Part::Field(field) = part { Some(field) } else { None });
        fields.map(super::redact::is_personal).collect()
    }

    /// The sentence for a group.
    pub fn fill(&self, group: &Group, detail: &str) -> String {
        let mut captured = group.captured.iter();
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(plain) => text.push_str(plain),
                Part::Field(_) => text.push_str(captured.next().filter(|text| !text.is_empty()).map_or("(unknown)", String::as_str)),
                Part::Count => text.push_str(&group.count.to_string()),
                Part::First => text.push_str(&group.first.time.map_or_else(|| "(no time)".into(), |time| time.to_string())),
                Part::Last => text.push_str(&group.last.time.map_or_else(|| "(no time)".into(), |time| time.to_string())),
                Part::Identities => text.push_str(&group.identities.join()),
                Part::Addresses => text.push_str(&group.addresses.join()),
                Part::Detail => text.push_str(detail),
            }
        }
        text
    }
}

/// Longest text that a message repeats of an event, in characters: a log may hold anything.
const LIMIT: usize = 200;

fn cut(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut cut: String = printable.clone().take(LIMIT).collect();
    if printable.count() > LIMIT {
        cut.push('…');
    }
    cut
}
