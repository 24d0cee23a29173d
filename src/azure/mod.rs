//! Live subscriptions to resources: credentials, client, throttle, collectors, snapshot. The only async room.
//!
//! What talks to Azure is behind the feature `azure`; identifiers, snapshots and drift are plain data and always here,
//! so that a saved snapshot can be judged by a build that cannot open a connection at all.

pub mod collector;
pub mod demo;
pub mod drift;
pub mod ident;
pub mod kinds;
pub mod snapshot;

#[cfg(feature = "azure")]
pub mod auth;
#[cfg(feature = "azure")]
pub mod blobs;
#[cfg(feature = "azure")]
pub mod changes;
#[cfg(feature = "azure")]
pub mod client;
#[cfg(feature = "azure")]
pub mod cloud;
#[cfg(feature = "azure")]
pub mod collect;
#[cfg(feature = "azure")]
pub mod doctor;
#[cfg(feature = "azure")]
pub mod permissions;
#[cfg(feature = "azure")]
pub mod registry;
#[cfg(feature = "azure")]
pub mod scope;
#[cfg(feature = "azure")]
pub mod tables;
#[cfg(feature = "azure")]
pub mod workspace;
