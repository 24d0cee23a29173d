//! Documents: Markdown pages about running the application, release notes, CODEOWNERS.
//!
//! Kinds: `Document/pages` (headings, what a page is about, recovery objectives, procedures that it describes,
//! what it puts off, releases) and
//! `Document/codeOwners`. A page about nothing that a clause asks for is no resource.

mod deferrals;
mod facts;
mod lines;
mod releases;
#[cfg(test)]
mod tests;
mod topics;

use super::settings::made;
use super::{Context, Format, Role};
use crate::model::{Evaluated, FileId, Kind, Object, Resource, Span, Unit, Value};

/// The front end of documents.
#[derive(Clone, Copy, Debug, Default)]
pub struct Document;

/// Endings of documents.
const ENDINGS: [&str; 5] = [".md", ".markdown", ".mdx", ".rst", ".adoc"];

impl Format for Document {
    fn name(&self) -> &'static str {
        "document"
    }

    fn recognise(&self, path: &str, text: &str) -> Option<Role> {
        let lower = path.to_ascii_lowercase();
        if is_code_owners(&lower) {
            return Some(Role::Root);
        }
        let foreign = lower.split('/').any(|folder| matches!(folder, "node_modules" | "vendor" | "site-packages" | ".venv" | "venv"));
        if foreign || !ENDINGS.iter().any(|ending| lower.ends_with(ending)) {
            return None;
        }
        let page = lines::read(text);
        (!topics::topics(FileId::NONE, path, &page).is_empty()).then_some(Role::Root)
    }

    fn units(&self, root: FileId, context: &Context<'_>) -> Vec<Unit> {
        vec![Unit { file: root, parameters: None, label: context.files.path(root).to_string(), environment: None }]
    }

    fn evaluate(&self, unit: &Unit, context: &Context<'_>) -> Evaluated {
        let Some(source) = context.files.get(unit.file) else { return Evaluated::default() };
        let resource = if is_code_owners(&source.path.to_ascii_lowercase()) {
            code_owners(unit.file, &source.path, &source.text)
        } else {
            page(unit.file, &source.path, &source.text)
        };
        Evaluated { resources: vec![resource], ..Evaluated::default() }
    }
}

/// Where GitHub and Azure DevOps look for it.
fn is_code_owners(path: &str) -> bool {
    matches!(path, "codeowners" | ".github/codeowners" | "docs/codeowners" | ".gitlab/codeowners")
}

fn page(file: FileId, path: &str, text: &str) -> Resource {
    let page = lines::read(text);
    let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    let headings = page
        .headings
        .iter()
        .map(|heading| Value::at(Kind::Str(heading.text.as_str().into()), Span::new(file, to(heading.start), to(heading.end))));
    let mut properties = Object::new();
    properties.set("headings", Value::array(headings.collect()));
    properties.set("topics", Value::array(topics::topics(file, path, &page)));
    let filled = page.lines.iter().filter(|line| !line.text.trim().is_empty()).count();
    properties.set("lines", Value::from(i64::try_from(filled).unwrap_or(i64::MAX)));
    properties.set("hasDiagram", Value::from(has_diagram(&page, text)));
    properties.set("rto", Value::array(facts::objectives(file, &page, "rto", "recovery time objective")));
    properties.set("rpo", Value::array(facts::objectives(file, &page, "rpo", "recovery point objective")));
    let commands = page.lines.iter().filter(|line| line.code && !line.text.trim().is_empty()).take(1_000);
    let at = |line: &lines::Line<'_>| Span::new(file, to(line.start), to(line.start + line.text.len()));
    properties.set("commands", Value::array(commands.map(|line| Value::at(Kind::Str(line.text.trim().into()), at(line))).collect()));
    properties.set("mentions", Value::array(facts::mentions(&page)));
    properties.set("deferrals", Value::array(deferrals::deferrals(file, &page)));
    properties.set("releases", Value::array(releases::releases(file, &page)));
    made(file, path, "Document/pages", Value::object(properties))
}

/// A picture, a drawing in text, or a fence of a drawing language.
fn has_diagram(page: &lines::Page<'_>, text: &str) -> bool {
    let drawn = page.fences.iter().any(|fence| ["mermaid", "plantuml", "dot", "graphviz", "d2"].iter().any(|name| fence.starts_with(name)));
    let picture = page.lines.iter().any(|line| !line.code && (line.text.contains("![") || line.text.contains("<img")));
    let lines = page.lines.iter().filter(|line| line.code && line.text.contains(['│', '┌', '└', '├', '▼', '─'])).count();
    let arrows = page.lines.iter().filter(|line| line.code && (line.text.contains("+--") || line.text.contains("-->"))).count();
    drawn || picture || lines >= 3 || arrows >= 2 || text.contains("drawio")
}

fn code_owners(file: FileId, path: &str, text: &str) -> Resource {
    let mut entries = Vec::new();
    let mut at = 0;
    for raw in text.split_inclusive('\n').take(5_000) {
        let start = at;
        at += raw.len();
        let line = raw.split('#').next().unwrap_or_default().trim();
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next() else { continue };
        let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        let span = Span::new(file, to(start), to(start + raw.trim_end().len()));
        let owners: Vec<Value> = words.map(|owner| Value::at(Kind::Str(owner.into()), span)).collect();
        let mut entry = Object::with_capacity(2);
        entry.set("pattern", Value::at(Kind::Str(pattern.into()), span));
        entry.set("owners", Value::at(Kind::Array(owners.into()), span));
        entries.push(Value::at(Kind::Object(entry.into()), span));
    }
    let mut properties = Object::with_capacity(1);
    properties.set("entries", Value::array(entries));
    made(file, path, "Document/codeOwners", Value::object(properties))
}
