//! Data languages that several front ends read: text to values, each with its own place.

mod json;

pub use json::{DataError, json};
