use std::fs::File;
use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;

/// The bytes of a file: read into memory when small, mapped when large.
pub enum Content {
    /// In memory.
    Owned(Vec<u8>),
    /// Mapped: pages come and go with the system's memory.
    Mapped(memmap2::Mmap),
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Mapped(map) => map,
        }
    }
}

/// Up to this size reading beats mapping.
const MAP_FROM: u64 = 1024 * 1024;

/// The bytes of a regular file.
///
/// # Errors
/// What the operating system says; anything but a regular file is [`io::ErrorKind::InvalidInput`].
pub fn read_file(path: &Path) -> io::Result<Content> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    if metadata.len() >= MAP_FROM {
        // A file that shrinks while it is mapped ends the process with SIGBUS; ripgrep takes the same risk for the same speed.
        #[expect(unsafe_code, reason = "mapping a file is the only way to read gigabytes in constant memory")]
        let map = unsafe { memmap2::Mmap::map(&file) };
        if let Ok(map) = map {
            return Ok(Content::Mapped(map));
        }
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    file.read_to_end(&mut bytes)?;
    Ok(Content::Owned(bytes))
}
