use std::sync::Arc;

use super::Expr;
use crate::model::Kind;

/// A lambda: `lambda('x', lambdaVariables('x'))`.
#[derive(Clone, Copy, Debug)]
pub struct Lambda<'e> {
    params: &'e [Expr],
    /// What it computes.
    pub body: &'e Expr,
}

impl<'e> Lambda<'e> {
    /// The lambda that `expr` writes, if it is one: texts that name its variables, then its body.
    pub fn of(expr: &'e Expr) -> Option<Self> {
        let Expr::Call { args, .. } = expr else { return None };
        let (body, params) = args.split_last()?;
        (expr.is_call("lambda") && params.iter().all(|param| param.as_str().is_some())).then_some(Self { params, body })
    }

    /// The names of its variables.
    pub fn names(self) -> impl Iterator<Item = Arc<str>> + use<'e> {
        self.params.iter().filter_map(|param| match param.as_literal().map(|value| &value.kind) {
            Some(Kind::Str(name)) => Some(Arc::clone(name)),
            _ => None,
        })
    }

    /// How many variables it has.
    pub const fn arity(self) -> usize {
        self.params.len()
    }
}
