//! ARM templates: JSON to resources.

pub mod ir;
pub mod read;
