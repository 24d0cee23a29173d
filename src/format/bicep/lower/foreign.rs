//! Declarations of compiled templates that an import brings in, under names of their own.

use std::sync::Arc;

use super::Lowering;
use crate::expression::Expr;
use crate::format::arm::ir::{
    ArrayNode, CopyNode, Definition, ExprNode, Function, Key, Node, ObjectNode, Property, Template, TypeNode, Variable,
};
use crate::model::{Kind, Value};

impl Lowering<'_, '_> {
    /// Takes over a variable and what it needs.
    pub(super) fn copy_variable(&mut self, template: &Arc<Template>, name: &str) -> Arc<str> {
        let key = (template.file, format!("var {name}"));
        if let Some(emitted) = self.emitted.get(&key) {
            return Arc::clone(emitted);
        }
        let emitted: Arc<str> = self.foreign_name(template.file, name).into();
        self.emitted.insert(key, Arc::clone(&emitted));
        if let Some(variable) = template.variables.get(name) {
            let value = match &variable.value {
                Node::Copy(copy) => {
                    let (count, input) = (self.rename(template, &copy.count, Some(name)), self.rename(template, &copy.input, Some(name)));
                    Node::Copy(Arc::new(CopyNode { name: Arc::clone(&emitted), count, input, span: copy.span }))
                }
                value => self.rename(template, value, None),
            };
            self.template.variables.push(Variable { name: Arc::clone(&emitted), name_span: variable.name_span, value });
        }
        emitted
    }

    /// Takes over a function and what it needs.
    pub(super) fn copy_function(&mut self, template: &Arc<Template>, name: &str) -> Option<Arc<str>> {
        let function = template.functions.get(name)?;
        let key = (template.file, format!("func {name}"));
        if let Some(emitted) = self.emitted.get(&key) {
            return Some(Arc::clone(emitted));
        }
        let local = name.rsplit_once('.').map_or(name, |(_, local)| local);
        let emitted: Arc<str> = format!("__bicep.{}", self.foreign_name(template.file, local)).into();
        self.emitted.insert(key, Arc::clone(&emitted));
        let value = self.rename(template, &function.value, None);
        let parameters = function.parameters.iter().map(|(name, _)| (Arc::clone(name), TypeNode::default())).collect();
        let schema = TypeNode::default();
        self.template.functions.push(Function { name: Arc::clone(&emitted), parameters, schema, value, name_span: function.name_span });
        Some(emitted)
    }

    /// Takes over a type and what it needs.
    pub(super) fn copy_definition(&mut self, template: &Arc<Template>, name: &str) -> Arc<str> {
        let key = (template.file, format!("type {name}"));
        if let Some(emitted) = self.emitted.get(&key) {
            return Arc::clone(emitted);
        }
        let emitted: Arc<str> = self.foreign_name(template.file, name).into();
        self.emitted.insert(key, Arc::clone(&emitted));
        if let Some(definition) = template.definitions.get(name) {
            let schema = self.rename_type(template, &definition.schema);
            self.template.definitions.push(Definition { name: Arc::clone(&emitted), schema });
        }
        emitted
    }

    fn rename_type(&mut self, template: &Arc<Template>, schema: &TypeNode) -> TypeNode {
        let renamed = self.deeper(|this| {
            let reference = schema.reference.as_deref().and_then(|reference| reference.strip_prefix("#/definitions/"));
            let reference = reference.map(|name| format!("#/definitions/{}", this.copy_definition(template, name)).into());
            let inner =
                |this: &mut Self, inner: &Option<Box<TypeNode>>| inner.as_ref().map(|inner| Box::new(this.rename_type(template, inner)));
            TypeNode {
                reference,
                properties: schema.properties.iter().map(|(name, inner)| (Arc::clone(name), this.rename_type(template, inner))).collect(),
                items: inner(this, &schema.items),
                additional: inner(this, &schema.additional),
                ..schema.clone()
            }
        });
        renamed.unwrap_or_default()
    }

    /// A value with the variables and functions that it needs taken over; `index` names the loop that is renamed with it.
    fn rename(&mut self, template: &Arc<Template>, node: &Node, index: Option<&str>) -> Node {
        let renamed = self.deeper(|this| match node {
            Node::Literal(_) => node.clone(),
            Node::Expr(inner) => Node::Expr(this.rename_held(template, inner, index)),
            Node::Array(inner) => {
                let items = inner.items.iter().map(|item| this.rename(template, item, index)).collect();
                Node::Array(Arc::new(ArrayNode { items, span: inner.span }))
            }
            Node::Object(inner) => {
                let property = |property: &Property| Property {
                    key: match &property.key {
                        Key::Text(text) => Key::Text(Arc::clone(text)),
                        Key::Expr(held) => Key::Expr(this.rename_held(template, held, index)),
                    },
                    key_span: property.key_span,
                    value: this.rename(template, &property.value, index),
                };
                Node::Object(Arc::new(ObjectNode { properties: inner.properties.iter().map(property).collect(), span: inner.span }))
            }
            Node::Copy(inner) => {
                let (count, input) = (this.rename(template, &inner.count, index), this.rename(template, &inner.input, index));
                Node::Copy(Arc::new(CopyNode { name: Arc::clone(&inner.name), count, input, span: inner.span }))
            }
        });
        renamed.unwrap_or_else(|| Node::null(node.span()))
    }

    fn rename_held(&mut self, template: &Arc<Template>, held: &ExprNode, index: Option<&str>) -> Arc<ExprNode> {
        Arc::new(ExprNode { expr: self.rename_expr(template, &held.expr, index), span: held.span })
    }

    fn rename_expr(&mut self, template: &Arc<Template>, expr: &Expr, index: Option<&str>) -> Expr {
        let renamed = self.deeper(|this| match expr {
            Expr::Literal(_) => expr.clone(),
            Expr::Member { base, name, span } => Expr::member(this.rename_expr(template, base, index), Arc::clone(name), *span),
            Expr::Index { base, index: item, span } => {
                Expr::index(this.rename_expr(template, base, index), this.rename_expr(template, item, index), *span)
            }
            Expr::Call { name, args, span } => {
                let only = args.first().and_then(Expr::as_str);
                if let (true, Some(variable)) = (name.eq_ignore_ascii_case("variables"), only) {
                    let emitted = this.copy_variable(template, variable);
                    return Expr::call(Arc::clone(name), vec![Expr::str(emitted, *span)], *span);
                }
                if let (true, Some(wanted)) = (name.eq_ignore_ascii_case("copyIndex"), index)
                    && only.is_some_and(|only| only.eq_ignore_ascii_case(wanted))
                {
                    let emitted = this.foreign_name(template.file, wanted);
                    return Expr::call(Arc::clone(name), vec![Expr::str(emitted, *span)], *span);
                }
                let args = args.iter().map(|arg| this.rename_expr(template, arg, index)).collect();
                let name = if name.contains('.') { this.copy_function(template, name) } else { None }.unwrap_or_else(|| Arc::clone(name));
                Expr::call(name, args, *span)
            }
        });
        renamed.unwrap_or_else(|| Expr::Literal(Value::at(Kind::Null, expr.span())))
    }
}
