use super::FileId;

/// How a front end reads a further file: a module, a parameter file, `loadTextContent`.
///
/// The implementation (room `source`) keeps within the scanned root, follows no link out of it and knows size limits.
pub trait Loader: Send + Sync {
    /// The text file at `path`, relative to the folder of `from`. The same path gives the same number again.
    ///
    /// # Errors
    /// See [`LoadError`].
    fn load(&self, from: FileId, path: &str) -> Result<FileId, LoadError>;

    /// The bytes of a file, for `loadFileAsBase64`.
    ///
    /// # Errors
    /// See [`LoadError`].
    fn load_bytes(&self, from: FileId, path: &str) -> Result<Vec<u8>, LoadError>;

    /// The names of the files right in the folder at `path`, relative to the folder of `from`, in order; no links, no folders.
    ///
    /// # Errors
    /// See [`LoadError`]; a loader without folders finds none.
    fn list(&self, _from: FileId, path: &str) -> Result<Vec<String>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }

    /// A registry module (`br:registry/path:version`) as compiled JSON, out of the local caches. Never the network.
    ///
    /// # Errors
    /// [`LoadError::NotFound`] where no cache has it.
    fn load_module(&self, reference: &str) -> Result<FileId, LoadError>;
}

/// No further file is there: for texts that stand alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLoader;

impl Loader for NoLoader {
    fn load(&self, _from: FileId, path: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }

    fn load_bytes(&self, _from: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The user named a file that does not exist.
    #[error("`{0}` does not exist; correct the path, or add the file")]
    NotFound(String),
    /// Absolute, or leads out of the scanned root and its repository by `..` or a link: refused.
    #[error(
        "`{0}` leads out of the scanned folder, so azward does not read it; keep the file inside and name it by a relative path, or scan the \
         folder that holds both"
    )]
    Outside(String),
    /// Larger than the limit.
    #[error("`{path}` is larger than {limit} bytes; split it")]
    TooLarge {
        /// The file.
        path: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// Not UTF-8 (nor UTF-16 with a byte-order mark).
    #[error("`{0}` is not text in UTF-8; save it as UTF-8")]
    NotText(String),
    /// The operating system refused.
    #[error("`{path}` cannot be read: {message}")]
    Io {
        /// The file.
        path: String,
        /// What the operating system said.
        message: String,
    },
}
