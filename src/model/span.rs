use serde::{Deserialize, Serialize};

/// A file of this run: an index into [`super::Files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub u32);

impl FileId {
    /// No file: values that were computed, or that came from a live resource.
    pub const NONE: Self = Self(u32::MAX);
}

/// A half-open range of bytes in one file. Lines and columns are computed late, by [`super::Files::place`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// The file that the bytes belong to.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The place of a value that no file holds.
    pub const NONE: Self = Self { file: FileId::NONE, start: 0, end: 0 };

    /// The bytes `start..end` of `file`.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// Whether this is [`Span::NONE`], or any other span without a file.
    pub const fn is_none(self) -> bool {
        self.file.0 == FileId::NONE.0
    }

    /// This span, or `other` where this one has no file.
    pub const fn or(self, other: Self) -> Self {
        if self.is_none() { other } else { self }
    }
}

impl Default for Span {
    fn default() -> Self {
        Self::NONE
    }
}
