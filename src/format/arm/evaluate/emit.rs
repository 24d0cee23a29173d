//! What rules judge: resources, and the parameters and outputs of templates as resources of their own kind.

use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use super::super::ir::{Node, Output, Parameter, Template};
use super::frame::{Frame, Instance};
use super::nested::combine;
use super::parameters::{is_nullable, resolve};
use super::run::Run;
use super::secure;
use crate::expression::{Evaluator, Expr};
use crate::model::{Kind, Object, Resource, Span, Value};

/// Gathers the resources of one unit.
#[derive(Default)]
pub struct Emitter {
    pub resources: Vec<Resource>,
    /// Templates whose parameters and outputs are in already: a module that is called twice has them once.
    seen: HashSet<(u32, u32, u32)>,
}

impl Emitter {
    /// Everything that one deployment makes, and those nested in it.
    pub fn frame(&mut self, run: &Run<'_>, frame: &Rc<Frame>, eval: &mut Evaluator<'_>) {
        let span = frame.template.span;
        let first = self.seen.insert((frame.template.file.0, span.start, span.end));
        if first {
            for (at, parameter) in frame.template.parameters.iter().enumerate() {
                self.parameter(run, frame, at, parameter, eval);
            }
        }
        for instance in run.instances(frame, eval).iter() {
            self.instance(run, frame, instance, eval);
        }
        if first {
            for output in &frame.template.outputs {
                self.output(run, frame, output, eval);
            }
        }
    }

    fn instance(&mut self, run: &Run<'_>, frame: &Rc<Frame>, instance: &Rc<Instance>, eval: &mut Evaluator<'_>) {
        let declaration = &instance.declaration;
        let name = run.name_of(instance, eval);
        let mut body = run.body_of(instance, eval);
        let nested = if declaration.is_deployment() { run.nested(instance, eval).and_then(|id| run.frame(id)) } else { None };
        if let Some(nested) = &nested {
            body = with_arguments(run, body, nested, eval);
        }
        let version = body.get("apiVersion").and_then(Value::as_str).map(Arc::from);
        let mut resource = Resource::new(Arc::clone(&instance.kind), name, body, declaration.place);
        resource.id = run.id_of(instance, eval);
        resource.address.clone_from(&instance.address);
        resource.certainty = combine(&frame.certainty, &instance.certainty);
        resource.existing = declaration.existing;
        resource.calls.clone_from(&frame.calls);
        resource.api_version = version;
        self.resources.push(resource);
        if let Some(nested) = nested
            && eval.deeper(|eval| self.frame(run, &nested, eval)).is_none()
        {
            run.note(declaration.place, "the budget for nesting ran out here; this deployment is not looked at");
        }
    }

    fn parameter(&mut self, run: &Run<'_>, frame: &Rc<Frame>, at: usize, parameter: &Parameter, eval: &mut Evaluator<'_>) {
        let template = &*frame.template;
        let schema = resolve(&parameter.schema, template);
        let is_secure = secure::is_secure(&parameter.schema, template);
        let nullable = is_nullable(&parameter.schema, template);
        let mut fields = Object::new();
        fields.set("name", text(&parameter.name, parameter.name_span));
        if let Some(kind) = parameter.schema.name.as_ref().or(schema.name.as_ref()) {
            fields.set("type", text(kind, parameter.schema.span));
        }
        fields.set("secure", Value::at(Kind::Bool(is_secure), parameter.schema.span));
        fields.set("nullable", Value::from(nullable));
        let default_span = parameter.default.as_ref().map_or(parameter.name_span, Node::span);
        fields.set("hasDefault", Value::at(Kind::Bool(parameter.default.is_some()), default_span));
        if let Some(default) = &parameter.default {
            let literal = default.as_literal();
            fields.set("defaultIsLiteral", Value::at(Kind::Bool(literal.is_some()), default.span()));
            let empty = literal.is_some_and(|value| value.as_str() == Some("") || value.as_object().is_some_and(Object::is_empty));
            fields.set("defaultIsEmpty", Value::at(Kind::Bool(empty), default.span()));
            let shown =
                literal.cloned().unwrap_or_else(|| text(&Arc::from(default.to_json().as_str().unwrap_or_default()), default.span()));
            fields.set("defaultValue", if is_secure { secure::secret(shown) } else { shown });
        }
        let given = frame.given.contains_key(parameter.name.to_ascii_lowercase().as_str());
        fields.set("given", Value::from(given));
        if given || parameter.default.is_some() {
            fields.set("value", run.parameter_at(frame, at, eval));
        }
        let allowed = parameter.schema.allowed.as_ref().or(schema.allowed.as_ref());
        if let Some(allowed) = allowed.and_then(Node::as_literal) {
            fields.set("allowedValues", allowed.clone());
        }
        if let Some(description) = parameter.metadata.as_ref().and_then(|metadata| metadata.get("description")) {
            fields.set("description", description.as_literal().cloned().unwrap_or_else(Value::null));
        }
        for (name, node) in &parameter.schema.rest {
            if let Some(value) = node.as_literal() {
                fields.set(Arc::clone(name), value.clone());
            }
        }
        if frame.parent.is_none() && !given && parameter.default.is_none() && !nullable && !is_secure {
            let cure = format!("give it with `--param {}=…` or in a parameter file", parameter.name);
            run.note(parameter.name_span, format!("the parameter `{}` has no value and no default: {cure}", parameter.name));
        }
        self.push("Template/parameters", &parameter.name, parameter.name_span, fields, frame, "parameters");
    }

    fn output(&mut self, run: &Run<'_>, frame: &Rc<Frame>, output: &Output, eval: &mut Evaluator<'_>) {
        let Some(value) = run.output(frame, output, eval) else { return };
        let template = &*frame.template;
        let place = output.value.span().or(output.name_span);
        let is_secure = secure::is_secure(&output.schema, template);
        let lists = node_calls(&output.value, &|name| name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("list")));
        let mut fields = Object::new();
        fields.set("name", text(&output.name, output.name_span));
        if let Some(kind) = output.schema.name.as_ref().or(resolve(&output.schema, template).name.as_ref()) {
            fields.set("type", text(kind, output.schema.span));
        }
        fields.set("secure", Value::at(Kind::Bool(is_secure), output.schema.span));
        fields.set("listsKeys", Value::at(Kind::Bool(lists), place));
        fields.set("holdsSecret", Value::at(Kind::Bool(!is_secure && (lists || value.holds_secret())), place));
        if let Some(description) = output.metadata.as_ref().and_then(|metadata| metadata.get("description")) {
            fields.set("description", description.as_literal().cloned().unwrap_or_else(Value::null));
        }
        fields.set("value", value.used_at(place));
        self.push("Template/outputs", &output.name, output.name_span, fields, frame, "outputs");
    }

    fn push(&mut self, kind: &'static str, name: &Arc<str>, place: Span, fields: Object, frame: &Rc<Frame>, list: &str) {
        let mut body = Object::with_capacity(3);
        body.set("type", Value::at(Kind::Str(kind.into()), place));
        body.set("name", text(name, place));
        body.set("properties", Value::at(Kind::Object(Arc::new(fields)), place));
        let mut resource = Resource::new(kind, text(name, place), Value::at(Kind::Object(Arc::new(body)), place), place);
        let prefix = if frame.address.is_empty() { String::new() } else { format!("{}/", frame.address) };
        resource.address = format!("{prefix}{list}.{name}");
        resource.certainty = frame.certainty.clone();
        resource.calls.clone_from(&frame.calls);
        self.resources.push(resource);
    }
}

fn text(text: &Arc<str>, span: Span) -> Value {
    Value::at(Kind::Str(Arc::clone(text)), span)
}

/// The body of a deployment with the values that its parameters were given.
fn with_arguments(run: &Run<'_>, body: Value, nested: &Rc<Frame>, eval: &mut Evaluator<'_>) -> Value {
    let Some(object) = body.as_object() else { return body };
    let mut arguments = Object::new();
    for (at, parameter) in nested.template.parameters.iter().enumerate() {
        if nested.given.contains_key(parameter.name.to_ascii_lowercase().as_str()) {
            let mut argument = Object::with_capacity(1);
            argument.set("value", run.parameter_at(nested, at, eval));
            arguments.insert(Arc::clone(&parameter.name), parameter.name_span, Value::object(argument));
        }
    }
    let mut properties = Object::with_capacity(1);
    properties.set("parameters", Value::object(arguments));
    let mut object = object.clone();
    object.set("properties", Value::object(properties).used_at(body.span()));
    Value { kind: Kind::Object(Arc::new(object)), provenance: body.provenance }
}

/// Whether an expression in `node` calls a function whose name `wanted` accepts.
fn node_calls(node: &Node, wanted: &impl Fn(&str) -> bool) -> bool {
    match node {
        Node::Literal(_) => false,
        Node::Expr(node) => {
            let mut found = false;
            node.expr.walk(&mut |expr| found |= matches!(expr, Expr::Call { name, .. } if wanted(name)));
            found
        }
        Node::Array(node) => node.items.iter().any(|item| node_calls(item, wanted)),
        Node::Object(node) => node.properties.iter().any(|property| node_calls(&property.value, wanted)),
        Node::Copy(node) => node_calls(&node.input, wanted) || node_calls(&node.count, wanted),
    }
}

/// The name of a root deployment: Azure's tools take the template's file name.
pub fn deployment_name(template: &Template, files: &crate::model::Files) -> Value {
    let path = files.path(template.file);
    let name = path.rsplit('/').next().unwrap_or(&path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Value::str(if stem.is_empty() { "main" } else { stem })
}
