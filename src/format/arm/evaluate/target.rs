use super::super::ir::ScopeKind;
use super::ids;
use crate::expression::partial::text::Builder;
use crate::format::Options;
use crate::model::Value;

/// Where a deployment puts its resources.
#[derive(Clone, Debug)]
pub struct Target {
    pub kind: ScopeKind,
    pub tenant: Value,
    pub management_group: Value,
    pub subscription: Value,
    pub resource_group: Value,
}

impl Target {
    /// The placeholders that the user may set.
    pub fn root(kind: ScopeKind, options: &Options) -> Self {
        let text = |text: &std::sync::Arc<str>| Value::str(std::sync::Arc::clone(text));
        Self {
            kind,
            tenant: text(&options.tenant_id),
            // The root management group has the tenant's id.
            management_group: text(&options.tenant_id),
            subscription: text(&options.subscription_id),
            resource_group: text(&options.resource_group),
        }
    }

    /// What ids of resources at this scope begin with: nothing at a tenant.
    pub fn prefix(&self, builder: &mut Builder) {
        self.prefix_of(self.kind, builder);
    }

    /// What ids begin with at the scope `kind` around this one.
    pub fn prefix_of(&self, kind: ScopeKind, builder: &mut Builder) {
        match kind {
            ScopeKind::Tenant => {}
            ScopeKind::ManagementGroup => {
                builder.text("/providers/Microsoft.Management/managementGroups/");
                ids::push(builder, &self.management_group);
            }
            ScopeKind::Subscription | ScopeKind::ResourceGroup => {
                builder.text("/subscriptions/");
                ids::push(builder, &self.subscription);
                if kind == ScopeKind::ResourceGroup {
                    builder.text("/resourceGroups/");
                    ids::push(builder, &self.resource_group);
                }
            }
        }
    }

    /// The id of the scope `kind` around this one.
    pub fn id_of(&self, kind: ScopeKind) -> Value {
        let mut builder = Builder::new();
        self.prefix_of(kind, &mut builder);
        builder.finish()
    }

    /// The target that `scope` of a deployment names: `/`, `Microsoft.Management/managementGroups/x`, or an id.
    pub fn at_scope(&self, scope: &Value) -> Self {
        let mut target = self.clone();
        let Some(text) = scope.as_str() else {
            if let Some(unknown) = scope.as_unknown() {
                let hidden = || Value::unknown(unknown.why.clone());
                (target.subscription, target.resource_group) = (hidden(), hidden());
            }
            return target;
        };
        let segments: Vec<&str> = text.split('/').filter(|segment| !segment.is_empty()).collect();
        let after = |name: &str| {
            let at = segments.iter().position(|segment| segment.eq_ignore_ascii_case(name))?;
            segments.get(at + 1).map(|segment| Value::str(*segment))
        };
        if segments.is_empty() {
            target.kind = ScopeKind::Tenant;
        } else if let Some(group) = after("managementGroups") {
            target.kind = ScopeKind::ManagementGroup;
            target.management_group = group;
        } else if let Some(group) = after("resourceGroups") {
            target.kind = ScopeKind::ResourceGroup;
            target.resource_group = group;
            target.subscription = after("subscriptions").unwrap_or(target.subscription);
        } else if let Some(subscription) = after("subscriptions") {
            target.kind = ScopeKind::Subscription;
            target.subscription = subscription;
        }
        target
    }
}
