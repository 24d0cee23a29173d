//! Resources of subscriptions, live or saved, to a report.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use super::args::{Choice, Global, Output};
use super::base::base;
use super::exit::{Exit, Failure};
use super::profile::Chosen;
use super::{coverage, output};
use crate::azure::ident;
use crate::azure::snapshot::{Limits, Loaded, Subscription, load};
use crate::engine::{Environments, ScanOptions, judge_resources};
use crate::model::{Entry, EntryKind, FileId, Resource, State, Unit};

/// Whether a path names a snapshot of `azward live --save`: by its name, and by how its bytes start.
pub fn is_snapshot(path: &Path) -> bool {
    const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    let named = path.to_str().is_some_and(|name| name.ends_with(".zst"));
    let mut start = [0; 4];
    named && File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == ZSTD
}

/// Reads a snapshot.
pub fn open(path: &Path) -> Result<Loaded, Failure> {
    let wrong = |error: &dyn std::fmt::Display| Failure::usage(format!("`{}`: {error}", path.display()));
    let file = File::open(path).map_err(|error| wrong(&error))?;
    load(BufReader::new(file), Limits::default()).map_err(|error| wrong(&error))
}

/// Judges what was read and writes the report.
pub fn judge(loaded: Loaded, label: &str, choice: &Choice, wanted: &Output, global: &Global) -> Result<Exit, Failure> {
    // A rule says where it can run; one that reads source text has nothing to say of a deployed resource.
    let chosen = Chosen::new(choice)?;
    let rules = chosen.rules.filtered(|rule| rule.targets().is_empty() || rule.targets().iter().any(|target| target == "live"));
    let Loaded { meta, subscriptions, ledger, .. } = loaded;
    let mut entries = ledger.entries;
    entries.push(Entry { subject: label.to_owned(), kind: EntryKind::Collector, format: "Azure snapshot".into(), state: State::Evaluated });
    let mut resources = Vec::new();
    let settings = |environment: Option<&str>| chosen.settings(environment);
    // Whole subscriptions were read, and what could not be is there as unread: what is not there does not exist.
    let options = ScanOptions { rules: &rules, closed_world: !meta.narrow, ..base(&chosen, &settings, choice) };
    for mut subscription in subscriptions {
        set_environments(&mut subscription, &options.environments);
        resources.append(&mut subscription.resources);
    }
    if let Some(only) = options.environment.as_deref() {
        resources.retain(|resource| resource.environment.as_deref().is_none_or(|own| own == only));
    }
    let mut report = judge_resources(resources, label, entries, "azure", &options);
    report.scope = if meta.scope.is_empty() { vec![label.to_owned()] } else { meta.scope };
    coverage::add(&mut report, &chosen.profile, &[], false)?;
    output::write(&report, wanted, global)?;
    Ok(output::exit(&report, wanted))
}

/// Each resource is of the environment that its own tags say, or those of the resource at its top, its group, its
/// subscription, or the subscription's name; children have no tags of their own.
fn set_environments(subscription: &mut Subscription, environments: &Environments) {
    let unit = Unit { file: FileId::NONE, parameters: None, label: String::new(), environment: None };
    let of = |resource: &Resource| environments.of_unit(&unit, "", None, std::slice::from_ref(resource));
    let tagged: HashMap<u64, Arc<str>> =
        subscription.resources.iter().filter_map(|resource| Some((ident::key(resource.id.as_str()?), of(resource)?))).collect();
    let info = &subscription.info;
    let own = environments.tags.iter().find_map(|name| info.tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
    let own = own.and_then(|(_, value)| environments.named(value.as_str()?)).or_else(|| environments.of_file_name(&info.name));
    let own: Option<Arc<str>> = own.map(Arc::from);
    for resource in &mut subscription.resources {
        let Some(id) = resource.id.as_str() else { continue };
        let group = ident::resource_group(id).map(|group| format!("/subscriptions/{}/resourceGroups/{group}", info.id));
        let found = tagged.get(&ident::key(id)).or_else(|| tagged.get(&ident::key(ident::root(id))));
        let found = found.or_else(|| tagged.get(&ident::key(&group?)));
        resource.environment = found.cloned().or_else(|| own.clone());
    }
}
