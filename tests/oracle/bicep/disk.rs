//! Reads corpora from disk as the scanner's own loader would: within a root, registry modules from a folder.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use azward::format::{Context, Options};
use azward::model::{FileId, Files, LoadError, Loader};

/// A root on disk and a folder `<path>/<version>/main.json` of registry modules.
pub struct Disk {
    root: PathBuf,
    modules: Option<PathBuf>,
    pub files: Files,
    known: Mutex<HashMap<PathBuf, FileId>>,
}

impl Disk {
    pub fn new(root: &Path, modules: Option<PathBuf>) -> Self {
        Self { root: root.to_owned(), modules, files: Files::new(), known: Mutex::default() }
    }

    pub fn open(&self, path: &Path) -> Result<FileId, LoadError> {
        let mut known = self.known.lock().unwrap();
        if let Some(file) = known.get(path) {
            return Ok(*file);
        }
        let bytes = std::fs::read(path).map_err(|_| LoadError::NotFound(path.display().to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| LoadError::NotText(path.display().to_string()))?;
        let name = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned();
        let file = self.files.add(name, text);
        known.insert(path.to_owned(), file);
        Ok(file)
    }

    fn resolve(&self, from: FileId, path: &str) -> Result<PathBuf, LoadError> {
        let base = PathBuf::from(&*self.files.path(from));
        let mut parts: Vec<_> = base.parent().unwrap_or(Path::new("")).components().map(|part| part.as_os_str().to_owned()).collect();
        for part in Path::new(path).components() {
            match part {
                Component::Normal(name) => parts.push(name.to_owned()),
                Component::ParentDir => {
                    parts.pop().ok_or_else(|| LoadError::Outside(path.to_owned()))?;
                }
                Component::CurDir => {}
                _ => return Err(LoadError::Outside(path.to_owned())),
            }
        }
        Ok(self.root.join(parts.iter().collect::<PathBuf>()))
    }
}

impl Loader for Disk {
    fn load(&self, from: FileId, path: &str) -> Result<FileId, LoadError> {
        self.open(&self.resolve(from, path)?)
    }

    fn load_bytes(&self, from: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        std::fs::read(self.resolve(from, path)?).map_err(|_| LoadError::NotFound(path.to_owned()))
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        let missing = || LoadError::NotFound(reference.to_owned());
        let path = reference.strip_prefix("br:mcr.microsoft.com/bicep/").ok_or_else(missing)?;
        let (path, version) = path.rsplit_once(':').ok_or_else(missing)?;
        self.open(&self.modules.as_ref().ok_or_else(missing)?.join(path).join(version).join("main.json"))
    }
}

/// Runs `inner` with a context over `disk`.
pub fn with_context<T>(disk: &Disk, inner: impl FnOnce(&Context<'_>) -> T) -> T {
    let options = Options::default();
    inner(&Context { files: &disk.files, loader: disk, recognised: &[], options: &options })
}
