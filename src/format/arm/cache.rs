//! Each file is parsed once, however many units and modules use it.

use std::sync::{Arc, LazyLock};

use super::ir::Template;
use super::read::{self, ParameterFile, Read, ReadError};
use crate::format::cache::Cache;
use crate::model::{FileId, Files};

type Answer<T> = Result<Arc<Read<T>>, ReadError>;

static TEMPLATES: LazyLock<Cache<Answer<Arc<Template>>>> = LazyLock::new(Cache::new);
static PARAMETERS: LazyLock<Cache<Answer<ParameterFile>>> = LazyLock::new(Cache::new);

/// The template in `file`.
///
/// # Errors
/// [`ReadError`] where it is no JSON object.
pub fn template(file: FileId, files: &Files) -> Answer<Arc<Template>> {
    let Some(source) = files.get(file) else { return Err(ReadError::NotAnObject { found: "no file" }) };
    TEMPLATES.get(file, &source, || read::template(file, &source.text).map(Arc::new))
}

/// The parameter file `file`.
///
/// # Errors
/// [`ReadError`] where it is no JSON object.
pub fn parameters(file: FileId, files: &Files) -> Answer<ParameterFile> {
    let Some(source) = files.get(file) else { return Err(ReadError::NotAnObject { found: "no file" }) };
    PARAMETERS.get(file, &source, || read::parameter_file(file, &source.text).map(Arc::new))
}
