use std::sync::Arc;

use crate::expression::{self, Expr, Text};
use crate::model::{Kind, Object, Span, Value};
use crate::policy::text::{Node, Origin, Problem, Tree};

/// The right side of a comparison, or any other value of a condition: fixed, or computed from `[…]`.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Fixed(Value),
    Computed(Box<Expr>),
    /// A list with computed items.
    List(Vec<Operand>),
    /// Properties with computed values.
    Map(Vec<(Arc<str>, Operand)>),
}

impl Operand {
    pub(crate) fn read(origin: &Origin, node: &Node) -> Result<Self, Problem> {
        let operand = match &node.tree {
            Tree::Scalar(Kind::Str(text)) => match expression::classify(text) {
                Text::Plain(plain) => Self::Fixed(Value::str(plain)),
                Text::Expression(inner) => {
                    let parsed = expression::parse(inner, Span::NONE);
                    let expr = parsed.map_err(|error| origin.problem(node.mark, format!("`{text}` is no expression: {error}")))?;
                    Self::Computed(Box::new(expr))
                }
            },
            Tree::Scalar(kind) => Self::Fixed(Value::new(kind.clone())),
            Tree::List(items) => Self::List(items.iter().map(|item| Self::read(origin, item)).collect::<Result<_, _>>()?),
            Tree::Map(entries) => {
                let read = entries.iter().map(|entry| Ok((Arc::clone(&entry.key), Self::read(origin, &entry.value)?)));
                Self::Map(read.collect::<Result<_, Problem>>()?)
            }
        };
        Ok(operand.settled())
    }

    /// Lists and maps without anything computed are fixed.
    fn settled(self) -> Self {
        match self {
            Self::List(items) => match items.iter().map(Self::as_fixed).collect::<Option<Vec<_>>>() {
                Some(values) => Self::Fixed(Value::array(values.into_iter().cloned().collect())),
                None => Self::List(items),
            },
            Self::Map(fields) => {
                if fields.iter().all(|(_, operand)| operand.as_fixed().is_some()) {
                    let mut object = Object::with_capacity(fields.len());
                    for (key, operand) in fields {
                        if let Self::Fixed(value) = operand {
                            object.set(key, value);
                        }
                    }
                    Self::Fixed(Value::object(object))
                } else {
                    Self::Map(fields)
                }
            }
            other => other,
        }
    }

    pub(crate) const fn as_fixed(&self) -> Option<&Value> {
        match self {
            Self::Fixed(value) => Some(value),
            _ => None,
        }
    }

    /// Visits every expression in it.
    pub(crate) fn expressions<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match self {
            Self::Fixed(_) => {}
            Self::Computed(expr) => visit(expr),
            Self::List(items) => items.iter().for_each(|item| item.expressions(visit)),
            Self::Map(fields) => fields.iter().for_each(|(_, item)| item.expressions(visit)),
        }
    }
}

/// A regular expression that was compiled with the rule.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(pub regex::Regex);

impl Pattern {
    /// Compiled regular expressions may take this many bytes.
    const SIZE: usize = 1 << 20;

    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let built = regex::RegexBuilder::new(text).size_limit(Self::SIZE).nest_limit(50).build();
        built.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_owned(),
            other => format!("this is no regular expression: {}", other.to_string().lines().last().unwrap_or_default().trim()),
        })
    }
}
