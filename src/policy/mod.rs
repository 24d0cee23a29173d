//! Rule files and the condition language: parse, check, compile, evaluate, test.
//!
//! - [`RuleSet`] holds rules: those that ship with azward, and people's own files.
//! - [`Rule::judge`] says what a rule thinks of one resource in its [`World`] under some [`Settings`].
//! - [`definition::Definition`]s of Azure Policy are read and run by the same evaluator.

mod condition;
pub mod definition;
mod evaluate;
mod rules;
mod settings;
pub mod testing;
pub(crate) mod text;
mod truth;
mod world;

pub use condition::Aliases;
pub use rules::{Example, Expectation, Rule, RuleSet};
pub use settings::{Parameter, ParameterType, SettingProblem, Settings};
pub use text::Problem;
pub use truth::Truth;
pub use world::{Index, World};
