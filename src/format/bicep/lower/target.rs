//! Resources and modules that expressions speak of: which one, its type, its name, its id, references to it.

use std::sync::Arc;

use super::super::source::{Body, Symbol};
use super::super::tree::{Expr as Tree, ExprKind, StatementKind};
use super::super::{strings, token::Bytes};
use super::circle::Aspect;
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::format::arm::ir::Node;
use crate::model::{Kind, Span, Value, Why};

/// A declared resource or module, or one of those that a loop makes.
#[derive(Clone, Debug)]
pub struct Target {
    /// Which declaration.
    pub what: What,
    /// Which of a loop's.
    pub index: Option<Expr>,
}

/// A declaration of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Index into the file's resources.
    Resource(usize),
    /// Index of the statement.
    Module(usize),
}

/// A resource's whole type and names.
pub struct Identity {
    /// `Microsoft.Web/sites/config`.
    pub kind: String,
    /// `2022-09-01`.
    pub api: Option<String>,
    /// One name for each segment of the type.
    pub names: Vec<Expr>,
    /// The outermost of its parents, or itself: the one whose `scope` counts.
    pub root: Target,
    /// Whether a parent was found whose name is part of the whole name.
    pub has_parent: bool,
}

/// The API version that modules are deployed with.
pub const DEPLOYMENTS_API: &str = "2025-04-01";
/// The type of modules.
pub const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";

impl Lowering<'_, '_> {
    /// The declaration called `name` here.
    pub(super) fn named_target(env: &Env<'_>, name: &str) -> Option<Target> {
        let what = match env.source.nested(env.within, name) {
            Some(index) => What::Resource(index),
            None => match env.source.symbol(name)? {
                Symbol::Resource(index) => What::Resource(index),
                Symbol::Statement(index) => match env.source.statement(index)?.kind {
                    StatementKind::Module(_) => What::Module(index),
                    _ => return None,
                },
                _ => return None,
            },
        };
        Some(Target { what, index: None })
    }

    /// The resource or module that `tree` speaks of, if it does.
    pub(super) fn target(&mut self, env: &Env<'_>, tree: &Tree) -> Option<Target> {
        match &tree.kind {
            ExprKind::Parens(inner) | ExprKind::NonNull(inner) => self.target(env, inner),
            ExprKind::Variable => {
                let name = env.source.str(tree.at);
                if env.local(name).is_some() { None } else { Self::named_target(env, name) }
            }
            ExprKind::Nested(base, name) => {
                let What::Resource(parent) = self.target(env, base)?.what else { return None };
                let child = env.source.child(parent, env.source.str(name.at))?;
                Some(Target { what: What::Resource(child), index: None })
            }
            ExprKind::Index(base, index, _, false) => {
                let target = self.target(env, base).filter(|target| target.index.is_none())?;
                Self::body(env, &target)?.looped?;
                let index = self.expr(env, index);
                Some(Target { index: Some(index), ..target })
            }
            _ => None,
        }
    }

    fn body<'e>(env: &Env<'e>, target: &Target) -> Option<Body<'e>> {
        Some(match target.what {
            What::Resource(index) => Body::of(&env.source.resource(index)?.1.body),
            What::Module(index) => match &env.source.statement(index)?.kind {
                StatementKind::Module(module) => Body::of(&module.body),
                _ => return None,
            },
        })
    }

    /// Runs `inner` with the target's body, and its loop's names set for the target's index.
    pub(super) fn inside<T>(
        &mut self,
        env: &Env<'_>,
        target: &Target,
        inner: impl FnOnce(&mut Self, &Env<'_>, Body<'_>) -> T,
    ) -> Option<T> {
        let body = Self::body(env, target)?;
        let within = match target.what {
            What::Resource(index) => Some(index),
            What::Module(_) => None,
        };
        let own = Env { source: env.source, locals: None, within };
        self.deeper(|this| match body.looped {
            Some(looped) => {
                let span = env.source.span(looped.item.at);
                let index = target.index.clone().unwrap_or_else(|| Expr::call("copyIndex", Vec::new(), span));
                this.in_loop(&own, looped, index, |this, env| inner(this, env, body))
            }
            None => inner(this, &own, body),
        })
    }

    fn budget(env: &Env<'_>, at: Bytes) -> Expr {
        Self::unknown(env.source, at, Why::Budget("lowering of Bicep names".into()))
    }

    /// The target's symbolic name.
    pub(super) fn symbol(env: &Env<'_>, target: &Target) -> Arc<str> {
        match target.what {
            What::Resource(index) => env.source.resources.get(index).map_or_else(|| "".into(), |declared| Arc::clone(&declared.symbol)),
            What::Module(index) => match env.source.statement(index).map(|statement| &statement.kind) {
                Some(StatementKind::Module(module)) => env.source.str(module.name.at).into(),
                _ => "".into(),
            },
        }
    }

    /// The symbolic name as an argument: `'name'`, or `format('name[{0}]', index)`.
    pub(super) fn symbol_of(&mut self, env: &Env<'_>, target: &Target, span: Span) -> Expr {
        let symbol = Self::symbol(env, target);
        match &target.index {
            Some(index) => Expr::call("format", vec![Expr::str(format!("{symbol}[{{0}}]"), span), index.clone()], span),
            None => Expr::str(symbol, span),
        }
    }

    /// What the target's own declaration calls it.
    pub(super) fn own_name(&mut self, env: &Env<'_>, target: &Target, span: Span) -> Expr {
        let symbol = Self::symbol(env, target);
        let named = self.once(env, target, Aspect::Name, |this| {
            this.inside(env, target, |this, env, body| {
                let members = body.members.unwrap_or_default();
                env.source.property(members, "name").map(|name| this.expr(env, name))
            })
        });
        match named {
            _ if self.is_circular(env, target, Aspect::Name) => {
                let message = format!("the name of `{symbol}` refers to itself, directly or through other declarations; break the circle");
                self.compiler.note(span, message.clone());
                Expr::Literal(Value::unknown(Why::Error(message.into())).used_at(span))
            }
            Some(Some(name)) => name,
            Some(None) if matches!(target.what, What::Module(_)) => {
                generated_name(&symbol, target.index.as_ref(), self.is_looped(env, target), span)
            }
            Some(None) => Expr::Literal(Value::unknown(Why::Error("the resource has no name".into())).used_at(span)),
            None => Self::budget(env, Bytes::new(span.start, span.end)),
        }
    }

    /// Whether a loop makes the target.
    pub(super) fn is_looped(&self, env: &Env<'_>, target: &Target) -> bool {
        Self::body(env, target).is_some_and(|body| body.looped.is_some())
    }

    /// The parent that the target is nested in or names.
    pub(super) fn parent(&mut self, env: &Env<'_>, target: &Target) -> Option<Target> {
        let What::Resource(index) = target.what else { return None };
        if let Some(parent) = env.source.resources.get(index)?.parent {
            return Some(Target { what: What::Resource(parent), index: None });
        }
        self.once(env, target, Aspect::Parent, |this| {
            this.inside(env, target, |this, env, body| {
                let parent = env.source.property(body.members?, "parent")?;
                this.target(env, parent)
            })?
        })
    }

    /// The whole type and names of the target.
    pub(super) fn identity(&mut self, env: &Env<'_>, target: &Target) -> Option<Identity> {
        self.deeper(|this| this.identity_here(env, target))?
    }

    fn identity_here(&mut self, env: &Env<'_>, target: &Target) -> Option<Identity> {
        let index = match target.what {
            What::Resource(index) => index,
            What::Module(_) => {
                let name = self.own_name(env, target, Span::NONE);
                let (kind, api) = (DEPLOYMENTS.to_owned(), Some(DEPLOYMENTS_API.to_owned()));
                return Some(Identity { kind, api, names: vec![name], root: target.clone(), has_parent: false });
            }
        };
        let (_, resource) = env.source.resource(index)?;
        let span = env.source.span(resource.name.at);
        let own = match resource.ty.kind {
            ExprKind::Str(quote) => strings::unquote(env.source.str(resource.ty.at), quote),
            _ => String::new(),
        };
        let (kind, api) = own.split_once('@').map_or((own.as_str(), None), |(kind, api)| (kind, Some(api.to_owned())));
        let name = self.own_name(env, target, span);
        let nested = env.source.resources.get(index)?.parent.is_some();
        let parent = self.parent(env, target);
        let parent = parent.and_then(|parent| self.once(env, target, Aspect::Parents, |this| this.identity(env, &parent)));
        let Some(mut identity) = parent else {
            let segments = kind.matches('/').count();
            let names = segmented(name, segments, span);
            return Some(Identity { kind: kind.to_owned(), api, names, root: target.clone(), has_parent: false });
        };
        identity.kind = if nested { format!("{}/{kind}", identity.kind) } else { kind.to_owned() };
        identity.api = api.or(identity.api);
        identity.names.push(name);
        identity.has_parent = true;
        Some(identity)
    }

    /// The name as ARM has it: with those of its parents.
    pub(super) fn full_name(&mut self, env: &Env<'_>, target: &Target, span: Span) -> Expr {
        let own = self.own_name(env, target, span);
        let mut names = vec![own];
        let mut next = self.parent(env, target);
        while let Some(parent) = next {
            if names.len() > 16 {
                break;
            }
            names.push(self.own_name(env, &parent, span));
            next = self.parent(env, &parent);
        }
        if names.len() == 1
            && let Some(only) = names.pop()
        {
            return only;
        }
        let pattern = (0..names.len()).map(|index| format!("{{{index}}}")).collect::<Vec<_>>().join("/");
        names.push(Expr::str(pattern, span));
        names.reverse();
        Expr::call("format", names, span)
    }

    /// `reference(…)` to the target; `whole` for more than its properties.
    pub(super) fn reference(&mut self, env: &Env<'_>, target: &Target, whole: bool, span: Span) -> Expr {
        if self.symbolic && target.index.is_none() && self.is_looped(env, target) {
            return Expr::call("references", vec![Expr::str(Self::symbol(env, target), span)], span);
        }
        let subject = if self.symbolic { self.symbol_of(env, target, span) } else { self.id(env, target, span) };
        let mut arguments = vec![subject];
        let whole = whole && !self.is_foreign_resource(env, target);
        if whole || !self.symbolic {
            let api = self.identity(env, target).and_then(|identity| identity.api).unwrap_or_default();
            arguments.push(Expr::str(api, span));
        }
        if whole {
            arguments.push(Expr::str("full", span));
        }
        Expr::call("reference", arguments, span)
    }

    /// `reference(…)` for an access that may give `null`: that of what is not deployed is `null` itself.
    pub(super) fn reference_or_null(&mut self, env: &Env<'_>, target: &Target, whole: bool, span: Span) -> Expr {
        let reference = self.reference(env, target, whole, span);
        self.or_null(env, target, reference, span)
    }

    /// `value` where the target is deployed, `null` where it is not.
    pub(super) fn or_null(&mut self, env: &Env<'_>, target: &Target, value: Expr, span: Span) -> Expr {
        let condition = match self.condition(env, target) {
            Some(Node::Expr(node)) => node.expr.clone(),
            Some(Node::Literal(value)) => Expr::Literal(value),
            _ => return value,
        };
        let null = Expr::Literal(Value::at(Kind::Null, span));
        Expr::call("if", vec![condition, value, null], span)
    }

    /// Whether an extension other than Azure deploys the resource: its type names no provider.
    pub(super) fn is_foreign_resource(&mut self, env: &Env<'_>, target: &Target) -> bool {
        let What::Resource(_) = target.what else { return false };
        self.identity(env, target).is_some_and(|identity| !identity.kind.split('/').next().unwrap_or("").contains('.'))
    }
}

/// One name for each segment of the type: a name with slashes is split.
fn segmented(name: Expr, segments: usize, span: Span) -> Vec<Expr> {
    if segments <= 1 {
        return vec![name];
    }
    let part = |index: usize| {
        let split = Expr::call("split", vec![name.clone(), Expr::str("/", span)], span);
        Expr::index(split, Expr::int(i64::try_from(index).unwrap_or(0), span), span)
    };
    (0..segments.min(16)).map(part).collect()
}

/// The name of a module that gives none.
fn generated_name(symbol: &str, index: Option<&Expr>, looped: bool, span: Span) -> Expr {
    let deployment = Expr::member(Expr::call("deployment", Vec::new(), span), "name", span);
    let hash = Expr::call("uniqueString", vec![Expr::str(symbol, span), deployment], span);
    if !looped {
        return Expr::call("format", vec![Expr::str(format!("{symbol}-{{0}}"), span), hash], span);
    }
    let index = index.cloned().unwrap_or_else(|| Expr::call("copyIndex", Vec::new(), span));
    Expr::call("format", vec![Expr::str(format!("{symbol}-{{0}}-{{1}}"), span), index, hash], span)
}
