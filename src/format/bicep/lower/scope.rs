//! `scope:` and the ids that follow from it.

use super::super::tree::{Expr as Tree, ExprKind};
use super::circle::Aspect;
use super::target::{Target, What};
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::format::arm::ir::ScopeKind;
use crate::model::Span;

/// Where a resource or module goes.
#[derive(Clone, Debug, Default)]
pub enum Scope {
    /// Where the file itself is deployed.
    #[default]
    Own,
    /// The tenant.
    Tenant,
    /// A management group; the deployment's own without a name.
    ManagementGroup(Option<Expr>),
    /// A subscription; the deployment's own without an id.
    Subscription(Option<Expr>),
    /// A resource group: subscription and name, each the deployment's own where it is not given.
    ResourceGroup(Option<Expr>, Option<Expr>),
    /// Another resource: an extension.
    Resource(Target),
}

impl Lowering<'_, '_> {
    /// What the target's `scope` says.
    pub(super) fn scope_of(&mut self, env: &Env<'_>, target: &Target) -> Scope {
        let scope = self.once(env, target, Aspect::Scope, |this| {
            this.inside(env, target, |this, env, body| {
                let scope = env.source.property(body.members?, "scope")?;
                Some(this.scope(env, scope))
            })?
        });
        scope.unwrap_or_default()
    }

    /// A scope expression.
    pub(super) fn scope(&mut self, env: &Env<'_>, tree: &Tree) -> Scope {
        if let Some(target) = self.target(env, tree) {
            return self.scope_of_resource(env, target);
        }
        let (name, arguments) = match &tree.kind {
            ExprKind::Parens(inner) | ExprKind::NonNull(inner) => return self.scope(env, inner),
            ExprKind::Call(name, arguments) | ExprKind::Method(_, name, arguments) => (env.source.str(name.at), arguments),
            _ => return Scope::Own,
        };
        let mut arguments = arguments.iter().map(|argument| self.expr(env, argument));
        match name {
            "tenant" => Scope::Tenant,
            "managementGroup" => Scope::ManagementGroup(arguments.next()),
            "subscription" => Scope::Subscription(arguments.next()),
            "resourceGroup" => match (arguments.next(), arguments.next()) {
                (Some(subscription), Some(group)) => Scope::ResourceGroup(Some(subscription), Some(group)),
                (group, _) => Scope::ResourceGroup(None, group),
            },
            _ => Scope::Own,
        }
    }

    fn scope_of_resource(&mut self, env: &Env<'_>, target: Target) -> Scope {
        let What::Resource(_) = target.what else { return Scope::Own };
        let Some(identity) = self.identity(env, &target) else { return Scope::Own };
        let name = identity.names.last().cloned();
        match identity.kind.to_ascii_lowercase().as_str() {
            "microsoft.resources/resourcegroups" => {
                let subscription = match self.scope_of(env, &target) {
                    Scope::Subscription(subscription) => subscription,
                    _ => None,
                };
                Scope::ResourceGroup(subscription, name)
            }
            "microsoft.management/managementgroups" => Scope::ManagementGroup(name),
            "microsoft.resources/subscriptions" | "microsoft.subscription/subscriptions" => Scope::Subscription(name),
            _ => Scope::Resource(target),
        }
    }

    /// The id of the target.
    pub(super) fn id(&mut self, env: &Env<'_>, target: &Target, span: Span) -> Expr {
        let Some(identity) = self.identity(env, target) else {
            return Expr::Literal(crate::model::Value::unknown(crate::model::Why::Budget("lowering of Bicep names".into())).used_at(span));
        };
        let scope = self.scope_of(env, &identity.root);
        let mut rest = vec![Expr::str(identity.kind, span)];
        rest.extend(identity.names);
        self.id_in(env, &scope, rest, span)
    }

    /// The id of a resource in `scope`; `rest` is its type and names.
    pub(super) fn id_in(&mut self, env: &Env<'_>, scope: &Scope, mut rest: Vec<Expr>, span: Span) -> Expr {
        let mut within = |function: &str, first: Option<Expr>| {
            if let Some(first) = first {
                rest.insert(0, first);
            }
            Expr::call(function, std::mem::take(&mut rest), span)
        };
        match scope {
            Scope::Tenant => within("tenantResourceId", None),
            Scope::ManagementGroup(name) => {
                let group = management_group(name.clone(), span);
                within("extensionResourceId", Some(group))
            }
            Scope::Subscription(subscription) => within("subscriptionResourceId", subscription.clone()),
            Scope::ResourceGroup(None, None) => within("resourceId", None),
            Scope::ResourceGroup(subscription, Some(group)) => {
                let own = || Expr::member(Expr::call("subscription", Vec::new(), span), "subscriptionId", span);
                let subscription = subscription.clone().unwrap_or_else(own);
                let pattern = Expr::str("/subscriptions/{0}/resourceGroups/{1}", span);
                let group = Expr::call("format", vec![pattern, subscription, group.clone()], span);
                within("extensionResourceId", Some(group))
            }
            Scope::ResourceGroup(Some(_), None) => within("resourceId", None),
            Scope::Resource(target) => {
                let parent = self.deeper(|this| this.id(env, target, span));
                within("extensionResourceId", parent)
            }
            Scope::Own => match self.scope_kind() {
                ScopeKind::ResourceGroup => within("resourceId", None),
                ScopeKind::Subscription => within("subscriptionResourceId", None),
                ScopeKind::ManagementGroup => within("extensionResourceId", Some(management_group(None, span))),
                ScopeKind::Tenant => within("tenantResourceId", None),
            },
        }
    }
}

fn management_group(name: Option<Expr>, span: Span) -> Expr {
    match name {
        Some(name) => Expr::call("tenantResourceId", vec![Expr::str("Microsoft.Management/managementGroups", span), name], span),
        None => Expr::member(Expr::call("managementGroup", Vec::new(), span), "id", span),
    }
}
