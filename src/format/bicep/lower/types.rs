//! Types, as far as values depend on them: names, secrets, nullability, literals, properties.

use std::sync::Arc;

use super::super::source::{Source, Symbol};
use super::super::tree::{Decorator, Expr as Tree, ExprKind, StatementKind, Type, TypeKind};
use super::resource::decorator;
use super::{Env, Lowering};
use crate::format::arm::ir::{Definition, Node, Property, TypeNode};
use crate::model::Span;

/// Decorators that become properties of the type.
const CONSTRAINTS: &[&str] = &["minLength", "maxLength", "minValue", "maxValue"];

impl Lowering<'_, '_> {
    /// `@description` and `@metadata`, as ARM has them.
    pub(super) fn metadata(&mut self, env: &Env<'_>, decorators: &[Decorator]) -> Option<Node> {
        let mut properties = Vec::new();
        if let Some([Tree { kind: ExprKind::Object(members), .. }]) = decorator(env, decorators, "metadata") {
            properties = self.properties(env, members, &[]);
        }
        if let Some([text]) = decorator(env, decorators, "description") {
            let span = env.source.span(text.at);
            properties.push(Property::new("description", span, self.node(env, text, "description")));
        }
        let span = properties.first()?.key_span;
        Some(Node::object(properties, span))
    }

    /// A type with the decorators above it.
    pub(super) fn schema(&mut self, env: &Env<'_>, ty: &Type, decorators: &[Decorator]) -> TypeNode {
        let mut schema = self.deeper(|this| this.plain_schema(env, ty)).unwrap_or_default();
        if decorator(env, decorators, "secure").is_some() {
            let is_object = schema.name.as_deref() == Some("object");
            schema.name = Some(if is_object { "secureObject".into() } else { "secureString".into() });
        }
        for name in CONSTRAINTS {
            if let Some(bound) = decorator(env, decorators, name).and_then(|arguments| arguments.first()) {
                schema.rest.push(((*name).into(), self.node(env, bound, name)));
            }
        }
        if let Some(allowed) = decorator(env, decorators, "allowed").and_then(|arguments| arguments.first()) {
            schema.allowed = Some(self.node(env, allowed, "allowedValues"));
        }
        schema
    }

    fn plain_schema(&mut self, env: &Env<'_>, ty: &Type) -> TypeNode {
        let span = env.source.span(ty.at);
        match &ty.kind {
            TypeKind::Name => self.named_schema(env, env.source.str(ty.at), span),
            TypeKind::Literal(literal) => {
                let name = match literal.kind {
                    ExprKind::Int(_) => "int",
                    ExprKind::Bool(_) => "bool",
                    ExprKind::Null => return TypeNode { nullable: true, span, ..TypeNode::default() },
                    _ => "string",
                };
                let value = self.node(env, literal, "value");
                TypeNode { allowed: Some(Node::array(vec![value], span)), ..TypeNode::named(name, span) }
            }
            TypeKind::Unary(_, inner) => TypeNode { allowed: None, ..self.schema(env, inner, &[]) },
            TypeKind::Parens(inner) => self.schema(env, inner, &[]),
            TypeKind::Nullable(inner) => TypeNode { nullable: true, ..self.schema(env, inner, &[]) },
            TypeKind::NonNull(inner) => TypeNode { nullable: false, ..self.resolved(env, inner) },
            TypeKind::Array(inner) => {
                let items = Some(Box::new(self.schema(env, inner, &[])));
                TypeNode { items, ..TypeNode::named("array", span) }
            }
            TypeKind::Tuple(_) => TypeNode::named("array", span),
            TypeKind::Object(members) => {
                let mut schema = TypeNode::named("object", span);
                for member in members {
                    let inner = self.schema(env, &member.ty, &member.decorators);
                    match &member.key {
                        Some(key) => schema.properties.push((env.source.key(key).unwrap_or_default().as_ref().into(), inner)),
                        None => schema.additional = Some(Box::new(inner)),
                    }
                }
                schema
            }
            TypeKind::Union(members) => self.union(env, members, span),
            TypeKind::Property(base, name) => {
                let property = env.source.str(name.at);
                if let (TypeKind::Name, Some(Symbol::Wildcard(statement))) = (&base.kind, env.source.symbol(env.source.str(base.at))) {
                    return self.wildcard_type(env, statement, property, span);
                }
                if let (TypeKind::Name, "sys" | "az") = (&base.kind, env.source.str(base.at)) {
                    return TypeNode::named(property, span);
                }
                let base = self.resolved(env, base);
                let found = base.properties.into_iter().find(|(name, _)| &**name == property);
                found.map_or_else(|| TypeNode { span, ..TypeNode::default() }, |(_, schema)| schema)
            }
            TypeKind::Items(base) => {
                self.resolved(env, base).items.map_or_else(|| TypeNode { span, ..TypeNode::default() }, |items| *items)
            }
            TypeKind::Additional(base) => {
                self.resolved(env, base).additional.map_or_else(|| TypeNode { span, ..TypeNode::default() }, |schema| *schema)
            }
            // What a resource provider accepts is not known here: any value.
            TypeKind::Element(..) | TypeKind::Generic(..) | TypeKind::Resource(_) => TypeNode { span, ..TypeNode::default() },
        }
    }

    /// A union of literals is its members' type with the literals as allowed values.
    fn union(&mut self, env: &Env<'_>, members: &[Type], span: Span) -> TypeNode {
        let mut union = TypeNode { span, ..TypeNode::default() };
        let mut literals = Vec::new();
        for member in members {
            let schema = self.resolved(env, member);
            union.nullable |= schema.nullable;
            union.name = union.name.or(schema.name);
            if let Some(allowed) = schema.allowed.as_ref().and_then(|allowed| allowed.as_literal()?.as_array()) {
                literals.extend(allowed.iter().cloned().map(Node::Literal));
            }
        }
        if literals.len() >= members.len() {
            union.allowed = Some(Node::array(literals, span));
        }
        union
    }

    fn named_schema(&mut self, env: &Env<'_>, name: &str, span: Span) -> TypeNode {
        let to = |definition: Arc<str>| {
            let reference = format!("#/definitions/{definition}").into();
            TypeNode { reference: Some(reference), span, ..TypeNode::default() }
        };
        match env.source.symbol(name) {
            Some(Symbol::Statement(index)) if matches!(env.source.statement(index).map(|s| &s.kind), Some(StatementKind::Type(..))) => {
                to(self.emit_type(env.source, name))
            }
            Some(Symbol::Imported(statement, item)) => self.imported_type(env, statement, item, span),
            _ if name == "any" => TypeNode { span, ..TypeNode::default() },
            _ => TypeNode::named(name, span),
        }
    }

    /// A type with a reference to a definition followed.
    fn resolved(&mut self, env: &Env<'_>, ty: &Type) -> TypeNode {
        let mut schema = self.schema(env, ty, &[]);
        for _ in 0..16 {
            let Some(reference) = schema.reference.take() else { break };
            let name = reference.strip_prefix("#/definitions/").unwrap_or("");
            let Some(definition) = self.template.definitions.get(name) else { break };
            schema = TypeNode { nullable: schema.nullable || definition.schema.nullable, ..definition.schema.clone() };
        }
        schema
    }

    /// The name of a type of `source` among this template's definitions; brings it in.
    pub(super) fn emit_type(&mut self, source: &Arc<Source>, name: &str) -> Arc<str> {
        let key = (source.file, format!("type {name}"));
        if let Some(emitted) = self.emitted.get(&key) {
            return Arc::clone(emitted);
        }
        let is_root = source.file == self.root.file;
        let emitted: Arc<str> = if is_root { name.into() } else { self.foreign_name(source.file, name).into() };
        self.emitted.insert(key, Arc::clone(&emitted));
        let statement = match source.symbol(name) {
            Some(Symbol::Statement(index)) => source.statement(index),
            _ => None,
        };
        if let Some(statement) = statement
            && let StatementKind::Type(_, ty) = &statement.kind
        {
            let schema = self.schema(&Env::top(source), ty, &statement.decorators);
            self.template.definitions.push(Definition { name: Arc::clone(&emitted), schema });
        }
        emitted
    }
}
