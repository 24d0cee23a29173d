//! What names stand for: imports, and constants of the module.

use std::collections::HashMap;

use super::token::{Kind, Line, Token};
use crate::model::{FileId, Kind as Is, Span, Value, Why};

/// Imports and constants of one module.
#[derive(Debug, Default)]
pub struct Names {
    /// Local name to full dotted name.
    aliases: HashMap<String, String>,
    /// Names at the module's level with a literal value, assigned once.
    constants: HashMap<String, Option<Value>>,
    /// Modules, in order, each once.
    pub modules: Vec<(String, usize, usize)>,
}

/// Most imports and constants of one module.
const MOST: usize = 5_000;

impl Names {
    /// Reads the imports and constants of a module.
    pub fn read(file: FileId, lines: &[Line<'_>]) -> Self {
        let mut names = Self::default();
        for line in lines {
            match line.tokens.first() {
                Some(first) if first.is("import") => names.import(&line.tokens),
                Some(first) if first.is("from") => names.import_from(&line.tokens),
                Some(first) if first.kind == Kind::Name && line.indent == 0 => names.constant(file, &line.tokens),
                _ => {}
            }
        }
        names
    }

    fn module(&mut self, name: &str, token: &Token<'_>) {
        if self.modules.len() < MOST && !self.modules.iter().any(|(known, ..)| known == name) {
            self.modules.push((name.to_owned(), token.start, token.end));
        }
    }

    /// `import a.b as c, d`
    fn import(&mut self, tokens: &[Token<'_>]) {
        for part in tokens.get(1..).unwrap_or_default().split(|token| token.is(",")) {
            let (name, rest) = dotted(part);
            let Some(first) = part.first() else { continue };
            self.module(&name, first);
            if let [r#as, alias, ..] = rest
                && r#as.is("as")
            {
                self.aliases.insert(alias.text.to_owned(), name);
            }
        }
    }

    /// `from a.b import c as d, (e)`
    fn import_from(&mut self, tokens: &[Token<'_>]) {
        let (module, rest) = dotted(tokens.get(1..).unwrap_or_default());
        let Some(first) = tokens.get(1) else { return };
        if module.is_empty() {
            return;
        }
        self.module(&module, first);
        for part in rest.get(1..).unwrap_or_default().split(|token| token.is(",")) {
            let part: Vec<&Token<'_>> = part.iter().filter(|token| token.kind == Kind::Name).collect();
            let Some(name) = part.first() else { continue };
            let full = format!("{module}.{}", name.text);
            self.module(&full, name);
            let alias = if part.get(1).is_some_and(|token| token.is("as")) { part.get(2) } else { Some(name) };
            if let Some(alias) = alias.filter(|_| self.aliases.len() < MOST) {
                self.aliases.insert(alias.text.to_owned(), full);
            }
        }
    }

    /// `NAME = literal`, `NAME: type = literal`; one that is assigned twice is no constant.
    fn constant(&mut self, file: FileId, tokens: &[Token<'_>]) {
        let Some(equals) = tokens.iter().position(|token| token.is("=")) else { return };
        let is_plain = equals == 1 || tokens.get(1).is_some_and(|token| token.is(":"));
        let (Some(name), true) = (tokens.first(), is_plain) else { return };
        let value = literal(file, tokens.get(equals + 1..).unwrap_or_default());
        if self.constants.len() < MOST {
            self.constants.entry(name.text.to_owned()).and_modify(|known| *known = None).or_insert(value);
        }
    }

    /// The literal of a constant of the module.
    pub fn value_of(&self, name: &str) -> Option<&Value> {
        self.constants.get(name).and_then(Option::as_ref)
    }

    /// `aioredis.from_url` after `import redis.asyncio as aioredis` is `redis.asyncio.from_url`.
    pub fn full(&self, dotted: &str) -> String {
        let (first, rest) = dotted.split_once('.').map_or((dotted, None), |(first, rest)| (first, Some(rest)));
        match (self.aliases.get(first), rest) {
            (Some(full), Some(rest)) => format!("{full}.{rest}"),
            (Some(full), None) => full.clone(),
            (None, _) => dotted.to_owned(),
        }
    }

    /// The value of an expression: a literal, a constant's, or unknown with what is written.
    pub fn value(&self, file: FileId, tokens: &[Token<'_>]) -> Value {
        if let Some(value) = literal(file, tokens) {
            return value;
        }
        if let [name] = tokens
            && let Some(value) = self.value_of(name.text)
        {
            return value.clone().used_at(span(file, tokens));
        }
        let written: Vec<&str> = tokens.iter().take(12).map(|token| token.text).collect();
        Value::unknown(Why::Unmapped(written.concat().into())).used_at(span(file, tokens))
    }
}

/// The dotted name at the start of `tokens`, and what follows it. Leading dots of relative imports are kept.
pub fn dotted<'t, 'a>(tokens: &'t [Token<'a>]) -> (String, &'t [Token<'a>]) {
    let mut name = String::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let expects_name = name.is_empty() || name.ends_with('.');
        match token.kind {
            Kind::Name if expects_name && !(token.is("import") && name.ends_with('.')) => name.push_str(token.text),
            Kind::Sign if token.text == "." && name.len() < 256 => name.push('.'),
            _ => break,
        }
        at += 1;
    }
    (name, tokens.get(at..).unwrap_or_default())
}

/// Where an expression stands.
pub fn span(file: FileId, tokens: &[Token<'_>]) -> Span {
    let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => Span::new(file, to(first.start), to(last.end)),
        _ => Span::NONE,
    }
}

/// A literal: a text, a number, a truth, nothing, or a flat list of them.
pub fn literal(file: FileId, tokens: &[Token<'_>]) -> Option<Value> {
    let at = |kind: Is| Some(Value::at(kind, span(file, tokens)));
    match tokens {
        [one] => match one.kind {
            Kind::Str => at(Is::Str(unescaped(one.text).into())),
            Kind::Number => number(one.text).and_then(at),
            Kind::Name => match one.text {
                "True" => at(Is::Bool(true)),
                "False" => at(Is::Bool(false)),
                "None" => at(Is::Null),
                _ => None,
            },
            _ => None,
        },
        [minus, one] if minus.is("-") && one.kind == Kind::Number => match number(one.text)? {
            Is::Int(n) => at(Is::Int(n.checked_neg()?)),
            Is::Float(x) => at(Is::Float(-x)),
            _ => None,
        },
        // Products of numbers, as in `60 * 60`.
        [first, rest @ ..] if first.kind == Kind::Number && rest.len() % 2 == 0 && rest.len() <= 8 => {
            let mut product = match number(first.text)? {
                Is::Int(n) => n,
                _ => return None,
            };
            for pair in rest.chunks(2) {
                let [sign, factor] = pair else { return None };
                let Is::Int(n) = number(factor.text).filter(|_| sign.is("*"))? else { return None };
                product = product.checked_mul(n)?;
            }
            at(Is::Int(product))
        }
        // Texts that stand side by side are one.
        [first, ..] if tokens.len() <= 64 && tokens.iter().all(|token| token.kind == Kind::Str) && first.kind == Kind::Str => {
            at(Is::Str(tokens.iter().map(|token| unescaped(token.text)).collect::<String>().into()))
        }
        [open, inner @ .., close] if (open.is("[") && close.is("]")) || (open.is("(") && close.is(")")) => {
            let items: Option<Vec<Value>> =
                inner.split(|token| token.is(",")).filter(|item| !item.is_empty()).take(1_000).map(|item| literal(file, item)).collect();
            at(Is::Array(items?.into()))
        }
        _ => None,
    }
}

fn number(text: &str) -> Option<Is> {
    let plain = text.replace('_', "");
    plain.parse().map(Is::Int).ok().or_else(|| plain.parse().map(Is::Float).ok())
}

/// The few escapes that matter to a comparison.
fn unescaped(text: &str) -> String {
    if text.contains('\\') { text.replace("\\'", "'").replace("\\\"", "\"").replace("\\n", "\n") } else { text.to_owned() }
}
