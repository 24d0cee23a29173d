//! Asks Azure, and only ever asks: one function sends, and it can send a GET or a Resource Graph query.

mod body;
mod error;
mod page;
mod query;
mod retry;
mod send;
mod throttle;

pub use error::{CallError, Failure};
pub use page::Pages;
pub use query::GraphPages;
pub use retry::Patience;
pub use send::{Call, Client, Options, Reply, Stats};
pub use throttle::{Lane, Throttle};
