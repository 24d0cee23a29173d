//! Function calls.

use super::super::source::Symbol;
use super::super::token::Bytes;
use super::super::tree::{Expr as Tree, ExprKind, Name, StatementKind};
use super::target::What;
use super::{Env, Lowering};
use crate::expression::Expr;
use crate::model::{Kind, Secret, SecretSource, Value, Why};

impl Lowering<'_, '_> {
    /// `name(…)`.
    pub(super) fn call(&mut self, env: &Env<'_>, name: Name, arguments: &[Tree], at: Bytes) -> Expr {
        let source = env.source;
        let called = source.str(name.at);
        match source.symbol(called) {
            Some(Symbol::Statement(index)) if matches!(source.statement(index).map(|s| &s.kind), Some(StatementKind::Func(_))) => {
                let name = self.emit_function(source, called);
                self.user_call(env, &name, arguments, at)
            }
            Some(Symbol::Imported(statement, item)) => match self.imported_function(env, statement, item) {
                Some(name) => self.user_call(env, &name, arguments, at),
                None => self.fault(source, at, format!("`{called}` is not a function of the imported file")),
            },
            _ => self.built_in(env, called, arguments, at),
        }
    }

    fn user_call(&mut self, env: &Env<'_>, name: &str, arguments: &[Tree], at: Bytes) -> Expr {
        let arguments = arguments.iter().map(|argument| self.expr(env, argument)).collect();
        Expr::call(name, arguments, env.source.span(at))
    }

    /// `base.name(…)`: a namespace's function, an imported one, or a function of a resource.
    pub(super) fn method(&mut self, env: &Env<'_>, base: &Tree, name: Name, arguments: &[Tree], at: Bytes) -> Expr {
        let source = env.source;
        let called = source.str(name.at);
        let span = source.span(at);
        if let ExprKind::Variable = base.kind {
            let namespace = source.str(base.at);
            match source.symbol(namespace) {
                Some(Symbol::Wildcard(statement)) => {
                    return match self.wildcard_function(env, statement, called) {
                        Some(name) => self.user_call(env, &name, arguments, at),
                        None => self.fault(source, at, format!("`{namespace}` has no function `{called}`")),
                    };
                }
                None if matches!(namespace, "az" | "sys") => return self.built_in(env, called, arguments, at),
                _ => {}
            }
        }
        let Some(target) = self.target(env, base) else {
            return self.fault(source, at, format!("`{called}` is no function of this value"));
        };
        if called == "getSecret" {
            return Expr::Literal(Value::at(Kind::Secret(Secret::opaque(SecretSource::KeyVault)), span));
        }
        if called.starts_with("list") && matches!(target.what, What::Resource(_)) {
            let subject = if self.symbolic { self.symbol_of(env, &target, span) } else { self.id(env, &target, span) };
            let api = self.identity(env, &target).and_then(|identity| identity.api).unwrap_or_default();
            let mut all = vec![subject];
            let own: Vec<Expr> = arguments.iter().map(|argument| self.expr(env, argument)).collect();
            if own.is_empty() {
                all.push(Expr::str(api, span));
            }
            all.extend(own);
            return Expr::call(called, all, span);
        }
        self.fault(source, at, format!("resources have no function `{called}`"))
    }

    fn built_in(&mut self, env: &Env<'_>, name: &str, arguments: &[Tree], at: Bytes) -> Expr {
        let span = env.source.span(at);
        match (name, arguments) {
            ("any", [inner]) => return self.expr(env, inner),
            ("nameof", [inner]) => return Expr::str(last_name(env, inner), span),
            ("loadTextContent" | "loadJsonContent" | "loadYamlContent" | "loadFileAsBase64" | "loadDirectoryFileInfo", _) => {
                return self.load(env, name, arguments, at);
            }
            ("getSecret", _) => return Expr::Literal(Value::at(Kind::Secret(Secret::opaque(SecretSource::KeyVault)), span)),
            ("readEnvironmentVariable" | "readCliArg" | "readCliArgument" | "externalInput", _) => {
                let what = arguments.first().and_then(|first| env.source.key(first)).unwrap_or_default();
                return Self::unknown(env.source, at, Why::DeploymentContext(format!("{name}('{what}')").into()));
            }
            _ => {}
        }
        // References to resources by symbol: `reference(storage)`, `listKeys(storage.id, …)` go by their id as written.
        let arguments = arguments.iter().map(|argument| self.expr(env, argument)).collect();
        Expr::call(name, arguments, span)
    }
}

/// The name that `nameof` speaks of: the last one.
fn last_name(env: &Env<'_>, tree: &Tree) -> String {
    match &tree.kind {
        ExprKind::Property(_, name, _) | ExprKind::Nested(_, name) => env.source.str(name.at).to_owned(),
        ExprKind::Index(_, index, ..) => env.source.key(index).unwrap_or_default().into_owned(),
        ExprKind::Parens(inner) | ExprKind::NonNull(inner) => last_name(env, inner),
        _ => env.source.str(tree.at).to_owned(),
    }
}
