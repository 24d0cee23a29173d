//! Where logs come from: files, folders in Azure's `y=/m=/d=/h=/m=` layout, archives, stdin, and readers that others bring (blobs).

mod archive;
mod channel;
mod folder;
mod partition;

use std::io::{self, Read};
use std::path::PathBuf;

use crate::model::{Entry, EntryKind, State};

use super::time::Moment;

pub use channel::{ChannelReader, Sender, channel};
pub use folder::collect;
pub use partition::{hour_of, in_range};

/// Opens a log for reading, once.
pub type Opener = Box<dyn FnOnce() -> io::Result<Box<dyn Read + Send>> + Send>;

/// One log to read.
pub struct Input {
    /// Path or address as people know it.
    pub name: String,
    /// What it belongs to: the archive of a workflow run, or the log itself.
    pub run: String,
    /// The hour that its folder promises (`y=…/m=…/d=…/h=…`).
    pub hour: Option<Moment>,
    /// Opens it.
    pub open: Opener,
    /// The file on disk, to see afterwards whether it was rotated meanwhile.
    pub file: Option<PathBuf>,
}

impl Input {
    /// A log that `open` opens.
    pub fn new(name: impl Into<String>, open: Opener) -> Self {
        let name = name.into();
        Self { run: name.clone(), hour: hour_of(&name), name, open, file: None }
    }

    /// The process's standard input.
    pub fn stdin() -> Self {
        Self::new("(stdin)", Box::new(|| Ok(Box::new(io::stdin()))))
    }

    /// A text that is at hand already.
    pub fn text(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        let text = text.into();
        Self::new(name, Box::new(move || Ok(Box::new(io::Cursor::new(text)))))
    }
}

/// What was found under the given paths.
#[derive(Default)]
pub struct Collected {
    /// The logs, sorted by name.
    pub inputs: Vec<Input>,
    /// What was left out, and what cannot be read.
    pub entries: Vec<Entry>,
}

impl Collected {
    fn skip(&mut self, name: &str, why: impl Into<String>) {
        self.entries.push(entry(name, State::Skipped(why.into())));
    }

    fn unreadable(&mut self, name: &str, why: impl Into<String>) {
        self.entries.push(entry(name, State::Unreadable(why.into())));
    }
}

fn entry(name: &str, state: State) -> Entry {
    Entry { subject: name.to_owned(), kind: EntryKind::Log, format: "log".into(), state }
}
