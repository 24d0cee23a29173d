use std::{collections::BTreeMap, io::Read, sync::Arc};

use super::{End, Gap, Item, Limits, MARK, Meta, Reader, Record, SnapshotError, SubscriptionInfo, UNREAD_MARK, Unread, sites};
use crate::{
    azure::{collector, ident, kinds},
    model::{Certainty, Entry, EntryKind, Kind, Ledger, Object, Resource, Secret, SecretSource, Span, State, Value, Why},
};

/// A snapshot in memory, ready to be judged.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What the snapshot is and how it was made.
    pub meta: Meta,
    /// Its subscriptions, sorted by id: one unit each.
    pub subscriptions: Vec<Subscription>,
    /// What was read, what not, and why.
    pub ledger: Ledger,
    /// How the run ended; `None` where the file stops before it says so.
    pub end: Option<End>,
}

/// One subscription and what is in it.
#[derive(Debug, Default)]
pub struct Subscription {
    /// Who it is; a GUID alone where no record introduced it.
    pub info: SubscriptionInfo,
    /// What is in it, children and extensions as resources of their own.
    pub resources: Vec<Resource>,
}

/// Reads a whole snapshot.
///
/// # Errors
///
/// Where the file is no snapshot, of a later version, or over the limits. A file that is damaged or cut in the middle
/// is no error: what came before is used, and the ledger says where it stops.
pub fn load(input: impl Read, limits: Limits) -> Result<Loaded, SnapshotError> {
    let mut reader = Reader::new(input, limits)?;
    let mut loaded = Loaded { meta: reader.meta().clone(), ..Loaded::default() };
    let mut subscriptions: BTreeMap<String, Subscription> = BTreeMap::new();
    let mut stopped = None;
    for record in &mut reader {
        let record = match record {
            Ok(record) => record,
            Err(error @ SnapshotError::TooLarge { .. }) => return Err(error),
            Err(error) => {
                stopped = Some(error.to_string());
                break;
            }
        };
        match record {
            Record::Meta(_) => {}
            Record::Subscription(info) => {
                let held = subscriptions.entry(info.id.to_ascii_lowercase()).or_default();
                held.info = info;
            }
            Record::Resource(item) => {
                let held = subscriptions.entry(item.subscription.to_ascii_lowercase()).or_default();
                held.resources.push(resource(&item));
            }
            Record::Unread(what) => {
                let held = subscriptions.entry(what.subscription.to_ascii_lowercase()).or_default();
                held.resources.extend(unread_with_parts(&what));
            }
            Record::End(end) => loaded.end = Some(end),
            Record::Gap(_) | Record::Done(_) => loaded.ledger.entries.extend(entry(&record)),
        }
    }
    for (id, held) in &mut subscriptions {
        if held.info.id.is_empty() {
            held.info.id.clone_from(id);
        }
        sites::complete(&mut held.resources);
    }
    loaded.subscriptions = subscriptions.into_values().collect();
    let cut = match (&loaded.end, stopped) {
        (_, Some(why)) => Some(why),
        (None, None) => Some("the run that wrote it did not come to its end; what came before is used".to_owned()),
        (Some(end), None) if !end.complete => Some(format!("the run was {}", end.reason.as_deref().unwrap_or("cut short"))),
        _ => None,
    };
    if let Some(why) = cut {
        let state = State::Partly(vec![why]);
        loaded.ledger.entries.push(Entry {
            subject: "snapshot".into(),
            kind: EntryKind::Collector,
            format: "Azure snapshot".into(),
            state,
        });
    }
    loaded.ledger.entries.sort();
    Ok(loaded)
}

/// The resource of a record, as rules see it.
pub fn resource(item: &Item) -> Resource {
    let name = ident::full_name(&item.id);
    let mut object = Object::new();
    object.set("type", Value::str(item.kind.as_str()));
    if let Some(name) = &name {
        object.set("name", Value::str(name.as_str()));
    }
    object.set("id", Value::str(item.id.as_str()));
    if let Some(version) = &item.api_version {
        object.set("apiVersion", Value::str(version.as_str()));
    }
    if let serde_json::Value::Object(fields) = &item.body {
        for (key, value) in fields {
            let envelope = ["type", "name", "id", "apiVersion"].iter().any(|known| key.eq_ignore_ascii_case(known));
            if !envelope {
                object.set(key.as_str(), unmark(value));
            }
        }
    }
    let name = name.map_or_else(|| Value::unknown(Why::Unread("the name".into())), Value::from);
    let mut resource = Resource::new(item.kind.as_str(), name, Value::object(object), Span::NONE);
    resource.id = Value::str(item.id.as_str());
    resource.address.clone_from(&item.id);
    resource.api_version = item.api_version.as_deref().map(Arc::from);
    resource
}

/// What stands for something that could not be read: a resource that may exist, of which nothing is known.
///
/// A rule over it, and a relation that looks for it, comes out undecided instead of green or red.
pub fn unread(what: &Unread) -> Resource {
    let kind = kinds::canonical(&what.kind);
    let why = Why::Unread(format!("{kind} of {} ({})", ident::full_name(&what.parent).unwrap_or_default(), what.why).into());
    stand_in(&kind, &what.parent, why)
}

fn stand_in(kind: &str, parent: &str, why: Why) -> Resource {
    let kind = kinds::canonical(kind);
    let mut object = Object::new();
    object.set("type", Value::str(&*kind));
    for key in ["name", "location", "tags", "sku", "kind", "identity", "zones", "properties"] {
        object.set(key, Value::unknown(why.clone()));
    }
    let mut resource = Resource::new(&*kind, Value::unknown(why.clone()), Value::object(object), Span::NONE);
    // A child's id starts with its parent's, so relations by id still find whose it would be.
    let short = kind.rsplit('/').next().unwrap_or_default();
    let extension = ident::kind(parent).is_none_or(|parent| !is_child(&kind, &parent));
    let id = if extension { format!("{parent}/providers/{kind}/(unread)") } else { format!("{parent}/{short}/(unread)") };
    resource.id = Value::str(id.as_str());
    resource.address = id;
    resource.certainty = Certainty::Maybe(why);
    resource
}

/// The same with everything that would have been read below it: a vault that could not be read has diagnostic settings, or
/// has none, and nobody knows which.
pub fn unread_with_parts(what: &Unread) -> Vec<Resource> {
    const MOST: usize = 256;
    let mut all = vec![unread(what)];
    let mut at = 0;
    while let Some(above) = all.get(at).filter(|_| all.len() < MOST) {
        let parts: Vec<Resource> = match &above.certainty {
            Certainty::Maybe(why) => collector::children_of(&above.kind)
                .flat_map(|(_, child)| child.kinds())
                .map(|kind| stand_in(kind, &above.address, why.clone()))
                .collect(),
            Certainty::Certain => Vec::new(),
        };
        all.extend(parts);
        at += 1;
    }
    all
}

fn is_child(kind: &str, parent: &str) -> bool {
    let head = kind.get(..parent.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(parent)) && kind.as_bytes().get(parent.len()) == Some(&b'/')
}

/// The ledger's line for a record that says how a collector fared; `None` for any other record.
pub fn entry(record: &Record) -> Option<Entry> {
    let entry = |subject, format, state| Some(Entry { subject, kind: EntryKind::Collector, format, state });
    match record {
        Record::Gap(gap) => entry(
            format!("{}: {}", whose(&gap.subscription), gap.kind),
            format!("Azure, {}", gap.collector),
            State::Unreadable(sentence(gap)),
        ),
        Record::Done(done) => {
            let state = match (&done.skipped, done.gaps) {
                (Some(why), _) => State::Skipped(why.clone()),
                (None, 0) => State::Evaluated,
                (None, gaps) => State::Partly(vec![format!("{gaps} of its calls failed, {} resources were read", done.resources)]),
            };
            entry(format!("{}: {}", whose(&done.subscription), done.collector), format!("Azure, {}", done.collector), state)
        }
        _ => None,
    }
}

/// A subscription, or a tenant of which none was seen.
fn whose(name: &str) -> String {
    if name.starts_with("tenant ") { name.to_owned() } else { format!("subscription {name}") }
}

fn sentence(gap: &Gap) -> String {
    let mut text = match (gap.status, &gap.code) {
        (Some(status), Some(code)) => format!("{status} {code}: "),
        (Some(status), None) => format!("{status}: "),
        (None, Some(code)) => format!("{code}: "),
        (None, None) => String::new(),
    };
    text.push_str(&gap.message);
    if let Some(permission) = &gap.permission {
        text.push_str(&format!("; the call needs the permission {permission}"));
    }
    if gap.count > 1 {
        text.push_str(&format!("; {} calls", gap.count));
    }
    if let Some(first) = gap.examples.first() {
        text.push_str(&format!("; for example {first}"));
    }
    text
}

/// JSON to a value, marks of secrets to secrets.
fn unmark(json: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Object(fields) if fields.len() == 1 && fields.contains_key(MARK) => {
            Value::new(Kind::Secret(Secret::opaque(SecretSource::Derived)))
        }
        Json::Object(fields) if fields.len() == 1 && fields.contains_key(UNREAD_MARK) => {
            let why = fields.get(UNREAD_MARK).and_then(Json::as_str).unwrap_or("a part of it");
            Value::unknown(Why::Unread(why.into()))
        }
        Json::Object(fields) => {
            let mut object = Object::with_capacity(fields.len());
            for (key, value) in fields {
                object.set(key.as_str(), unmark(value));
            }
            Value::object(object)
        }
        Json::Array(items) => Value::array(items.iter().map(unmark).collect()),
        plain => Value::from_json(plain),
    }
}

#[cfg(test)]
mod tests;
