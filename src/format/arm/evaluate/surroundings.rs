use std::sync::Arc;

use super::super::ir::ScopeKind;
use super::frame::{Frame, FrameId};
use super::ids;
use super::run::Run;
use super::site::Site;
use crate::expression::partial::text::Builder;
use crate::expression::{Evaluator, Expr};
use crate::model::{Kind, Object, Shape, Value, Why};

impl Run<'_> {
    /// Functions that speak of where the template is deployed. `name` is in lower case.
    pub fn surroundings(&self, name: &str, site: &Site, args: &[Expr], eval: &mut Evaluator<'_>) -> Value {
        let Some(frame) = self.frame(site.frame) else { return Value::null() };
        match name {
            "subscription" => frame.subscription.get_or_init(|| subscription(&frame)).clone(),
            "resourcegroup" => match frame.resource_group.get() {
                Some(group) => group.clone(),
                None => {
                    let group = self.resource_group(&frame, eval);
                    frame.resource_group.get_or_init(|| group).clone()
                }
            },
            "tenant" => {
                let tenant = [("tenantId", frame.target.tenant.clone()), ("displayName", context("tenant().displayName"))];
                object(
                    [("id", Value::str("/tenants/placeholder")), ("countryCode", context("tenant().countryCode"))]
                        .into_iter()
                        .chain(tenant),
                )
            }
            "managementgroup" => {
                let name = frame.target.management_group.clone();
                let properties = object([("displayName", context("managementGroup().properties.displayName"))]);
                let id = frame.target.id_of(ScopeKind::ManagementGroup);
                let kind = Value::str("/providers/Microsoft.Management/managementGroups");
                object([("id", id), ("name", name), ("type", kind), ("properties", properties)])
            }
            "deployment" => self.deployment(&frame),
            "deployer" => object([
                ("tenantId", frame.target.tenant.clone()),
                ("objectId", context("deployer().objectId")),
                ("userPrincipalName", context("deployer().userPrincipalName")),
            ]),
            "environment" => environment(),
            _ => {
                args.iter().for_each(|arg| drop(eval.eval(arg)));
                Value::unknown(Why::Runtime(name.into()))
            }
        }
    }

    fn resource_group(&self, frame: &Frame, eval: &mut Evaluator<'_>) -> Value {
        let id = frame.target.id_of(ScopeKind::ResourceGroup);
        let declared = self.declared_group(frame, &id, eval);
        let options = self.context.options;
        let location = match (declared, &options.location) {
            (Some(location), _) => location,
            (None, Some(location)) => Value::str(Arc::clone(location)),
            (None, None) => text_context("resourceGroup().location"),
        };
        object([
            ("id", id),
            ("name", frame.target.resource_group.clone()),
            ("type", Value::str("Microsoft.Resources/resourceGroups")),
            ("location", location),
            ("managedBy", context("resourceGroup().managedBy")),
            ("tags", Value::unknown_shaped(Why::DeploymentContext("resourceGroup().tags".into()), Shape::Type("object"))),
            ("properties", object([("provisioningState", Value::str("Succeeded"))])),
        ])
    }

    /// The location of a resource group that a template around this one declares.
    fn declared_group(&self, frame: &Frame, id: &Value, eval: &mut Evaluator<'_>) -> Option<Value> {
        let id = id.as_str()?;
        let mut around = frame.parent.and_then(|parent| self.frame(parent));
        while let Some(current) = around {
            for instance in self.instances(&current, eval).iter() {
                let is_group = instance.kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups");
                if is_group && self.id_of(instance, eval).as_str().is_some_and(|own| own.eq_ignore_ascii_case(id)) {
                    return self.body_of(instance, eval).get("location").cloned();
                }
            }
            around = current.parent.and_then(|parent| self.frame(parent));
        }
        None
    }

    fn deployment(&self, frame: &Frame) -> Value {
        let version = frame.template.rest.iter().find(|(name, _)| name.eq_ignore_ascii_case("contentVersion"));
        let version = version.and_then(|(_, node)| node.as_literal()).cloned().unwrap_or_else(|| Value::str("1.0.0.0"));
        let link = object([
            ("uri", context("deployment().properties.templateLink.uri")),
            ("id", context("deployment().properties.templateLink.id")),
        ]);
        let properties = object([
            ("template", object([("contentVersion", version)])),
            ("templateLink", link),
            (
                "parameters",
                Value::unknown_shaped(Why::DeploymentContext("deployment().properties.parameters".into()), Shape::Type("object")),
            ),
            ("mode", Value::str("Incremental")),
            ("provisioningState", Value::str("Running")),
        ]);
        let location = match (&self.context.options.location, frame.target.kind) {
            (Some(location), _) => Value::str(Arc::clone(location)),
            (None, _) => text_context("deployment().location"),
        };
        object([("name", frame.name.clone()), ("location", location), ("properties", properties)])
    }

    /// `resourceId()` and its kin. `name` is in lower case.
    pub fn resource_id(&self, name: &str, frame: FrameId, args: &[Expr], eval: &mut Evaluator<'_>) -> Value {
        let Some(frame) = self.frame(frame) else { return Value::null() };
        let values: Vec<Value> = args.iter().map(|arg| eval.eval(arg)).collect();
        let Some(at) = type_position(&values) else { return no_type(name, &values) };
        let (before, rest) = values.split_at(at);
        let Some((kind, names)) = rest.split_first() else { return no_type(name, &values) };
        let kind = kind.as_str().unwrap_or_default();
        let mut builder = Builder::new();
        let target = &frame.target;
        match (name, before) {
            ("tenantresourceid", []) => {}
            ("extensionresourceid", [scope]) => ids::push(&mut builder, scope),
            ("managementgroupresourceid", []) => target.prefix_of(ScopeKind::ManagementGroup, &mut builder),
            ("managementgroupresourceid", [group]) => {
                builder.text("/providers/Microsoft.Management/managementGroups/");
                ids::push(&mut builder, group);
            }
            ("subscriptionresourceid", []) => target.prefix_of(ScopeKind::Subscription, &mut builder),
            ("subscriptionresourceid", [subscription]) => {
                builder.text("/subscriptions/");
                ids::push(&mut builder, subscription);
            }
            ("resourceid", []) => target.prefix(&mut builder),
            ("resourceid", [group]) => {
                target.prefix_of(ScopeKind::Subscription, &mut builder);
                builder.text("/resourceGroups/");
                ids::push(&mut builder, group);
            }
            ("resourceid", [subscription, group]) => {
                builder.text("/subscriptions/");
                ids::push(&mut builder, subscription);
                builder.text("/resourceGroups/");
                ids::push(&mut builder, group);
            }
            _ => return Value::unknown(Why::Error(format!("`{name}` has too many arguments before the type").into())),
        }
        if kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") && name != "tenantresourceid" && name != "extensionresourceid" {
            builder.text("/resourceGroups/");
            names.iter().for_each(|name| ids::push(&mut builder, name));
        } else {
            ids::push_provider(&mut builder, kind, names);
        }
        builder.finish()
    }
}

/// Which argument is the resource type: the one with as many slashes as names follow it.
fn type_position(values: &[Value]) -> Option<usize> {
    let fits = |at: &usize| {
        let kind = values.get(*at).and_then(Value::as_str);
        kind.is_some_and(|kind| !kind.starts_with('/') && kind.contains('/') && ids::names_of(kind) == values.len() - at - 1)
    };
    (0..values.len()).find(fits)
}

fn no_type(name: &str, values: &[Value]) -> Value {
    let unknown = values.iter().find_map(Value::as_unknown);
    let fault =
        || Why::Error(format!("`{name}` has no argument that is a resource type followed by a name for each of its segments").into());
    Value::unknown_shaped(unknown.map_or_else(fault, |unknown| unknown.why.clone()), Shape::Type("string"))
}

fn subscription(frame: &Frame) -> Value {
    object([
        ("id", frame.target.id_of(ScopeKind::Subscription)),
        ("subscriptionId", frame.target.subscription.clone()),
        ("tenantId", frame.target.tenant.clone()),
        ("displayName", text_context("subscription().displayName")),
    ])
}

fn context(what: &str) -> Value {
    Value::unknown(Why::DeploymentContext(what.into()))
}

fn text_context(what: &str) -> Value {
    Value::unknown_shaped(Why::DeploymentContext(what.into()), Shape::Type("string"))
}

fn object(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut object = Object::new();
    for (name, value) in fields {
        object.set(name, value);
    }
    Value::new(Kind::Object(Arc::new(object)))
}

/// `environment()` of the public cloud.
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment#environment>
fn environment() -> Value {
    let suffixes = [
        ("acrLoginServer", ".azurecr.io"),
        ("azureDatalakeAnalyticsCatalogAndJob", "azuredatalakeanalytics.net"),
        ("azureDatalakeStoreFileSystem", "azuredatalakestore.net"),
        ("azureFrontDoorEndpointSuffix", "azurefd.net"),
        ("keyvaultDns", ".vault.azure.net"),
        ("sqlServerHostname", ".database.windows.net"),
        ("storage", "core.windows.net"),
    ];
    let authentication = object([
        ("loginEndpoint", Value::str("https://login.microsoftonline.com/")),
        ("audiences", Value::array(vec![Value::str("https://management.core.windows.net/"), Value::str("https://management.azure.com/")])),
        ("tenant", Value::str("common")),
        ("identityProvider", Value::str("AAD")),
    ]);
    let endpoints = [
        ("name", "AzureCloud"),
        ("gallery", "https://gallery.azure.com/"),
        ("graph", "https://graph.windows.net/"),
        ("portal", "https://portal.azure.com"),
        ("graphAudience", "https://graph.windows.net/"),
        ("activeDirectoryDataLake", "https://datalake.azure.net/"),
        ("batch", "https://batch.core.windows.net/"),
        ("media", "https://rest.media.azure.net"),
        ("sqlManagement", "https://management.core.windows.net:8443/"),
        (
            "vmImageAliasDoc",
            "https://raw.githubusercontent.com/Azure/azure-rest-api-specs/master/arm-compute/quickstart-templates/aliases.json",
        ),
        ("resourceManager", "https://management.azure.com/"),
    ];
    let plain = endpoints.into_iter().map(|(name, text)| (name, Value::str(text)));
    let rest = [("authentication", authentication), ("suffixes", object(suffixes.map(|(name, text)| (name, Value::str(text)))))];
    object(plain.chain(rest))
}
