use std::sync::Arc;

use super::super::ir::{CopyNode, Key, Node, ObjectNode};
use super::run::Run;
use super::site::Site;
use crate::expression::Evaluator;
use crate::model::{Hop, Kind, Object, Provenance, Shape, Span, Unknown, Value, Why};

/// Most rounds of one loop, as in Azure.
pub const MAX_COPIES: i64 = 800;

/// How places are set in what expressions give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// Of the value alone: what is inside may still be taken out and used elsewhere.
    Shallow,
    /// Of everything inside: this is the body of a resource.
    Deep,
}

/// How many rounds a loop has.
pub enum Rounds {
    /// So many, at most [`MAX_COPIES`].
    Known(i64),
    /// Nobody can say.
    Unknown(Why),
}

impl Run<'_> {
    /// The value of `node` at `site`. `eval` is an evaluator of that site.
    pub fn node(&self, node: &Node, site: &Site, eval: &mut Evaluator<'_>, places: Places) -> Value {
        match node {
            Node::Literal(value) => value.clone(),
            Node::Expr(expr) => {
                if self.is_late() {
                    return self.out_of("time").used_at(expr.span);
                }
                let around = self.at.replace(expr.span);
                let value = eval.eval(&expr.expr);
                self.at.set(around);
                settle(value, expr.span, places, eval)
            }
            Node::Array(array) => {
                let items = eval.deeper(|eval| array.items.iter().map(|item| self.node(item, site, eval, places)).collect());
                match items {
                    Some(items) => Value::at(Kind::Array(Arc::new(items)), array.span),
                    None => self.out_of("nesting").used_at(array.span),
                }
            }
            Node::Object(object) => match eval.deeper(|eval| self.object(object, site, eval, places)) {
                Some(value) => value,
                None => self.out_of("nesting").used_at(object.span),
            },
            Node::Copy(copy) => self.copy(copy, site, eval, places),
        }
    }

    fn object(&self, node: &ObjectNode, site: &Site, eval: &mut Evaluator<'_>, places: Places) -> Value {
        let mut object = Object::with_capacity(node.properties.len());
        let mut unnamed: Option<Why> = None;
        for property in &node.properties {
            let value = self.node(&property.value, site, eval, places);
            match &property.key {
                Key::Text(key) => object.insert(Arc::clone(key), property.key_span, value),
                Key::Expr(expr) => {
                    let name = eval.eval(&expr.expr);
                    match (&name.kind, name.as_unknown()) {
                        (Kind::Str(key), _) => object.insert(Arc::clone(key), property.key_span, value),
                        (_, Some(unknown)) => unnamed = Some(unknown.why.clone()),
                        _ => unnamed = Some(Why::Error(format!("a value of type {} is no property name", name.type_name()).into())),
                    }
                }
            }
        }
        let object = Arc::new(object);
        match unnamed {
            None => Value::at(Kind::Object(object), node.span),
            Some(why) => Value::at(Kind::Unknown(Arc::new(Unknown { why, shape: Shape::Fields(object) })), node.span),
        }
    }

    /// The list that a property, variable or output loop makes.
    fn copy(&self, copy: &CopyNode, site: &Site, eval: &mut Evaluator<'_>, places: Places) -> Value {
        let count = self.node(&copy.count, site, eval, Places::Shallow);
        let count = match self.rounds(&count, copy.span) {
            Rounds::Known(count) => count,
            Rounds::Unknown(why) => return Value::unknown_shaped(why, Shape::Type("array")).used_at(copy.span),
        };
        let mut items = Vec::new();
        for index in 0..count {
            if self.is_late() || !eval.charge(1) {
                return self.out_of("steps of evaluation").used_at(copy.span);
            }
            let round = site.in_loop(&copy.name, false, Ok(index));
            let item = self.at(&round, eval, |eval| eval.deeper(|eval| self.node(&copy.input, &round, eval, places)));
            items.push(item.unwrap_or_else(|| self.out_of("nesting").used_at(copy.span)));
        }
        Value::at(Kind::Array(Arc::new(items)), copy.span)
    }

    /// How often a loop runs.
    pub fn rounds(&self, count: &Value, span: Span) -> Rounds {
        match (count.as_int(), count.as_unknown()) {
            (Some(count), _) if count > MAX_COPIES => {
                self.note(
                    span,
                    format!("this loop has {count} rounds; Azure refuses more than {MAX_COPIES}, and only those are looked at"),
                );
                Rounds::Known(MAX_COPIES)
            }
            (Some(count), _) => Rounds::Known(count.max(0)),
            (None, Some(unknown)) => Rounds::Unknown(unknown.why.clone()),
            (None, None) => Rounds::Unknown(match &count.kind {
                Kind::Secret(_) => Why::Runtime("a secret value".into()),
                _ => Why::Error(format!("the count of a loop is a number, not {}", count.type_name()).into()),
            }),
        }
    }
}

/// Marks the place where a value is used.
fn settle(value: Value, span: Span, places: Places, eval: &mut Evaluator<'_>) -> Value {
    if places == Places::Shallow || !is_container(&value) {
        return value.used_at(span);
    }
    let via = value.provenance.via.clone();
    deep(&value, span, via.as_ref(), eval)
}

fn is_container(value: &Value) -> bool {
    match &value.kind {
        Kind::Array(items) => !items.is_empty(),
        Kind::Object(object) => !object.is_empty(),
        _ => false,
    }
}

/// Sets the use of everything inside `value` to `span`; definitions stay, and the steps of the whole are put before those
/// of its parts.
fn deep(value: &Value, span: Span, via: Option<&Arc<Hop>>, eval: &mut Evaluator<'_>) -> Value {
    let own = value.provenance.via.as_ref();
    let way = match (via, own) {
        (None, own) => own.cloned(),
        (Some(via), None) => Some(Arc::clone(via)),
        (Some(via), Some(own)) if Arc::ptr_eq(via, own) => Some(Arc::clone(via)),
        (Some(via), Some(own)) => Some(chain(via, own)),
    };
    let provenance = Provenance { defined: value.provenance.defined.or(span), used: span, via: way };
    if !is_container(value) {
        return Value { kind: value.kind.clone(), provenance };
    }
    let kind = eval.deeper(|eval| match &value.kind {
        Kind::Array(items) => {
            eval.charge(items.len() as u64 / 8);
            Kind::Array(Arc::new(items.iter().map(|item| deep(item, span, via, eval)).collect()))
        }
        Kind::Object(object) => {
            let mut copy = (**object).clone();
            for field in copy.values_mut() {
                *field = deep(field, span, via, eval);
            }
            Kind::Object(Arc::new(copy))
        }
        other => other.clone(),
    });
    Value { kind: kind.unwrap_or_else(|| value.kind.clone()), provenance }
}

/// The steps of `first`, then those of `then`.
fn chain(first: &Hop, then: &Arc<Hop>) -> Arc<Hop> {
    // Parts often carry the very steps of the whole.
    let steps: Vec<&Hop> = std::iter::successors(Some(first), |hop| hop.next.as_deref()).collect();
    steps
        .into_iter()
        .rev()
        .fold(Arc::clone(then), |next, hop| Arc::new(Hop { kind: hop.kind, name: Arc::clone(&hop.name), span: hop.span, next: Some(next) }))
}
