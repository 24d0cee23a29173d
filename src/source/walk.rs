use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::model::{Entry, EntryKind, State};

/// A folder or a file that the user named, resolved once.
#[derive(Clone, Debug)]
pub struct Root {
    /// As the user wrote it.
    pub given: PathBuf,
    /// Without links and `..`.
    pub canonical: PathBuf,
    /// The folder that nothing leaves: the root itself, or the folder (or repository) of a single file.
    pub fence: PathBuf,
    /// How far references between files may lead: the repository around the fence, or the fence where there is none. What lies
    /// between is read where a file in scope names it, and is not walked.
    pub reach: PathBuf,
}

/// A file in scope.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Relative to the root, with forward slashes.
    pub path: String,
    /// Where it is on this machine.
    pub absolute: PathBuf,
    /// Whether the user named this very file.
    pub named: bool,
}

/// What a walk gave.
#[derive(Debug, Default)]
pub struct Walked {
    /// Files in scope, sorted by path.
    pub files: Vec<Found>,
    /// What could not be entered or was left out.
    pub entries: Vec<Entry>,
}

/// Why a path that the user named cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The user's fault: there is no such path.
    #[error("`{path}` cannot be opened: {message}; name a folder or a file that exists")]
    Missing {
        /// As given.
        path: String,
        /// What the operating system said.
        message: String,
    },
}

impl Root {
    /// Resolves a path that the user named. A single file is fenced by its repository, or by its folder where there is none.
    ///
    /// # Errors
    /// The path does not exist or cannot be resolved.
    pub fn new(given: &Path) -> Result<Self, SourceError> {
        let missing = |error: std::io::Error| SourceError::Missing { path: given.display().to_string(), message: error.to_string() };
        let canonical = given.canonicalize().map_err(missing)?;
        let folder = if canonical.is_dir() { &canonical } else { canonical.parent().unwrap_or(&canonical) };
        let reach = repository_of(folder).to_path_buf();
        let fence = if canonical.is_dir() { canonical.clone() } else { reach.clone() };
        Ok(Self { given: given.to_path_buf(), canonical, fence, reach })
    }

    /// The path of `absolute` as reports show it: relative to the fence (with `..` where it lies outside), with forward slashes.
    pub fn relative(&self, absolute: &Path) -> String {
        let above = self.fence.ancestors().take_while(|folder| folder.starts_with(&self.reach));
        let found = above.enumerate().find_map(|(up, folder)| Some((up, absolute.strip_prefix(folder).ok()?)));
        let (up, relative) = found.unwrap_or((0, absolute));
        let parts = relative.components().map(|part| part.as_os_str().to_string_lossy());
        std::iter::repeat_n("..".into(), up).chain(parts).collect::<Vec<_>>().join("/")
    }
}

/// The folder itself or the nearest one above it that holds `.git`, else the folder.
fn repository_of(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(folder)
}

/// Walks `root` in parallel: ignore files are respected, hidden files are seen, no link is followed.
pub fn walk(root: &Root, respect_ignore_files: bool) -> Walked {
    if !root.canonical.is_dir() {
        let found = Found { path: root.relative(&root.canonical), absolute: root.canonical.clone(), named: true };
        return Walked { files: vec![found], entries: Vec::new() };
    }
    let walked = Mutex::new(Walked::default());
    let mut builder = ignore::WalkBuilder::new(&root.canonical);
    builder
        .hidden(false)
        .follow_links(false)
        .require_git(false)
        .ignore(respect_ignore_files)
        .git_ignore(respect_ignore_files)
        .git_global(false)
        .git_exclude(respect_ignore_files)
        .parents(respect_ignore_files)
        .add_custom_ignore_filename(".azwardignore")
        .filter_entry(|entry| entry.file_name() != ".git");
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            let mut walked = walked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match entry {
                Ok(entry) => note_entry(root, &entry, &mut walked),
                Err(error) => walked.entries.push(unreadable(root, &error)),
            }
            ignore::WalkState::Continue
        })
    });
    let mut walked = walked.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    walked.files.sort();
    walked.entries.sort();
    walked
}

fn note_entry(root: &Root, entry: &ignore::DirEntry, walked: &mut Walked) {
    let Some(kind) = entry.file_type() else { return };
    let path = root.relative(entry.path());
    if kind.is_file() {
        walked.files.push(Found { path, absolute: entry.path().to_path_buf(), named: false });
    } else if kind.is_symlink() {
        let why = match entry.path().canonicalize() {
            Ok(target) if target.starts_with(&root.fence) => "a link to something that is in scope itself",
            Ok(_) => "a link that leads out of the scanned folder",
            Err(_) => "a link that leads nowhere, or in a circle",
        };
        walked.entries.push(Entry { subject: path, kind: EntryKind::File, format: "link".into(), state: State::Skipped(why.into()) });
    } else if !kind.is_dir() {
        let state = State::Skipped("neither a file nor a folder".into());
        walked.entries.push(Entry { subject: path, kind: EntryKind::File, format: "special file".into(), state });
    }
}

fn unreadable(root: &Root, error: &ignore::Error) -> Entry {
    let subject = error_path(error).map_or_else(|| ".".to_owned(), |path| root.relative(path));
    let message = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    let why = format!("{message}; give azward read permission or leave it out with an ignore file");
    Entry { subject, kind: EntryKind::File, format: "folder".into(), state: State::Unreadable(why) }
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        ignore::Error::Partial(errors) => errors.first().and_then(error_path),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_are_seen_ignored_ones_are_not_and_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at(".env"), "A=1").unwrap();
        std::fs::write(at(".gitignore"), "build/\n").unwrap();
        std::fs::create_dir(at("build")).unwrap();
        std::fs::write(at("build/x.json"), "{}").unwrap();
        std::fs::write(at("main.json"), "{}").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc", at("out")).unwrap();
            std::os::unix::fs::symlink(".", at("loop")).unwrap();
        }
        let root = Root::new(folder.path()).unwrap();
        let walked = walk(&root, true);
        let paths: Vec<_> = walked.files.iter().map(|found| found.path.as_str()).collect();
        assert_eq!(paths, [".env", ".gitignore", "main.json"]);
        if cfg!(unix) {
            let links: Vec<_> = walked.entries.iter().map(|entry| entry.subject.as_str()).collect();
            assert_eq!(links, ["loop", "out"]);
        }
        assert!(walk(&root, false).files.iter().any(|found| found.path == "build/x.json"));
    }

    #[test]
    fn a_path_that_does_not_exist_is_the_users_fault() {
        let error = Root::new(Path::new("does/not/exist")).unwrap_err().to_string();
        assert!(error.contains("does/not/exist") && error.contains("name a folder or a file that exists"), "{error}");
    }
}
