//! Bicep: read like Microsoft's compiler reads it, lowered to the representation that the ARM evaluator runs.

mod aliases;
mod cache;
pub mod compiler;
mod format;
pub mod lexer;
pub mod lower;
mod pairing;
pub mod parser;
mod registry;
pub mod source;
mod strings;
pub mod token;
pub mod tree;
pub mod walk;
mod yaml;

pub use format::Bicep;
pub use registry::{Reference, references};
