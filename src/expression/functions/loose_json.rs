//! JSON as Newtonsoft reads it: single quotes, names without quotes, comments, trailing commas.

use crate::model::{Kind, Object, Value};

const MAX_DEPTH: u32 = 100;

/// The value that `text` writes, or `None`.
pub fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text, depth: 0 };
    let value = reader.value()?;
    reader.blanks()?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    depth: u32,
}

impl<'a> Reader<'a> {
    /// Skips blanks and comments; `None` for a comment that does not end.
    fn blanks(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/")?.1;
            } else {
                return Some(());
            }
        }
    }

    fn take(&mut self, c: char) -> bool {
        if self.blanks().is_none() {
            return false;
        }
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.blanks()?;
        let value = match self.rest.chars().next()? {
            '{' => self.object()?,
            '[' => self.array()?,
            quote @ ('"' | '\'') => Value::from(self.quoted(quote)?),
            _ => scalar(self.word()?)?,
        };
        self.depth -= 1;
        Some(value)
    }

    fn object(&mut self) -> Option<Value> {
        self.take('{');
        let mut object = Object::new();
        while !self.take('}') {
            self.blanks()?;
            let key = match self.rest.chars().next()? {
                quote @ ('"' | '\'') => self.quoted(quote)?,
                _ => self.word()?.to_owned(),
            };
            if !self.take(':') {
                return None;
            }
            let value = self.value()?;
            object.set(key, value);
            if !self.take(',') {
                return self.take('}').then(|| Value::object(object));
            }
        }
        Some(Value::object(object))
    }

    fn array(&mut self) -> Option<Value> {
        self.take('[');
        let mut items = Vec::new();
        while !self.take(']') {
            items.push(self.value()?);
            if !self.take(',') {
                return self.take(']').then(|| Value::array(items));
            }
        }
        Some(Value::array(items))
    }

    fn word(&mut self) -> Option<&'a str> {
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || "_$+-.".contains(c))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest.chars();
        chars.next();
        loop {
            match chars.next()? {
                c if c == quote => break,
                '\\' => match chars.next()? {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'u' => {
                        let mut unit = || -> Option<u32> { (0..4).try_fold(0, |n, _| Some(n * 16 + chars.next()?.to_digit(16)?)) };
                        let first = unit()?;
                        // A character beyond the basic plane comes as a pair of escapes; half a pair becomes U+FFFD.
                        text.push(char::from_u32(first).unwrap_or('\u{fffd}'));
                    }
                    c @ ('"' | '\'' | '\\' | '/') => text.push(c),
                    _ => return None,
                },
                c => text.push(c),
            }
        }
        self.rest = chars.as_str();
        Some(text)
    }
}

fn scalar(word: &str) -> Option<Value> {
    Some(match word {
        "null" => Value::null(),
        "true" => Value::from(true),
        "false" => Value::from(false),
        number => match number.parse::<i64>() {
            Ok(n) => Value::from(n),
            Err(_) => Value::new(Kind::Float(number.parse().ok().filter(|x: &f64| x.is_finite())?)),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_newtonsoft_reads() {
        let value = parse("{'one': 'a', two: [1, 2.5, true, null,], /* c */ \"t\\u0041\": 'it\\'s', }").expect("parses");
        assert_eq!(value.to_json().to_string(), r#"{"one":"a","two":[1,2.5,true,null],"tA":"it's"}"#);
        for broken in ["{", "{'a'}", "[1 2]", "nope", "'x", "{a:1} 2", "/* "] {
            assert!(parse(broken).is_none(), "{broken}");
        }
        assert!(parse(&"[".repeat(100_000)).is_none());
    }
}
