//! Reads corpora from disk with the scanner's own loader: within a root, registry modules from a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use azward::format::{Context, Options};
use azward::model::{FileId, Files, LoadError, Loader};
use azward::source::{Limits, ModuleCaches, Root, RootLoader};

/// A root on disk and a folder `<path>/<version>/main.json` of registry modules.
pub struct Disk {
    root: PathBuf,
    pub files: Arc<Files>,
    loader: RootLoader,
}

impl Disk {
    pub fn new(root: &Path, modules: Option<PathBuf>) -> Self {
        let files = Arc::new(Files::new());
        let root = Root::new(root).unwrap();
        let caches = ModuleCaches { given: modules.into_iter().collect(), own: None, bicep: None };
        let loader = RootLoader::new(root.clone(), Arc::clone(&files), Limits::default(), caches);
        Self { root: root.canonical, files, loader }
    }

    pub fn open(&self, path: &Path) -> Result<FileId, LoadError> {
        let path = path.canonicalize().map_err(|_| LoadError::NotFound(path.display().to_string()))?;
        let relative = path.strip_prefix(&self.root).map_err(|_| LoadError::Outside(path.display().to_string()))?;
        // The loader takes what it does not know to lie at the root.
        self.loader.load(FileId(u32::MAX), &relative.to_string_lossy())
    }
}

/// Runs `inner` with a context over `disk`.
pub fn with_context<T>(disk: &Disk, inner: impl FnOnce(&Context<'_>) -> T) -> T {
    let options = Options::default();
    inner(&context(disk, &options))
}

/// A context over `disk`.
pub fn context<'a>(disk: &'a Disk, options: &'a Options) -> Context<'a> {
    Context { files: &disk.files, loader: &disk.loader, recognised: &[], options }
}
