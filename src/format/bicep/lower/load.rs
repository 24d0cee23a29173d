//! `loadTextContent` and its kin: files read at compile time, within the scanned folder only.

use std::sync::Arc;

use base64::Engine as _;

use super::super::token::Bytes;
use super::super::tree::Expr as Tree;
use super::super::yaml;
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::model::{FileId, Hop, HopKind, Kind, LoadError, Provenance, Span, Value, Why};

impl Lowering<'_, '_> {
    pub(super) fn load(&mut self, env: &Env<'_>, function: &str, arguments: &[Tree], at: Bytes) -> Expr {
        let source = env.source;
        let span = source.span(at);
        let mut texts = arguments.iter().map(|argument| source.key(argument).map(std::borrow::Cow::into_owned));
        let Some(Some(path)) = texts.next() else {
            return self.fault(source, at, format!("the path of `{function}` is not plain text"));
        };
        let second = texts.next().flatten();
        let third = texts.next().flatten();
        let read = match function {
            "loadFileAsBase64" => self.context_bytes(source.file, &path).map(|bytes| {
                let text = base64::engine::general_purpose::STANDARD.encode(bytes);
                (Value::new(Kind::Str(text.into())), Span::NONE)
            }),
            "loadDirectoryFileInfo" => return Self::unknown(source, at, Why::Unsupported(function.into())),
            "loadTextContent" => {
                self.text(source.file, &path, second.as_deref()).map(|(text, file)| (Value::new(Kind::Str(text.into())), file))
            }
            _ => self.text(source.file, &path, third.as_deref()).map(|(text, file)| {
                let value = if function == "loadYamlContent" { yaml::value(&text) } else { json(&text) };
                let value = value.unwrap_or_else(|message| Value::unknown(Why::Error(format!("{path}: {message}").into())));
                (second.as_deref().map_or_else(|| value.clone(), |query| select(&value, query)), file)
            }),
        };
        match read {
            Ok((value, file)) => {
                let hop = Hop { kind: HopKind::LoadedFile, name: path.into(), span: file.or(span), next: None };
                let provenance = Provenance { defined: file.or(span), used: span, via: Some(Arc::new(hop)) };
                Expr::Literal(value.with_provenance(provenance))
            }
            Err(error) => {
                self.compiler.note(span, format!("`{function}`: {error}"));
                self.fault(source, at, error.to_string())
            }
        }
    }

    fn context_bytes(&self, from: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        self.compiler.context.loader.load_bytes(from, path)
    }

    /// The text of a file in the encoding that the call names, and its start.
    fn text(&self, from: FileId, path: &str, encoding: Option<&str>) -> Result<(String, Span), LoadError> {
        let decode = match encoding {
            None | Some("utf-8") => {
                let file = self.compiler.context.loader.load(from, path)?;
                let text = self.compiler.context.files.get(file).map(|file| Arc::clone(&file.text));
                let text = text.ok_or_else(|| LoadError::NotFound(path.to_owned()))?;
                let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
                return Ok((text, Span::new(file, 0, 0)));
            }
            Some("utf-16") => |bytes: &[u8]| utf16(bytes, u16::from_le_bytes),
            Some("utf-16BE") => |bytes: &[u8]| utf16(bytes, u16::from_be_bytes),
            // The first 256 code points are those of ISO 8859-1.
            Some(_) => |bytes: &[u8]| bytes.iter().copied().map(char::from).collect(),
        };
        Ok((decode(&self.context_bytes(from, path)?), Span::NONE))
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map(|json| Value::from_json(&json)).map_err(|error| error.to_string())
}

/// The part of a value that a simple JSON path names: `$.a.b[0]`, `.a`, `a.b`.
fn select(value: &Value, query: &str) -> Value {
    let query = query.trim_start_matches('$');
    let mut found = value;
    for step in query.split(['.', '[']).filter(|step| !step.is_empty()) {
        let step = step.trim_end_matches(']').trim_matches(['\'', '"']);
        let next = match step.parse::<usize>() {
            Ok(index) => found.as_array().and_then(|items| items.get(index)),
            Err(_) => found.get(step),
        };
        match next {
            Some(next) => found = next,
            None => return Value::unknown(Why::Unsupported(format!("JSON path {query}").into())),
        }
    }
    found.clone()
}
