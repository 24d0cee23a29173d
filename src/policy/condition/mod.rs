//! The condition language as a tree: Azure Policy's `if`, and azward's extensions.

mod alias;
mod field;
mod operand;
mod operator;
mod path;
mod read;
mod tree;

pub use alias::Aliases;
pub(crate) use field::FieldRef;
pub(crate) use operand::{Operand, Pattern};
pub(crate) use operator::{Operator, Test};
pub(crate) use path::{FieldPath, Step};
pub(crate) use read::{Dialect, Reader, is_contextual};
pub(crate) use tree::{Condition, Count, CountOf, Leaf, Quantifier, Related, Relation, Subject};
