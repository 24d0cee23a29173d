//! A whole folder as one resource: which files and documents there are, what the code uses, what git leaves out.
//!
//! Kind: `Repository/roots`. So "there is no plan for a disaster" can be a finding, and "some file of the application offers
//! `/health`" can be asked. It is made after everything else was read, out of what was read.

mod ignored;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::format::code::alembic;
use crate::model::{FileId, Files, Kind, Loader, Object, Resource, Span, Value};

/// The kind of the resource.
pub const KIND: &str = "Repository/roots";

/// Kinds (or their namespaces) that belong to no environment: code and documents are the same in all of them.
const NEUTRAL: [&str; 7] = ["Code/", "Document/", "Repository/", "Alembic/", "Functions/", "Docker/files", "App/staticSites"];

/// Most paths that one repository lists.
const MOST: usize = 20_000;

/// Whether resources of `kind` are the same in every environment.
pub fn is_neutral(kind: &str) -> bool {
    NEUTRAL.iter().any(|neutral| kind.starts_with(neutral))
}

/// What is known of a scanned folder.
pub struct Folder<'a> {
    /// Paths of the files in scope, relative to it.
    pub paths: &'a [&'a str],
    /// Whether it is the root of a git repository.
    pub has_git: bool,
    /// Everything that the front ends made of it.
    pub resources: &'a [&'a Resource],
    /// All texts.
    pub files: &'a Files,
    /// Reads ignore files.
    pub loader: &'a dyn Loader,
}

/// What is made of a folder as a whole.
pub fn virtual_resources(folder: &Folder<'_>) -> Vec<Resource> {
    let mut all = vec![resource(folder)];
    all.extend(alembic::histories(folder.resources, folder.files));
    all
}

/// The resource of a folder.
fn resource(folder: &Folder<'_>) -> Resource {
    let place = place(folder);
    let list = |items: &mut dyn Iterator<Item = &str>| Value::array(items.map(Value::str).collect());
    let mut properties = Object::new();
    properties.set("files", list(&mut folder.paths.iter().take(MOST).copied()));
    let at_root = |name: &str| folder.paths.iter().any(|path| path.eq_ignore_ascii_case(name));
    let named = ["README.md", "README", "README.rst", ".gitignore", "CODEOWNERS", "LICENSE"].iter().any(|name| at_root(name));
    let has_github = folder.paths.iter().any(|path| path.starts_with(".github/") || *path == "azure-pipelines.yml");
    properties.set("isRepository", Value::from(folder.has_git || named || has_github));
    properties.set("languages", list(&mut languages(folder.paths).into_iter()));
    properties.set("infrastructure", list(&mut infrastructure(folder).into_iter()));
    properties.set("topics", gathered(folder, "Document/pages", "topics"));
    properties.set("mentions", gathered(folder, "Document/pages", "mentions"));
    for (key, kind, field) in [
        ("imports", "Code/python", "imports"),
        ("routes", "Code/python", "routes"),
        ("calls", "Code/python", "callNames"),
        ("bases", "Code/python", "bases"),
        ("packages", "Code/requirements", "packages"),
        ("webRoutes", "Code/sources", "routes"),
    ] {
        properties.set(key, gathered(folder, kind, field));
    }
    properties.set("isApplication", Value::from(is_application(&properties)));
    let ignored = ignored::find(folder);
    properties.set("hasIgnoreFile", Value::from(ignored.has_file));
    properties.set("unignored", list(&mut ignored.unignored.into_iter()));
    properties.set("exposed", Value::array(ignored.exposed.iter().map(|path| Value::at(Kind::Str(path.as_str().into()), place)).collect()));
    let mut body = Object::with_capacity(3);
    body.set("type", Value::str(KIND));
    body.set("name", Value::str("repository"));
    body.set("properties", Value::object(properties));
    let mut resource = Resource::new(KIND, Value::str("repository"), Value::object(body), place);
    resource.address = "repository".to_owned();
    resource
}

/// Findings on a folder stand at its readme, or at its first file that was read.
fn place(folder: &Folder<'_>) -> Span {
    let mut ids: BTreeMap<String, FileId> = BTreeMap::new();
    for resource in folder.resources {
        if !resource.place.is_none() {
            ids.insert(folder.files.path(resource.place.file).to_string(), resource.place.file);
        }
    }
    let readme = ids.iter().find(|(path, _)| path.to_ascii_lowercase().starts_with("readme"));
    readme.or_else(|| ids.iter().next()).map_or(Span::NONE, |(_, file)| Span::new(*file, 0, 0))
}

/// Every item of the lists `field` of all resources of `kind`, once, with its first place.
fn gathered(folder: &Folder<'_>, kind: &str, field: &str) -> Value {
    let mut seen = BTreeMap::new();
    // What tests call and import is not what runs.
    let is_test = |resource: &&&Resource| resource.body.path("properties.isTest").and_then(Value::as_bool) == Some(true);
    for resource in folder.resources.iter().filter(|resource| resource.is(kind)).filter(|resource| !is_test(resource)) {
        let items = resource.body.get("properties").and_then(|properties| properties.get(field)).and_then(Value::as_array);
        for item in items.unwrap_or_default() {
            let text = item.get("path").or(Some(item)).and_then(Value::as_str);
            if let Some(text) = text.filter(|_| seen.len() < MOST) {
                seen.entry(text.to_owned()).or_insert_with(|| item.span());
            }
        }
    }
    Value::array(seen.into_iter().map(|(text, span)| Value::at(Kind::Str(text.into()), span)).collect())
}

/// Whether some code of it answers requests: a route, or a framework that is there for nothing else.
fn is_application(properties: &Object) -> bool {
    let filled = |key: &str| properties.get(key).and_then(Value::as_array).is_some_and(|items| !items.is_empty());
    let frameworks = ["fastapi", "flask", "django", "starlette", "azure.functions", "aiohttp.web", "quart"];
    let imports = properties.get("imports").and_then(Value::as_array).unwrap_or_default();
    let framework = imports.iter().filter_map(Value::as_str).any(|module| frameworks.contains(&module));
    filled("routes") || framework
}

/// Languages by the endings of files.
fn languages(paths: &[&str]) -> BTreeSet<&'static str> {
    let endings = [
        (".py", "python"),
        (".ts", "typescript"),
        (".tsx", "typescript"),
        (".js", "javascript"),
        (".cs", "csharp"),
        (".go", "go"),
        (".java", "java"),
    ];
    endings.into_iter().filter(|(ending, _)| paths.iter().any(|path| path.ends_with(ending))).map(|(_, language)| language).collect()
}

/// Tools that infrastructure is written in.
fn infrastructure(folder: &Folder<'_>) -> BTreeSet<&'static str> {
    let mut tools = BTreeSet::new();
    for path in folder.paths {
        if path.ends_with(".bicep") || path.ends_with(".bicepparam") {
            tools.insert("bicep");
        } else if path.ends_with(".tf") || path.ends_with(".tfvars") || path.ends_with(".tf.json") {
            tools.insert("terraform");
        }
    }
    let is_template = |resource: &&&Resource| {
        let path = folder.files.path(resource.place.file);
        path.ends_with(".json") && resource.kind.split('/').next().is_some_and(|namespace| namespace.contains('.'))
    };
    if folder.resources.iter().any(|resource| is_template(&resource)) {
        tools.insert("arm");
    }
    tools
}
