//! ARM JSON to [`super::ir`]: comments, multi-line strings, a byte-order mark, duplicate keys, expressions parsed once.

mod declaration;
mod inline;
mod json;
mod node;
mod parameters;
mod template;
mod types;

use std::sync::Arc;

pub use inline::deployment;
pub use json::ReadError;
pub use parameters::{Given, GivenValue, ParameterFile};

use super::ir::{Node, Template};
use crate::model::{FileId, Note};
use node::Reader;

/// A template that was read, and what was odd about it.
#[derive(Debug)]
pub struct Read<T> {
    /// The template, parameter file or document.
    pub value: T,
    /// Duplicate keys, expressions that do not parse.
    pub notes: Vec<Note>,
}

/// Reads a template. Spans count the bytes of `text`.
///
/// # Errors
/// [`ReadError`] for text that is no JSON, and for JSON that is no object.
pub fn template(file: FileId, text: &str) -> Result<Read<Arc<Template>>, ReadError> {
    json::with_root(text, |root, offset| {
        let mut reader = Reader::new(file, offset);
        let value = Arc::new(reader.template(root, None, 0));
        Read { value, notes: reader.notes }
    })
}

/// Reads a parameter file.
///
/// # Errors
/// [`ReadError`] for text that is no JSON, and for JSON that is no object.
pub fn parameter_file(file: FileId, text: &str) -> Result<Read<ParameterFile>, ReadError> {
    json::with_root(text, |root, offset| {
        let mut reader = Reader::new(file, offset);
        let value = reader.parameter_file(root);
        Read { value, notes: reader.notes }
    })
}

/// Reads any JSON object as a tree in which texts in brackets are expressions.
///
/// # Errors
/// [`ReadError`] for text that is no JSON, and for JSON that is no object.
pub fn document(file: FileId, text: &str) -> Result<Read<Node>, ReadError> {
    json::with_root(text, |root, offset| {
        let mut reader = Reader::new(file, offset);
        let value = reader.object(root);
        Read { value, notes: reader.notes }
    })
}
