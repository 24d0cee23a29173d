//! What stands inside what: functions, classes, handlers of exceptions.

use super::token::{Kind, Line};

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The lines of its body.
    pub body: std::ops::Range<usize>,
    /// The lines of its decorators, in order.
    pub decorators: Vec<usize>,
}

/// A handler that takes every exception: `except Exception as error`, `except:`.
#[derive(Clone, Debug)]
pub struct Handler {
    /// The name that the exception gets.
    pub variable: Option<String>,
    /// The lines of its body.
    pub body: std::ops::Range<usize>,
}

/// The end of the block that starts with `line`: the first line after it that is indented no deeper.
fn end_of(lines: &[Line<'_>], line: usize) -> usize {
    let indent = lines.get(line).map_or(0, |line| line.indent);
    let body = lines.iter().enumerate().skip(line + 1);
    body.take_while(|(_, inner)| inner.indent > indent).last().map_or(line + 1, |(at, _)| at + 1)
}

/// Most functions of one file: each looks over its own body.
const MOST: usize = 3_000;

/// Every function, nested ones too.
pub fn functions(lines: &[Line<'_>]) -> Vec<Function> {
    let mut found: Vec<Function> = Vec::new();
    let mut decorators = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let mut tokens = line.tokens.iter();
        let mut first = tokens.next();
        if first.is_some_and(|token| token.is("@")) {
            decorators.push(at);
            continue;
        }
        if first.is_some_and(|token| token.is("async")) {
            first = tokens.next();
        }
        if first.is_some_and(|token| token.is("def"))
            && let Some(name) = tokens.next()
            && found.len() < MOST
        {
            let body = at + 1..end_of(lines, at);
            found.push(Function { name: name.text.to_owned(), body, decorators: std::mem::take(&mut decorators) });
        }
        decorators.clear();
    }
    found
}

/// Every handler that takes all exceptions.
pub fn handlers(lines: &[Line<'_>]) -> Vec<Handler> {
    let is_broad = |line: &Line<'_>| {
        let named: Vec<&str> = line.tokens.iter().skip(1).filter(|token| token.kind == Kind::Name).map(|token| token.text).collect();
        named.is_empty() || named.iter().any(|name| matches!(*name, "Exception" | "BaseException"))
    };
    let all = lines.iter().enumerate().filter(|(_, line)| line.tokens.first().is_some_and(|token| token.is("except")) && is_broad(line));
    all.take(MOST)
        .map(|(at, line)| {
            let named = line.tokens.windows(2).find(|pair| pair.first().is_some_and(|token| token.is("as")));
            let variable = named.and_then(|pair| pair.last()).map(|token| token.text.to_owned());
            Handler { variable, body: at + 1..end_of(lines, at) }
        })
        .collect()
}
