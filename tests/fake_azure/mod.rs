//! An Azure of our own, over TLS on loopback: a token endpoint, Resource Manager and Resource Graph over a tenant that a
//! YAML file describes, with real paging, real token buckets, and faults on demand.
//!
//! It does not understand Kusto: azward asks a fixed few queries, and any other is an error, as is a request that the
//! OpenAPI documents do not have (where they are on this machine).

#[allow(dead_code, reason = "the bench needs none of the faults")]
pub mod faults;
mod graph;
mod manager;
#[allow(dead_code, reason = "the bench checks no requests")]
pub mod openapi;
mod serve;
pub mod tenant;
mod yaml;

pub use faults::{Fault, What};
pub use serve::Fake;
pub use tenant::Tenant;
