use super::{Evaluator, Expr};
use crate::model::Value;

/// The functions that depend on the surroundings: `parameters`, `variables`, `reference`, `copyIndex`, `field`, user functions.
pub trait Scope {
    /// Evaluates a contextual function; `None` where `name` (in any case) is none of this scope. Asked before the library.
    ///
    /// The arguments come unevaluated: `eval.eval(arg)` where a value is wanted. Evaluate what does not stand in the
    /// expression itself (a variable's body) inside [`Evaluator::without_locals`], so that lambda variables do not leak.
    fn call(&self, name: &str, args: &[Expr], eval: &mut Evaluator<'_>) -> Option<Value>;
}

/// A scope without anything: literals and the library alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoScope;

impl Scope for NoScope {
    fn call(&self, _name: &str, _args: &[Expr], _eval: &mut Evaluator<'_>) -> Option<Value> {
        None
    }
}
