//! azward: a policy-as-code compliance and audit scanner for Azure.
//!
//! The rooms and their doors are drawn in `docs/ARCHITECTURE.md`; `tests/architecture.rs` keeps them.

pub mod audit;
pub mod azure;
pub mod cli;
pub mod engine;
pub mod expression;
pub mod format;
pub mod log;
pub mod model;
pub mod policy;
pub mod report;
pub mod secret;
pub mod source;
pub mod spec;
