//! Alembic migrations: the chain of revisions, the way back, what is destroyed.
//!
//! Kinds: `Alembic/revisions`, one for each file, and `Alembic/histories`, one for each folder of them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::settings::made;
use super::python::token::{Kind, Line};
use super::python::{Module, is_empty, names};
use crate::model::{FileId, Files, Kind as Is, Object, Resource, Value};

/// The kind of one migration.
pub const KIND: &str = "Alembic/revisions";

/// Whether a text is a migration, by the names that Alembic asks for.
pub fn looks_like(text: &str) -> bool {
    text.contains("down_revision") && text.contains("revision") && text.contains("def upgrade")
}

/// The migration that a file is, where it names its revision.
pub fn revision(file: FileId, path: &str, text: &str) -> Option<Resource> {
    let module = Module::read(file, text);
    let revision = module.constant("revision")?.clone();
    revision.as_str()?;
    let down = module.constant("down_revision");
    let downs = match down.map(|value| &value.kind) {
        Some(Is::Str(_)) => down.cloned().into_iter().collect(),
        Some(Is::Array(items)) => items.to_vec(),
        _ => Vec::new(),
    };
    let mut properties = Object::new();
    properties.set("revision", revision.clone());
    properties.set("downRevisions", Value::array(downs));
    let upgrade = module.body("upgrade").unwrap_or_default();
    let downgrade = module.body("downgrade");
    properties.set("hasUpgrade", Value::from(!is_empty(upgrade)));
    properties.set("hasDowngrade", Value::from(downgrade.is_some_and(|body| !is_empty(body))));
    // A migration that changes nothing (a merge of two heads) needs no way back.
    properties.set("changesNothing", Value::from(is_empty(upgrade)));
    properties.set("drops", Value::array(drops(file, upgrade)));
    let (writes, guarded) = data(upgrade);
    properties.set("writesData", Value::from(writes));
    properties.set("guarded", Value::from(guarded));
    let mut resource = made(file, path, KIND, Value::object(properties));
    resource.place = revision.span();
    Some(resource)
}

/// Lines that destroy data.
fn drops(file: FileId, lines: &[Line<'_>]) -> Vec<Value> {
    let destroys = |line: &&Line<'_>| {
        line.tokens.iter().any(|token| match token.kind {
            Kind::Name => matches!(token.text, "drop_table" | "drop_column"),
            Kind::Str | Kind::Format => {
                let text = token.text.trim_start().to_ascii_uppercase();
                text.starts_with("DROP TABLE")
                    || text.starts_with("TRUNCATE")
                    || (text.starts_with("ALTER TABLE") && text.contains("DROP COLUMN"))
            }
            _ => false,
        })
    };
    let shown = |line: &Line<'_>| {
        let words: String = line.tokens.iter().take(3).map(|token| token.text).collect();
        Value::at(Is::Str(words.into()), names::span(file, &line.tokens))
    };
    lines.iter().filter(destroys).take(500).map(shown).collect()
}

/// Whether a migration writes data, and whether it looks before it does.
fn data(lines: &[Line<'_>]) -> (bool, bool) {
    let (mut writes, mut guarded) = (false, false);
    for token in lines.iter().flat_map(|line| &line.tokens) {
        match token.kind {
            Kind::Name => {
                writes |= token.text == "bulk_insert";
                guarded |= matches!(
                    token.text,
                    "inspect" | "has_table" | "get_columns" | "if" | "on_conflict_do_nothing" | "on_conflict_do_update"
                );
            }
            Kind::Str | Kind::Format => {
                let text = token.text.to_ascii_uppercase();
                let start = text.trim_start();
                writes |= start.starts_with("INSERT") || start.starts_with("DELETE FROM");
                guarded |= text.contains("ON CONFLICT")
                    || text.contains("NOT EXISTS")
                    || text.contains("IF EXISTS")
                    || text.contains("MERGE INTO");
            }
            _ => {}
        }
    }
    (writes, guarded)
}

/// The chains that the migrations of each folder make.
pub fn histories(resources: &[&Resource], files: &Files) -> Vec<Resource> {
    let mut folders: BTreeMap<String, Vec<&Resource>> = BTreeMap::new();
    for resource in resources.iter().filter(|resource| resource.is(KIND)) {
        let path = files.path(resource.place.file);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        folders.entry(folder).or_default().push(resource);
    }
    folders.into_iter().map(|(folder, revisions)| history(&folder, &revisions)).collect()
}

fn history(folder: &str, revisions: &[&Resource]) -> Resource {
    let text = |resource: &Resource| resource.body.path("properties.revision").and_then(Value::as_str).map(str::to_owned);
    let downs = |resource: &Resource| -> Vec<Value> {
        resource.body.path("properties.downRevisions").and_then(Value::as_array).unwrap_or_default().to_vec()
    };
    let known: BTreeSet<String> = revisions.iter().filter_map(|one| text(one)).collect();
    let behind: BTreeSet<String> =
        revisions.iter().flat_map(|one| downs(one)).filter_map(|down| down.as_str().map(str::to_owned)).collect();
    let value = |resource: &&&Resource| resource.body.path("properties.revision").cloned();
    let heads = revisions.iter().filter(|one| text(one).is_some_and(|id| !behind.contains(&id))).filter_map(|one| value(&one)).collect();
    let roots = revisions.iter().filter(|one| downs(one).is_empty()).filter_map(|one| value(&one)).collect();
    let missing = revisions.iter().flat_map(|one| downs(one)).filter(|down| down.as_str().is_some_and(|id| !known.contains(id))).collect();
    let mut seen = BTreeSet::new();
    let twice = revisions.iter().filter(|one| text(one).is_some_and(|id| !seen.insert(id))).filter_map(|one| value(&one)).collect();
    let mut properties = Object::new();
    properties.set("heads", Value::array(heads));
    properties.set("roots", Value::array(roots));
    properties.set("missing", Value::array(missing));
    properties.set("twice", Value::array(twice));
    properties.set("revisions", Value::from(i64::try_from(revisions.len()).unwrap_or(i64::MAX)));
    let place = revisions.first().map(|one| one.place).unwrap_or_default();
    let mut resource = made(place.file, folder, "Alembic/histories", Value::object(properties));
    resource.place = place;
    resource
}
