//! Live subscriptions, against an Azure of our own on loopback.
#![cfg(feature = "azure")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "tests"
)]

#[path = "live/bad_input.rs"]
mod bad_input;
#[path = "live/bad_input_command.rs"]
mod bad_input_command;
#[path = "live/clouds.rs"]
mod clouds;
#[path = "live/command.rs"]
mod command;
#[path = "live/demo.rs"]
mod demo;
#[path = "live/doctor.rs"]
mod doctor;
#[path = "live/drift.rs"]
mod drift;
mod fake_azure;
#[path = "live/faults.rs"]
mod faults;
#[path = "live/harness.rs"]
mod harness;
#[path = "live/inline.rs"]
mod inline;
#[path = "live/kinds.rs"]
mod kinds;
#[path = "live/proxy.rs"]
mod proxy;
#[path = "live/read_only.rs"]
mod read_only;
#[path = "live/report.rs"]
mod report;
#[path = "live/scale.rs"]
mod scale;
#[path = "live/scope.rs"]
mod scope;
#[path = "live/sign_in.rs"]
mod sign_in;
#[path = "live/sign_in_command.rs"]
mod sign_in_command;
#[path = "live/snapshots.rs"]
mod snapshots;
