use serde::{Deserialize, Serialize};

/// A point in a text: line and column count from 1, columns in UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
}

/// Where a finding stands. Owned, so that findings can be saved, merged and compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Place {
    /// A range of a file; `path` is relative to the scanned root, with forward slashes.
    File {
        /// Relative path with forward slashes.
        path: String,
        /// First character.
        start: Position,
        /// One past the last character.
        end: Position,
    },
    /// A live resource, by its ARM id.
    Resource {
        /// Full ARM id.
        id: String,
    },
    /// One record of a log.
    LogLine {
        /// Path of the log as given.
        path: String,
        /// Line, from 1.
        line: u64,
        /// Offset of the line's first byte in the uncompressed stream.
        byte: u64,
    },
}

impl Place {
    /// The path, or the ARM id, that people look for.
    pub fn path(&self) -> &str {
        match self {
            Self::File { path, .. } | Self::LogLine { path, .. } => path,
            Self::Resource { id } => id,
        }
    }

    /// The line, where the place has one.
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::File { start, .. } => Some(u64::from(start.line)),
            Self::LogLine { line, .. } => Some(*line),
            Self::Resource { .. } => None,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { path, start, .. } => write!(f, "{path}:{}:{}", start.line, start.column),
            Self::Resource { id } => f.write_str(id),
            Self::LogLine { path, line, .. } => write!(f, "{path}:{line}"),
        }
    }
}
