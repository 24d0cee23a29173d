use std::sync::Arc;

use super::Span;

/// Where a value came from: the span that defines it, the span that uses it, and the way between.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// Where the literal is written: a parameter's default, a line of a parameter file, the property itself.
    pub defined: Span,
    /// Where the value is used: the property of the resource that people edit. The finding's primary place.
    pub used: Span,
    /// The steps from use to definition, nearest first.
    pub via: Option<Arc<Hop>>,
}

impl Provenance {
    /// A literal: defined where it is used.
    pub const fn literal(span: Span) -> Self {
        Self { defined: span, used: span, via: None }
    }

    /// The place to show first: the use, or the definition where no use is known.
    pub const fn place(&self) -> Span {
        self.used.or(self.defined)
    }

    /// The steps from use to definition, nearest first.
    pub fn hops(&self) -> impl Iterator<Item = &Hop> {
        std::iter::successors(self.via.as_deref(), |hop| hop.next.as_deref())
    }
}

/// One step on the way from a value's use to its definition.
#[derive(Clone, Debug)]
pub struct Hop {
    /// What kind of step.
    pub kind: HopKind,
    /// The name of the parameter, variable, module or output.
    pub name: Arc<str>,
    /// Where the step is written.
    pub span: Span,
    /// The next step, further from the use.
    pub next: Option<Arc<Hop>>,
}

/// What a value passed through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HopKind {
    /// A template parameter (its declaration).
    Parameter,
    /// A line of a parameter file, or of `--param`.
    ParameterFile,
    /// A template variable.
    Variable,
    /// The argument of a module call or nested deployment.
    ModuleCall,
    /// An output of a module.
    Output,
    /// A file read by `loadTextContent` and its kin.
    LoadedFile,
}

impl HopKind {
    /// How a report names the step.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::ParameterFile => "parameter file",
            Self::Variable => "variable",
            Self::ModuleCall => "module call",
            Self::Output => "output",
            Self::LoadedFile => "loaded file",
        }
    }
}
