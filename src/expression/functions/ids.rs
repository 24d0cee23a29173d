//! Resource ids. Unknown parts stay holes in a known text.

use super::Answer;
use super::arguments::{Arguments, invalid};
use super::convert::{append, finish};
use crate::expression::FunctionError;
use crate::expression::partial::text::{Builder, pieces_of};
use crate::model::Value;

/// What an id stands under.
#[derive(Clone, Copy, Debug)]
pub enum Under<'a> {
    /// The tenant: `/providers/…`
    Tenant,
    /// A management group, by name.
    ManagementGroup(&'a Value),
    /// A subscription, by id.
    Subscription(&'a Value),
    /// A resource group: subscription id, group name.
    ResourceGroup(&'a Value, &'a Value),
    /// Another resource, by its whole id.
    Resource(&'a Value),
}

/// The id of the resource of `kind` (`Microsoft.Sql/servers/databases`) with one name for each of its segments.
pub fn resource_id(under: Under<'_>, kind: &Value, names: &[Value]) -> Answer {
    let mut id = Builder::new();
    match under {
        Under::Tenant => {}
        Under::ManagementGroup(name) => {
            id.text("/providers/Microsoft.Management/managementGroups/");
            append(&mut id, name);
        }
        Under::Subscription(subscription) => {
            id.text("/subscriptions/");
            append(&mut id, subscription);
        }
        Under::ResourceGroup(subscription, group) => {
            id.text("/subscriptions/");
            append(&mut id, subscription);
            id.text("/resourceGroups/");
            append(&mut id, group);
        }
        Under::Resource(parent) => append(&mut id, parent),
    }
    id.text("/providers/");
    let Some(kind) = kind.as_str() else {
        append(&mut id, kind);
        for name in names {
            id.text("/");
            append(&mut id, name);
        }
        return finish(id, "a resource id");
    };
    let mut segments = kind.trim_matches('/').split('/');
    id.text(segments.next().unwrap_or(""));
    let mut names = names.iter();
    let mut count = 0;
    for segment in segments {
        count += 1;
        id.text("/");
        id.text(segment);
        id.text("/");
        match names.next() {
            Some(name) => append(&mut id, name),
            None => return invalid(format!("`{kind}` needs more than {} names", count - 1)),
        }
    }
    if count == 0 || names.next().is_some() {
        return invalid(format!("`{kind}` takes {count} names"));
    }
    finish(id, "a resource id")
}

/// Where the type stands among the arguments of `resourceId([subscription], [group], type, names…)`: the first text with
/// a slash between words. `None` where it cannot be told.
pub fn type_position(args: &[Value]) -> Option<usize> {
    args.iter().position(|arg| arg.as_str().is_some_and(|text| text.contains('/') && !text.starts_with('/')))
}

/// `extensionResourceId(resourceId, type, names…)`
pub fn extension(args: Arguments<'_>) -> Answer {
    let parent = args.value(0)?;
    check(args)?;
    resource_id(Under::Resource(parent), args.value(1)?, args.values.get(2..).unwrap_or(&[]))
}

/// `tenantResourceId(type, names…)`
pub fn tenant(args: Arguments<'_>) -> Answer {
    check(args)?;
    resource_id(Under::Tenant, args.value(0)?, args.values.get(1..).unwrap_or(&[]))
}

fn check(args: Arguments<'_>) -> Result<(), FunctionError> {
    match args.values.iter().position(|value| pieces_of(value).is_none() && value.as_int().is_none() && !value.is_unknown()) {
        Some(at) => Err(args.wrong(at, "a string")),
        None => Ok(()),
    }
}
