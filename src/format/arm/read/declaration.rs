use std::sync::Arc;

use jsonc_parser::ast::{Object, Value as Json};

use super::super::ir::{
    Argument, Arguments, Declaration, Deployment, ExpressionScope, Node, ResourceCopy, ScopeKind, TemplateLink, TemplateSource,
};
use super::node::{Reader, find, name_of, name_range, object_of, string, text_of};
use crate::model::Span;

/// Deepest nesting of `resources` in `resources`.
const MAX_CHILDREN: u32 = 16;

/// What a [`Declaration`] keeps apart from its body.
const OWN: &[&str] = &["type", "apiVersion", "name", "scope", "condition", "copy", "existing", "dependsOn", "resources"];

impl Reader {
    /// A resource; `None` where it has no type.
    pub fn declaration(&mut self, symbol: Option<&str>, object: &Object<'_>, scope: ScopeKind, nesting: u32) -> Option<Declaration> {
        self.resource(symbol, object, scope, nesting, 0)
    }

    fn resource(&mut self, symbol: Option<&str>, object: &Object<'_>, scope: ScopeKind, nesting: u32, depth: u32) -> Option<Declaration> {
        let kind = find(object, "type").and_then(string)?;
        let mut out = Declaration {
            symbol: symbol.map(Into::into),
            kind: kind.value.as_ref().into(),
            api_version: self.field(object, "apiVersion"),
            name: self.field(object, "name"),
            scope: self.field(object, "scope"),
            condition: self.field(object, "condition"),
            copy: object_of(object, "copy").map(|copy| self.copy(copy)),
            existing: matches!(find(object, "existing").map(|property| &property.value), Some(Json::BooleanLit(flag)) if flag.value),
            span: self.span(object.range),
            place: self.span(kind.range),
            ..Declaration::default()
        };
        if let Some(Json::Array(list)) = find(object, "dependsOn").map(|property| &property.value) {
            out.depends_on = list.elements.iter().map(|element| self.node(element)).collect();
        }
        if out.is_deployment()
            && let Some(properties) = object_of(object, "properties")
        {
            let without: Vec<&str> = OWN.iter().copied().chain(["properties", "subscriptionId", "resourceGroup"]).collect();
            out.body = self.properties(object, &without);
            out.deployment = Some(self.deployment(object, properties, scope, nesting));
        } else {
            out.body = self.properties(object, OWN);
        }
        if let Some(Json::Array(children)) = find(object, "resources").map(|property| &property.value) {
            self.children(children, &mut out, scope, nesting, depth);
        }
        Some(out)
    }

    fn children(&mut self, list: &jsonc_parser::ast::Array<'_>, parent: &mut Declaration, scope: ScopeKind, nesting: u32, depth: u32) {
        if depth >= MAX_CHILDREN {
            self.note(
                parent.place,
                format!("child resources are nested more than {MAX_CHILDREN} levels deep; deeper ones are not looked at"),
            );
            return;
        }
        for element in &list.elements {
            let Json::Object(object) = element else { continue };
            match self.resource(None, object, scope, nesting, depth + 1) {
                Some(child) => parent.children.push(Arc::new(child)),
                None => {
                    let span = self.span(object.range);
                    self.note(span, "this is no resource: it has no `type`; add it");
                }
            }
        }
    }

    fn copy(&mut self, object: &Object<'_>) -> ResourceCopy {
        let span = self.span(object.range);
        ResourceCopy {
            name: text_of(object, "name").unwrap_or_default().into(),
            count: self.field(object, "count").unwrap_or_else(|| Node::null(span)),
            mode: text_of(object, "mode").map(Into::into),
            batch_size: self.field(object, "batchSize"),
            span,
        }
    }

    fn deployment(&mut self, object: &Object<'_>, properties: &Object<'_>, scope: ScopeKind, nesting: u32) -> Deployment {
        let subscription_id = self.field(object, "subscriptionId");
        let resource_group = self.field(object, "resourceGroup");
        let inner = object_of(properties, "expressionEvaluationOptions").and_then(|options| text_of(options, "scope"));
        let inner = inner.is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
        let list = find(properties, "parameters");
        let arguments_at = list.map_or(Span::NONE, |list| self.span(name_range(list)));
        let arguments = match list.map(|property| &property.value) {
            Some(Json::Object(list)) => {
                self.check_keys(list);
                Arguments::List(list.properties.iter().map(|property| self.argument(property)).collect())
            }
            Some(other) => Arguments::Dynamic(self.node(other)),
            None => Arguments::List(Vec::new()),
        };
        let target = if resource_group.is_some() {
            ScopeKind::ResourceGroup
        } else if subscription_id.is_some() {
            ScopeKind::Subscription
        } else {
            scope
        };
        let without = ["expressionEvaluationOptions", "parameters", "template", "templateLink", "parametersLink"];
        let rest = self.properties(properties, &without);
        let expressions = if inner { ExpressionScope::Inner } else { ExpressionScope::Outer };
        let template = self.template_source(object, properties, target, nesting);
        Deployment { expressions, arguments, arguments_at, template, subscription_id, resource_group, rest }
    }

    fn argument(&mut self, property: &jsonc_parser::ast::ObjectProp<'_>) -> Argument {
        let name_span = self.span(name_range(property));
        Argument { name: name_of(property).into(), name_span, body: self.node(&property.value) }
    }

    fn template_source(&mut self, object: &Object<'_>, properties: &Object<'_>, target: ScopeKind, nesting: u32) -> TemplateSource {
        match (find(properties, "template").map(|property| &property.value), find(properties, "templateLink")) {
            (Some(Json::Object(template)), _) => TemplateSource::Inline(Arc::new(self.template(template, Some(target), nesting + 1))),
            (None, Some(link)) => self.link(link, properties),
            (Some(other), _) => {
                let node = self.node(other);
                let reason = "its template is made by an expression; write the template itself there, or a templateLink";
                TemplateSource::Opaque { reference: "template".into(), reason: reason.into(), span: node.span(), node: Some(node) }
            }
            (None, None) => {
                let reason = "it has neither `template` nor `templateLink`; add one";
                TemplateSource::Opaque { reference: "template".into(), reason: reason.into(), span: self.span(object.range), node: None }
            }
        }
    }

    fn link(&mut self, property: &jsonc_parser::ast::ObjectProp<'_>, properties: &Object<'_>) -> TemplateSource {
        let node = self.node(&property.value);
        TemplateSource::Link(Box::new(TemplateLink {
            file: self.file,
            relative_path: node.get("relativePath"),
            uri: node.get("uri"),
            id: node.get("id"),
            parameters: self.field(properties, "parametersLink"),
            span: node.span(),
            node,
        }))
    }
}
