use serde_json::{Map, Value as Json, json};

use super::{
    Argument, Arguments, Declaration, Deployment, ExprNode, ExpressionScope, Key, Node, Output, Parameter, Property, ResourceCopy,
    Template, TemplateSource, TypeNode,
};
use crate::model::{Kind, Value};

/// What evaluation gives up at, printing does too: deeper nodes are left out.
const MAX_DEPTH: u32 = 600;

impl Template {
    /// The template as ARM JSON, expressions spelled one way. Front ends are compared by it, before evaluation.
    pub fn to_json(&self) -> Json {
        self.json(MAX_DEPTH)
    }

    fn json(&self, depth: u32) -> Json {
        let mut out = Map::new();
        if let Some(schema) = &self.schema {
            out.insert("$schema".into(), json!(schema));
        }
        if let Some(version) = &self.language_version {
            out.insert("languageVersion".into(), json!(version));
        }
        for (name, node) in &self.rest {
            out.insert(name.to_string(), node.json(depth));
        }
        put(&mut out, "definitions", self.definitions.iter().map(|item| (item.name.to_string(), Json::Object(item.schema.json(depth)))));
        self.put_functions(&mut out, depth);
        put(&mut out, "parameters", self.parameters.iter().map(|item| (item.name.to_string(), item.json(depth))));
        let plain = self.variables.iter().map(|item| Property::new(item.name.clone(), item.name_span, item.value.clone()));
        let variables = object(plain.collect::<Vec<_>>().iter(), depth);
        if !variables.is_empty() {
            out.insert("variables".into(), Json::Object(variables));
        }
        let resources = self.resources.iter().enumerate().map(|(at, item)| {
            let symbol = item.symbol.as_ref().map_or_else(|| at.to_string(), ToString::to_string);
            (symbol, item.json(depth.saturating_sub(1)))
        });
        let resources =
            if self.symbolic { Json::Object(resources.collect()) } else { Json::Array(resources.map(|(_, json)| json).collect()) };
        out.insert("resources".into(), resources);
        put(&mut out, "outputs", self.outputs.iter().map(|item| (item.name.to_string(), item.json(depth))));
        Json::Object(out)
    }

    fn put_functions(&self, out: &mut Map<String, Json>, depth: u32) {
        let mut spaces: Vec<(String, Map<String, Json>)> = Vec::new();
        for function in &self.functions {
            let (space, name) = function.name.split_once('.').unwrap_or(("", &function.name));
            let parameters = function.parameters.iter().map(|(name, schema)| {
                let mut parameter = schema.json(depth);
                parameter.insert("name".into(), json!(name));
                Json::Object(parameter)
            });
            let mut output = function.schema.json(depth);
            output.insert("value".into(), function.value.json(depth));
            let body = json!({ "parameters": parameters.collect::<Vec<_>>(), "output": output });
            match spaces.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(space)) {
                Some((_, members)) => {
                    members.insert(name.to_owned(), body);
                }
                None => spaces.push((space.to_owned(), Map::from_iter([(name.to_owned(), body)]))),
            }
        }
        if !spaces.is_empty() {
            let list = spaces.into_iter().map(|(space, members)| json!({ "namespace": space, "members": members }));
            out.insert("functions".into(), Json::Array(list.collect()));
        }
    }
}

fn put(out: &mut Map<String, Json>, name: &str, items: impl Iterator<Item = (String, Json)>) {
    let items: Map<String, Json> = items.collect();
    if !items.is_empty() {
        out.insert(name.into(), Json::Object(items));
    }
}

impl TypeNode {
    fn json(&self, depth: u32) -> Map<String, Json> {
        let mut out = Map::new();
        let Some(depth) = depth.checked_sub(1) else { return out };
        if let Some(name) = &self.name {
            out.insert("type".into(), json!(name));
        }
        if let Some(reference) = &self.reference {
            out.insert("$ref".into(), json!(reference));
        }
        if self.nullable {
            out.insert("nullable".into(), Json::Bool(true));
        }
        if let Some(allowed) = &self.allowed {
            out.insert("allowedValues".into(), allowed.json(depth));
        }
        put(&mut out, "properties", self.properties.iter().map(|(name, schema)| (name.to_string(), Json::Object(schema.json(depth)))));
        if let Some(items) = &self.items {
            out.insert("items".into(), Json::Object(items.json(depth)));
        }
        if let Some(additional) = &self.additional {
            out.insert("additionalProperties".into(), Json::Object(additional.json(depth)));
        }
        for (name, node) in &self.rest {
            out.insert(name.to_string(), node.json(depth));
        }
        out
    }
}

impl Parameter {
    fn json(&self, depth: u32) -> Json {
        let mut out = self.schema.json(depth);
        if let Some(default) = &self.default {
            out.insert("defaultValue".into(), default.json(depth));
        }
        if let Some(metadata) = &self.metadata {
            out.insert("metadata".into(), metadata.json(depth));
        }
        Json::Object(out)
    }
}

impl Output {
    fn json(&self, depth: u32) -> Json {
        let mut out = self.schema.json(depth);
        if let Some(condition) = &self.condition {
            out.insert("condition".into(), condition.json(depth));
        }
        if let Some(metadata) = &self.metadata {
            out.insert("metadata".into(), metadata.json(depth));
        }
        match &self.value {
            Node::Copy(copy) => out.insert("copy".into(), json!({ "count": copy.count.json(depth), "input": copy.input.json(depth) })),
            value => out.insert("value".into(), value.json(depth)),
        };
        Json::Object(out)
    }
}

impl Declaration {
    fn json(&self, depth: u32) -> Json {
        let mut out = Map::new();
        let Some(depth) = depth.checked_sub(1) else { return Json::Object(out) };
        let mut node = |name: &str, node: Option<&Node>| {
            if let Some(node) = node {
                out.insert(name.into(), node.json(depth));
            }
        };
        node("condition", self.condition.as_ref());
        node("apiVersion", self.api_version.as_ref());
        node("name", self.name.as_ref());
        node("scope", self.scope.as_ref());
        if self.existing {
            out.insert("existing".into(), Json::Bool(true));
        }
        if let Some(copy) = &self.copy {
            out.insert("copy".into(), copy.json(depth));
        }
        out.insert("type".into(), json!(self.kind));
        for (name, value) in object(self.body.iter(), depth) {
            out.insert(name, value);
        }
        if let Some(deployment) = &self.deployment {
            deployment.put(&mut out, depth);
        }
        if !self.depends_on.is_empty() {
            out.insert("dependsOn".into(), self.depends_on.iter().map(|node| node.json(depth)).collect());
        }
        if !self.children.is_empty() {
            out.insert("resources".into(), self.children.iter().map(|child| child.json(depth)).collect());
        }
        Json::Object(out)
    }
}

impl ResourceCopy {
    fn json(&self, depth: u32) -> Json {
        let mut out = Map::from_iter([("name".to_owned(), json!(self.name)), ("count".to_owned(), self.count.json(depth))]);
        if let Some(mode) = &self.mode {
            out.insert("mode".into(), json!(mode));
        }
        if let Some(size) = &self.batch_size {
            out.insert("batchSize".into(), size.json(depth));
        }
        Json::Object(out)
    }
}

impl Deployment {
    fn put(&self, out: &mut Map<String, Json>, depth: u32) {
        if let Some(subscription) = &self.subscription_id {
            out.insert("subscriptionId".into(), subscription.json(depth));
        }
        if let Some(group) = &self.resource_group {
            out.insert("resourceGroup".into(), group.json(depth));
        }
        let mut properties = object(self.rest.iter(), depth);
        if self.expressions == ExpressionScope::Inner {
            properties.insert("expressionEvaluationOptions".into(), json!({ "scope": "inner" }));
        }
        match &self.arguments {
            Arguments::List(arguments) => {
                let one = |argument: &Argument| (argument.name.to_string(), argument.body.json(depth));
                put(&mut properties, "parameters", arguments.iter().map(one));
            }
            Arguments::Dynamic(node) => {
                properties.insert("parameters".into(), node.json(depth));
            }
        }
        match &self.template {
            TemplateSource::Inline(template) => {
                properties.insert("template".into(), template.json(depth));
            }
            TemplateSource::Link(link) => {
                properties.insert("templateLink".into(), link.node.json(depth));
            }
            TemplateSource::Opaque { node, .. } => {
                if let Some(node) = node {
                    properties.insert("template".into(), node.json(depth));
                }
            }
        }
        out.insert("properties".into(), Json::Object(properties));
    }
}

impl Node {
    /// The node as ARM JSON, expressions spelled one way.
    pub fn to_json(&self) -> Json {
        self.json(MAX_DEPTH)
    }

    fn json(&self, depth: u32) -> Json {
        let Some(depth) = depth.checked_sub(1) else { return Json::Null };
        match self {
            Self::Literal(value) => literal(value),
            Self::Expr(node) => Json::String(expression(node)),
            Self::Array(node) => node.items.iter().map(|item| item.json(depth)).collect(),
            Self::Object(node) => Json::Object(object(node.properties.iter(), depth)),
            Self::Copy(copy) => copy_element(copy, depth),
        }
    }
}

fn copy_element(copy: &super::CopyNode, depth: u32) -> Json {
    json!({ "name": copy.name, "count": copy.count.json(depth), "input": copy.input.json(depth) })
}

fn expression(node: &ExprNode) -> String {
    format!("[{}]", node.expr)
}

/// Plain JSON of a literal, with the escape that keeps text in brackets from being an expression.
fn literal(value: &Value) -> Json {
    match &value.kind {
        Kind::Str(text) => Json::String(escaped(text)),
        Kind::Array(items) => items.iter().map(literal).collect(),
        Kind::Object(fields) => Json::Object(fields.iter().map(|field| (escaped(&field.key), literal(&field.value))).collect()),
        _ => value.to_json(),
    }
}

/// Text that is meant as text, though it stands in brackets.
fn escaped(text: &str) -> String {
    if text.starts_with('[') && text.ends_with(']') && text.len() > 1 { format!("[{text}") } else { text.to_owned() }
}

/// Properties as JSON; those that loops make are gathered in `copy`, where ARM has them.
fn object<'a>(properties: impl Iterator<Item = &'a Property>, depth: u32) -> Map<String, Json> {
    let mut out = Map::new();
    let mut copies = Vec::new();
    for property in properties {
        if let Node::Copy(copy) = &property.value {
            copies.push(copy_element(copy, depth));
            continue;
        }
        let key = match &property.key {
            Key::Text(text) => escaped(text),
            Key::Expr(node) => expression(node),
        };
        out.insert(key, property.value.json(depth));
    }
    if !copies.is_empty() {
        out.insert("copy".into(), Json::Array(copies));
    }
    out
}
