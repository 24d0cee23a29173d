//! Conditions against resources: three-valued, each answer with its evidence.

mod address;
mod compare;
mod count;
mod leaf;
mod order;
mod outcome;
mod partial;
mod related;
mod scene;
mod scope;
mod select;
mod tree;

pub(crate) use outcome::Outcome;
pub(crate) use scene::{Frame, Scene};
