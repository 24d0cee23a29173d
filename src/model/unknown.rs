use std::sync::Arc;

use super::{Object, Value};

/// A value that cannot be known here: why, and what is known of it all the same.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The reason.
    pub why: Why,
    /// What is known.
    pub shape: Shape,
}

/// What is known of an unknown value.
#[derive(Clone, Debug, Default)]
pub enum Shape {
    /// Nothing.
    #[default]
    Any,
    /// A string with holes: `"st-{?}-prod"`.
    Text(Arc<[Piece]>),
    /// Exactly one of these.
    OneOf(Arc<[Value]>),
    /// An object with at least these properties: `union(parameters('tags'), { env: 'prod' })`.
    Fields(Arc<Object>),
    /// A string, a number, an object …: the JSON type alone (`string int bool array object`).
    Type(&'static str),
}

/// A part of a partly known string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Known text.
    Text(Arc<str>),
    /// Any text, even none.
    Hole,
}

/// Why a value is unknown. Reports print it, so it speaks the user's language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// A required parameter without a value.
    Parameter(Arc<str>),
    /// Known only to a running deployment: `reference()`, `listKeys()`.
    Runtime(Arc<str>),
    /// Depends on where the template is deployed: `resourceGroup().location`.
    DeploymentContext(Arc<str>),
    /// Another value at every run: `newGuid()`, `utcNow()`.
    NonDeterministic(Arc<str>),
    /// An output of a module that is not here.
    ModuleOutput(Arc<str>),
    /// A function that azward does not know.
    Unsupported(Arc<str>),
    /// An expression that fails when it is evaluated; holds the message.
    Error(Arc<str>),
    /// A budget of depth, nodes or time ran out.
    Budget(Arc<str>),
    /// A property that this front end cannot map (an unmapped Terraform attribute, a property that an API does not return).
    Unmapped(Arc<str>),
    /// The related resource may be declared where azward does not look.
    Elsewhere(Arc<str>),
    /// A live resource, or a part of it, that Azure did not let azward read; holds what and why.
    Unread(Arc<str>),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parameter(name) => write!(f, "parameter `{name}` has no value"),
            // A description instead of an expression.
            Self::Runtime(what) if what.contains(' ') && !what.contains('(') => write!(f, "{what} is known only to a running deployment"),
            Self::Runtime(name) => write!(f, "`{name}` is known only to a running deployment"),
            Self::DeploymentContext(name) => write!(f, "`{name}` depends on where the template is deployed"),
            Self::NonDeterministic(name) => write!(f, "`{name}` gives another value at every deployment"),
            Self::ModuleOutput(name) => write!(f, "output `{name}` of a module that is not here"),
            Self::Unsupported(name) => write!(f, "function `{name}` is not known"),
            Self::Error(message) => write!(f, "the expression fails: {message}"),
            Self::Budget(what) => write!(f, "the budget for {what} ran out"),
            Self::Unmapped(name) => write!(f, "`{name}` is not mapped"),
            Self::Elsewhere(what) => write!(f, "{what} may be declared elsewhere"),
            Self::Unread(what) => write!(f, "{what} could not be read"),
        }
    }
}
