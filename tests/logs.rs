//! Logs from end to end: every event rule's own streams, damaged input, missing input, a day with planted violations.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "logs/damage.rs"]
mod damage;
#[path = "logs/day.rs"]
mod day;
#[path = "logs/limits.rs"]
mod limits;
#[path = "logs/page.rs"]
mod page;
#[path = "logs/planted.rs"]
mod planted;
#[path = "logs/rules.rs"]
mod rules;
#[path = "logs/support.rs"]
mod support;
#[path = "logs/targets.rs"]
mod targets;
#[cfg(feature = "azure")]
#[path = "logs/workspace.rs"]
mod workspace;
