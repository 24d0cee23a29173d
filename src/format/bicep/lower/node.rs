//! Expressions in body position: objects and lists stay, loops become `copy`.

use std::sync::Arc;

use super::super::strings;
use super::super::tree::{Expr as Tree, ExprKind, For, Item, Member};
use super::{Env, Local, Lowering};
use crate::expression::Expr;
use crate::format::arm::ir::{ExprNode, Key, Node, Property};
use crate::model::Why;

impl Lowering<'_, '_> {
    /// Lowers an expression as the value of a property; `name` is what a loop there is called.
    pub(super) fn node(&mut self, env: &Env<'_>, tree: &Tree, name: &str) -> Node {
        let lowered = self.deeper(|this| this.node_here(env, tree, name));
        lowered.unwrap_or_else(|| {
            let why = Why::Budget("lowering of Bicep expressions".into());
            Self::to_node(Self::unknown(env.source, tree.at, why), env, tree)
        })
    }

    fn node_here(&mut self, env: &Env<'_>, tree: &Tree, name: &str) -> Node {
        let span = env.source.span(tree.at);
        match &tree.kind {
            ExprKind::Parens(inner) => self.node(env, inner, name),
            ExprKind::Object(members) if !members.iter().any(|member| matches!(member, Member::Spread(..))) => {
                let properties = self.properties(env, members, &[]);
                Node::object(properties, span)
            }
            ExprKind::Array(items) if !items.iter().any(|item| matches!(item, Item::Spread(..))) => {
                let item = |this: &mut Self, item: &Item| match item {
                    Item::One(value) | Item::Spread(value, _) => this.node(env, value, "value"),
                };
                let items = items.iter().map(|each| item(self, each)).collect();
                Node::array(items, span)
            }
            ExprKind::For(looped) => {
                let index = Expr::call("copyIndex", vec![Expr::str(name, span)], span);
                self.repeated(env, looped, index, name, span)
            }
            _ => {
                let expr = self.expr(env, tree);
                Self::to_node(expr, env, tree)
            }
        }
    }

    /// A literal stays one; everything else is an expression whose place is the whole of `tree`.
    pub(super) fn to_node(expr: Expr, env: &Env<'_>, tree: &Tree) -> Node {
        match expr {
            Expr::Literal(value) => Node::Literal(value),
            expr => Node::expr(expr, env.source.span(tree.at)),
        }
    }

    /// A `copy` whose index is `index`.
    pub(super) fn repeated(&mut self, env: &Env<'_>, looped: &For, index: Expr, name: &str, span: crate::model::Span) -> Node {
        let count = self.count(env, looped);
        let input = self.in_loop(env, looped, index, |this, env| this.node(env, &looped.body, name));
        Node::copy(name, count, input, span)
    }

    /// How often a loop runs.
    pub(super) fn count(&mut self, env: &Env<'_>, looped: &For) -> Node {
        let span = env.source.span(looped.over.at);
        let over = self.expr(env, &looped.over);
        Node::expr(Expr::call("length", vec![over], span), span)
    }

    /// Runs `inner` with a loop's names set for the pass `index`.
    pub(super) fn in_loop<T>(&mut self, env: &Env<'_>, looped: &For, index: Expr, inner: impl FnOnce(&mut Self, &Env<'_>) -> T) -> T {
        let over = self.expr(env, &looped.over);
        let item = Expr::index(over, index.clone(), env.source.span(looped.item.at));
        let item = Local { name: env.source.str(looped.item.at), value: item, outer: env.locals };
        let env = env.with(&item);
        match looped.index {
            Some(name) => {
                let local = Local { name: env.source.str(name.at), value: index, outer: env.locals };
                inner(self, &env.with(&local))
            }
            None => inner(self, &env),
        }
    }

    /// The properties of a body without those in `without`.
    pub(super) fn properties(&mut self, env: &Env<'_>, members: &[Member], without: &[&str]) -> Vec<Property> {
        let mut properties = Vec::with_capacity(members.len());
        for member in members {
            let Member::Pair(key, value) = member else { continue };
            let plain = env.source.key(key);
            if plain.as_deref().is_some_and(|name| without.contains(&name)) {
                continue;
            }
            let key_span = env.source.span(key.at);
            let name: Arc<str> = plain.map_or_else(|| "value".into(), |name| name.as_ref().into());
            let node = self.node(env, value, &name);
            let key = match &key.kind {
                ExprKind::Variable | ExprKind::Str(_) => Key::Text(name),
                ExprKind::Interpolated(string) if string.holes.is_empty() => {
                    Key::Text(strings::pieces(&env.source.text.text, string).concat().into())
                }
                _ => Key::Expr(Arc::new(ExprNode { expr: self.expr(env, key), span: key_span })),
            };
            properties.push(Property { key, key_span, value: node });
        }
        properties
    }
}
