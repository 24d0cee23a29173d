//! Plans the run, evaluates in parallel, applies ignores and waivers, orders findings, keeps the ledger.

mod collect;
mod cure;
mod environment;
mod estate;
mod evaluate;
mod example;
mod finding;
mod history;
mod ignores;
mod items;
mod judge;
mod merge;
mod options;
mod packed;
mod repository;
mod resources;
mod scan;
mod search;
mod secrets;
mod units;

pub use environment::Environments;
pub use example::evaluate_example;
pub use history::{HistoryOptions, history};
pub use options::{Progress, ScanError, ScanOptions};
pub use resources::{Declared, declared};
pub use scan::{judge_resources, scan};
pub use search::Search;
pub use secrets::of as secret_finding;
