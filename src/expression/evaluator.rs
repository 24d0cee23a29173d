use std::sync::Arc;

use super::{Expr, Scope, access, functions, lambda::Lambda, size};
use crate::model::{Kind, Provenance, Value, Why};

/// What one evaluation may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Deepest nesting of expressions, through variables and lambdas.
    pub depth: u32,
    /// Most steps: one for each node that is evaluated, more for large texts and arrays.
    pub nodes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, nodes: 20_000_000 }
    }
}

/// Computes expressions in one scope. Never fails: a fault in the expression is an unknown value that says so.
///
/// ```
/// use azward::{expression::{Evaluator, Limits, NoScope, parse}, model::Span};
/// let expr = parse("toUpper(format('{0}-{1:D3}', 'vm', 7))", Span::NONE).unwrap();
/// assert_eq!(Evaluator::new(&NoScope, Limits::default()).eval(&expr).as_str(), Some("VM-007"));
/// ```
pub struct Evaluator<'s> {
    scope: &'s dyn Scope,
    locals: Vec<(Arc<str>, Value)>,
    /// Locals below this index belong to an outer expression and are not seen.
    base: usize,
    depth: u32,
    limits: Limits,
}

impl<'s> Evaluator<'s> {
    /// An evaluator in `scope` with a whole budget.
    pub const fn new(scope: &'s dyn Scope, limits: Limits) -> Self {
        Self { scope, locals: Vec::new(), base: 0, depth: 0, limits }
    }

    /// The value of `expr`. Literals and values passed through keep their provenance; computed values have no place of
    /// their own, unless exactly one argument is not a literal: then that one's definition.
    pub fn eval(&mut self, expr: &Expr) -> Value {
        if let Expr::Literal(value) = expr {
            return value.clone();
        }
        if !self.charge(1) {
            return budget("steps of evaluation");
        }
        if self.depth >= self.limits.depth {
            return budget("nesting of expressions");
        }
        self.depth += 1;
        let value = match expr {
            Expr::Literal(value) => value.clone(),
            Expr::Call { name, args, .. } => self.call(name, args),
            Expr::Member { base, name, .. } => access::property(&self.eval(base), name),
            Expr::Index { base, index, .. } => {
                let (base, index) = (self.eval(base), self.eval(index));
                access::item(&base, &index)
            }
        };
        self.depth -= 1;
        value
    }

    fn call(&mut self, name: &str, args: &[Expr]) -> Value {
        let scope = self.scope;
        if let Some(value) = scope.call(name, args, self) {
            return value;
        }
        let Some(function) = functions::find(name) else { return Value::unknown(Why::Unsupported(name.into())) };
        match function.run {
            functions::Run::Lazy(run) => {
                if let Err(error) = function.check_count(args.len()) {
                    return failed(&error);
                }
                run(self, args)
            }
            functions::Run::Pure(_) => {
                let values: Vec<Value> = args.iter().map(|arg| self.eval(arg)).collect();
                self.pure(function, args, &values)
            }
        }
    }

    fn pure(&mut self, function: &'static functions::Function, args: &[Expr], values: &[Value]) -> Value {
        let cost: u64 = values.iter().map(size::cost).sum();
        if !self.charge(cost) {
            return budget("steps of evaluation");
        }
        let mut value = functions::apply(function, values).unwrap_or_else(|error| failed(&error));
        value = self.measured(value);
        if value.provenance.defined.is_none() && value.provenance.via.is_none() {
            let mut open = args.iter().zip(values).filter(|(arg, _)| arg.as_literal().is_none());
            if let (Some((_, source)), None) = (open.next(), open.next()) {
                value.provenance = Provenance { used: value.provenance.used, ..source.provenance.clone() };
            }
        }
        value
    }

    /// Lets a new container or text pass if it is within the limits of one value, and pays for it.
    pub(super) fn measured(&mut self, value: Value) -> Value {
        let Some(nodes) = size::measure(&value) else { return budget("the size of one value") };
        if self.charge(nodes / 8) { value } else { budget("steps of evaluation") }
    }

    /// Takes `nodes` from the budget; false where it does not last. Scopes call it for work of their own.
    pub fn charge(&mut self, nodes: u64) -> bool {
        let enough = self.limits.nodes >= nodes;
        self.limits.nodes = self.limits.nodes.saturating_sub(nodes);
        enough
    }

    /// Steps that are left.
    pub const fn nodes_left(&self) -> u64 {
        self.limits.nodes
    }

    /// How deep the evaluation is nested at this point.
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// Runs `inner` one level deeper, or returns `None` where the limit of nesting is reached.
    pub fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= self.limits.depth {
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs `inner` without the lambda variables of the expression around it: for the bodies of variables and user functions.
    pub fn without_locals<T>(&mut self, inner: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.base, self.locals.len());
        let result = inner(self);
        self.base = outer;
        result
    }

    /// Runs `inner` in another scope (a user function, a nested deployment), without lambda variables, on the same budget.
    pub fn with_scope<T>(&mut self, scope: &dyn Scope, inner: impl FnOnce(&mut Evaluator<'_>) -> T) -> T {
        let mut other = Evaluator { scope, locals: Vec::new(), base: 0, depth: self.depth, limits: self.limits };
        let result = inner(&mut other);
        self.limits = other.limits;
        result
    }

    /// The lambda variable `name`, innermost first.
    pub fn local(&self, name: &str) -> Option<&Value> {
        let visible = self.locals.get(self.base..)?;
        visible.iter().rev().find(|(local, _)| local.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value of the lambda's body with its variables set to `values`; further values are left out.
    pub fn apply(&mut self, lambda: Lambda<'_>, values: &[&Value]) -> Value {
        let before = self.locals.len();
        for (name, value) in lambda.names().zip(values) {
            self.locals.push((name, (*value).clone()));
        }
        let result = self.eval(lambda.body);
        self.locals.truncate(before);
        result
    }
}

/// An unknown value: the budget for `what` is gone.
pub(super) fn budget(what: &str) -> Value {
    Value::unknown(Why::Budget(what.into()))
}

/// An unknown value: the expression is at fault.
pub(super) fn failed(error: &dyn std::fmt::Display) -> Value {
    Value::new(Kind::Unknown(Arc::new(crate::model::Unknown {
        why: Why::Error(error.to_string().into()),
        shape: crate::model::Shape::Any,
    })))
}
