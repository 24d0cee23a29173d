//! One file a log type: how it is recognised, where its fields stand, what follows from them.

mod activity;
mod app_service_audit;
mod app_service_http;
mod application_gateway;
mod backup;
mod envelope;
pub(super) mod flow;
mod front_door;
mod insights;
mod key_vault;
pub(super) mod pipeline;
mod postgresql;
mod sql_audit;
mod storage;
mod structlog;
pub(super) mod text;
mod workspace;

use std::sync::LazyLock;

use super::fields::Row;
use super::{Event, LogKind, Slot};

pub(super) use envelope::{ENVELOPE, is_envelope_key};

/// A log type of JSON records.
pub struct LogType {
    /// Its kind.
    pub kind: LogKind,
    /// The values of `category` (or of the table name `Type`) that are its own, in lower case.
    pub categories: &'static [&'static str],
    /// Its own keys, beyond the envelope's.
    pub fields: &'static [Row],
    /// Whether an event is of this type. `listed` says that its category is in the list.
    pub recognise: fn(&Event<'_>, bool) -> bool,
    /// Fills fields that follow from others.
    pub settle: for<'a> fn(&mut Event<'a>),
}

/// Every type of JSON records. The first that recognises an event takes it.
pub static ALL: &[LogType] = &[
    key_vault::TYPE,
    storage::TYPE,
    front_door::TYPE,
    application_gateway::TYPE,
    app_service_http::TYPE,
    app_service_audit::TYPE,
    postgresql::TYPE,
    sql_audit::TYPE,
    flow::TYPE,
    insights::TYPE,
    backup::TYPE,
    workspace::TYPE,
    activity::TYPE,
    structlog::TYPE,
];

fn nothing(_: &mut Event<'_>) {}

fn by_category(_: &Event<'_>, listed: bool) -> bool {
    listed
}

/// The longest category that is told apart.
const LONGEST: usize = 64;

/// The categories of every type by their length, each with its type's place in [`ALL`].
static CATEGORIES: LazyLock<Vec<Vec<(&str, usize)>>> = LazyLock::new(|| {
    let mut by_length = vec![Vec::new(); LONGEST];
    for (at, log) in ALL.iter().enumerate() {
        for name in log.categories {
            if let Some(same) = by_length.get_mut(name.len()) {
                same.push((*name, at));
            }
        }
    }
    by_length
});

/// Which types list this category, a bit each.
fn listing(category: &[u8]) -> u32 {
    let same = CATEGORIES.get(category.len()).map_or(&[][..], Vec::as_slice);
    let own = same.iter().filter(|(name, _)| category.eq_ignore_ascii_case(name.as_bytes()));
    own.fold(0, |types, (_, at)| types | 1 << at)
}

/// The type of an event, by its content.
pub fn classify(event: &Event<'_>) -> LogKind {
    let category = event.get(Slot::Category).bytes;
    let table = event.get(Slot::Type).bytes;
    let listed = listing(category) | listing(table);
    for (at, log) in ALL.iter().enumerate() {
        if (log.recognise)(event, listed >> at & 1 == 1) {
            return log.kind;
        }
    }
    if event.get(Slot::ResourceId).is_set() && (!category.is_empty() || !table.is_empty()) { LogKind::Resource } else { LogKind::Json }
}

/// Fills the fields that follow from others.
pub fn settle(event: &mut Event<'_>) {
    if let Some(log) = ALL.iter().find(|log| log.kind == event.kind) {
        (log.settle)(event);
    }
    pipeline::settle(event);
}

#[cfg(test)]
mod tests {
    use super::{ALL, LONGEST, listing};

    #[test]
    fn every_category_lists_its_type_in_any_case() {
        assert!(ALL.len() <= 32);
        for (at, log) in ALL.iter().enumerate() {
            for name in log.categories {
                assert!(name.len() < LONGEST && *name == name.to_ascii_lowercase());
                assert_eq!(listing(name.to_ascii_uppercase().as_bytes()) >> at & 1, 1, "{name}");
            }
        }
        assert_eq!((listing(b""), listing(&[b'x'; 1000])), (0, 0));
    }
}
