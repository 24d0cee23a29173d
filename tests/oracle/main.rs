//! Conformance against public corpora that stay outside the project.
//!
//! The corpora are found through `AZWARD_CORPORA`, by default `../shared/corpora`. Where they are not, every test here
//! says that it was skipped. Each prints its scores as `score NAME: VALUE (floor F)`; the floors are committed in
//! `floors.toml`, and a score below its floor fails.
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

#[allow(dead_code, reason = "not every corpus test needs every helper")]
mod support;

mod arm;
mod bicep;
mod functions;
mod live;
mod logs;
mod policy;
mod secrets;
mod spec;
