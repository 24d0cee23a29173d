use std::sync::Arc;

use super::{Declaration, Named, Node, Table};
use crate::model::{FileId, Span};

/// A template before evaluation: what ARM JSON says, and what Bicep lowers to.
#[derive(Debug, Default)]
pub struct Template {
    /// The file that holds it.
    pub file: FileId,
    /// From brace to brace, or the whole Bicep file.
    pub span: Span,
    /// `$schema` as written.
    pub schema: Option<Arc<str>>,
    /// Where it deploys to, as `$schema` or `targetScope` says.
    pub scope: ScopeKind,
    /// `languageVersion`, such as `2.0`.
    pub language_version: Option<Arc<str>>,
    /// Whether `resources` is an object keyed by symbolic name (language version 2.0).
    pub symbolic: bool,
    /// User-defined types.
    pub definitions: Table<Definition>,
    /// User-defined functions.
    pub functions: Table<Function>,
    /// Parameters.
    pub parameters: Table<Parameter>,
    /// Variables.
    pub variables: Table<Variable>,
    /// Resources in order of the source.
    pub resources: Vec<Arc<Declaration>>,
    /// Outputs.
    pub outputs: Table<Output>,
    /// `metadata`, `contentVersion`, `imports`, `extensions` and whatever else stands at the top.
    pub rest: Vec<(Arc<str>, Node)>,
}

/// Where a template deploys to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// `tenantDeploymentTemplate.json`
    Tenant,
    /// `managementGroupDeploymentTemplate.json`
    ManagementGroup,
    /// `subscriptionDeploymentTemplate.json`
    Subscription,
    /// `deploymentTemplate.json`
    #[default]
    ResourceGroup,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// Its type and constraints.
    pub schema: TypeNode,
    /// `defaultValue`.
    pub default: Option<Node>,
    /// `metadata`.
    pub metadata: Option<Node>,
}

/// A type as far as azward looks at it: a parameter's, an output's, a definition's, a property's.
#[derive(Clone, Debug, Default)]
pub struct TypeNode {
    /// `type` as written: `string`, `secureString`, `object` …
    pub name: Option<Arc<str>>,
    /// `$ref` as written: `#/definitions/x`.
    pub reference: Option<Arc<str>>,
    /// `nullable`
    pub nullable: bool,
    /// `allowedValues`
    pub allowed: Option<Node>,
    /// `properties` of an object type.
    pub properties: Vec<(Arc<str>, TypeNode)>,
    /// `items` of an array type.
    pub items: Option<Box<TypeNode>>,
    /// `additionalProperties` of an object type, where it is a type.
    pub additional: Option<Box<TypeNode>>,
    /// `minLength`, `metadata`, `discriminator` …: what evaluation does not need, for printing.
    pub rest: Vec<(Arc<str>, Node)>,
    /// Where the type is written.
    pub span: Span,
}

/// A user-defined type.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name below `definitions`.
    pub name: Arc<str>,
    /// What it says.
    pub schema: TypeNode,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// Its value; a [`Node::Copy`] where it is made by a loop.
    pub value: Node,
}

/// A user-defined function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Namespace and name: `__bicep.getName`.
    pub name: Arc<str>,
    /// Parameters in order.
    pub parameters: Vec<(Arc<str>, TypeNode)>,
    /// The result's type.
    pub schema: TypeNode,
    /// The result.
    pub value: Node,
    /// Where the name is written.
    pub name_span: Span,
}

/// An output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// Its type.
    pub schema: TypeNode,
    /// Its value; a [`Node::Copy`] where it is made by a loop.
    pub value: Node,
    /// `condition`
    pub condition: Option<Node>,
    /// `metadata`
    pub metadata: Option<Node>,
}

impl TypeNode {
    /// A type that is only a name.
    pub fn named(name: impl Into<Arc<str>>, span: Span) -> Self {
        Self { name: Some(name.into()), span, ..Self::default() }
    }

    /// Whether the type itself is `secureString` or `secureObject`.
    pub fn is_secure(&self) -> bool {
        let secure = |name: &str| name.eq_ignore_ascii_case("securestring") || name.eq_ignore_ascii_case("secureobject");
        self.name.as_deref().is_some_and(secure)
    }
}

impl ScopeKind {
    /// The scope that a `$schema` names.
    pub fn of_schema(schema: &str) -> Self {
        let schema = schema.to_ascii_lowercase();
        if schema.contains("subscriptiondeploymenttemplate") {
            Self::Subscription
        } else if schema.contains("managementgroupdeploymenttemplate") {
            Self::ManagementGroup
        } else if schema.contains("tenantdeploymenttemplate") {
            Self::Tenant
        } else {
            Self::ResourceGroup
        }
    }
}

macro_rules! named {
    ($($kind:ty),*) => {
        $(impl Named for $kind {
            fn name(&self) -> &str {
                &self.name
            }
        })*
    };
}

named!(Parameter, Definition, Variable, Function, Output);
