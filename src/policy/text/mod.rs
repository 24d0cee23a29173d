//! Text to a tree in which every node knows its line: what rule files and policy definitions are read from.

mod json;
mod nearest;
mod node;
mod problem;
mod reader;
mod yaml;

pub(crate) use json::parse as parse_json;
pub(crate) use nearest::nearest;
pub(crate) use node::{Entry, Mark, Node, Tree};
pub use problem::Problem;
pub(crate) use reader::{Fields, Origin};
pub(crate) use yaml::parse as parse_yaml;
