use std::sync::Arc;

use super::{Node, Property, Template};
use crate::model::{FileId, Span};

/// A resource as a template declares it.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// The key below `resources` (language version 2.0), the name of a Bicep resource or module.
    pub symbol: Option<Arc<str>>,
    /// The ARM type as written. Of a child that is nested in its parent's `resources` only the last segments.
    pub kind: Arc<str>,
    /// `apiVersion`
    pub api_version: Option<Node>,
    /// `name`; of a child that is nested in its parent's `resources` only the last segments.
    pub name: Option<Node>,
    /// `scope`: the resource or scope that an extension resource belongs to, or the target of a deployment.
    pub scope: Option<Node>,
    /// `condition`
    pub condition: Option<Node>,
    /// `copy`
    pub copy: Option<ResourceCopy>,
    /// `existing`: only referred to.
    pub existing: bool,
    /// `dependsOn`
    pub depends_on: Vec<Node>,
    /// Everything else that the resource says: `location tags sku kind identity zones properties …`.
    /// Of a deployment without what is in [`Deployment`].
    pub body: Vec<Property>,
    /// What a `Microsoft.Resources/deployments` deploys.
    pub deployment: Option<Deployment>,
    /// Children that are nested in `resources`.
    pub children: Vec<Arc<Declaration>>,
    /// The whole declaration.
    pub span: Span,
    /// What to show when a property is absent: the line of `type`, the head of a Bicep declaration.
    pub place: Span,
}

/// `copy` on a resource.
#[derive(Clone, Debug)]
pub struct ResourceCopy {
    /// What `copyIndex('name')` says.
    pub name: Arc<str>,
    /// How many.
    pub count: Node,
    /// `mode` as written: `serial` or `parallel`.
    pub mode: Option<Arc<str>>,
    /// `batchSize`
    pub batch_size: Option<Node>,
    /// The copy element in the source.
    pub span: Span,
}

/// A nested or linked deployment: a module.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Whose parameters and variables the expressions in the template see. Outer where nothing is said.
    pub expressions: ExpressionScope,
    /// The arguments.
    pub arguments: Arguments,
    /// Where their list is written.
    pub arguments_at: Span,
    /// What is deployed.
    pub template: TemplateSource,
    /// `subscriptionId`
    pub subscription_id: Option<Node>,
    /// `resourceGroup`
    pub resource_group: Option<Node>,
    /// `mode`, `debugSetting` …: the other properties, for printing.
    pub rest: Vec<Property>,
}

/// `expressionEvaluationOptions.scope`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpressionScope {
    /// The nested template's own parameters and variables.
    Inner,
    /// Those of the template around it.
    #[default]
    Outer,
}

/// The arguments of a deployment.
#[derive(Clone, Debug)]
pub enum Arguments {
    /// One by one.
    List(Vec<Argument>),
    /// Computed as a whole.
    Dynamic(Node),
}

/// One argument of a deployment.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The parameter's name.
    pub name: Arc<str>,
    /// Where the name is written.
    pub name_span: Span,
    /// `{"value": …}`, `{"reference": …}`, or an expression that makes one of them.
    pub body: Node,
}

/// Where the template of a deployment is.
#[derive(Clone, Debug)]
pub enum TemplateSource {
    /// In the deployment itself, or a module that was read.
    Inline(Arc<Template>),
    /// `templateLink`: relative path, URI or template spec.
    Link(Box<TemplateLink>),
    /// Not here: a registry module outside every cache, a template that an expression makes. Holds the reason and the cure.
    Opaque {
        /// Which module.
        reference: Arc<str>,
        /// Why it is not here and what to do about it.
        reason: Arc<str>,
        /// Where it is called.
        span: Span,
        /// What stood there, for printing.
        node: Option<Node>,
    },
}

/// `templateLink` of a deployment.
#[derive(Clone, Debug)]
pub struct TemplateLink {
    /// The file that holds the link.
    pub file: FileId,
    /// `relativePath`
    pub relative_path: Option<Node>,
    /// `uri`
    pub uri: Option<Node>,
    /// `id` of a template spec.
    pub id: Option<Node>,
    /// `parametersLink` beside it: `relativePath` or `uri`.
    pub parameters: Option<Node>,
    /// The whole element, for printing.
    pub node: Node,
    /// Where it is written.
    pub span: Span,
}

impl Declaration {
    /// Whether this is a nested or linked deployment.
    pub fn is_deployment(&self) -> bool {
        self.kind.eq_ignore_ascii_case("Microsoft.Resources/deployments")
    }

    /// The property `name` beside `type` and `name`, in any ASCII case.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.body.iter().rev().find(|property| property.is(name))
    }
}

impl Argument {
    /// The argument `name` with a plain value.
    pub fn value(name: impl Into<Arc<str>>, name_span: Span, value: Node) -> Self {
        let span = value.span();
        let body = Node::object(vec![Property::new("value", name_span, value)], span);
        Self { name: name.into(), name_span, body }
    }
}
