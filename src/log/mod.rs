//! Lines to events, one file per log type; streaming, constant memory.

pub mod address;
mod event;
mod fields;
pub mod json;
mod kind;
pub mod read;
mod slot;
pub mod source;
pub mod time;
pub mod tls;
mod types;
mod view;

pub use event::Event;
pub use kind::LogKind;
pub use slot::Slot;
pub use view::Actor;
