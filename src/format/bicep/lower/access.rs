//! Names, properties, items and nested resources.

use super::super::source::Symbol;
use super::super::token::Bytes;
use super::super::tree::{Expr as Tree, ExprKind, StatementKind};
use super::target::{DEPLOYMENTS_API, Target, What};
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::model::Span;

impl Lowering<'_, '_> {
    /// A name on its own.
    pub(super) fn variable(&mut self, env: &Env<'_>, at: Bytes) -> Expr {
        let source = env.source;
        let (name, span) = (source.str(at), source.span(at));
        if let Some(local) = env.local(name) {
            return local.clone();
        }
        if let Some(target) = Self::named_target(env, name) {
            return match target.what {
                What::Resource(_) => self.reference(env, &target, true, span),
                What::Module(_) => self.reference(env, &target, false, span),
            };
        }
        match source.symbol(name) {
            Some(Symbol::Statement(index)) => match source.statement(index).map(|statement| &statement.kind) {
                Some(StatementKind::Param(param)) if param.ty.is_some() => Expr::call("parameters", vec![Expr::str(name, span)], span),
                // In a parameter file, another parameter's value.
                Some(StatementKind::Param(_) | StatementKind::Var(_)) => {
                    let name = self.emit_variable(source, name);
                    Expr::call("variables", vec![Expr::str(name, span)], span)
                }
                Some(StatementKind::Extension(_)) => Expr::call("extensions", vec![Expr::str(name, span)], span),
                _ => self.fault(source, at, format!("`{name}` is no value")),
            },
            Some(Symbol::Imported(statement, item)) => self.imported_variable(env, statement, item, at),
            _ => self.fault(source, at, format!("`{name}` is not declared")),
        }
    }

    /// `base.name`, `base[index]`, `base::name`.
    pub(super) fn access(&mut self, env: &Env<'_>, tree: &Tree) -> Expr {
        let span = env.source.span(tree.at);
        if let Some(target) = self.target(env, tree) {
            return self.reference(env, &target, matches!(target.what, What::Resource(_)), span);
        }
        match &tree.kind {
            ExprKind::Property(base, name, safe) => {
                let property = env.source.str(name.at).to_owned();
                let step = Expr::str(property.as_str(), env.source.span(name.at));
                self.step(env, base, &property, step, *safe, span)
            }
            ExprKind::Index(base, index, safe, from_end) => {
                let step = self.expr(env, index);
                if *from_end {
                    let base = self.expr(env, base);
                    let function = if *safe { "tryIndexFromEnd" } else { "indexFromEnd" };
                    return Expr::call(function, vec![base, step], span);
                }
                let property = step.as_str().unwrap_or("").to_owned();
                self.step(env, base, &property, step, *safe, span)
            }
            _ => self.fault(env.source, tree.at, "`::` stands after a resource only"),
        }
    }

    /// One step into `base`: the property `property`, or the item `step` where that is empty.
    fn step(&mut self, env: &Env<'_>, base: &Tree, property: &str, step: Expr, safe: bool, span: Span) -> Expr {
        if let Some(target) = self.target(env, base) {
            return self.property_of(env, &target, property, step, safe, span);
        }
        if let Some(expr) = self.of_import(env, base, property, span) {
            return expr;
        }
        let outputs_of = self.outputs_of(env, base);
        let is_output = outputs_of.is_some();
        if let (Some(module), false) = (&outputs_of, in_safe_chain(base) || safe)
            && self.is_secure_output(env, module, property)
        {
            let subject = self.symbol_of(env, module, span);
            let outputs = Expr::call("listOutputsWithSecureValues", vec![subject, Expr::str(DEPLOYMENTS_API, span)], span);
            return take(outputs, step, span);
        }
        let lowered = self.expr(env, base);
        let value = Expr::str("value", span);
        if safe {
            let output = Expr::call("tryGet", vec![lowered, step], span);
            return if is_output { Expr::call("tryGet", vec![output, value], span) } else { output };
        }
        if let (true, Expr::Call { name, mut args, .. }) = (in_safe_chain(base), lowered.clone())
            && &*name == "tryGet"
        {
            args.push(step);
            args.extend(is_output.then_some(value));
            return Expr::call("tryGet", args, span);
        }
        let taken = take(lowered, step, span);
        if is_output { Expr::member(taken, "value", span) } else { taken }
    }

    /// The module, where `tree` is `module.outputs`.
    fn outputs_of(&mut self, env: &Env<'_>, tree: &Tree) -> Option<Target> {
        match &tree.kind {
            ExprKind::Parens(inner) | ExprKind::NonNull(inner) => self.outputs_of(env, inner),
            ExprKind::Property(base, name, _) if env.source.str(name.at) == "outputs" => {
                self.target(env, base).filter(|target| matches!(target.what, What::Module(_)))
            }
            _ => None,
        }
    }

    /// Whether a module declares its output `name` to be secret.
    fn is_secure_output(&mut self, env: &Env<'_>, module: &Target, name: &str) -> bool {
        let What::Module(index) = module.what else { return false };
        let Some(StatementKind::Module(module)) = env.source.statement(index).map(|statement| &statement.kind) else { return false };
        let Some(path) = env.source.key(&module.path) else { return false };
        let template = self.compiler.module(env.source.file, &path).ok();
        template.is_some_and(|template| template.outputs.get(name).is_some_and(|output| output.schema.is_secure()))
    }

    /// A property of a resource or module. Some of them are known without a running deployment.
    fn property_of(&mut self, env: &Env<'_>, target: &Target, property: &str, step: Expr, safe: bool, span: Span) -> Expr {
        let foreign = self.is_foreign_resource(env, target);
        let fixed = match property {
            _ if foreign => None,
            "name" => Some(self.own_name(env, target, span)),
            "id" if matches!(target.what, What::Resource(_)) => Some(self.id(env, target, span)),
            "type" => self.identity(env, target).map(|identity| Expr::str(identity.kind, span)),
            "apiVersion" => self.identity(env, target).and_then(|identity| identity.api).map(|api| Expr::str(api, span)),
            _ => None,
        };
        if let Some(fixed) = fixed {
            return if safe { self.or_null(env, target, fixed, span) } else { fixed };
        }
        if property == "properties" && !safe && matches!(target.what, What::Resource(_)) && !foreign {
            return self.reference(env, target, false, span);
        }
        let whole = matches!(target.what, What::Resource(_));
        let base = if safe { self.reference_or_null(env, target, whole, span) } else { self.reference(env, target, whole, span) };
        if safe { Expr::call("tryGet", vec![base, step], span) } else { take(base, step, span) }
    }
}

/// Whether an access before this one may have given `null`: then this one is part of the same `tryGet`.
fn in_safe_chain(tree: &Tree) -> bool {
    let mut tree = tree;
    loop {
        match &tree.kind {
            ExprKind::Property(_, _, true) | ExprKind::Index(_, _, true, false) => return true,
            ExprKind::Property(base, ..) | ExprKind::Index(base, _, _, false) | ExprKind::NonNull(base) => tree = base,
            _ => return false,
        }
    }
}

fn take(base: Expr, step: Expr, span: Span) -> Expr {
    match step.as_str() {
        Some(name) => Expr::member(base, name, span),
        None => Expr::index(base, step, span),
    }
}
