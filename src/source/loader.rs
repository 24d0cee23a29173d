use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::{Limits, ModuleCaches, Root, decode_text};
use crate::model::{FileId, Files, LoadError, Loader};

/// Most files of a folder that is listed.
const MAX_LISTED: usize = 10_000;

/// Reads further files for front ends, and never one outside the root.
pub struct RootLoader {
    root: Root,
    files: Arc<Files>,
    limits: Limits,
    caches: ModuleCaches,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    by_path: HashMap<PathBuf, FileId>,
    by_id: HashMap<FileId, PathBuf>,
}

impl RootLoader {
    /// A loader for one root that adds what it reads to `files`.
    pub fn new(root: Root, files: Arc<Files>, limits: Limits, caches: ModuleCaches) -> Self {
        Self { root, files, limits, caches, known: Mutex::default() }
    }

    /// Tells the loader where a file that was read already lies, so that its neighbours can be found.
    pub fn remember(&self, id: FileId, absolute: &Path) {
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.by_path.insert(absolute.to_path_buf(), id);
        known.by_id.insert(id, absolute.to_path_buf());
    }

    /// Where a file lies on this machine.
    pub fn absolute(&self, id: FileId) -> Option<PathBuf> {
        let known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.by_id.get(&id).cloned()
    }

    /// `path` relative to the folder of `from`, within reach, links resolved.
    fn resolve(&self, from: FileId, path: &str) -> Result<PathBuf, LoadError> {
        let outside = || LoadError::Outside(path.to_owned());
        let written = Path::new(path);
        if written.is_absolute() || path.starts_with(['/', '\\']) || path.contains('\0') {
            return Err(outside());
        }
        let base = self.absolute(from).and_then(|file| file.parent().map(Path::to_path_buf)).unwrap_or_else(|| self.root.fence.clone());
        let joined = normalise(&base.join(path.replace('\\', "/")));
        // A registry module's own files may refer to each other inside the cache.
        let reach = if base.starts_with(&self.root.reach) { &self.root.reach } else { &base };
        // What git keeps for itself, tokens among it, is no part of the repository's content.
        let is_inside = |file: &Path| {
            file.strip_prefix(reach).is_ok_and(|inner| !inner.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git")))
        };
        if !is_inside(&joined) {
            return Err(outside());
        }
        let real = joined.canonicalize().map_err(|_| LoadError::NotFound(path.to_owned()))?;
        if is_inside(&real) { Ok(real) } else { Err(outside()) }
    }

    fn read(&self, path: &str, real: &Path, limit: u64) -> Result<Vec<u8>, LoadError> {
        let io = |error: std::io::Error| LoadError::Io { path: path.to_owned(), message: error.to_string() };
        let metadata = std::fs::metadata(real).map_err(io)?;
        if !metadata.is_file() {
            return Err(LoadError::NotFound(path.to_owned()));
        }
        if metadata.len() > limit {
            return Err(LoadError::TooLarge { path: path.to_owned(), limit });
        }
        std::fs::read(real).map_err(io)
    }

    fn load_real(&self, path: &str, real: &Path, shown: String) -> Result<FileId, LoadError> {
        let find = |known: &Known| known.by_path.get(real).copied();
        if let Some(id) = find(&self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner)) {
            return Ok(id);
        }
        let bytes = self.read(path, real, self.limits.load)?;
        let text = decode_text(&bytes).ok_or_else(|| LoadError::NotText(path.to_owned()))?;
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(id) = find(&known) {
            return Ok(id);
        }
        let id = self.files.add(shown, &*text);
        known.by_path.insert(real.to_path_buf(), id);
        known.by_id.insert(id, real.to_path_buf());
        Ok(id)
    }
}

impl Loader for RootLoader {
    fn load(&self, from: FileId, path: &str) -> Result<FileId, LoadError> {
        let real = self.resolve(from, path)?;
        let shown = self.root.relative(&real);
        self.load_real(path, &real, shown)
    }

    fn load_bytes(&self, from: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        let real = self.resolve(from, path)?;
        self.read(path, &real, self.limits.load)
    }

    fn list(&self, from: FileId, path: &str) -> Result<Vec<String>, LoadError> {
        let real = self.resolve(from, path)?;
        let io = |error: std::io::Error| LoadError::Io { path: path.to_owned(), message: error.to_string() };
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&real).map_err(io)?.filter_map(Result::ok) {
            if entry.file_type().is_ok_and(|kind| kind.is_file())
                && let Ok(name) = entry.file_name().into_string()
            {
                names.push(name);
            }
            if names.len() > MAX_LISTED {
                return Err(LoadError::TooLarge { path: path.to_owned(), limit: MAX_LISTED as u64 });
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        let vendored = [self.root.fence.as_path(), &self.root.reach];
        let real = self.caches.find(reference, &vendored).ok_or_else(|| LoadError::NotFound(reference.to_owned()))?;
        // A copy in the repository may be a link; what is in the user's own caches, the user put there.
        let is_vendored = real.starts_with(&self.root.reach);
        let real = real.canonicalize().map_err(|_| LoadError::NotFound(reference.to_owned()))?;
        if is_vendored && !real.starts_with(&self.root.reach) {
            return Err(LoadError::Outside(reference.to_owned()));
        }
        let shown = if real.starts_with(&self.root.reach) { self.root.relative(&real) } else { reference.to_owned() };
        self.load_real(reference, &real, shown)
    }
}

/// Takes `.` and `..` out by the letter, without asking the disk.
fn normalise(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> (tempfile::TempDir, RootLoader, FileId) {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("repo");
        std::fs::create_dir_all(inner.join("infra")).unwrap();
        std::fs::write(outer.path().join("outside.txt"), "not yours").unwrap();
        std::fs::write(inner.join("shared.json"), "{}").unwrap();
        std::fs::write(inner.join("infra/main.bicep"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(outer.path().join("outside.txt"), inner.join("link.txt")).unwrap();
        let root = Root::new(&inner).unwrap();
        let files = Arc::new(Files::new());
        let main = files.add("infra/main.bicep", "");
        let loader = RootLoader::new(root.clone(), files, Limits::default(), ModuleCaches::default());
        loader.remember(main, &root.canonical.join("infra/main.bicep"));
        (outer, loader, main)
    }

    #[test]
    fn neighbours_are_found_once() {
        let (_keep, loader, main) = setting();
        let first = loader.load(main, "../shared.json").unwrap();
        assert_eq!(loader.load(main, ".././infra/../shared.json").unwrap(), first);
        assert_eq!(&*loader.files.path(first), "shared.json");
    }

    #[test]
    fn a_folder_of_a_repository_reaches_the_rest_of_it_but_not_what_git_keeps() {
        let repository = tempfile::tempdir().unwrap();
        for (path, text) in
            [(".git/config", "token"), ("modules/m.bicep", ""), ("infra/main.bicep", ""), (".bicep-modules/a/1/main.json", "{}")]
        {
            let file = repository.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let root = Root::new(&repository.path().join("infra")).unwrap();
        let files = Arc::new(Files::new());
        let main = files.add("main.bicep", "");
        let loader = RootLoader::new(root.clone(), files, Limits::default(), ModuleCaches::default());
        loader.remember(main, &root.canonical.join("main.bicep"));
        let module = loader.load(main, "../modules/m.bicep").unwrap();
        assert_eq!(&*loader.files.path(module), "../modules/m.bicep");
        let back = loader.load(module, "../infra/main.bicep").unwrap();
        assert_eq!(&*loader.files.path(back), "main.bicep");
        let vendored = loader.load_module("br:host/a:1").unwrap();
        assert_eq!(&*loader.files.path(vendored), "../.bicep-modules/a/1/main.json");
        for path in ["../.git/config", "../.GIT/config", "../../outside"] {
            assert_eq!(loader.load(main, path).unwrap_err(), LoadError::Outside(path.to_owned()));
        }
    }

    #[test]
    fn nothing_outside_is_read_by_dots_absolute_paths_or_links() {
        let (keep, loader, main) = setting();
        let absolute = keep.path().join("outside.txt").display().to_string();
        for path in ["../../outside.txt", "..\\..\\outside.txt", absolute.as_str(), "/etc/passwd", "a/../../../outside.txt"] {
            assert_eq!(loader.load(main, path).unwrap_err(), LoadError::Outside(path.to_owned()));
            assert!(loader.load_bytes(main, path).is_err());
        }
        if cfg!(unix) {
            assert_eq!(loader.load(main, "../link.txt").unwrap_err(), LoadError::Outside("../link.txt".into()));
        }
        for path in ["..", "../..", "/etc"] {
            assert_eq!(loader.list(main, path).is_ok(), path == "..", "{path}");
        }
        // The link among them is none of the folder's files.
        assert_eq!(loader.list(main, "..").unwrap(), ["shared.json"]);
        assert_eq!(loader.load(main, "gone.json").unwrap_err(), LoadError::NotFound("gone.json".into()));
    }
}
