//! `loadTextContent` and its kin: files read at compile time, within the scanned folder only.

use std::sync::Arc;

use base64::Engine as _;

use super::super::source::{Source, Symbol};
use super::super::token::Bytes;
use super::super::tree::{Expr as Tree, ExprKind, StatementKind};
use super::super::{strings, yaml};
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::model::{FileId, Hop, HopKind, Kind, LoadError, Provenance, Span, Value, Why};

impl Lowering<'_, '_> {
    pub(super) fn load(&mut self, env: &Env<'_>, function: &str, arguments: &[Tree], at: Bytes) -> Expr {
        let source = env.source;
        let span = source.span(at);
        let mut texts = arguments.iter().map(|argument| constant(source, argument, 0));
        let (path, second, third) = (texts.next().flatten(), texts.next().flatten(), texts.next().flatten());
        let Some(path) = path else {
            self.compiler.note(span, format!("the path of `{function}` is not plain text, so the file is not read"));
            return self.fault(source, at, format!("the path of `{function}` is not plain text"));
        };
        let read = match function {
            "loadFileAsBase64" => self.context_bytes(source.file, &path).map(|bytes| {
                let text = base64::engine::general_purpose::STANDARD.encode(bytes);
                (Value::new(Kind::Str(text.into())), Span::NONE)
            }),
            "loadDirectoryFileInfo" => {
                self.compiler.context.loader.list(source.file, &path).map(|names| (listed(&path, &names, second.as_deref()), Span::NONE))
            }
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

/// Text that is known while compiling: a string, also of other such strings.
fn constant(source: &Source, tree: &Tree, depth: u32) -> Option<String> {
    if depth > 8 {
        return None;
    }
    match &tree.kind {
        ExprKind::Str(quote) => Some(strings::unquote(source.str(tree.at), *quote)),
        ExprKind::Parens(inner) => constant(source, inner, depth + 1),
        ExprKind::Interpolated(string) => {
            let mut holes = string.holes.iter();
            let mut text = String::new();
            for piece in strings::pieces(&source.text.text, string) {
                text.push_str(&piece);
                if let Some(hole) = holes.next() {
                    text.push_str(&constant(source, hole, depth + 1)?);
                }
            }
            Some(text)
        }
        ExprKind::Variable => match source.symbol(source.str(tree.at)) {
            Some(Symbol::Statement(index)) => match &source.statement(index)?.kind {
                StatementKind::Var(var) => constant(source, &var.value, depth + 1),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// What `loadDirectoryFileInfo` says of files: their paths from the template on, names and suffixes.
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-files>
fn listed(folder: &str, names: &[String], pattern: Option<&str>) -> Value {
    let folder: Vec<&str> = folder.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let wanted = names.iter().filter(|name| pattern.is_none_or(|pattern| matches(pattern, name)));
    let one = |name: &String| {
        let mut object = crate::model::Object::with_capacity(3);
        let path = folder.iter().copied().chain([name.as_str()]).collect::<Vec<_>>().join("/");
        object.set("relativePath", Value::str(path.as_str()));
        object.set("baseName", Value::str(name.as_str()));
        object.set("extension", Value::str(name.rfind('.').and_then(|dot| name.get(dot..)).unwrap_or("")));
        Value::object(object)
    };
    Value::array(wanted.map(one).collect())
}

/// Whether a file name fits a pattern with `*` and `?`, in any ASCII case.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.to_ascii_lowercase().chars().collect(), name.to_ascii_lowercase().chars().collect());
    let (mut at, mut in_name, mut star) = (0, 0, None);
    while let Some(character) = name.get(in_name) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some(other) if *other == '?' || other == character => {
                at += 1;
                in_name += 1;
            }
            // Back to the last star, which takes one more.
            _ => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    (at, in_name) = (place + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
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

#[cfg(test)]
mod tests {
    use super::{listed, matches};

    #[test]
    fn patterns_fit_names() {
        for (pattern, name, fits) in [
            ("*.txt", "a.TXT", true),
            ("*.txt", "a.txt.b", false),
            ("a?c*", "abcd", true),
            ("*a*b", "xaxb", true),
            ("", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
        let told = listed("./modules/", &["app.bicep".to_owned(), "b".to_owned()], Some("*.bicep")).to_json();
        assert_eq!(told, serde_json::json!([{ "relativePath": "modules/app.bicep", "baseName": "app.bicep", "extension": ".bicep" }]));
    }
}
