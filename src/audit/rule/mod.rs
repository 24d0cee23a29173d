//! Event rules: the file, the built-in set, and the compiled form.

mod builtin;
mod compile;
mod file;
mod gate;
pub(super) mod yaml;

pub use builtin::builtin;
pub use compile::{Compiled, Following, Relation, compile};
pub use file::{CountWindow, Example, Examples, Parameter, Rule, RuleError, Unless, Window};
