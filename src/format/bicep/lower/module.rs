//! Module calls: nested deployments with their arguments.

use super::super::compiler::Dialect;
use super::super::source::Body;
use super::super::tree::{Expr as Tree, ExprKind, Member, Module, Statement};
use super::resource::as_node;
use super::scope::Scope;
use super::target::{DEPLOYMENTS, DEPLOYMENTS_API, Target, What};
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::format::arm::ir::{
    Argument, Arguments, Declaration, Deployment, ExpressionScope, Node, Property, ScopeKind, TemplateLink, TemplateSource,
};
use crate::model::Span;

impl Lowering<'_, '_> {
    pub(super) fn module(&mut self, top: &Env<'_>, index: usize, statement: &Statement, module: &Module) -> Declaration {
        let source = top.source;
        let target = Target { what: What::Module(index), index: None };
        let place = source.span(module.name.at.to(module.path.at));
        let path_at = source.span(module.path.at);
        let body = Body::of(&module.body);
        let scope = self.scope_of(top, &target);
        let mut declaration = Declaration {
            symbol: Some(Self::symbol(top, &target)),
            kind: DEPLOYMENTS.into(),
            api_version: Some(Node::text(DEPLOYMENTS_API, path_at)),
            copy: self.resource_copy(top, body, &target, &statement.decorators),
            condition: self.condition(top, &target),
            span: source.span(statement.at),
            place,
            ..Declaration::default()
        };
        let parts = self.inside(top, &target, |this, env, body| {
            let members = body.members.unwrap_or_default();
            let name_at = env.source.property(members, "name").map_or(place, |name| env.source.span(name.at));
            let arguments = env.source.property(members, "params").map(|params| this.arguments(env, params));
            let depends_on = env.source.property(members, "dependsOn").map(|list| this.depends_on(env, list));
            let extensions = env.source.property(members, "extensionConfigs").and_then(|configs| this.extensions(env, configs));
            let others = this.properties(env, members, &["name", "scope", "params", "dependsOn", "extensionConfigs"]);
            (name_at, arguments, depends_on.unwrap_or_default(), others, extensions)
        });
        let (name_at, arguments, depends_on, others, extensions) = parts.unwrap_or((place, None, Vec::new(), Vec::new(), None));
        declaration.name = Some(as_node(self.own_name(top, &target, name_at), name_at));
        declaration.depends_on = depends_on;
        declaration.body = others;
        let written = body.members.and_then(|members| source.property(members, "params"));
        let arguments_at = written.map_or(Span::NONE, |params| source.span(params.at));
        let mut deployment = Deployment {
            expressions: ExpressionScope::Inner,
            arguments: arguments.unwrap_or_else(|| Arguments::List(Vec::new())),
            arguments_at,
            template: self.module_template(top, &module.path),
            subscription_id: None,
            resource_group: None,
            rest: vec![Property::new("mode", place, Node::text("Incremental", place))],
        };
        deployment.rest.extend(extensions);
        let scope_at = body.members.and_then(|members| source.property(members, "scope")).map_or(place, |scope| source.span(scope.at));
        self.send_to(&mut declaration, &mut deployment, scope, scope_at);
        declaration.deployment = Some(deployment);
        declaration
    }

    /// Writes the scope that a module goes to, and the location that deployments above resource groups need.
    fn send_to(&mut self, declaration: &mut Declaration, deployment: &mut Deployment, scope: Scope, span: Span) {
        let own = self.scope_kind();
        let subscription_of = || Expr::member(Expr::call("subscription", Vec::new(), span), "subscriptionId", span);
        let goes_to = match scope {
            Scope::Own | Scope::Resource(_) => own,
            Scope::Tenant => {
                declaration.scope = Some(Node::text("/", span));
                ScopeKind::Tenant
            }
            Scope::ManagementGroup(None) if own == ScopeKind::ManagementGroup => own,
            Scope::ManagementGroup(name) => {
                let name = name.unwrap_or_else(|| Expr::member(Expr::call("managementGroup", Vec::new(), span), "name", span));
                let pattern = Expr::str("Microsoft.Management/managementGroups/{0}", span);
                declaration.scope = Some(Node::expr(Expr::call("format", vec![pattern, name], span), span));
                ScopeKind::ManagementGroup
            }
            Scope::Subscription(subscription) => {
                if subscription.is_some() || own != ScopeKind::Subscription {
                    deployment.subscription_id = Some(as_node(subscription.unwrap_or_else(subscription_of), span));
                }
                ScopeKind::Subscription
            }
            Scope::ResourceGroup(subscription, group) => {
                deployment.subscription_id = subscription.map(|subscription| as_node(subscription, span));
                deployment.resource_group = group.map(|group| as_node(group, span));
                ScopeKind::ResourceGroup
            }
        };
        if goes_to != ScopeKind::ResourceGroup {
            let function = if own == ScopeKind::ResourceGroup { "resourceGroup" } else { "deployment" };
            let location = Expr::member(Expr::call(function, Vec::new(), span), "location", span);
            let place = declaration.place;
            declaration.body.push(Property::new("location", place, Node::expr(location, place)));
        }
    }

    fn module_template(&mut self, top: &Env<'_>, path: &Tree) -> TemplateSource {
        let span = top.source.span(path.at);
        let Some(path) = top.source.key(path) else {
            let reason = "the path of this module is not plain text";
            return TemplateSource::Opaque { reference: "".into(), reason: reason.into(), span, node: None };
        };
        if self.compiler.dialect == Dialect::Compiler
            && let Some(id) = self.compiler.template_spec(top.source.file, &path)
        {
            let node = Node::object(vec![Property::new("id", span, Node::text(id, span))], span);
            let id = node.get("id");
            let link = TemplateLink { file: top.source.file, relative_path: None, uri: None, id, parameters: None, node, span };
            return TemplateSource::Link(Box::new(link));
        }
        match self.compiler.module(top.source.file, &path) {
            Ok(template) => TemplateSource::Inline(template),
            Err(error) => {
                let reason = error.to_string();
                // In the words of the evaluation, which says it again where the module is deployed.
                self.compiler.note(span, format!("the module `{path}` is not looked at: {reason}"));
                TemplateSource::Opaque { reference: path.as_ref().into(), reason: reason.into(), span, node: None }
            }
        }
    }

    /// `extensionConfigs`: a whole configuration that is passed on, or its values one by one.
    fn extensions(&mut self, env: &Env<'_>, configs: &Tree) -> Option<Property> {
        let ExprKind::Object(members) = &configs.kind else { return None };
        let span = env.source.span(configs.at);
        let mut properties = Vec::with_capacity(members.len());
        for member in members {
            let Member::Pair(key, value) = member else { continue };
            let name = env.source.key(key).unwrap_or_default();
            let key_span = env.source.span(key.at);
            let is_plain =
                matches!(&value.kind, ExprKind::Object(members) if members.iter().all(|member| matches!(member, Member::Pair(..))));
            let config = match self.arguments(env, value) {
                Arguments::List(list) if is_plain => {
                    let property = |argument: Argument| Property::new(argument.name, argument.name_span, argument.body);
                    Node::object(list.into_iter().map(property).collect(), env.source.span(value.at))
                }
                _ => self.node(env, value, &name),
            };
            properties.push(Property::new(name.as_ref(), key_span, config));
        }
        Some(Property::new("extensionConfigs", span, Node::object(properties, span)))
    }

    fn arguments(&mut self, env: &Env<'_>, params: &Tree) -> Arguments {
        let span = env.source.span(params.at);
        let plain = match &params.kind {
            ExprKind::Object(members) => members.iter().all(|member| match member {
                Member::Pair(key, _) => env.source.key(key).is_some(),
                Member::Spread(..) => false,
                Member::Resource(_) => true,
            }),
            _ => false,
        };
        let (true, ExprKind::Object(members)) = (plain, &params.kind) else {
            // Each value of the whole becomes `{value: …}`.
            let whole = self.expr(env, params);
            let value = Expr::call("lambdaVariables", vec![Expr::str("arg", span)], span);
            let object = Expr::call("createObject", vec![Expr::str("value", span), value], span);
            let lambda = Expr::call("lambda", vec![Expr::str("arg", span), object], span);
            return Arguments::Dynamic(Node::expr(Expr::call("mapValues", vec![whole, lambda], span), span));
        };
        let mut arguments = Vec::with_capacity(members.len());
        for member in members {
            let Member::Pair(key, value) = member else { continue };
            let name = env.source.key(key).unwrap_or_default();
            let name_span = env.source.span(key.at);
            let argument = if let Some(body) = self.vault_argument(env, value) {
                Argument { name: name.as_ref().into(), name_span, body }
            } else if asks_for_secret(env, value) || is_choice(value) {
                let body = self.secret_argument(env, value);
                Argument { name: name.as_ref().into(), name_span, body: as_node(body, env.source.span(value.at)) }
            } else {
                Argument::value(name.as_ref(), name_span, self.node(env, value, "value"))
            };
            arguments.push(argument);
        }
        Arguments::List(arguments)
    }

    /// `{reference: {keyVault: …}}` of a plain `vault.getSecret(…)`.
    fn vault_argument(&mut self, env: &Env<'_>, value: &Tree) -> Option<Node> {
        let (base, arguments) = match &value.kind {
            ExprKind::Parens(inner) | ExprKind::NonNull(inner) => return self.vault_argument(env, inner),
            ExprKind::Method(base, name, arguments) if env.source.str(name.at) == "getSecret" => (base, arguments),
            _ => return None,
        };
        let span = env.source.span(value.at);
        let vault = self.target(env, base)?;
        let id = self.id(env, &vault, span);
        let object = |properties| Node::object(properties, span);
        let mut reference = vec![Property::new("keyVault", span, object(vec![Property::new("id", span, as_node(id, span))]))];
        for (key, argument) in ["secretName", "secretVersion"].into_iter().zip(arguments) {
            reference.push(Property::new(key, env.source.span(argument.at), self.node(env, argument, key)));
        }
        Some(object(vec![Property::new("reference", span, object(reference))]))
    }

    /// `{reference: {keyVault: …}}`, also in the branches of a condition.
    fn secret_argument(&mut self, env: &Env<'_>, value: &Tree) -> Expr {
        let span = env.source.span(value.at);
        let object = |pairs: Vec<(&str, Expr)>| {
            let pairs = pairs.into_iter().flat_map(|(key, value)| [Expr::str(key, span), value]).collect();
            Expr::call("createObject", pairs, span)
        };
        match &value.kind {
            ExprKind::Parens(inner) | ExprKind::NonNull(inner) => self.secret_argument(env, inner),
            ExprKind::Ternary(parts) => {
                let [condition, yes, no] = parts.as_ref();
                let parts = vec![self.expr(env, condition), self.secret_argument(env, yes), self.secret_argument(env, no)];
                Expr::call("if", parts, span)
            }
            ExprKind::Method(base, name, arguments) if env.source.str(name.at) == "getSecret" => {
                let Some(vault) = self.target(env, base) else { return object(vec![("value", self.expr(env, value))]) };
                let id = self.id(env, &vault, span);
                let mut reference = vec![("keyVault", object(vec![("id", id)]))];
                for (key, argument) in ["secretName", "secretVersion"].into_iter().zip(arguments) {
                    reference.push((key, self.expr(env, argument)));
                }
                object(vec![("reference", object(reference))])
            }
            _ => object(vec![("value", self.expr(env, value))]),
        }
    }
}

/// Whether a value is a choice between two: the compiler writes `{value: …}` into the branches.
fn is_choice(value: &Tree) -> bool {
    match &value.kind {
        ExprKind::Parens(inner) | ExprKind::NonNull(inner) => is_choice(inner),
        kind => matches!(kind, ExprKind::Ternary(_)),
    }
}

/// Whether a value is a Key Vault secret, or one of two branches is.
fn asks_for_secret(env: &Env<'_>, value: &Tree) -> bool {
    match &value.kind {
        ExprKind::Parens(inner) | ExprKind::NonNull(inner) => asks_for_secret(env, inner),
        ExprKind::Ternary(parts) => parts.iter().skip(1).any(|part| asks_for_secret(env, part)),
        ExprKind::Method(_, name, _) => env.source.str(name.at) == "getSecret",
        _ => false,
    }
}
