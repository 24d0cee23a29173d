//! Bicep: read like Microsoft's compiler reads it, lowered to the representation that the ARM evaluator runs.

pub mod lexer;
pub mod parser;
pub mod token;
pub mod tree;
pub mod walk;
