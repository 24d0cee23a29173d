//! Bicep against Microsoft's compiler: tokens, syntax, lowering, evaluation, spans.

mod baseline;
mod disk;
mod evaluation;
mod findings;
mod invalid;
mod lowering;
mod parse;
mod spans;
