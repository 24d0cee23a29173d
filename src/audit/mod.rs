//! Event rules over logs: one pass, constant memory, findings that group repeats, and the register of who read which secret.
//!
//! [`run`] is the entry. Rules are data in `policies/events/`, one file each, with failing and passing streams inside.

mod approvals;
mod condition;
mod coverage;
mod facts;
mod finding;
mod group;
mod message;
mod pass;
pub mod push_down;

mod redact;
mod register;
pub mod rule;
mod run;
mod settings;
mod tally;
mod tapped;
pub mod testing;
mod window;

pub use approvals::approvals;
pub use facts::Facts;
pub use finding::not_auditable;
pub use redact::Redactor;
pub use register::REGISTER_HEADER;
pub use run::{Outcome, run};
pub use settings::{Conceal, Settings, Tap, Tapped};
pub use tally::KindTotals;
