use std::rc::Rc;
use std::sync::Arc;

use super::super::ir::{Node, Parameter, Template, TypeNode};
use super::frame::{Argument, Frame, FrameId, hop, memo_at, through};
use super::node::Places;
use super::run::Run;
use super::secure;
use crate::expression::{Evaluator, partial};
use crate::model::{HopKind, Kind, Secret, SecretSource, Shape, Span, Value, Why};

/// Most allowed values that are kept as alternatives.
const MAX_ALLOWED: usize = partial::MAX_ALTERNATIVES;

impl Run<'_> {
    /// `parameters('name')` in a frame.
    pub fn parameter(&self, frame: FrameId, name: &str, eval: &mut Evaluator<'_>) -> Value {
        let Some(frame) = self.frame(frame) else { return Value::null() };
        match frame.template.parameters.position(name) {
            Some(at) => self.parameter_at(&frame, at, eval),
            None => Value::unknown(Why::Error(format!("there is no parameter `{name}`").into())),
        }
    }

    /// The value of a parameter: what is given, else the default, else null where that is allowed, else unknown.
    pub fn parameter_at(&self, frame: &Rc<Frame>, at: usize, eval: &mut Evaluator<'_>) -> Value {
        let Some(parameter) = frame.template.parameters.at(at) else { return Value::null() };
        let what = || format!("parameter `{}`", parameter.name);
        memo_at(&frame.parameters, at, what, || {
            let value = match eval.deeper(|eval| self.parameter_value(frame, parameter, eval)) {
                Some(value) => value,
                None => self.out_of("nesting"),
            };
            let value = secure::apply(value, &parameter.schema, &frame.template);
            through(value, hop(HopKind::Parameter, &parameter.name, parameter.name_span))
        })
    }

    fn parameter_value(&self, frame: &Rc<Frame>, parameter: &Parameter, eval: &mut Evaluator<'_>) -> Value {
        let given = self.given(frame, &parameter.name, eval);
        let nullable = is_nullable(&parameter.schema, &frame.template);
        let default = |eval: &mut Evaluator<'_>| {
            let node = parameter.default.as_ref()?;
            Some(match node.as_literal() {
                Some(value) => value.clone(),
                None => {
                    let site = frame.site();
                    let site = super::site::Site { frame: frame.id, loops: None, ..site };
                    self.at(&site, eval, |eval| self.node(node, &site, eval, Places::Shallow))
                }
            })
        };
        match given {
            // Null is not given where something else is said for that case.
            Some(value) if value.is_null() => default(eval).unwrap_or(value),
            Some(value) => match partial::alternatives(&value) {
                Some(values) if values.iter().any(Value::is_null) && parameter.default.is_some() => {
                    let why = value.as_unknown().map_or(Why::Parameter(Arc::clone(&parameter.name)), |unknown| unknown.why.clone());
                    let instead = default(eval).unwrap_or_else(Value::null);
                    let values = values.iter().map(|value| if value.is_null() { instead.clone() } else { value.clone() });
                    partial::one_of(&why, values).with_provenance(value.provenance.clone())
                }
                _ => value,
            },
            None => match default(eval) {
                Some(value) => value,
                None if nullable => Value::null().used_at(parameter.name_span),
                None => missing(parameter, &frame.template),
            },
        }
    }

    /// What the frame was given for `name`; `None` where it was not.
    fn given(&self, frame: &Rc<Frame>, name: &str, eval: &mut Evaluator<'_>) -> Option<Value> {
        let Some(argument) = frame.given.get(name.to_ascii_lowercase().as_str()) else {
            return frame.given_unknown.clone().map(Value::unknown);
        };
        match argument {
            Argument::Value { value, hop } => Some(match hop {
                Some(hop) => through(value.clone(), hop.clone()),
                None => value.clone(),
            }),
            Argument::KeyVault { span } => Some(key_vault(*span)),
            Argument::Node { body, site, hop } => {
                let value = self.at(site, eval, |eval| self.argument(body, site, eval))?;
                Some(through(value, hop.clone()))
            }
        }
    }

    /// The value of `{"value": …}` or `{"reference": …}`, or of an expression that makes one of them.
    fn argument(&self, body: &Node, site: &super::site::Site, eval: &mut Evaluator<'_>) -> Option<Value> {
        if let Some(value) = body.get("value") {
            return Some(self.node(&value, site, eval, Places::Shallow));
        }
        if body.get("reference").is_some() {
            return Some(key_vault(body.span()));
        }
        let whole = self.node(body, site, eval, Places::Shallow);
        argument_of(&whole)
    }
}

/// What an evaluated argument object gives.
fn argument_of(whole: &Value) -> Option<Value> {
    match &whole.kind {
        Kind::Object(object) => match object.get("value") {
            Some(value) => Some(value.clone()),
            None => object.get("reference").map(|reference| key_vault(reference.span())),
        },
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::OneOf(values) => {
                let values = values.iter().map(|value| argument_of(value).unwrap_or_else(Value::null));
                Some(partial::one_of(&unknown.why, values))
            }
            Shape::Fields(fields) => {
                let value = fields.get("value").cloned();
                Some(value.unwrap_or_else(|| Value::unknown(unknown.why.clone())))
            }
            _ => Some(Value::unknown(unknown.why.clone())),
        },
        Kind::Secret(_) => Some(whole.clone()),
        _ => None,
    }
}

fn key_vault(span: Span) -> Value {
    Value::at(Kind::Secret(Secret::opaque(SecretSource::KeyVault)), span)
}

/// The type with what its definitions say, at most so many steps away.
pub fn resolve<'t>(schema: &'t TypeNode, template: &'t Template) -> &'t TypeNode {
    let mut schema = schema;
    for _ in 0..16 {
        let Some(name) = schema.reference.as_deref().and_then(|reference| reference.rsplit('/').next()) else { break };
        let Some(definition) = template.definitions.get(name) else { break };
        schema = &definition.schema;
    }
    schema
}

/// Whether the type allows null, by itself or by a definition that it refers to.
pub fn is_nullable(schema: &TypeNode, template: &Template) -> bool {
    schema.nullable || resolve(schema, template).nullable
}

/// The JSON type that a type's name stands for.
pub fn json_type(schema: &TypeNode, template: &Template) -> Option<&'static str> {
    let name = resolve(schema, template).name.as_deref()?;
    ["string", "int", "bool", "array", "object"].into_iter().find(|known| {
        let plain = name.get(..6).filter(|prefix| prefix.eq_ignore_ascii_case("secure")).map_or(name, |_| name.get(6..).unwrap_or(name));
        plain.eq_ignore_ascii_case(known)
    })
}

/// A required parameter without a value: one of the allowed values, or its type alone.
fn missing(parameter: &Parameter, template: &Template) -> Value {
    let schema = resolve(&parameter.schema, template);
    let allowed = parameter.schema.allowed.as_ref().or(schema.allowed.as_ref());
    let why = Why::Parameter(Arc::clone(&parameter.name));
    let of_array = json_type(&parameter.schema, template) == Some("array");
    let shape = match allowed.and_then(Node::as_literal).and_then(Value::as_array) {
        Some([only]) if !of_array => return only.clone(),
        Some(values) if !of_array && (2..=MAX_ALLOWED).contains(&values.len()) => Shape::OneOf(values.into()),
        _ => json_type(&parameter.schema, template).map_or(Shape::Any, Shape::Type),
    };
    Value::unknown_shaped(why, shape).used_at(parameter.name_span)
}
