use std::sync::Arc;

use super::{Entry, Mark, Node, Problem, Tree, nearest};
use crate::model::Kind;

/// The file that a tree was read from, to make problems with.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    file: Arc<str>,
}

impl Origin {
    pub(crate) fn new(file: impl Into<Arc<str>>) -> Self {
        Self { file: file.into() }
    }

    pub(crate) fn file(&self) -> &Arc<str> {
        &self.file
    }

    pub(crate) fn problem(&self, mark: Mark, message: impl Into<String>) -> Problem {
        Problem { file: Arc::clone(&self.file), line: mark.line.max(1), column: mark.column.max(1), message: message.into() }
    }

    /// `word` is none of `valid`: says so, with the nearest one or all of them.
    pub(crate) fn unknown<'a>(&self, mark: Mark, what: &str, word: &str, valid: impl IntoIterator<Item = &'a str>) -> Problem {
        let valid: Vec<&str> = valid.into_iter().collect();
        let cure = match nearest(word, valid.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if valid.is_empty() => "there is none".to_owned(),
            None if valid.len() > 40 => format!("there are {} to choose from", valid.len()),
            None => format!("use one of: {}", valid.join(", ")),
        };
        self.problem(mark, format!("`{word}` is not {what}; {cure}"))
    }

    pub(crate) fn text(&self, node: &Node) -> Result<String, Problem> {
        node.to_text().ok_or_else(|| self.problem(node.mark, format!("this must be text, not {}", node.what())))
    }

    /// A list of texts; a single text counts as a list of one.
    pub(crate) fn texts(&self, node: &Node) -> Result<Vec<String>, Problem> {
        match &node.tree {
            Tree::List(items) => items.iter().map(|item| self.text(item)).collect(),
            Tree::Scalar(Kind::Null) => Ok(Vec::new()),
            _ => Ok(vec![self.text(node)?]),
        }
    }

    pub(crate) fn flag(&self, node: &Node) -> Result<bool, Problem> {
        match &node.tree {
            Tree::Scalar(Kind::Bool(flag)) => Ok(*flag),
            _ => Err(self.problem(node.mark, format!("this must be true or false, not {}", node.what()))),
        }
    }

    pub(crate) fn map<'n>(&self, node: &'n Node) -> Result<&'n [Entry], Problem> {
        node.as_map().ok_or_else(|| self.problem(node.mark, format!("this must be a map, not {}", node.what())))
    }

    pub(crate) fn list<'n>(&self, node: &'n Node) -> Result<&'n [Node], Problem> {
        match &node.tree {
            Tree::List(items) => Ok(items),
            _ => Err(self.problem(node.mark, format!("this must be a list, not {}", node.what()))),
        }
    }
}

/// The keys of a map, each taken once; what is left over at the end is a mistake.
pub(crate) struct Fields<'n> {
    origin: &'n Origin,
    mark: Mark,
    entries: &'n [Entry],
    known: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    pub(crate) fn new(origin: &'n Origin, node: &'n Node) -> Result<Self, Problem> {
        Ok(Self { origin, mark: node.mark, entries: origin.map(node)?, known: Vec::new() })
    }

    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.known.push(key);
        self.entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key)).map(|entry| &entry.value)
    }

    pub(crate) fn need(&mut self, key: &'static str) -> Result<&'n Node, Problem> {
        let mark = self.mark;
        self.take(key).ok_or_else(|| self.origin.problem(mark, format!("`{key}` is missing here")))
    }

    pub(crate) fn text(&mut self, key: &'static str) -> Result<Option<String>, Problem> {
        self.take(key).map(|node| self.origin.text(node)).transpose()
    }

    pub(crate) fn need_text(&mut self, key: &'static str) -> Result<String, Problem> {
        let node = self.need(key)?;
        self.origin.text(node)
    }

    pub(crate) fn texts(&mut self, key: &'static str) -> Result<Vec<String>, Problem> {
        self.take(key).map_or_else(|| Ok(Vec::new()), |node| self.origin.texts(node))
    }

    /// The entries that nobody took.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &'n Entry> {
        self.entries.iter().filter(|entry| !self.known.iter().any(|key| entry.key.eq_ignore_ascii_case(key)))
    }

    /// Fails on the first key that nobody asked for.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.rest().next() {
            Some(entry) => Err(self.origin.unknown(entry.mark, "a key that belongs here", &entry.key, self.known.iter().copied())),
            None => Ok(()),
        }
    }
}
