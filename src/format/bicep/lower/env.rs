//! What names mean at one point of a file.

use std::sync::Arc;

use super::super::source::Source;
use crate::expression::Expr;

/// The file, the resource and the local names around an expression.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    /// The file.
    pub source: &'a Arc<Source>,
    /// The innermost local name.
    pub locals: Option<&'a Local<'a>>,
    /// The resource around.
    pub within: Option<usize>,
}

/// A local name and the names around it.
pub struct Local<'a> {
    /// The name.
    pub name: &'a str,
    /// What it stands for.
    pub value: Expr,
    /// The next name outwards.
    pub outer: Option<&'a Local<'a>>,
}

impl<'a> Env<'a> {
    /// The top of a file.
    pub const fn top(source: &'a Arc<Source>) -> Self {
        Self { source, locals: None, within: None }
    }

    /// The same with another innermost local name.
    pub const fn with<'b>(&self, local: &'b Local<'b>) -> Env<'b>
    where
        'a: 'b,
    {
        Env { source: self.source, locals: Some(local), within: self.within }
    }

    /// What the local `name` stands for.
    pub fn local(&self, name: &str) -> Option<&'a Expr> {
        std::iter::successors(self.locals, |local| local.outer).find(|local| local.name == name).map(|local| &local.value)
    }
}
