//! Rules: read from files, indexed by kind, and asked for their judgement.

mod builtin;
mod environment;
mod example;
mod file;
mod judge;
mod message;
mod roles;
mod rule;
mod set;

pub use example::{Example, Expectation};
pub use rule::Rule;
pub(crate) use rule::RuleParts;
pub use set::RuleSet;
