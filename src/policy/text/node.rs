use std::sync::Arc;

use crate::model::{Kind, Object, Value};

/// A place in a file that people wrote, from 1. Columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub line: u32,
    pub column: u32,
}

/// A node of YAML or JSON and where it starts.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub mark: Mark,
    pub tree: Tree,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Tree {
    /// `null`, a boolean, a number or text.
    Scalar(Kind),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: Arc<str>,
    pub mark: Mark,
    pub value: Node,
}

impl Node {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.tree {
            Tree::Scalar(Kind::Str(text)) => Some(text),
            _ => None,
        }
    }

    /// Text, also that of a number or a boolean that was meant as text.
    pub(crate) fn to_text(&self) -> Option<String> {
        match &self.tree {
            Tree::Scalar(Kind::Str(text)) => Some(text.to_string()),
            Tree::Scalar(Kind::Int(n)) => Some(n.to_string()),
            Tree::Scalar(Kind::Float(x)) => Some(x.to_string()),
            Tree::Scalar(Kind::Bool(flag)) => Some(flag.to_string()),
            _ => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&[Entry]> {
        match &self.tree {
            Tree::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value under `key`, in any ASCII case.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.iter().find(|entry| entry.key.eq_ignore_ascii_case(key)).map(|entry| &entry.value)
    }

    /// What people call such a node.
    pub(crate) const fn what(&self) -> &'static str {
        match &self.tree {
            Tree::Scalar(Kind::Null) => "nothing",
            Tree::Scalar(Kind::Bool(_)) => "a boolean",
            Tree::Scalar(Kind::Int(_) | Kind::Float(_)) => "a number",
            Tree::Scalar(_) => "text",
            Tree::List(_) => "a list",
            Tree::Map(_) => "a map",
        }
    }

    /// The same as a plain value. Depth is bounded by the parsers.
    pub(crate) fn to_value(&self) -> Value {
        match &self.tree {
            Tree::Scalar(kind) => Value::new(kind.clone()),
            Tree::List(items) => Value::array(items.iter().map(Self::to_value).collect()),
            Tree::Map(entries) => {
                let mut object = Object::with_capacity(entries.len());
                for entry in entries {
                    object.set(Arc::clone(&entry.key), entry.value.to_value());
                }
                Value::object(object)
            }
        }
    }
}
