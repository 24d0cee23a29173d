//! What is read, one file a service. A collector is data: which types it answers for, which further calls each of their
//! resources needs, and the permission of each call. `crate::azure::collect` does the reading.

mod analytics;
mod api_management;
mod app_service;
mod authorization;
mod automation;
mod cognitive;
mod communication;
mod compute;
mod cosmos;
mod cost;
mod covered;
mod data_protection;
mod defender;
mod edge;
mod event_grid;
mod event_hub;
mod identity;
mod key_vault;
mod log_analytics;
mod mariadb;
mod monitor;
mod mysql;
mod network;
mod postgresql;
mod recovery_services;
mod redis;
mod registry;
mod resources;
mod service_bus;
mod sql;
mod storage;

pub use covered::{INSIDE, inside, is_read};

/// Every collector, in the order in which they are read and reported.
pub const ALL: &[&Collector] = &[
    &resources::COLLECTOR,
    &storage::COLLECTOR,
    &key_vault::COLLECTOR,
    &app_service::COLLECTOR,
    &api_management::COLLECTOR,
    &postgresql::COLLECTOR,
    &mysql::COLLECTOR,
    &mariadb::COLLECTOR,
    &redis::COLLECTOR,
    &sql::COLLECTOR,
    &cosmos::COLLECTOR,
    &service_bus::COLLECTOR,
    &event_hub::COLLECTOR,
    &event_grid::COLLECTOR,
    &log_analytics::COLLECTOR,
    &monitor::COLLECTOR,
    &recovery_services::COLLECTOR,
    &data_protection::COLLECTOR,
    &network::COLLECTOR,
    &edge::COLLECTOR,
    &communication::COLLECTOR,
    &cognitive::COLLECTOR,
    &registry::COLLECTOR,
    &analytics::COLLECTOR,
    &compute::COLLECTOR,
    &identity::COLLECTOR,
    &automation::COLLECTOR,
    &authorization::COLLECTOR,
    &defender::COLLECTOR,
    &cost::COLLECTOR,
];

/// A service and what is read of it.
#[derive(Debug)]
pub struct Collector {
    /// What the ledger calls it.
    pub name: &'static str,
    /// Types that stand alone: Resource Graph gives them, and where it cannot, the list of the subscription does.
    pub kinds: &'static [Listed],
    /// Children and extensions, read once for each parent.
    pub children: &'static [Child],
    /// Tables of Resource Graph beside `resources` that answer for some of the children at once.
    pub tables: &'static [Table],
    /// Calls that are made once for each subscription.
    pub subscription: &'static [Child],
}

/// A type that stands alone.
#[derive(Debug)]
pub struct Listed {
    /// The type.
    pub kind: &'static str,
    /// The API version of its list in a subscription; `None` where azward knows none.
    pub list: Option<&'static str>,
}

/// One call for each parent.
#[derive(Debug)]
pub struct Child {
    /// Types of the parents.
    pub parents: &'static [&'static str],
    /// The type that it reads.
    pub kind: &'static str,
    /// Further types that its answer has.
    pub also: &'static [&'static str],
    /// What follows the parent's id.
    pub path: &'static str,
    /// API version.
    pub api_version: &'static str,
    /// Further query parameters.
    pub query: &'static [(&'static str, &'static str)],
    /// What it answers.
    pub shape: Shape,
    /// The permission that it needs.
    pub permission: &'static str,
    /// Error codes that say "there is none here", beside 404.
    pub absent: &'static [&'static str],
    /// Whether Resource Graph has these resources in its main table, so that the call is made only where it fails.
    pub in_graph: bool,
    /// Whether a further table of Resource Graph has these resources, so that the call is made only where that fails.
    pub in_table: bool,
}

/// What a call answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One resource.
    One,
    /// Pages of resources.
    List,
}

/// A table of Resource Graph that answers for children.
#[derive(Debug)]
pub struct Table {
    /// The table.
    pub name: &'static str,
    /// Types in it that are wanted.
    pub kinds: &'static [&'static str],
}

impl Child {
    const fn new(
        parents: &'static [&'static str],
        kind: &'static str,
        path: &'static str,
        api_version: &'static str,
        shape: Shape,
        permission: &'static str,
    ) -> Self {
        let (query, also, absent) = (&[], &[], &[]);
        Self { parents, kind, also, path, api_version, query, shape, permission, absent, in_graph: false, in_table: false }
    }

    /// A call that answers with one resource.
    const fn one(
        parents: &'static [&'static str],
        kind: &'static str,
        path: &'static str,
        api_version: &'static str,
        permission: &'static str,
    ) -> Self {
        Self::new(parents, kind, path, api_version, Shape::One, permission)
    }

    /// A call that answers with pages of resources.
    const fn list(
        parents: &'static [&'static str],
        kind: &'static str,
        path: &'static str,
        api_version: &'static str,
        permission: &'static str,
    ) -> Self {
        Self::new(parents, kind, path, api_version, Shape::List, permission)
    }

    /// The same, where these codes mean that there is none.
    const fn absent(mut self, codes: &'static [&'static str]) -> Self {
        self.absent = codes;
        self
    }

    /// The same with query parameters.
    const fn with(mut self, query: &'static [(&'static str, &'static str)]) -> Self {
        self.query = query;
        self
    }

    /// The same, made only where Resource Graph fails.
    const fn in_graph(mut self) -> Self {
        self.in_graph = true;
        self
    }

    /// The same, made only where the table of Resource Graph that has these resources fails.
    const fn in_table(mut self) -> Self {
        self.in_table = true;
        self
    }

    /// The same, where its answer has further types.
    const fn also(mut self, kinds: &'static [&'static str]) -> Self {
        self.also = kinds;
        self
    }

    /// Every type that it reads.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.kind).chain(self.also.iter().copied())
    }

    /// Whether it is read for resources of `kind`.
    pub fn belongs_to(&self, kind: &str) -> bool {
        self.parents.iter().any(|parent| parent.eq_ignore_ascii_case(kind))
    }
}

impl Listed {
    const fn new(kind: &'static str, list: &'static str) -> Self {
        Self { kind, list: Some(list) }
    }
}

impl Collector {
    const fn new(name: &'static str) -> Self {
        Self { name, kinds: &[], children: &[], tables: &[], subscription: &[] }
    }
}

/// The collector that answers for a type that stands alone; the general one where no service claims it.
pub fn for_kind(kind: &str) -> &'static Collector {
    let claims = |collector: &&&Collector| collector.kinds.iter().any(|listed| listed.kind.eq_ignore_ascii_case(kind));
    ALL.iter().find(claims).copied().unwrap_or(&resources::COLLECTOR)
}

/// Every call that a resource of `kind` needs, with the collector that wants it.
pub fn children_of(kind: &str) -> impl Iterator<Item = (&'static Collector, &'static Child)> {
    let all = ALL.iter().flat_map(|collector| collector.children.iter().map(move |child| (*collector, child)));
    all.filter(move |(_, child)| child.belongs_to(kind))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::azure::kinds;

    #[test]
    fn every_file_of_this_folder_is_in_the_list() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/azure/collector");
        let files = std::fs::read_dir(folder).expect("the folder").count();
        // This file and the one that says what is covered are no collectors.
        assert_eq!(files - 2, ALL.len(), "a collector's file is missing from ALL");
    }

    #[test]
    fn names_and_calls_are_unique_and_read_only() {
        let names: BTreeSet<&str> = ALL.iter().map(|collector| collector.name).collect();
        assert_eq!(names.len(), ALL.len());
        let mut calls = BTreeSet::new();
        for child in ALL.iter().flat_map(|collector| collector.children.iter().chain(collector.subscription)) {
            assert!(child.permission.ends_with("/read"), "{child:?}");
            assert!(child.path.starts_with('/'), "{child:?}");
            for parent in child.parents {
                assert!(calls.insert((parent.to_ascii_lowercase(), child.path)), "{child:?} is there twice");
            }
        }
    }

    #[test]
    fn types_are_spelt_as_everywhere() {
        let listed = ALL.iter().flat_map(|collector| collector.kinds.iter().map(|listed| listed.kind));
        let children =
            ALL.iter().flat_map(|collector| collector.children).flat_map(|child| child.parents.iter().copied().chain(child.kinds()));
        for kind in listed.chain(children) {
            assert_eq!(kinds::canonical(&kind.to_ascii_lowercase()), kind, "`{kind}` is missing from the list of types");
        }
    }

    #[test]
    fn every_parent_is_read_by_somebody() {
        let listed: BTreeSet<&str> = ALL.iter().flat_map(|collector| collector.kinds.iter().map(|listed| listed.kind)).collect();
        let read: BTreeSet<&str> = ALL.iter().flat_map(|collector| collector.children).map(|child| child.kind).collect();
        for child in ALL.iter().flat_map(|collector| collector.children) {
            for parent in child.parents {
                assert!(listed.contains(parent) || read.contains(parent), "nobody reads {parent}");
            }
        }
    }
}
