//! Azure Policy definitions: `policyRule.if` says what is wrong, and the same evaluator runs it.
//! <https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-basics>

mod kinds;
mod read;
mod rule;
mod run;

pub use read::Definition;
pub use run::{Context, Match};

#[cfg(test)]
mod tests;
