use std::sync::Arc;

use crate::model::{Kind, Span, Value};

/// An expression of ARM's template language: what stands inside `[…]`, or what Bicep is lowered to.
#[derive(Clone, Debug)]
pub enum Expr {
    /// A value. The parser makes texts and numbers; lowering may put any value here.
    Literal(Value),
    /// A function call. User functions carry their namespace: `contoso.uniqueName`.
    Call {
        /// The name as written; names compare without regard to case.
        name: Arc<str>,
        /// The arguments, not evaluated.
        args: Vec<Expr>,
        /// The whole call.
        span: Span,
    },
    /// `base.name`
    Member {
        /// What the property is taken of.
        base: Box<Expr>,
        /// The property.
        name: Arc<str>,
        /// The whole expression.
        span: Span,
    },
    /// `base[index]`
    Index {
        /// What the item is taken of.
        base: Box<Expr>,
        /// A number for arrays, a text for objects.
        index: Box<Expr>,
        /// The whole expression.
        span: Span,
    },
}

impl Expr {
    /// A call.
    pub fn call(name: impl Into<Arc<str>>, args: Vec<Self>, span: Span) -> Self {
        Self::Call { name: name.into(), args, span }
    }

    /// A text literal.
    pub fn str(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self::Literal(Value::at(Kind::Str(text.into()), span))
    }

    /// A whole number.
    pub const fn int(n: i64, span: Span) -> Self {
        Self::Literal(Value::at(Kind::Int(n), span))
    }

    /// `base.name`
    pub fn member(base: Self, name: impl Into<Arc<str>>, span: Span) -> Self {
        Self::Member { base: Box::new(base), name: name.into(), span }
    }

    /// `base[index]`
    pub fn index(base: Self, index: Self, span: Span) -> Self {
        Self::Index { base: Box::new(base), index: Box::new(index), span }
    }

    /// Where it is written.
    pub const fn span(&self) -> Span {
        match self {
            Self::Literal(value) => value.span(),
            Self::Call { span, .. } | Self::Member { span, .. } | Self::Index { span, .. } => *span,
        }
    }

    /// The value, if it is a literal.
    pub const fn as_literal(&self) -> Option<&Value> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The text, if it is a literal text.
    pub fn as_str(&self) -> Option<&str> {
        self.as_literal().and_then(Value::as_str)
    }

    /// Whether it is a call of `name`, in any case.
    pub fn is_call(&self, wanted: &str) -> bool {
        matches!(self, Self::Call { name, .. } if name.eq_ignore_ascii_case(wanted))
    }

    /// Calls `visit` with this expression and every one inside it, outermost first.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        match self {
            Self::Literal(_) => {}
            Self::Call { args, .. } => args.iter().for_each(|arg| arg.walk(visit)),
            Self::Member { base, .. } => base.walk(visit),
            Self::Index { base, index, .. } => {
                base.walk(visit);
                index.walk(visit);
            }
        }
    }
}
