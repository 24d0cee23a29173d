//! Each file is parsed once, however many units and modules use it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::ir::Template;
use super::read::{self, ParameterFile, Read, ReadError};
use crate::model::{FileId, Files, SourceFile};

/// Most files that are kept; beyond it the oldest go.
const CAPACITY: usize = 512;

type Answer<T> = Result<Arc<Read<T>>, ReadError>;

/// A file, and what was made of it.
type Kept<T> = (Weak<SourceFile>, FileId, Answer<T>);

/// What was made of the files that are still in use somewhere.
struct Cache<T> {
    kept: Mutex<Vec<Kept<T>>>,
}

impl<T> Cache<T> {
    const fn new() -> Self {
        Self { kept: Mutex::new(Vec::new()) }
    }

    fn get(&self, file: FileId, source: &Arc<SourceFile>, make: impl FnOnce() -> Answer<T>) -> Answer<T> {
        let wanted = Arc::as_ptr(source);
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            // While a weak reference is kept, no other file can come to stand at its address.
            let found = kept.iter().find(|(weak, id, _)| *id == file && weak.as_ptr() == wanted);
            if let Some((_, _, answer)) = found {
                return answer.clone();
            }
        }
        let answer = make();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(weak, _, _)| weak.strong_count() > 0);
        if kept.len() >= CAPACITY {
            kept.drain(..1);
        }
        kept.push((Arc::downgrade(source), file, answer.clone()));
        answer
    }
}

static TEMPLATES: Cache<Arc<Template>> = Cache::new();
static PARAMETERS: Cache<ParameterFile> = Cache::new();

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
