//! JSON without trees: one pass over the bytes that keeps only the fields which an [`Event`](super::Event) has a slot for.

mod raw;
mod scan;
mod unescape;

pub(crate) use raw::contains_ignore_case;
pub use raw::{Form, Raw};
pub(crate) use scan::string_end;
pub use scan::{Broken, Cursor, DEPTH_LIMIT};
pub use unescape::unescape;
