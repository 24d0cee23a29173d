//! Conditions over events: Azure Policy's `if` grammar, compiled once and evaluated on borrowed fields.
//!
//! It is the language of resource rules without functions and counts. Events come by the million, so none becomes a tree of values.

mod approval;
mod deploy_window;
mod field;
mod glob;
mod parse;
mod test;

use std::borrow::Cow;

use crate::log::Event;

pub use approval::Approval;
pub use field::Field;
pub use glob::Glob;
pub(super) use parse::named;
pub use parse::{Invalid, parse};
pub use test::Test;

/// Where an event was read, as far as conditions and groups ask.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The log's path.
    pub file: &'a str,
    /// The run that it belongs to.
    pub run: &'a str,
}

/// A compiled condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A field passes a test.
    Leaf(Field, Test),
}

impl Condition {
    /// Whether it holds for this event.
    pub fn holds(&self, event: &Event<'_>, origin: Origin<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(event, origin)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(event, origin)),
            Self::Not(part) => !part.holds(event, origin),
            Self::Leaf(field, test) => test.passes(field, event, origin),
        }
    }
}

/// The text of a field, for groups and messages.
pub fn text<'e>(field: &'e Field, event: &'e Event<'_>, origin: Origin<'e>) -> Cow<'e, str> {
    field.text(event, origin).unwrap_or(Cow::Borrowed(""))
}
