//! ARM's template expression language: parser, evaluator and function library, shared by templates and policies.
//!
//! - [`classify`] and [`parse_text`] take a JSON string, [`parse`] the text inside its brackets; both make an [`Expr`],
//!   whose `Display` prints ARM text again. Bicep is lowered to the same [`Expr`].
//! - An [`Evaluator`] computes the value. What depends on the surroundings (parameters, resources, user functions) it asks
//!   of a [`Scope`] first; everything else is in [`functions`].
//! - A value that cannot be known is computed with as far as it is known: [`partial`] holds the three-valued logic.

mod access;
mod ast;
mod compare;
mod error;
mod evaluator;
pub mod functions;
mod higher;
mod lambda;
mod lazy;
mod parser;
pub mod partial;
mod print;
#[cfg(test)]
mod properties;
mod scope;
mod size;
#[cfg(test)]
mod tests;
mod text;

pub use access::{item, property};
pub use ast::Expr;
pub use compare::{Truth, equal};
pub use error::{FunctionError, ParseError};
pub use evaluator::{Evaluator, Limits};
pub use lambda::Lambda;
pub use parser::{MAX_DEPTH, parse};
pub use scope::{NoScope, Scope};
pub use size::{MAX_NODES, MAX_TEXT, measure};
pub use text::{Text, classify, parse_text};
