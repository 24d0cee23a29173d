//! Where bytes come from: folder walk, git history, stdin, archives and compressed streams.

pub mod archive;
mod decode;
pub mod git;
mod limits;
mod loader;
mod modules;
mod read;
mod walk;

pub use decode::decode_text;
pub use limits::Limits;
pub use loader::RootLoader;
pub use modules::ModuleCaches;
pub use read::{Content, read_file};
pub use walk::{Found, Root, SourceError, Walked, walk};
