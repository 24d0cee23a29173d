use std::sync::Arc;

use super::outcome::Outcome;
use super::scene::{Item, ItemAt, Scene};
use super::scope::value_of;
use super::select::{Spot, path_of, select};
use crate::model::{Evidence, Shape, Value, Why};
use crate::policy::condition::{Condition, Count, CountOf, FieldRef};
use crate::policy::truth::Truth;

/// How many items there are, and what decided it.
pub(super) struct Counted {
    /// A number; unknown, with the numbers that it may be, where some item cannot be judged.
    pub number: Value,
    /// The leaves of the items that were counted.
    pub outcome: Outcome,
    /// The first item that was counted, or else the list.
    pub pointer: String,
    /// The first items that were counted.
    pub items: Vec<Value>,
}

/// Ranges wider than this are only "unknown".
const WIDEST: i64 = 64;

pub(super) fn count(count: &Count, scene: &Scene<'_>) -> Counted {
    let condition = count.condition.as_ref();
    match &count.of {
        CountOf::Field(field) => over_field(field, condition, scene),
        CountOf::Value { items, name } => over_value(&value_of(items, scene), name.as_ref(), condition, scene),
    }
}

#[derive(Default)]
struct Tally {
    sure: i64,
    maybe: i64,
    why: Option<Why>,
    evidence: Vec<Evidence>,
    first: Option<(String, Value)>,
    items: Vec<Value>,
}

impl Tally {
    fn add(&mut self, pointer: &str, item: &Value, outcome: Outcome) {
        match outcome.truth {
            Truth::False => return,
            Truth::True => self.sure += 1,
            Truth::Unknown(why) => {
                self.maybe += 1;
                self.why.get_or_insert(why);
            }
        }
        if self.first.is_none() {
            self.first = Some((pointer.to_owned(), item.clone()));
        }
        if self.items.len() < Outcome::MOST {
            self.items.push(item.clone());
        }
        let room = Outcome::MOST.saturating_sub(self.evidence.len());
        self.evidence.extend(outcome.evidence.into_iter().take(room));
    }

    fn finish(self, list: String, endless: Option<Why>) -> Counted {
        let place = self.first.as_ref().map(|(_, item)| item.provenance.clone()).unwrap_or_default();
        let number = match (endless.or(self.why), self.maybe) {
            (None, _) => Value::from(self.sure),
            (Some(why), 1..=WIDEST) => {
                let choices: Vec<Value> = (self.sure..=self.sure + self.maybe).map(Value::from).collect();
                Value::unknown_shaped(why, Shape::OneOf(choices.into()))
            }
            (Some(why), _) => Value::unknown_shaped(why, Shape::Type("int")),
        };
        let pointer = self.first.map_or(list, |(pointer, _)| pointer);
        let outcome = Outcome { truth: Truth::True, evidence: self.evidence };
        Counted { number: number.with_provenance(place), outcome, pointer, items: self.items }
    }
}

fn over_field(field: &FieldRef, condition: Option<&Condition>, scene: &Scene<'_>) -> Counted {
    let computed;
    let field = match field {
        FieldRef::Computed(operand) => {
            let name = value_of(operand, scene);
            let Some(text) = name.as_str() else {
                let why =
                    name.as_unknown().map_or_else(|| Why::Error("the name of a field must be text".into()), |unknown| unknown.why.clone());
                return Tally::default().finish(String::new(), Some(why));
            };
            computed = FieldRef::named(text, scene.frame.aliases);
            &computed
        }
        field => field,
    };
    let selection = select(field, scene);
    let mut tally = Tally::default();
    let endless = selection.blind.as_ref().map(|(_, value)| match value.as_unknown() {
        Some(unknown) => unknown.why.clone(),
        None => Why::Runtime("a secret".into()),
    });
    let list = selection.blind.map(|(pointer, _)| pointer).or(selection.missing).unwrap_or_default();
    let Some(path) = path_of(field, scene) else { return tally.finish(list, endless) };
    for Spot { pointer, value, indices } in selection.spots {
        let Some(value) = value else { continue };
        let item = Item { outer: scene.item, value: value.clone(), at: ItemAt::Field { path: path.clone(), indices } };
        tally.add(&pointer, &value, judge(condition, &scene.on(&item)));
    }
    tally.finish(list, endless)
}

fn over_value(list: &Value, name: Option<&Arc<str>>, condition: Option<&Condition>, scene: &Scene<'_>) -> Counted {
    let mut tally = Tally::default();
    if let Some(unknown) = list.as_unknown() {
        return tally.finish(String::new(), Some(unknown.why.clone()));
    }
    for value in list.as_array().unwrap_or_default() {
        let item = Item { outer: scene.item, value: value.clone(), at: ItemAt::Value { name: name.cloned() } };
        tally.add("", value, judge(condition, &scene.on(&item)));
    }
    tally.finish(String::new(), None)
}

fn judge(condition: Option<&Condition>, scene: &Scene<'_>) -> Outcome {
    condition.map_or_else(|| Outcome::new(Truth::True), |condition| condition.evaluate(scene))
}
