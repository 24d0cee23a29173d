//! The unit of a scanned folder as a whole: what is there, and what is not.

use std::sync::Arc;

use super::evaluate::Done;
use super::options::ScanOptions;
use crate::format::Context;
use crate::format::repository::{Folder, virtual_resources};
use crate::model::{Evaluated, FileId, Resource, Unit};
use crate::source::{Found, Root};

/// The unit of `root`; none where the user named a single file, which says nothing of what else there is.
pub fn of(root: &Root, found: &[Found], done: &[Done], context: &Context<'_>, options: &ScanOptions<'_>) -> Option<Done> {
    if !root.canonical.is_dir() {
        return None;
    }
    let paths: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
    let read: Vec<&Resource> = done.iter().flat_map(|one| &one.evaluated.resources).collect();
    let has_git = root.canonical.join(".git").exists();
    let folder = Folder { paths: &paths, has_git, resources: &read, files: context.files, loader: context.loader };
    let resources = virtual_resources(&folder);
    let file = resources.iter().map(|one| one.place.file).find(|file| *file != FileId::NONE)?;
    let environment = options.environment.as_deref().map(Arc::from);
    let unit = Unit { file, parameters: None, label: "repository".to_owned(), environment };
    Some(Done { unit, evaluated: Evaluated { resources, ..Evaluated::default() } })
}
