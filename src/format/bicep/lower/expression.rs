//! Expressions in expression position.

use super::super::token::{Bytes, TokenKind};
use super::super::tree::{Expr as Tree, ExprKind, Item, Member, Name};
use super::super::{strings, tree::For};
use super::{Env, Local, Lowering};
use crate::expression::Expr;
use crate::model::{Kind, Span, Value, Why};

impl Lowering<'_, '_> {
    /// Lowers an expression as it stands inside `[…]`.
    pub(super) fn expr(&mut self, env: &Env<'_>, tree: &Tree) -> Expr {
        let lowered = self.deeper(|this| this.expr_here(env, tree));
        lowered.unwrap_or_else(|| Self::unknown(env.source, tree.at, Why::Budget("lowering of Bicep expressions".into())))
    }

    fn expr_here(&mut self, env: &Env<'_>, tree: &Tree) -> Expr {
        let span = env.source.span(tree.at);
        let literal = |kind| Expr::Literal(Value::at(kind, span));
        match &tree.kind {
            ExprKind::Null => literal(Kind::Null),
            ExprKind::Bool(flag) => literal(Kind::Bool(*flag)),
            ExprKind::Int(number) => literal(Kind::Int(i64::try_from(*number).unwrap_or(i64::MAX))),
            ExprKind::Str(quote) => Expr::str(strings::unquote(env.source.str(tree.at), *quote), span),
            ExprKind::Interpolated(string) => {
                let mut text = String::new();
                let pieces = strings::pieces(&env.source.text.text, string);
                for (index, piece) in pieces.iter().enumerate() {
                    text.push_str(&piece.replace('{', "{{").replace('}', "}}"));
                    if index < string.holes.len() {
                        text.push_str(&format!("{{{index}}}"));
                    }
                }
                let mut arguments = vec![Expr::str(text, span)];
                arguments.extend(string.holes.iter().map(|hole| self.expr(env, hole)));
                Expr::call("format", arguments, span)
            }
            ExprKind::Variable => self.variable(env, tree.at),
            ExprKind::Call(name, arguments) => self.call(env, *name, arguments, tree.at),
            ExprKind::Method(base, name, arguments) => self.method(env, base, *name, arguments, tree.at),
            ExprKind::Property(..) | ExprKind::Index(..) | ExprKind::Nested(..) => self.access(env, tree),
            ExprKind::NonNull(inner) | ExprKind::Parens(inner) => self.expr(env, inner),
            ExprKind::Unary(operator, operand) => self.unary(env, *operator, operand, span),
            ExprKind::Binary(operator, left, right) => self.binary(env, *operator, left, right, span),
            ExprKind::Ternary(parts) => Expr::call("if", parts.iter().map(|part| self.expr(env, part)).collect(), span),
            ExprKind::Object(members) => self.object(env, members, tree.at),
            ExprKind::Array(items) => self.array(env, items, span),
            ExprKind::For(looped) => self.mapped(env, looped, span),
            ExprKind::If(condition, body) => {
                let parts = vec![self.expr(env, condition), self.expr(env, body), literal(Kind::Null)];
                Expr::call("if", parts, span)
            }
            ExprKind::Lambda(names, _, body) => self.lambda(env, names, body, tree.at),
        }
    }

    fn unary(&mut self, env: &Env<'_>, operator: TokenKind, operand: &Tree, span: Span) -> Expr {
        match (operator, &operand.kind) {
            (TokenKind::Minus, ExprKind::Int(number)) => {
                let number = i64::try_from(*number).map_or(i64::MIN, |number| -number);
                Expr::int(number, span)
            }
            (TokenKind::Minus, _) => {
                let operand = self.expr(env, operand);
                Expr::call("sub", vec![Expr::int(0, span), operand], span)
            }
            (TokenKind::Exclamation, _) => {
                let operand = self.expr(env, operand);
                Expr::call("not", vec![operand], span)
            }
            _ => self.expr(env, operand),
        }
    }

    fn binary(&mut self, env: &Env<'_>, operator: TokenKind, left: &Tree, right: &Tree, span: Span) -> Expr {
        use TokenKind as T;
        let (left, right) = (self.expr(env, left), self.expr(env, right));
        let lower = |text: Expr| Expr::call("toLower", vec![text], span);
        let name = match operator {
            T::Plus => "add",
            T::Minus => "sub",
            T::Asterisk => "mul",
            T::Slash => "div",
            T::Modulo => "mod",
            T::LeftChevron => "less",
            T::LessThanOrEqual => "lessOrEquals",
            T::RightChevron => "greater",
            T::GreaterThanOrEqual => "greaterOrEquals",
            T::LogicalAnd => "and",
            T::LogicalOr => "or",
            T::DoubleQuestion => "coalesce",
            T::Equals | T::NotEquals => "equals",
            _ => {
                let equals = Expr::call("equals", vec![lower(left), lower(right)], span);
                return if operator == T::NotEqualsInsensitive { Expr::call("not", vec![equals], span) } else { equals };
            }
        };
        let call = Expr::call(name, vec![left, right], span);
        if operator == T::NotEquals { Expr::call("not", vec![call], span) } else { call }
    }

    fn object(&mut self, env: &Env<'_>, members: &[Member], at: Bytes) -> Expr {
        let span = env.source.span(at);
        let mut groups: Vec<Expr> = Vec::new();
        let mut open: Vec<Expr> = Vec::new();
        let mut spreads = false;
        for member in members {
            match member {
                Member::Pair(key, value) => {
                    open.push(self.key_expr(env, key));
                    open.push(self.expr(env, value));
                }
                Member::Spread(value, _) => {
                    spreads = true;
                    if !open.is_empty() {
                        groups.push(Expr::call("createObject", std::mem::take(&mut open), span));
                    }
                    groups.push(self.expr(env, value));
                }
                Member::Resource(_) => {}
            }
        }
        if !spreads {
            return constant_object(&open, span).unwrap_or_else(|| Expr::call("createObject", open, span));
        }
        if !open.is_empty() {
            groups.push(Expr::call("createObject", open, span));
        }
        Expr::call("shallowMerge", vec![Expr::call("createArray", groups, span)], span)
    }

    /// A key in expression position.
    pub(super) fn key_expr(&mut self, env: &Env<'_>, key: &Tree) -> Expr {
        match key.kind {
            ExprKind::Variable => Expr::str(env.source.str(key.at), env.source.span(key.at)),
            _ => self.expr(env, key),
        }
    }

    fn array(&mut self, env: &Env<'_>, items: &[Item], span: Span) -> Expr {
        let list = |items: Vec<Expr>| {
            let values: Option<Vec<Value>> = items.iter().map(|item| item.as_literal().cloned()).collect();
            match values.filter(|values| !values.iter().any(Value::is_unknown)) {
                Some(values) => Expr::Literal(Value::at(Kind::Array(values.into()), span)),
                None => Expr::call("createArray", items, span),
            }
        };
        let mut groups: Vec<Expr> = Vec::new();
        let mut open: Vec<Expr> = Vec::new();
        let mut spreads = false;
        for item in items {
            match item {
                Item::One(value) => open.push(self.expr(env, value)),
                Item::Spread(value, _) => {
                    spreads = true;
                    if !open.is_empty() {
                        groups.push(list(std::mem::take(&mut open)));
                    }
                    groups.push(self.expr(env, value));
                }
            }
        }
        if !spreads {
            return list(open);
        }
        if !open.is_empty() {
            groups.push(list(open));
        }
        Expr::call("flatten", vec![Expr::call("createArray", groups, span)], span)
    }

    fn lambda(&mut self, env: &Env<'_>, names: &[Name], body: &Tree, at: Bytes) -> Expr {
        let span = env.source.span(at);
        let mut arguments: Vec<Expr> = names.iter().map(|name| Expr::str(env.source.str(name.at), env.source.span(name.at))).collect();
        arguments.push(self.with_lambda_names(env, names, body));
        Expr::call("lambda", arguments, span)
    }

    /// Lowers `body` with `names` as lambda variables.
    fn with_lambda_names(&mut self, env: &Env<'_>, names: &[Name], body: &Tree) -> Expr {
        let Some((first, rest)) = names.split_first() else { return self.expr(env, body) };
        let name = env.source.str(first.at);
        let span = env.source.span(first.at);
        let value = Expr::call("lambdaVariables", vec![Expr::str(name, span)], span);
        let local = Local { name, value, outer: env.locals };
        let lowered = self.deeper(|this| this.with_lambda_names(&env.with(&local), rest, body));
        lowered.unwrap_or_else(|| Self::unknown(env.source, body.at, Why::Budget("lowering of Bicep expressions".into())))
    }

    /// A loop where no `copy` can stand.
    fn mapped(&mut self, env: &Env<'_>, looped: &For, span: Span) -> Expr {
        let over = self.expr(env, &looped.over);
        let names: Vec<Name> = std::iter::once(looped.item).chain(looped.index).collect();
        let mut arguments: Vec<Expr> = names.iter().map(|name| Expr::str(env.source.str(name.at), env.source.span(name.at))).collect();
        arguments.push(self.with_lambda_names(env, &names, &looped.body));
        Expr::call("map", vec![over, Expr::call("lambda", arguments, span)], span)
    }
}

/// An object of literals alone is a literal: its values keep their places.
fn constant_object(pairs: &[Expr], span: Span) -> Option<Expr> {
    let mut object = crate::model::Object::with_capacity(pairs.len() / 2);
    for pair in pairs.chunks_exact(2) {
        let [key, value] = pair else { return None };
        let value = value.as_literal().filter(|value| !value.is_unknown())?;
        object.insert(key.as_str()?, key.span(), value.clone());
    }
    Some(Expr::Literal(Value::at(Kind::Object(object.into()), span)))
}
