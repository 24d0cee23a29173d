//! Drift: what templates declare against what is deployed. A pure function over resources.
//!
//! Only properties that a template states are compared: what it leaves out is the service's default, and rules judge
//! that on the live resource itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{collector, ident};
use crate::model::{Certainty, Kind, Piece, Place, Resource, ResourceRef, Shape, Span, Value};

/// What differs between templates and subscriptions.
#[derive(Clone, Debug, Default)]
pub struct Drift {
    /// Properties that have another value than declared.
    pub differences: Vec<Difference>,
    /// Live resources that no template declares.
    pub undeclared: Vec<ResourceRef>,
    /// Declared resources that do not exist.
    pub missing: Vec<Missing>,
    /// Declared resources, or properties of them, that could not be compared, and why.
    pub undecided: Vec<Undecided>,
    /// How many declared resources were found alive.
    pub matched: usize,
    /// How many properties were compared.
    pub compared: usize,
}

/// One property that has another value than declared.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The live resource.
    pub resource: ResourceRef,
    /// JSON pointer into the resource.
    pub path: String,
    /// What the template says; its provenance is the template's line.
    pub declared: Value,
    /// What is deployed; `null` where the property is absent.
    pub actual: Value,
    /// The line to show.
    pub span: Span,
    /// The live resource as a place.
    pub live: Place,
}

/// A declared resource that does not exist.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The declared resource.
    pub resource: ResourceRef,
    /// Where it is declared.
    pub span: Span,
}

/// Something that could not be compared.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// The declared resource.
    pub resource: ResourceRef,
    /// Where it is declared.
    pub span: Span,
    /// Why, for people.
    pub why: String,
}

/// Compares what `templates` declare with what is `live`. `whole` says that whole subscriptions were read to their end:
/// otherwise what is not there may exist all the same.
///
/// `paths` gives, for a type, the property paths that matter to rules (`properties.minimumTlsVersion`, with `[*]` for
/// the items of a list).
pub fn drift<'r>(
    templates: impl IntoIterator<Item = &'r Resource>,
    live: impl IntoIterator<Item = &'r Resource>,
    whole: bool,
    paths: impl Fn(&str) -> Vec<String>,
) -> Drift {
    let live: Vec<&Resource> = live.into_iter().collect();
    let parts: Vec<Resource> = live.iter().flat_map(|resource| collector::inside(resource)).collect();
    let live = Live::new(live.into_iter().chain(&parts));
    let mut drift = Drift::default();
    let mut declared = BTreeSet::new();
    for template in templates.into_iter().filter(|template| !template.existing) {
        match live.find(template) {
            Found::One(at, resource) => {
                declared.insert(at);
                drift.matched += 1;
                compare(template, resource, &paths(&template.kind), &mut drift);
            }
            Found::None if !collector::is_read(&template.kind, &template.name) => {
                drift.undecided(template, "azward does not read this from subscriptions".to_owned());
            }
            Found::None if !whole => drift.undecided(template, "it is not in the snapshot, which holds only a part".to_owned()),
            Found::None => match &template.certainty {
                Certainty::Certain => drift.missing.push(Missing { resource: reference(template), span: template.place }),
                Certainty::Maybe(why) => drift.undecided(template, format!("it is not deployed, and may not have to be: {why}")),
            },
            Found::Unclear(why, candidates) => {
                declared.extend(candidates);
                drift.undecided(template, why);
            }
        }
    }
    let undeclared = live.all.iter().enumerate().filter(|(at, resource)| !declared.contains(at) && stands_alone(resource));
    drift.undeclared = undeclared.map(|(_, resource)| reference(resource)).collect();
    drift.undeclared.sort();
    drift
}

impl Drift {
    fn undecided(&mut self, template: &Resource, why: String) {
        self.undecided.push(Undecided { resource: reference(template), span: template.place, why });
    }
}

/// Children and extensions come and go with their parents, and services make many of them by themselves.
fn stands_alone(resource: &Resource) -> bool {
    let Some(id) = resource.id.as_str() else { return false };
    let single = resource.kind.matches('/').count() == 1;
    let extension = ident::parent(id).is_some_and(|parent| ident::provider(parent).is_some());
    let container = resource.is("Microsoft.Resources/subscriptions");
    single && !extension && !container && !is_unread(resource)
}

fn is_unread(resource: &Resource) -> bool {
    resource.name.is_unknown()
}

fn reference(resource: &Resource) -> ResourceRef {
    let id = resource.id.as_str().map(str::to_owned);
    ResourceRef { kind: resource.kind.to_string(), name: resource.display_name(), address: resource.address.clone(), id }
}

enum Found<'r> {
    One(usize, &'r Resource),
    None,
    Unclear(String, Vec<usize>),
}

struct Live<'r> {
    all: Vec<&'r Resource>,
    by_id: BTreeMap<String, usize>,
    by_name: BTreeMap<(String, String), Vec<usize>>,
    /// Types of which some resource could not be read.
    unread: BTreeSet<String>,
}

impl<'r> Live<'r> {
    fn new(live: impl IntoIterator<Item = &'r Resource>) -> Self {
        let all: Vec<&Resource> = live.into_iter().collect();
        let mut index = Self { by_id: BTreeMap::new(), by_name: BTreeMap::new(), unread: BTreeSet::new(), all: Vec::new() };
        for (at, resource) in all.iter().enumerate() {
            let kind = resource.kind.to_ascii_lowercase();
            if is_unread(resource) {
                index.unread.insert(kind);
                continue;
            }
            if let Some(id) = resource.id.as_str() {
                index.by_id.insert(id.to_ascii_lowercase(), at);
            }
            let name = resource.display_name().to_ascii_lowercase();
            index.by_name.entry((kind, name)).or_default().push(at);
        }
        index.all = all;
        index
    }

    /// By id; where the template's subscription or group is only a placeholder, by type and name.
    fn find(&self, template: &Resource) -> Found<'r> {
        if let Some(&at) = template.id.as_str().and_then(|id| self.by_id.get(&id.to_ascii_lowercase())) {
            return self.one(at);
        }
        let kind = template.kind.to_ascii_lowercase();
        let candidates: Vec<usize> = match template.name.as_str() {
            Some(name) => self.by_name.get(&(kind.clone(), name.to_ascii_lowercase())).cloned().unwrap_or_default(),
            None => self.shaped(&kind, &template.name),
        };
        let candidates = same_extended(template, &self.all, candidates);
        match candidates.as_slice() {
            [] if self.unread.contains(&kind) => {
                Found::Unclear(format!("some resources of the type {} could not be read", template.kind), Vec::new())
            }
            [] if template.name.is_unknown() && !has_text(&template.name) => {
                Found::Unclear("its name is not known before it is deployed".to_owned(), Vec::new())
            }
            [] => Found::None,
            [one] => self.one(*one),
            many => Found::Unclear(format!("{} live resources have its type and name; give the resource group", many.len()), many.to_vec()),
        }
    }

    fn one(&self, at: usize) -> Found<'r> {
        self.all.get(at).map_or(Found::None, |resource| Found::One(at, resource))
    }

    /// Live resources whose name fits a partly known one.
    fn shaped(&self, kind: &str, name: &Value) -> Vec<usize> {
        if !has_text(name) {
            return Vec::new();
        }
        let Some(Shape::Text(pieces)) = name.as_unknown().map(|unknown| &unknown.shape) else { return Vec::new() };
        let of_kind = self.by_name.iter().filter(|((known, _), _)| known == kind);
        of_kind.filter(|((_, known), _)| fits(known, pieces)).flat_map(|(_, at)| at.iter().copied()).collect()
    }
}

/// Extensions share names (`all`) across many parents: keep those whose parent's name the template's id ends with too.
fn same_extended(template: &Resource, all: &[&Resource], candidates: Vec<usize>) -> Vec<usize> {
    let Some(parent) = template.id.as_str().and_then(ident::parent).and_then(ident::full_name) else { return candidates };
    if candidates.len() < 2 && !template.is("Microsoft.Insights/diagnosticSettings") {
        return candidates;
    }
    let placeholder = |id: &str| ident::provider(id).is_none();
    if template.id.as_str().and_then(ident::parent).is_none_or(placeholder) {
        return candidates;
    }
    let same = |at: &usize| {
        let id = all.get(*at).and_then(|resource| resource.id.as_str());
        let live = id.and_then(ident::parent).and_then(ident::full_name);
        live.is_some_and(|live| live.eq_ignore_ascii_case(&parent))
    };
    candidates.into_iter().filter(same).collect()
}

fn has_text(name: &Value) -> bool {
    match name.as_unknown().map(|unknown| &unknown.shape) {
        Some(Shape::Text(pieces)) => pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.len() > 1)),
        Some(_) => false,
        None => true,
    }
}

/// Whether `text` (in lower case) can be read as the pieces in order, holes taking anything.
fn fits(text: &str, pieces: &[Piece]) -> bool {
    let mut rest = text;
    let mut open = false;
    for piece in pieces {
        match piece {
            Piece::Hole => open = true,
            Piece::Text(known) => {
                let known = known.to_ascii_lowercase();
                let at = if open { rest.find(&known) } else { rest.starts_with(&known).then_some(0) };
                let Some(after) = at.and_then(|at| rest.get(at + known.len()..)) else { return false };
                rest = after;
                open = false;
            }
        }
    }
    open || rest.is_empty() || matches!(pieces.last(), Some(Piece::Text(last)) if text.ends_with(&last.to_ascii_lowercase()))
}

fn compare(template: &Resource, live: &Resource, paths: &[String], drift: &mut Drift) {
    for path in paths {
        let keys: Vec<&str> = path.split('.').collect();
        walk(Some(&template.body), Some(&live.body), &keys, String::new(), &mut |pointer, declared, actual| {
            let Some(declared) = declared else { return };
            drift.compared += 1;
            match same(declared, actual, &pointer) {
                Some(true) => {}
                Some(false) => drift.differences.push(Difference {
                    resource: reference(live),
                    path: pointer,
                    declared: declared.clone(),
                    actual: actual.cloned().unwrap_or_else(Value::null),
                    span: declared.span().or(template.place),
                    live: Place::Resource { id: live.id.as_str().unwrap_or_default().to_owned() },
                }),
                None => {
                    let side = if known(declared) { "the live value" } else { "the declared value" };
                    drift.undecided.push(Undecided {
                        resource: reference(template),
                        span: declared.span().or(template.place),
                        why: format!("{pointer}: {side} is not known"),
                    });
                }
            }
        });
    }
}

type Visit<'v> = dyn FnMut(String, Option<&Value>, Option<&Value>) + 'v;

/// Goes down both bodies along a path; items of lists are matched by `name`, else by position.
fn walk(declared: Option<&Value>, actual: Option<&Value>, keys: &[&str], pointer: String, visit: &mut Visit<'_>) {
    let Some((key, rest)) = keys.split_first() else { return visit(pointer, declared, actual) };
    let (plain, lists) = key.split_once("[*]").map_or((*key, 0), |(plain, more)| (plain, 1 + more.matches("[*]").count()));
    if declared.is_some_and(Value::is_unknown) {
        return visit(pointer, declared, actual);
    }
    let step = |value: Option<&Value>| value.and_then(|value| if plain.is_empty() { Some(value) } else { value.get(plain) }).cloned();
    let pointer = if plain.is_empty() { pointer } else { format!("{pointer}/{plain}") };
    let (declared, actual) = (step(declared), step(actual));
    if lists == 0 {
        return walk(declared.as_ref(), actual.as_ref(), rest, pointer, visit);
    }
    let Some(declared) = declared else { return };
    let Some(items) = declared.as_array() else { return visit(pointer, Some(&declared), actual.as_ref()) };
    let mut inner = vec!["[*]"; lists - 1];
    inner.extend(rest);
    for (at, item) in items.iter().enumerate() {
        let name = item.get("name").and_then(Value::as_str);
        let others = actual.as_ref().and_then(Value::as_array).unwrap_or_default();
        let named = name.and_then(|name| {
            others.iter().find(|other| other.get("name").and_then(Value::as_str).is_some_and(|text| text.eq_ignore_ascii_case(name)))
        });
        let other = if name.is_some() { named } else { others.get(at) };
        walk(Some(item), other, &inner, format!("{pointer}/{at}"), visit);
    }
}

/// Whether all of a value is known.
fn known(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(_) | Kind::Secret(_) => false,
        Kind::Array(items) => items.iter().all(known),
        Kind::Object(object) => object.iter().all(|field| known(&field.value)),
        _ => true,
    }
}

/// Whether two values mean the same to Azure; `None` where one of them is not known.
///
/// Azure answers with another case than it was told, with numbers as text, and with display names of regions as ids.
fn same(declared: &Value, actual: Option<&Value>, pointer: &str) -> Option<bool> {
    let Some(actual) = actual.filter(|value| !value.is_null()) else {
        // What is declared as null, false or empty is often not answered at all.
        return match &declared.kind {
            Kind::Unknown(_) => None,
            Kind::Null | Kind::Bool(false) => Some(true),
            Kind::Array(items) => all_same(items.iter(), pointer),
            Kind::Object(object) => all_same(object.iter().map(|field| &field.value), pointer),
            Kind::Str(text) => Some(text.is_empty()),
            _ => Some(false),
        };
    };
    match (&declared.kind, &actual.kind) {
        (Kind::Unknown(_) | Kind::Secret(_), _) | (_, Kind::Unknown(_) | Kind::Secret(_)) => None,
        (Kind::Object(wanted), _) => {
            let mut answer = Some(true);
            for field in wanted.iter() {
                match same(&field.value, actual.get(&field.key), pointer) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None => answer = None,
                }
            }
            answer
        }
        (Kind::Array(wanted), Kind::Array(found)) => {
            if wanted.len() != found.len() {
                return Some(false);
            }
            let mut answer = Some(true);
            for item in wanted.iter() {
                // Order of lists is Azure's to choose.
                let verdicts: Vec<_> = found.iter().map(|other| same(item, Some(other), pointer)).collect();
                if verdicts.contains(&Some(true)) {
                    continue;
                }
                if verdicts.contains(&None) {
                    answer = None;
                } else {
                    return Some(false);
                }
            }
            answer
        }
        _ => Some(plain(declared, pointer) == plain(actual, pointer)),
    }
}

/// Whether values that are declared and not deployed mean nothing, every one.
fn all_same<'v>(declared: impl Iterator<Item = &'v Value>, pointer: &str) -> Option<bool> {
    let verdicts: Vec<_> = declared.map(|value| same(value, None, pointer)).collect();
    if verdicts.contains(&Some(false)) { Some(false) } else { verdicts.into_iter().collect::<Option<Vec<_>>>().map(|_| true) }
}

fn plain(value: &Value, pointer: &str) -> String {
    let text = match value.to_json() {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    let text = text.to_ascii_lowercase();
    if pointer.to_ascii_lowercase().ends_with("location") { text.replace(' ', "") } else { text }
}

#[cfg(test)]
mod tests;
