use jsonc_parser::ast::{ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Entry, Mark, Node, Origin, Problem, Tree};
use crate::model::Kind;

/// Reads JSON, with comments and trailing commas as people write them. The parser itself limits nesting to 512.
pub(crate) fn parse(origin: &Origin, text: &str) -> Result<Node, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::new(text);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default())
        .map_err(|error| origin.problem(lines.mark(error.range().start), format!("this is not JSON: {}", error.kind())))?;
    let value = parsed.value.ok_or_else(|| origin.problem(Mark { line: 1, column: 1 }, "the file is empty".to_owned()))?;
    Ok(node(&value, &lines))
}

fn node(value: &Ast<'_>, lines: &Lines<'_>) -> Node {
    let mark = lines.mark(value.range().start);
    let tree = match value {
        Ast::StringLit(text) => Tree::Scalar(Kind::Str(text.value.as_ref().into())),
        Ast::NumberLit(number) => {
            Tree::Scalar(number.value.parse().map_or_else(|_| Kind::Float(number.value.parse().unwrap_or(f64::MAX)), Kind::Int))
        }
        Ast::BooleanLit(flag) => Tree::Scalar(Kind::Bool(flag.value)),
        Ast::NullKeyword(_) => Tree::Scalar(Kind::Null),
        Ast::Array(array) => Tree::List(array.elements.iter().map(|item| node(item, lines)).collect()),
        Ast::Object(object) => Tree::Map(
            object
                .properties
                .iter()
                .map(|property| {
                    let (key, start) = match &property.name {
                        ObjectPropName::String(text) => (text.value.as_ref(), text.range.start),
                        ObjectPropName::Word(word) => (word.value, word.range.start),
                    };
                    Entry { key: key.into(), mark: lines.mark(start), value: node(&property.value, lines) }
                })
                .collect(),
        ),
    };
    Node { mark, tree }
}

/// Where lines start, to turn bytes into marks.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    fn mark(&self, at: usize) -> Mark {
        let line = self.starts.partition_point(|&start| start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        // Long lines are not measured: nobody counts columns there, and a one-line file would take quadratic time.
        let column = if at - start > 2000 { at - start } else { self.text.get(start..at).map_or(0, |text| text.chars().count()) };
        Mark { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_knows_its_lines_and_says_where_it_breaks() {
        let origin = Origin::new("p.json");
        let node = parse(&origin, "\u{feff}{\n  // why\n  \"if\": { \"a\": [1, 1.5, null] }\n}").unwrap();
        assert_eq!(node.get("if").unwrap().mark, Mark { line: 3, column: 9 });
        assert_eq!(node.to_value().to_json().to_string(), r#"{"if":{"a":[1,1.5,null]}}"#);
        assert_eq!(parse(&origin, "{\n  \"a\" 1 }").unwrap_err().line, 2);
        assert!(parse(&origin, &"[".repeat(200_000)).is_err());
    }
}
