//! Nested deployments whose template stands in a body that was lowered already: those that a Bicep resource writes out.
//!
//! The same shapes as in JSON, but of nodes: texts are plain and expressions are parsed, so nothing is read twice.

use std::sync::Arc;

use super::super::ir::{
    Argument, Arguments, Declaration, Definition, Deployment, ExpressionScope, Function, Key, Node, Output, Parameter, Property,
    ResourceCopy, ScopeKind, Template, TemplateLink, TemplateSource, TypeNode, Variable,
};
use crate::model::{FileId, Kind, Span};

/// Deepest nesting of templates, and of children in children.
const MAX_NESTING: u32 = 16;

/// What a [`Declaration`] keeps apart from its body.
const OWN: &[&str] = &["type", "apiVersion", "name", "scope", "condition", "copy", "existing", "dependsOn", "resources"];

/// Takes the deployment out of the body of a `Microsoft.Resources/deployments`; `None` where its properties are no object.
pub fn deployment(body: &mut Vec<Property>, file: FileId, around: ScopeKind) -> Option<Deployment> {
    taken(body, file, around, 0)
}

fn taken(body: &mut Vec<Property>, file: FileId, around: ScopeKind, nesting: u32) -> Option<Deployment> {
    let at = body.iter().rposition(|property| property.is("properties"))?;
    let properties = body.get(at)?.clone();
    let mut rest = fields(&properties.value)?;
    body.remove(at);
    let subscription_id = take(body, "subscriptionId").map(|property| property.value);
    let resource_group = take(body, "resourceGroup").map(|property| property.value);
    let options = take(&mut rest, "expressionEvaluationOptions").and_then(|options| options.value.get("scope"));
    let inner = options.is_some_and(|scope| scope.as_text().is_some_and(|scope| scope.eq_ignore_ascii_case("inner")));
    let list = take(&mut rest, "parameters");
    let arguments_at = list.as_ref().map_or(Span::NONE, |list| list.key_span);
    let arguments = match list.map(|property| property.value) {
        Some(node) => match fields(&node) {
            Some(list) => Arguments::List(list.into_iter().filter_map(argument).collect()),
            None => Arguments::Dynamic(node),
        },
        None => Arguments::List(Vec::new()),
    };
    let target = match (&resource_group, &subscription_id) {
        (Some(_), _) => ScopeKind::ResourceGroup,
        (None, Some(_)) => ScopeKind::Subscription,
        (None, None) => around,
    };
    let parameters_link = take(&mut rest, "parametersLink").map(|property| property.value);
    let link = take(&mut rest, "templateLink").map(|property| property.value);
    let template = match (take(&mut rest, "template").map(|property| property.value), link) {
        (Some(node), _) if fields(&node).is_some() && nesting < MAX_NESTING => {
            TemplateSource::Inline(Arc::new(template(&node, file, Some(target), nesting + 1)))
        }
        (None, Some(node)) => TemplateSource::Link(Box::new(TemplateLink {
            file,
            relative_path: node.get("relativePath"),
            uri: node.get("uri"),
            id: node.get("id"),
            parameters: parameters_link,
            span: node.span(),
            node,
        })),
        (Some(node), _) => {
            let reason = "its template is made by an expression; write the template itself there, or call a module";
            TemplateSource::Opaque { reference: "template".into(), reason: reason.into(), span: node.span(), node: Some(node) }
        }
        (None, None) => {
            let reason = "it has neither `template` nor `templateLink`; add one";
            TemplateSource::Opaque { reference: "template".into(), reason: reason.into(), span: properties.key_span, node: None }
        }
    };
    let expressions = if inner { ExpressionScope::Inner } else { ExpressionScope::Outer };
    Some(Deployment { expressions, arguments, arguments_at, template, subscription_id, resource_group, rest })
}

fn argument(property: Property) -> Option<Argument> {
    Some(Argument { name: Arc::clone(property.name()?), name_span: property.key_span, body: property.value })
}

fn template(node: &Node, file: FileId, around: Option<ScopeKind>, nesting: u32) -> Template {
    let mut out = Template { file, span: node.span(), scope: around.unwrap_or_default(), ..Template::default() };
    if let Some(schema) = node.get("$schema").as_ref().and_then(Node::as_text) {
        out.scope = ScopeKind::of_schema(schema);
        out.schema = Some(schema.into());
    }
    for property in fields(node).unwrap_or_default() {
        let Some(name) = property.name().cloned() else { continue };
        let value = &property.value;
        match name.to_ascii_lowercase().as_str() {
            "$schema" => {}
            "languageversion" => out.language_version = value.as_text().map(Arc::from),
            "definitions" => each(value, |name, _, inner| out.definitions.push(Definition { name, schema: schema(inner, &[], 0) })),
            "functions" => items(value).unwrap_or_default().iter().for_each(|space| functions(space, &mut out)),
            "parameters" => each(value, |name, name_span, inner| {
                let schema = schema(inner, &["defaultValue", "metadata"], 0);
                let (default, metadata) = (inner.get("defaultValue"), inner.get("metadata"));
                out.parameters.push(Parameter { name, name_span, schema, default, metadata });
            }),
            "variables" => each(value, |name, name_span, inner| {
                out.variables.push(Variable { name, name_span, value: inner.clone() });
            }),
            "resources" => match items(value) {
                Some(list) => out.resources.extend(list.iter().filter_map(|item| declaration(None, item, file, out.scope, nesting))),
                None => {
                    out.symbolic = true;
                    let (scope, resources) = (out.scope, &mut out.resources);
                    each(value, |name, _, inner| resources.extend(declaration(Some(name), inner, file, scope, nesting)));
                }
            },
            "outputs" => each(value, |name, name_span, inner| {
                let schema = schema(inner, &["value", "copy", "condition", "metadata"], 0);
                let value = match inner.get("copy") {
                    Some(copy) => repeated(&name, &copy),
                    None => inner.get("value").unwrap_or_else(|| Node::null(name_span)),
                };
                let (condition, metadata) = (inner.get("condition"), inner.get("metadata"));
                out.outputs.push(Output { name, name_span, schema, value, condition, metadata });
            }),
            _ => out.rest.push((name, property.value)),
        }
    }
    out
}

fn functions(space: &Node, out: &mut Template) {
    let namespace = space.get("namespace");
    let namespace = namespace.as_ref().and_then(Node::as_text).unwrap_or_default();
    let Some(members) = space.get("members") else { return };
    each(&members, |name, name_span, inner| {
        let parameters = inner.get("parameters").and_then(|list| items(&list)).unwrap_or_default();
        let parameter = |item: &Node| Some((Arc::from(item.get("name")?.as_text()?), schema(item, &["name"], 0)));
        let parameters = parameters.iter().filter_map(parameter).collect();
        let output = inner.get("output");
        let value = output.as_ref().and_then(|output| output.get("value")).unwrap_or_else(|| Node::null(name_span));
        let schema = output.map(|output| schema(&output, &["value"], 0)).unwrap_or_default();
        out.functions.push(Function { name: format!("{namespace}.{name}").into(), parameters, schema, value, name_span });
    });
}

/// A resource; `None` where it has no type.
fn declaration(symbol: Option<Arc<str>>, node: &Node, file: FileId, scope: ScopeKind, nesting: u32) -> Option<Arc<Declaration>> {
    let kind = node.get("type")?;
    let mut out = Declaration {
        symbol,
        kind: kind.as_text()?.into(),
        api_version: node.get("apiVersion"),
        name: node.get("name"),
        scope: node.get("scope"),
        condition: node.get("condition"),
        copy: node.get("copy").map(|copy| resource_copy(&copy)),
        existing: node.get("existing").is_some_and(|flag| matches!(flag.as_literal().map(|value| &value.kind), Some(Kind::Bool(true)))),
        depends_on: node.get("dependsOn").and_then(|list| items(&list)).unwrap_or_default(),
        body: fields(node)?.into_iter().filter(|property| !OWN.iter().any(|own| property.is(own))).collect(),
        span: node.span(),
        place: kind.span(),
        ..Declaration::default()
    };
    if out.is_deployment() {
        out.deployment = taken(&mut out.body, file, scope, nesting);
    }
    if nesting < MAX_NESTING {
        let children = node.get("resources").and_then(|list| items(&list)).unwrap_or_default();
        out.children = children.iter().filter_map(|child| declaration(None, child, file, scope, nesting + 1)).collect();
    }
    Some(Arc::new(out))
}

fn resource_copy(copy: &Node) -> ResourceCopy {
    let text = |name: &str| copy.get(name).as_ref().and_then(Node::as_text).map(Arc::from);
    ResourceCopy {
        name: text("name").unwrap_or_default(),
        count: copy.get("count").unwrap_or_else(|| Node::null(copy.span())),
        mode: text("mode"),
        batch_size: copy.get("batchSize"),
        span: copy.span(),
    }
}

fn repeated(name: &Arc<str>, copy: &Node) -> Node {
    let part = |part: &str| copy.get(part).unwrap_or_else(|| Node::null(copy.span()));
    Node::copy(Arc::clone(name), part("count"), part("input"), copy.span())
}

/// A type, as far as evaluation looks at it. Names in `without` belong to the declaration around it.
fn schema(node: &Node, without: &[&str], depth: u32) -> TypeNode {
    let mut out = TypeNode { span: node.span(), ..TypeNode::default() };
    if depth > MAX_NESTING {
        return out;
    }
    for property in fields(node).unwrap_or_default() {
        let Some(name) = property.name().filter(|name| !without.iter().any(|other| name.eq_ignore_ascii_case(other))) else { continue };
        let value = &property.value;
        let inner = || Some(Box::new(schema(value, &[], depth + 1)));
        match name.to_ascii_lowercase().as_str() {
            "type" => (out.name, out.span) = (value.as_text().map(Arc::from), value.span()),
            "$ref" => (out.reference, out.span) = (value.as_text().map(Arc::from), value.span()),
            "nullable" => out.nullable = matches!(value.as_literal().map(|value| &value.kind), Some(Kind::Bool(true))),
            "allowedvalues" => out.allowed = Some(value.clone()),
            "properties" => each(value, |name, _, inner| out.properties.push((name, schema(inner, &[], depth + 1)))),
            "items" => out.items = inner(),
            "additionalproperties" => out.additional = inner(),
            _ => out.rest.push((Arc::clone(name), value.clone())),
        }
    }
    out
}

fn take(properties: &mut Vec<Property>, name: &str) -> Option<Property> {
    let at = properties.iter().rposition(|property| property.is(name))?;
    Some(properties.remove(at))
}

/// The properties of an object, literal or not.
fn fields(node: &Node) -> Option<Vec<Property>> {
    match node {
        Node::Object(object) => Some(object.properties.clone()),
        Node::Literal(value) => {
            let object = value.as_object()?;
            let field = |field: &crate::model::Field| Property {
                key: Key::Text(Arc::clone(&field.key)),
                key_span: field.key_span,
                value: Node::Literal(field.value.clone()),
            };
            Some(object.iter().map(field).collect())
        }
        _ => None,
    }
}

/// The items of a list, literal or not.
fn items(node: &Node) -> Option<Vec<Node>> {
    match node {
        Node::Array(array) => Some(array.items.clone()),
        Node::Literal(value) => value.as_array().map(|items| items.iter().cloned().map(Node::Literal).collect()),
        _ => None,
    }
}

/// Calls `take` with name, place and value of every property that has a plain name.
fn each(node: &Node, mut take: impl FnMut(Arc<str>, Span, &Node)) {
    for property in fields(node).unwrap_or_default() {
        if let Some(name) = property.name() {
            take(Arc::clone(name), property.key_span, &property.value);
        }
    }
}
