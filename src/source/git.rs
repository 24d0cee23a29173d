//! Every blob of a git history, once.
//!
//! Commits are visited oldest first; a tree or blob that was seen is never looked at again, so a blob is told with the commit
//! that brought it. Nothing is checked out and no configuration outside the repository is read.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use gix::{ObjectId, objs::TreeRefIter};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// Which part of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Everything that any branch, tag or other reference reaches.
    #[default]
    All,
    /// Commits of this time (seconds since 1970) or later.
    Since(i64),
    /// What `to` reaches and `from` does not: `from..to`.
    Range {
        /// Where it begins; this commit is left out.
        from: String,
        /// Where it ends; this commit is included.
        to: String,
    },
    /// What is staged for the next commit.
    Staged,
}

/// One blob and where it comes from.
#[derive(Clone, Debug)]
pub struct Blob<'a> {
    /// The commit that brought it; empty for staged changes.
    pub commit: &'a str,
    /// The author's date of that commit: seconds since 1970.
    pub date: i64,
    /// The path in that commit, with forward slashes; bytes that are not UTF-8 are replaced.
    pub path: &'a str,
    /// The blob's own id.
    pub id: String,
    /// Whether the commit that is checked out still holds this very content.
    pub in_tip: bool,
    /// The content.
    pub data: &'a [u8],
}

/// What was read, and what could not be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Commits that were visited.
    pub commits: u64,
    /// Blobs that were told.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Gaps, for the ledger: a shallow clone, objects that are missing or broken, blobs over the size limit.
    pub notes: Vec<String>,
}

/// A history that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository.
    #[error("{}: no git repository here or above ({why}); give the folder that holds `.git`, or one below it", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// What git's reader says.
        why: String,
    },
    /// A revision that was asked for does not exist.
    #[error("`{revision}` names no commit of this repository: {why}")]
    Revision {
        /// As given.
        revision: String,
        /// What git's reader says.
        why: String,
    },
    /// References or the index are broken.
    #[error("the repository cannot be read: {0}; `git fsck` says more")]
    Broken(String),
}

/// Limits of a walk.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Larger blobs are left out and told in the notes.
    pub blob: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { blob: 64 << 20 }
    }
}

/// Most notes of one kind; the rest is counted.
const NOTES: usize = 20;

struct Found {
    id: ObjectId,
    commit: u32,
    path: String,
}

/// Tells every blob of the selection to `each`, from several threads. `folder` is a repository, or a folder in its work tree:
/// then only files below that folder are told.
///
/// # Errors
/// Where there is no repository, or a revision does not exist. Single broken objects are notes.
pub fn walk(folder: &Path, selection: &Selection, limits: Limits, each: impl Fn(&Blob<'_>) + Sync) -> Result<Walked, GitError> {
    let (mut repository, below) = open(folder)?;
    repository.object_cache_size(16 << 20);
    let mut walk = Walk {
        repository: &repository,
        below: &below,
        seen: HashSet::new(),
        found: Vec::new(),
        commits: Vec::new(),
        walked: Walked::default(),
        broken: 0,
    };
    if repository.is_shallow().unwrap_or(false) {
        walk.walked
            .notes
            .push("this is a shallow clone: commits before its boundary are not here (`git fetch --unshallow` brings them)".to_owned());
    }
    let tip = walk.tip();
    match selection {
        Selection::Staged => walk.staged(&tip)?,
        _ => walk.history(selection)?,
    }
    let Walk { found, commits, mut walked, broken, .. } = walk;
    if broken > 0 {
        walked.notes.push(format!("{broken} objects are missing or broken; `git fsck` names them"));
    }
    read_all(repository.into_sync(), &found, &commits, &tip, limits, &each, &mut walked);
    Ok(walked)
}

/// The repository that holds `folder`, and where in its work tree the folder is (empty at the root).
fn open(folder: &Path) -> Result<(gix::Repository, String), GitError> {
    let first = match gix::open_opts(folder, gix::open::Options::isolated()) {
        Ok(repository) => return Ok((repository, String::new())),
        Err(error) => GitError::Open { path: folder.to_owned(), why: error.to_string() },
    };
    let Ok(whole) = folder.canonicalize() else { return Err(first) };
    let root = whole.ancestors().skip(1).find(|ancestor| ancestor.join(".git").exists());
    let Some((root, inner)) = root.and_then(|root| Some((root, whole.strip_prefix(root).ok()?))) else { return Err(first) };
    let repository = gix::open_opts(root, gix::open::Options::isolated()).map_err(|_| first)?;
    let below = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
    Ok((repository, below))
}

struct Walk<'r> {
    repository: &'r gix::Repository,
    /// Only what is below this path.
    below: &'r str,
    /// Trees and blobs that were visited.
    seen: HashSet<ObjectId>,
    found: Vec<Found>,
    /// Id and author date of the commits that brought something.
    commits: Vec<(String, i64)>,
    walked: Walked,
    broken: u64,
}

impl Walk<'_> {
    /// Every blob of the commit that is checked out.
    fn tip(&mut self) -> HashSet<ObjectId> {
        let mut blobs = HashSet::new();
        let tree = self.repository.head_commit().ok().and_then(|commit| commit.tree_id().ok());
        if let Some(tree) = tree {
            let mut probe = Walk {
                repository: self.repository,
                below: self.below,
                seen: HashSet::new(),
                found: Vec::new(),
                commits: Vec::new(),
                walked: Walked::default(),
                broken: 0,
            };
            probe.tree(tree.detach(), 0);
            blobs.extend(probe.found.into_iter().map(|found| found.id));
        }
        blobs
    }

    fn history(&mut self, selection: &Selection) -> Result<(), GitError> {
        let broken = |error: &dyn std::error::Error| GitError::Broken(error.to_string());
        let resolve = |revision: &str| {
            let id = self
                .repository
                .rev_parse_single(revision)
                .map_err(|error| GitError::Revision { revision: revision.to_owned(), why: error.to_string() })?;
            let commit = id.object().ok().and_then(|object| object.peel_to_commit().ok());
            commit
                .map(|commit| commit.id)
                .ok_or_else(|| GitError::Revision { revision: revision.to_owned(), why: "it is no commit".to_owned() })
        };
        let (tips, hidden) = match selection {
            Selection::Range { from, to } => (vec![resolve(to)?], vec![resolve(from)?]),
            _ => {
                let mut tips: Vec<ObjectId> = self.repository.head_id().ok().map(|id| id.detach()).into_iter().collect();
                let references = self.repository.references().map_err(|error| broken(&error))?;
                let all = references.all().map_err(|error| broken(&error))?;
                for reference in all {
                    // A tag of a tree or a blob has no commits; one that cannot be followed at all hides what it led to.
                    let object = reference.ok().and_then(|mut reference| reference.peel_to_id().ok()).and_then(|id| id.object().ok());
                    match object.map(gix::Object::peel_to_commit) {
                        Some(Ok(commit)) => tips.push(commit.id),
                        Some(Err(_)) => {}
                        None => self.broken += 1,
                    }
                }
                tips.sort_unstable();
                tips.dedup();
                (tips, Vec::new())
            }
        };
        let platform = self.repository.rev_walk(tips).with_hidden(hidden.clone());
        let mut ids: Vec<(ObjectId, i64)> = Vec::new();
        let mut outside: Vec<ObjectId> = hidden;
        for info in platform.all().map_err(|error| broken(&error))? {
            let Ok(info) = info else {
                self.broken += 1;
                continue;
            };
            let Ok(commit) = info.object() else {
                self.broken += 1;
                continue;
            };
            let committed = commit.time().map_or(0, |time| time.seconds);
            let date = commit.author().ok().and_then(|author| author.time().ok()).map_or(committed, |time| time.seconds);
            match selection {
                Selection::Since(since) if committed < *since => outside.push(info.id),
                _ => {
                    outside.extend(info.parent_ids().map(|id| id.detach()));
                    ids.push((info.id, date));
                }
            }
        }
        // What the parents of the selected commits hold is not new.
        let selected: HashSet<ObjectId> = ids.iter().map(|(id, _)| *id).collect();
        outside.retain(|id| !selected.contains(id));
        outside.sort_unstable();
        outside.dedup();
        for id in outside {
            if let Some(tree) = self.tree_of(id) {
                let number = self.found.len();
                self.tree(tree, 0);
                self.found.truncate(number);
            }
        }
        self.walked.commits = ids.len() as u64;
        // Oldest first: a blob is told with the commit that brought it.
        for (id, date) in ids.into_iter().rev() {
            let Some(tree) = self.tree_of(id) else {
                self.broken += 1;
                continue;
            };
            let Ok(number) = u32::try_from(self.commits.len()) else { break };
            let before = self.found.len();
            self.tree(tree, number);
            if self.found.len() > before {
                self.commits.push((id.to_string(), date));
            }
        }
        Ok(())
    }

    fn tree_of(&self, commit: ObjectId) -> Option<ObjectId> {
        let commit = self.repository.find_object(commit).ok()?.try_into_commit().ok()?;
        commit.tree_id().ok().map(|id| id.detach())
    }

    /// The tree that is asked for below the tree of a commit; a commit may not have it.
    fn inner(&self, root: ObjectId) -> Option<ObjectId> {
        if self.below.is_empty() {
            return Some(root);
        }
        let tree = self.repository.find_object(root).ok()?.try_into_tree().ok()?;
        let entry = tree.lookup_entry_by_path(self.below).ok()??;
        entry.mode().is_tree().then(|| entry.object_id())
    }

    /// Visits a tree and what is below it, without recursion: names of folders may nest as deep as they like.
    fn tree(&mut self, root: ObjectId, commit: u32) {
        let Some(root) = self.inner(root) else { return };
        let mut open = vec![(root, self.below.to_owned())];
        while let Some((tree, folder)) = open.pop() {
            if !self.seen.insert(tree) {
                continue;
            }
            let Ok(object) = self.repository.find_object(tree) else {
                self.broken += 1;
                continue;
            };
            for entry in TreeRefIter::from_bytes(&object.data, self.repository.object_hash()) {
                let Ok(entry) = entry else {
                    self.broken += 1;
                    break;
                };
                let id = entry.oid.to_owned();
                if self.seen.contains(&id) || entry.mode.is_commit() {
                    continue;
                }
                let name = String::from_utf8_lossy(entry.filename);
                let path = if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
                if entry.mode.is_tree() {
                    open.push((id, path));
                } else {
                    self.seen.insert(id);
                    self.found.push(Found { id, commit, path });
                }
            }
        }
    }

    fn staged(&mut self, tip: &HashSet<ObjectId>) -> Result<(), GitError> {
        let index = self.repository.index_or_empty().map_err(|error| GitError::Broken(error.to_string()))?;
        self.commits.push((String::new(), 0));
        let folder = if self.below.is_empty() { String::new() } else { format!("{}/", self.below) };
        for entry in index.entries() {
            if !entry.path(&index).starts_with(folder.as_bytes()) {
                continue;
            }
            if !tip.contains(&entry.id) && self.seen.insert(entry.id) && !entry.mode.is_submodule() {
                let path = String::from_utf8_lossy(entry.path(&index)).into_owned();
                self.found.push(Found { id: entry.id, commit: 0, path });
            }
        }
        Ok(())
    }
}

fn read_all(
    repository: gix::ThreadSafeRepository,
    found: &[Found],
    commits: &[(String, i64)],
    tip: &HashSet<ObjectId>,
    limits: Limits,
    each: &(impl Fn(&Blob<'_>) + Sync),
    walked: &mut Walked,
) {
    let (blobs, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let gaps: Mutex<(Vec<String>, usize)> = Mutex::new((Vec::new(), 0));
    let gap = |text: String| {
        let mut gaps = gaps.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if gaps.0.len() < NOTES { gaps.0.push(text) } else { gaps.1 += 1 }
    };
    found.par_iter().for_each_init(
        || repository.to_thread_local(),
        |repository, found| {
            match repository.find_header(found.id) {
                Ok(header) if header.size() > limits.blob => {
                    return gap(format!("{}: {} bytes, over the limit of {}", found.path.escape_debug(), header.size(), limits.blob));
                }
                Ok(_) => {}
                Err(_) => return gap(format!("{}: the blob is missing or broken", found.path.escape_debug())),
            }
            let Ok(object) = repository.find_object(found.id) else {
                return gap(format!("{}: the blob is missing or broken", found.path.escape_debug()));
            };
            let (commit, date) = commits.get(found.commit as usize).map_or(("", 0), |(id, date)| (id.as_str(), *date));
            blobs.fetch_add(1, Ordering::Relaxed);
            bytes.fetch_add(object.data.len() as u64, Ordering::Relaxed);
            each(&Blob { commit, date, path: &found.path, id: found.id.to_string(), in_tip: tip.contains(&found.id), data: &object.data });
        },
    );
    walked.blobs = blobs.into_inner();
    walked.bytes = bytes.into_inner();
    let (mut notes, more) = gaps.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    notes.sort();
    walked.notes.append(&mut notes);
    if more > 0 {
        walked.notes.push(format!("{more} more blobs could not be read or are over the limit"));
    }
}

#[cfg(test)]
#[path = "git_tests.rs"]
mod tests;
