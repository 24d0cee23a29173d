//! The files of a rule's example, read by the front ends as a scan reads them: a rule proves itself on what people write.

use std::collections::BTreeMap;

use crate::format::repository::{Folder, virtual_resources};
use crate::format::{self, Context, Format, Options, Recognised, Role};
use crate::model::{FileId, Files, LoadError, Loader, Resource};
use crate::policy::Example;

/// The path that the text of an example stands under, by its language.
const PATHS: [(&str, &str); 9] = [
    ("workflow", ".github/workflows/example.yml"),
    ("pipeline", "azure-pipelines.yml"),
    ("appsettings", "appsettings.json"),
    ("dockerfile", "Dockerfile"),
    ("compose", "compose.yaml"),
    ("document", "docs/example.md"),
    ("markdown", "docs/example.md"),
    ("code", "app/main.py"),
    ("bicep", "main.bicep"),
];

/// The resources of an example that is written as files or as the text of one file; `None` for every other example, and where
/// no front end takes one of the files.
pub fn evaluate_example(example: &Example) -> Option<Vec<Resource>> {
    let written: Vec<(&str, &str)> = match &example.text {
        Some(text) => {
            let (_, path) = PATHS.iter().find(|(language, _)| *language == example.language)?;
            vec![(path, text)]
        }
        None if !example.files.is_empty() => example.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect(),
        None => return None,
    };
    let (files, options) = (Files::new(), Options::default());
    let known: BTreeMap<&str, FileId> = written.iter().map(|(path, text)| (*path, files.add(*path, *text))).collect();
    let mut recognised = Vec::new();
    for (path, file) in &known {
        let source = files.get(*file)?;
        let taken = format::ALL.iter().find_map(|format| Some((*format, format.recognise(path, &source.text)?)));
        if let Some((format, role)) = taken {
            recognised.push((format, Recognised { file: *file, format: format.name(), role }));
        } else if example.text.is_some() {
            return None;
        }
    }
    let all: Vec<Recognised> = recognised.iter().map(|(_, one)| one.clone()).collect();
    let context = Context { files: &files, loader: &Written(&known, &files), recognised: &all, options: &options };
    let roots = recognised.iter().filter(|(_, one)| one.role == Role::Root);
    let read = |(format, one): &(&'static dyn Format, Recognised)| -> Vec<Resource> {
        let units = format.units(one.file, &context);
        units.iter().flat_map(|unit| format.evaluate(unit, &context).resources).collect()
    };
    let mut resources: Vec<Resource> = roots.flat_map(read).collect();
    if example.text.is_none() {
        let paths: Vec<&str> = known.keys().copied().collect();
        let read: Vec<&Resource> = resources.iter().collect();
        let folder = Folder { paths: &paths, has_git: false, resources: &read, files: &files, loader: context.loader };
        resources.extend(virtual_resources(&folder));
    }
    Some(resources)
}

/// Reads the files of the example, and nothing else.
struct Written<'a>(&'a BTreeMap<&'a str, FileId>, &'a Files);

impl Loader for Written<'_> {
    fn load(&self, from: FileId, path: &str) -> Result<FileId, LoadError> {
        let missing = || LoadError::NotFound(path.to_owned());
        let from = self.1.path(from);
        let mut parts: Vec<&str> = from.split('/').collect();
        parts.pop();
        for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                parts.pop().ok_or_else(|| LoadError::Outside(path.to_owned()))?;
            } else {
                parts.push(part);
            }
        }
        self.0.get(parts.join("/").as_str()).copied().ok_or_else(missing)
    }

    fn load_bytes(&self, from: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        let file = self.load(from, path)?;
        Ok(self.1.get(file).map(|file| file.text.as_bytes().to_vec()).unwrap_or_default())
    }

    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}
