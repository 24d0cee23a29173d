//! What else there is: the resources of the unit and of its environment, by kind and by id.

mod identity;
mod index;
mod surroundings;

pub(crate) use identity::{Match, SameId, can_meet, parent_id};
pub use index::Index;
pub use surroundings::World;
