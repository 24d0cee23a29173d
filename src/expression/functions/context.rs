//! What the library cannot compute: functions of the surroundings, of the moment and of the subscription.

use super::Answer;
use super::arguments::Arguments;
use crate::model::{Shape, Value, Why};

/// Functions that a [`Scope`](crate::expression::Scope) answers, because they depend on the surroundings: the template, the
/// deployment, other resources, files (in Bicep, at compile time), or the resource that a policy judges.
pub const CONTEXTUAL: &[&str] = &[
    // ARM templates.
    "copyIndex",
    "deployer",
    "deployment",
    "environment",
    "extensions",
    "managementGroup",
    "managementGroupResourceId",
    "parameters",
    "providers",
    "reference",
    "references",
    "resourceGroup",
    "resourceId",
    "resourceInfo",
    "roleDefinitions",
    "subscription",
    "subscriptionResourceId",
    "tenant",
    "variables",
    // Bicep, before it is lowered, and Bicep parameter files.
    "externalInput",
    "externalInputs",
    "getSecret",
    "loadDirectoryFileInfo",
    "loadFileAsBase64",
    "loadJsonContent",
    "loadTextContent",
    "loadYamlContent",
    "nameof",
    "readCliArg",
    "readEnvironmentVariable",
    // Azure Policy.
    "claims",
    "current",
    "field",
    "policy",
    "requestContext",
];

/// Whether `name`, in any case, is one of [`CONTEXTUAL`], a `list*` function of a resource, or a user function.
pub fn is_contextual(name: &str) -> bool {
    let starts_with_list = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("list"));
    starts_with_list || name.contains('.') || CONTEXTUAL.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Another value at every run: `newGuid()`, `utcNow()`.
pub fn at_every_run(args: Arguments<'_>) -> Answer {
    let shape = args.function.returns.map_or(Shape::Any, Shape::Type);
    Ok(Value::unknown_shaped(Why::NonDeterministic(args.function.name.into()), shape))
}

/// Another value in every subscription: which availability zone is which.
pub fn of_the_subscription(args: Arguments<'_>) -> Answer {
    let shape = args.function.returns.map_or(Shape::Any, Shape::Type);
    Ok(Value::unknown_shaped(Why::DeploymentContext(args.function.name.into()), shape))
}
