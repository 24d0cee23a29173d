//! A template before evaluation. ARM JSON is read into it, Bicep is lowered into it; it can be printed as ARM JSON.

mod declaration;
mod node;
mod print;
mod table;
mod template;

pub use declaration::{Argument, Arguments, Declaration, Deployment, ExpressionScope, ResourceCopy, TemplateLink, TemplateSource};
pub use node::{ArrayNode, CopyNode, ExprNode, Key, Node, ObjectNode, Property};
pub use table::{Named, Table};
pub use template::{Definition, Function, Output, Parameter, ScopeKind, Template, TypeNode, Variable};
