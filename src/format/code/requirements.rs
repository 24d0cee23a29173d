//! What Python projects ask for: `requirements*.txt`, `pyproject.toml`, `.python-version`, `runtime.txt`.

use super::super::data::DataError;
use crate::model::{FileId, Kind, Object, Span, Value};

/// Most packages of one file.
const MOST: usize = 5_000;

/// Whether a file of this name is one of them.
pub fn is_one(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let named = name.starts_with("requirements") || name.ends_with("requirements.txt");
    (named && name.ends_with(".txt")) || matches!(name.as_str(), "pyproject.toml" | ".python-version" | "runtime.txt")
}

/// The properties of such a file: `packages` (names), `entries` (`{ name, version, pinned }`), `python` (the versions that it asks for).
///
/// # Errors
/// A `pyproject.toml` that is no TOML.
pub fn properties(file: FileId, path: &str, text: &str) -> Result<Object, DataError> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let mut reader = Reader { file, text, entries: Vec::new(), python: None };
    match name.as_str() {
        "pyproject.toml" => reader.project()?,
        ".python-version" | "runtime.txt" => {
            let version = text.lines().next().unwrap_or_default().trim().trim_start_matches("python-");
            reader.python = Some(reader.at(version));
        }
        _ => reader.list(),
    }
    let mut properties = Object::new();
    let packages = reader.entries.iter().filter_map(|entry| entry.get("name").cloned()).collect();
    properties.set("packages", Value::array(packages));
    properties.set("isProject", Value::from(name == "pyproject.toml"));
    properties.set("entries", Value::array(reader.entries));
    if let Some(python) = reader.python {
        properties.set("python", python);
    }
    Ok(properties)
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    entries: Vec<Value>,
    python: Option<Value>,
}

impl Reader<'_> {
    /// `text` at the first place where the file has it.
    fn at(&self, text: &str) -> Value {
        let start = self.text.find(text).unwrap_or(0);
        self.placed(text, start)
    }

    fn placed(&self, text: &str, start: usize) -> Value {
        let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        Value::at(Kind::Str(text.into()), Span::new(self.file, to(start), to((start + text.len()).min(self.text.len()))))
    }

    fn list(&mut self) {
        let mut at = 0;
        for raw in self.text.split_inclusive('\n') {
            let start = at;
            at += raw.len();
            let line = raw.split(" #").next().unwrap_or_default();
            let trimmed = line.trim_start_matches('\u{feff}').trim();
            if !trimmed.is_empty() && !trimmed.starts_with(['#', '-']) {
                self.requirement(trimmed, start + (raw.len() - raw.trim_start().len()));
            }
        }
    }

    /// `name[extra]>=1.2,<2 ; marker` of PEP 508.
    fn requirement(&mut self, text: &str, start: usize) {
        if self.entries.len() >= MOST {
            return;
        }
        let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
        let (name, rest) = (text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default());
        if name.is_empty() {
            return;
        }
        let rest = rest.split(';').next().unwrap_or_default().trim();
        let rest = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')).map_or(rest, |(_, rest)| rest.trim());
        self.entry(name, rest, start);
    }

    fn entry(&mut self, name: &str, version: &str, start: usize) {
        let plain: String = name.to_ascii_lowercase().replace(['_', '.'], "-");
        let mut entry = Object::with_capacity(3);
        let mut named = self.placed(name, start);
        named.kind = Kind::Str(plain.into());
        let place = named.span();
        entry.set("name", named);
        entry.set("version", Value::at(Kind::Str(version.into()), place));
        let pinned = version.starts_with("==") && !version.contains('*');
        entry.set("pinned", Value::at(Kind::Bool(pinned), place));
        self.entries.push(Value::at(Kind::Object(entry.into()), place));
    }

    fn project(&mut self) -> Result<(), DataError> {
        let root: toml::Table = self.text.trim_start_matches('\u{feff}').parse().map_err(|error: toml::de::Error| DataError {
            at: error.span().map_or(0, |span| u32::try_from(span.start).unwrap_or(u32::MAX)),
            message: format!("not TOML: {}; correct it there", error.message()),
        })?;
        let project = root.get("project");
        let poetry = root.get("tool").and_then(|tool| tool.get("poetry"));
        let lists = project.into_iter().flat_map(|project| {
            let own = project.get("dependencies").into_iter();
            let optional = project.get("optional-dependencies").and_then(|groups| groups.as_table());
            own.chain(optional.into_iter().flat_map(|groups| groups.values()))
        });
        for text in lists.filter_map(|list| list.as_array()).flatten().filter_map(|item| item.as_str()) {
            let start = self.text.find(text).unwrap_or(0);
            self.requirement(text.trim(), start);
        }
        for (name, value) in poetry.and_then(|poetry| poetry.get("dependencies")).and_then(|list| list.as_table()).into_iter().flatten() {
            let version = value.as_str().or_else(|| value.get("version").and_then(|version| version.as_str())).unwrap_or_default();
            if name == "python" {
                self.python = Some(self.at(version));
            } else {
                let start = self.text.find(name.as_str()).unwrap_or(0);
                self.entry(name, version, start);
            }
        }
        if let Some(version) = project.and_then(|project| project.get("requires-python")).and_then(|version| version.as_str()) {
            self.python = Some(self.at(version));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries(path: &str, text: &str) -> serde_json::Value {
        properties(FileId::NONE, path, text).unwrap().get("entries").unwrap().to_json()
    }

    #[test]
    fn lists_and_projects_say_the_same() {
        let text = "# head\n-r base.txt\nFast_API[all]==0.115.0 ; python_version > '3'\nredis>=5,<6 # why\n\n";
        let expected = serde_json::json!([
            { "name": "fast-api", "version": "==0.115.0", "pinned": true },
            { "name": "redis", "version": ">=5,<6", "pinned": false }
        ]);
        assert_eq!(entries("requirements-dev.txt", text), expected);
        let project = "[project]\nrequires-python = \">=3.12\"\ndependencies = [\"Fast_API[all]==0.115.0\", \"redis>=5,<6\"]\n";
        assert_eq!(entries("pyproject.toml", project), expected);
        let read = properties(FileId::NONE, "pyproject.toml", project).unwrap();
        assert_eq!(read.get("python").and_then(Value::as_str), Some(">=3.12"));
        assert!(properties(FileId::NONE, "pyproject.toml", "a = ").is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,80}") {
            let _ = properties(FileId::NONE, "requirements.txt", &text);
            let _ = properties(FileId::NONE, "pyproject.toml", &text);
        }
    }
}
