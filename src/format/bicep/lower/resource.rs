//! Resource declarations.

use std::sync::Arc;

use super::super::source::Body;
use super::super::tree::{Decorator, Expr as Tree, ExprKind, Item, Member};
use super::circle::Aspect;
use super::scope::Scope;
use super::target::{Target, What};
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::format::arm::ir::{Declaration, Node, Property, ResourceCopy, ScopeKind};
use crate::format::arm::read::deployment;
use crate::model::Span;

impl Lowering<'_, '_> {
    pub(super) fn resource(&mut self, top: &Env<'_>, index: usize) -> Option<Declaration> {
        let source = top.source;
        let (statement, resource) = source.resource(index)?;
        let target = Target { what: What::Resource(index), index: None };
        let identity = self.identity(top, &target)?;
        let place = source.span(resource.name.at.to(resource.ty.at));
        let ty = source.span(resource.ty.at);
        let mut declaration = Declaration {
            symbol: Some(Self::symbol(top, &target)),
            kind: identity.kind.as_str().into(),
            api_version: identity.api.as_deref().map(|api| Node::text(api, ty)),
            existing: resource.existing,
            span: source.span(statement.at),
            place,
            ..Declaration::default()
        };
        if identity.kind.is_empty() {
            self.compiler.note(ty, "the type of this resource is not plain text; the resource is not judged");
            return None;
        }
        let body = Body::of(&resource.body);
        declaration.copy = self.resource_copy(top, body, &target, &statement.decorators);
        declaration.condition = self.condition(top, &target);
        let scope = self.scope_of(top, &identity.root);
        self.place_in(top, &mut declaration, &scope, place);
        let foreign = self.is_foreign_resource(top, &target);
        let parts = self.inside(top, &target, |this, env, body| {
            let members = body.members.unwrap_or_default();
            if members.iter().any(|member| matches!(member, Member::Spread(..))) {
                let span = env.source.span(body.object.at);
                this.compiler.note(
                    span,
                    "Bicep allows no `...` at the top of a resource, so what it stands for is not judged; move it into `properties`",
                );
            }
            let name_at = env.source.property(members, "name").map_or(place, |name| env.source.span(name.at));
            let without: &[&str] = if foreign { &[] } else { &["name", "parent", "scope", "dependsOn"] };
            let properties = this.properties(env, members, without);
            let depends_on = env.source.property(members, "dependsOn").map(|list| this.depends_on(env, list));
            (name_at, properties, depends_on.unwrap_or_default(), env.source.span(body.object.at))
        });
        let (name_at, properties, depends_on, object) = parts.unwrap_or_else(|| (place, Vec::new(), Vec::new(), place));
        if foreign {
            // The version is part of the type's name where no provider of Azure's stands before it.
            let version = identity.api.map(|api| format!("@{api}")).unwrap_or_default();
            declaration.kind = format!("{}{version}", identity.kind).into();
            declaration.api_version = None;
            declaration.body.push(Property::new("properties", object, Node::object(properties, object)));
            return Some(declaration);
        }
        declaration.name = Some(as_node(self.full_name(top, &target, name_at), name_at));
        declaration.body.extend(properties);
        declaration.depends_on = depends_on;
        if declaration.is_deployment() && !declaration.existing {
            declaration.deployment = deployment(&mut declaration.body, source.file, self.scope_kind());
        }
        Some(declaration)
    }

    /// The conditions of a resource and of those that it is nested in.
    pub(super) fn condition(&mut self, top: &Env<'_>, target: &Target) -> Option<Node> {
        let own = self.once(top, target, Aspect::Condition, |this| {
            this.inside(top, target, |this, env, body| {
                body.condition.map(|condition| (this.expr(env, condition), env.source.span(condition.at)))
            })
        });
        let around = match target.what {
            What::Resource(index) => top.source.resources.get(index).and_then(|declared| declared.parent),
            What::Module(_) => None,
        };
        let around = around.and_then(|parent| {
            let parent = Target { what: What::Resource(parent), index: None };
            self.deeper(|this| this.condition(top, &parent)).flatten()
        });
        let around = around.map(|node| (node.span(), node));
        match (around, own.flatten()) {
            (None, None) => None,
            (None, Some((own, span))) => Some(as_node(own, span)),
            (Some((_, around)), None) => Some(around),
            (Some((at, around)), Some((own, span))) => {
                let around = match around {
                    Node::Literal(value) => Expr::Literal(value),
                    Node::Expr(node) => node.expr.clone(),
                    _ => return Some(as_node(own, at)),
                };
                Some(Node::expr(Expr::call("and", vec![around, own], span), span))
            }
        }
    }

    /// The loop of a resource or module, as `copy`.
    pub(super) fn resource_copy(
        &mut self,
        top: &Env<'_>,
        body: Body<'_>,
        target: &Target,
        decorators: &[Decorator],
    ) -> Option<ResourceCopy> {
        let looped = body.looped?;
        let count = self.count(top, looped);
        let batch = decorator(top, decorators, "batchSize").and_then(|arguments| arguments.first());
        let batch_size = batch.map(|size| self.node(top, size, "batchSize"));
        let mode = batch_size.is_some().then(|| Arc::from("serial"));
        Some(ResourceCopy { name: Self::symbol(top, target), count, mode, batch_size, span: top.source.span(looped.over.at) })
    }

    /// Writes the scope where ARM has it.
    pub(super) fn place_in(&mut self, top: &Env<'_>, declaration: &mut Declaration, scope: &Scope, span: Span) {
        let own = self.scope_kind();
        let mut property = |name: &str, expr: Expr| declaration.body.push(Property::new(name, span, as_node(expr, span)));
        match scope {
            Scope::Subscription(None) if own != ScopeKind::Subscription => {
                let own = Expr::member(Expr::call("subscription", Vec::new(), span), "subscriptionId", span);
                property("subscriptionId", own);
            }
            Scope::Own | Scope::ManagementGroup(None) | Scope::Subscription(None) | Scope::ResourceGroup(None, None) => {}
            Scope::Tenant => declaration.scope = Some(Node::text("/", span)),
            Scope::ManagementGroup(Some(name)) => {
                let pattern = Expr::str("Microsoft.Management/managementGroups/{0}", span);
                declaration.scope = Some(Node::expr(Expr::call("format", vec![pattern, name.clone()], span), span));
            }
            Scope::Subscription(Some(subscription)) => property("subscriptionId", subscription.clone()),
            Scope::ResourceGroup(subscription, group) => {
                if let Some(subscription) = subscription {
                    property("subscriptionId", subscription.clone());
                }
                if let Some(group) = group {
                    property("resourceGroup", group.clone());
                }
            }
            Scope::Resource(target) => declaration.scope = Some(as_node(self.id(top, target, span), span)),
        }
    }

    /// What the file itself says of the order.
    pub(super) fn depends_on(&mut self, env: &Env<'_>, list: &Tree) -> Vec<Node> {
        let ExprKind::Array(items) = &list.kind else { return Vec::new() };
        let mut nodes = Vec::with_capacity(items.len());
        for item in items {
            let Item::One(value) = item else { continue };
            let span = env.source.span(value.at);
            if let Some(target) = self.target(env, value) {
                let symbol = if self.symbolic { self.symbol_of(env, &target, span) } else { self.id(env, &target, span) };
                nodes.push(as_node(symbol, span));
            }
        }
        nodes
    }
}

/// The arguments of the decorator `name`.
pub(super) fn decorator<'d>(env: &Env<'_>, decorators: &'d [Decorator], name: &str) -> Option<&'d [Tree]> {
    decorators.iter().find_map(|decorator| match &decorator.call.kind {
        ExprKind::Call(called, arguments) | ExprKind::Method(_, called, arguments) if env.source.str(called.at) == name => {
            Some(arguments.as_slice())
        }
        _ => None,
    })
}

/// A literal stays one.
pub(super) fn as_node(expr: Expr, span: Span) -> Node {
    match expr {
        Expr::Literal(value) => Node::Literal(value),
        expr => Node::expr(expr, span),
    }
}
