use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Entry, Mark, Node, Origin, Problem, Tree};
use crate::model::Kind;

/// Deepest nesting; people's files have a dozen levels.
const DEPTH: usize = 100;
/// Most nodes of one file, aliases expanded: a short file can name billions of them.
const NODES: usize = 1_000_000;

/// Reads the first document of a YAML text; JSON is YAML too. Anchors and aliases are expanded.
pub(crate) fn parse(origin: &Origin, text: &str) -> Result<Node, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder { origin, stack: Vec::new(), root: None, anchors: HashMap::new(), nodes: 0 };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let mark = Mark { line: to_u32(error.marker().line()), column: to_u32(error.marker().col() + 1) };
            origin.problem(mark, format!("this is not YAML: {}", error.info()))
        })?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.event(event, span)?;
    }
    builder.root.ok_or_else(|| origin.problem(Mark { line: 1, column: 1 }, "the file is empty".to_owned()))
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

struct Open {
    node: Node,
    key: Option<(Arc<str>, Mark)>,
    anchor: usize,
}

struct Builder<'o> {
    origin: &'o Origin,
    stack: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        let mark = Mark { line: to_u32(span.start.line()), column: to_u32(span.start.col() + 1) };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.spend(1, mark)?;
                let node = Node { mark, tree: Tree::Scalar(scalar(&text, style, tag.as_deref())) };
                self.place(node, anchor, 1)
            }
            Event::SequenceStart(anchor, _) => self.open(Node { mark, tree: Tree::List(Vec::new()) }, anchor),
            Event::MappingStart(anchor, _) => self.open(Node { mark, tree: Tree::Map(Vec::new()) }, anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.stack.pop() else { return Ok(()) };
                let size = if open.anchor > 0 { size(&open.node) } else { 0 };
                self.place(open.node, open.anchor, size)
            }
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.origin.problem(mark, "this alias names an anchor that does not exist (yet)".to_owned()));
                };
                self.spend(size, mark)?;
                self.place(Node { mark, ..node }, 0, size)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => Ok(()),
        }
    }

    fn spend(&mut self, nodes: usize, mark: Mark) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > NODES {
            return Err(self.origin.problem(mark, format!("the file has more than {NODES} values, aliases expanded")));
        }
        Ok(())
    }

    fn open(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        self.spend(1, node.mark)?;
        if self.stack.len() >= DEPTH {
            return Err(self.origin.problem(node.mark, format!("the file is nested deeper than {DEPTH} levels")));
        }
        self.stack.push(Open { node, key: None, anchor });
        Ok(())
    }

    fn place(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Problem> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.tree, open.key.take()) {
            (Tree::List(items), _) => items.push(node),
            (Tree::Map(entries), Some((key, mark))) => {
                if entries.iter().any(|entry| entry.key == key) {
                    return Err(self.origin.problem(mark, format!("the key `{key}` is here twice")));
                }
                entries.push(Entry { key, mark, value: node });
            }
            (Tree::Map(_), None) => {
                let Some(key) = node.to_text() else {
                    return Err(self.origin.problem(node.mark, format!("a key must be text, this is {}", node.what())));
                };
                open.key = Some((key.into(), node.mark));
            }
            (Tree::Scalar(_), _) => {}
        }
        Ok(())
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.tree {
        Tree::Scalar(_) => 0,
        Tree::List(items) => items.iter().map(size).sum(),
        Tree::Map(entries) => entries.iter().map(|entry| size(&entry.value)).sum(),
    }
}

/// A scalar by YAML 1.2's core schema (section 10.3): quoted text is text, plain text may be something else.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Kind {
    let as_text = || Kind::Str(text.into());
    if style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str") {
        return as_text();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return as_text();
    }
    if let Ok(n) = text.parse::<i64>() {
        return Kind::Int(n);
    }
    let numeric = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    match text.parse::<f64>() {
        Ok(x) if numeric && x.is_finite() => Kind::Float(x),
        _ => as_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Problem> {
        parse(&Origin::new("a.yaml"), text)
    }

    #[test]
    fn nodes_know_their_place_and_type() {
        let node = read("a: 1\nb: [x, 1.2, '1.2', 2023-05-01, true]\n").unwrap();
        assert_eq!(node.to_value().to_json().to_string(), r#"{"a":1,"b":["x",1.2,"1.2","2023-05-01",true]}"#);
        assert_eq!(node.get("b").unwrap().mark, Mark { line: 2, column: 4 });
    }

    #[test]
    fn broken_and_hostile_files_are_one_problem() {
        assert_eq!(read("a: 1\na: 2").unwrap_err().to_string(), "a.yaml:2:1: the key `a` is here twice");
        assert!(read("a: [1").unwrap_err().message.starts_with("this is not YAML"));
        assert!(read(&"[".repeat(100_000)).is_err());
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for n in 1..12 {
            let row = vec![format!("*a{}", n - 1); 10].join(",");
            bomb.push_str(&format!("a{n}: &a{n} [{row}]\n"));
        }
        assert!(read(&bomb).unwrap_err().message.contains("more than"));
    }
}
