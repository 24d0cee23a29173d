//! The detectors that azward brings, and those that people add.

use include_dir::{Dir, include_dir};

use super::{
    detector::{Detector, RawFile},
    yaml,
};

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/policies/detectors");

/// A detector file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The file is not YAML, or not of the shape of a detector file.
    #[error("{path}: {why}; a detector file has `vendor` and a list `detectors` (see `azward schema detectors`)")]
    File {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// A detector cannot work as written.
    #[error("{path}: {why}")]
    Detector {
        /// The file.
        path: String,
        /// Which detector, and what is wrong with it.
        why: String,
    },
}

/// The files that are part of the program.
pub(super) fn builtin() -> Result<Vec<Detector>, CatalogueError> {
    let mut detectors = Vec::new();
    for file in BUILTIN.files() {
        let path = file.path().to_string_lossy();
        let text = file.contents_utf8().unwrap_or_default();
        detectors.extend(read(&path, text)?);
    }
    Ok(detectors)
}

/// The detectors of one file.
pub(super) fn read(path: &str, text: &str) -> Result<Vec<Detector>, CatalogueError> {
    let file = raw(path, text)?;
    let vendor = file.vendor;
    let build = |raw: super::detector::Raw| raw.build(&vendor).map_err(|why| CatalogueError::Detector { path: path.to_owned(), why });
    file.detectors.into_iter().map(build).collect()
}

fn raw(path: &str, text: &str) -> Result<RawFile, CatalogueError> {
    let wrong = |why: String| CatalogueError::File { path: path.to_owned(), why };
    let value = yaml::parse(text).map_err(wrong)?;
    serde_json::from_value(value).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
pub(super) fn raw_builtin() -> Vec<RawFile> {
    BUILTIN.files().map(|file| raw(&file.path().to_string_lossy(), file.contents_utf8().unwrap()).unwrap()).collect()
}
