//! Bytes to events: decompress, cut into pieces at line ends, find the records of a piece.

mod decode;
mod document;
mod feed;
mod lines;
mod probe;
mod records;

pub use decode::decode;
pub use document::{Documents, Found};
pub use feed::{Batch, Ending, Feed, Item, Log, Work};
pub use lines::{Lines, Piece};
pub use probe::{Layout, probe};
pub use records::{Fault, for_each_event, for_each_in_record};

/// Longest record that is read, in bytes; a longer one is counted and passed over without being held.
pub const RECORD_LIMIT: usize = 8 << 20;

/// Size of the pieces that are worked on at once, in bytes.
pub const PIECE: usize = 1 << 20;

/// How much of a log is looked at to find its layout, in bytes.
pub const HEAD: usize = 64 << 10;
