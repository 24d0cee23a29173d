use std::sync::Arc;

use crate::expression::Expr;
use crate::model::{Kind, Object, Span, Value};

/// A part of a template's body before evaluation.
#[derive(Clone, Debug)]
pub enum Node {
    /// A subtree without any expression, already a value; its places are in its provenance.
    Literal(Value),
    /// A template expression: `[parameters('x')]`.
    Expr(Arc<ExprNode>),
    /// A list with an expression somewhere in it.
    Array(Arc<ArrayNode>),
    /// An object with an expression or a loop somewhere in it.
    Object(Arc<ObjectNode>),
    /// A loop that makes a list: a property, variable or output with `copy`.
    Copy(Arc<CopyNode>),
}

/// An expression and the literal that holds it.
#[derive(Debug)]
pub struct ExprNode {
    /// The parsed expression.
    pub expr: Expr,
    /// The property's value in the source: the place that people edit.
    pub span: Span,
}

/// A list.
#[derive(Debug)]
pub struct ArrayNode {
    /// The items in order.
    pub items: Vec<Node>,
    /// From bracket to bracket.
    pub span: Span,
}

/// An object.
#[derive(Debug)]
pub struct ObjectNode {
    /// The properties in order of the source.
    pub properties: Vec<Property>,
    /// From brace to brace.
    pub span: Span,
}

/// One property of an [`ObjectNode`].
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name; ARM allows an expression there.
    pub key: Key,
    /// Where the name is written.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// The name of a property.
#[derive(Clone, Debug)]
pub enum Key {
    /// Plain text.
    Text(Arc<str>),
    /// `"[parameters('tagName')]": …`
    Expr(Arc<ExprNode>),
}

/// `copy` on a property, variable or output: `input` once for each of `count`.
#[derive(Debug)]
pub struct CopyNode {
    /// What `copyIndex('name')` says; the property's own name.
    pub name: Arc<str>,
    /// How often.
    pub count: Node,
    /// What is repeated.
    pub input: Node,
    /// The copy element in the source.
    pub span: Span,
}

impl Node {
    /// `null` at `span`.
    pub const fn null(span: Span) -> Self {
        Self::Literal(Value::at(Kind::Null, span))
    }

    /// Text at `span`.
    pub fn text(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self::Literal(Value::at(Kind::Str(text.into()), span))
    }

    /// An expression whose literal, or source expression, is at `span`.
    pub fn expr(expr: Expr, span: Span) -> Self {
        Self::Expr(Arc::new(ExprNode { expr, span }))
    }

    /// A list; literal where all its items are.
    pub fn array(items: Vec<Self>, span: Span) -> Self {
        if !items.iter().all(Self::is_literal) {
            return Self::Array(Arc::new(ArrayNode { items, span }));
        }
        let values = items.into_iter().filter_map(Self::into_literal).collect();
        Self::Literal(Value::at(Kind::Array(Arc::new(values)), span))
    }

    /// An object; literal where all its properties are. Of two properties with the same name the later one counts.
    pub fn object(properties: Vec<Property>, span: Span) -> Self {
        let literal = properties.iter().all(|property| matches!(property.key, Key::Text(_)) && property.value.is_literal());
        if !literal {
            return Self::Object(Arc::new(ObjectNode { properties, span }));
        }
        let mut object = Object::with_capacity(properties.len());
        for property in properties {
            if let (Key::Text(key), Self::Literal(value)) = (property.key, property.value) {
                object.insert(key, property.key_span, value);
            }
        }
        Self::Literal(Value::at(Kind::Object(Arc::new(object)), span))
    }

    /// A loop that makes a list.
    pub fn copy(name: impl Into<Arc<str>>, count: Self, input: Self, span: Span) -> Self {
        Self::Copy(Arc::new(CopyNode { name: name.into(), count, input, span }))
    }

    /// Whether this is a literal as a whole.
    pub const fn is_literal(&self) -> bool {
        matches!(self, Self::Literal(_))
    }

    fn into_literal(self) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The literal value, if this is one as a whole.
    pub const fn as_literal(&self) -> Option<&Value> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// Literal text.
    pub fn as_text(&self) -> Option<&str> {
        self.as_literal().and_then(Value::as_str)
    }

    /// Where this stands in the source.
    pub fn span(&self) -> Span {
        match self {
            Self::Literal(value) => value.span(),
            Self::Expr(node) => node.span,
            Self::Array(node) => node.span,
            Self::Object(node) => node.span,
            Self::Copy(node) => node.span,
        }
    }

    /// The property `name` of an object, in any ASCII case; the last one where it is written twice.
    pub fn get(&self, name: &str) -> Option<Self> {
        match self {
            Self::Literal(value) => value.get(name).cloned().map(Self::Literal),
            Self::Object(node) => node.get(name).map(|property| property.value.clone()),
            _ => None,
        }
    }
}

impl ObjectNode {
    /// The property `name`, in any ASCII case; the last one where it is written twice.
    pub fn get(&self, name: &str) -> Option<&Property> {
        self.properties.iter().rev().find(|property| property.is(name))
    }
}

impl Property {
    /// A property with a plain name.
    pub fn new(key: impl Into<Arc<str>>, key_span: Span, value: Node) -> Self {
        Self { key: Key::Text(key.into()), key_span, value }
    }

    /// Whether the name is `name`, in any ASCII case.
    pub fn is(&self, name: &str) -> bool {
        self.name().is_some_and(|key| key.eq_ignore_ascii_case(name))
    }

    /// The name, where it is plain text.
    pub fn name(&self) -> Option<&Arc<str>> {
        match &self.key {
            Key::Text(key) => Some(key),
            Key::Expr(_) => None,
        }
    }
}
