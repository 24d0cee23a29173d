//! The binary as people run it: commands, exit codes, outputs, bad input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

mod bad_input;
mod bicep;
mod bicep_bad_input;
mod bicep_places;
mod contoso;
mod contract;
#[cfg(feature = "azure")]
mod modules;
mod policy;
mod profile;
mod secrets;
mod secrets_archives;
mod secrets_leak;
mod support;
mod workflow;
