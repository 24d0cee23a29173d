//! Python as tokens and logical lines: comments are dropped, strings are one token, brackets join lines.
//!
//! Source: <https://docs.python.org/3/reference/lexical_analysis.html>

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Name,
    /// A number.
    Number,
    /// A string without holes; `content` is between the quotes.
    Str,
    /// A formatted string.
    Format,
    /// Any other sign.
    Sign,
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// As written; of a string what is between its quotes.
    pub text: &'a str,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Token<'_> {
    /// Whether it is this sign or name.
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Sign | Kind::Name) && self.text == text
    }
}

/// A logical line.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Blanks before its first token; a tab counts as eight.
    pub indent: usize,
    /// Its tokens, at least one.
    pub tokens: Vec<Token<'a>>,
}

/// Most tokens of one file.
const MOST: usize = 400_000;

/// The logical lines of `text`.
pub fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lexer = Lexer { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 }, depth: 0, count: 0, carried: None };
    let mut lines = Vec::new();
    while lexer.at < text.len() && lexer.count < MOST {
        let line = lexer.line();
        if !line.tokens.is_empty() {
            lines.push(line);
        }
    }
    lines
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    count: usize,
    /// The indent of a line that a semicolon ended: what follows belongs to the same block.
    carried: Option<usize>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn line(&mut self) -> Line<'a> {
        let mut fresh = self.carried.is_none();
        let mut line = Line { indent: self.carried.take().unwrap_or(0), tokens: Vec::new() };
        self.depth = 0;
        while let Some(c) = self.rest().chars().next() {
            if self.count >= MOST {
                break;
            }
            match c {
                '\n' => {
                    self.at += 1;
                    if self.depth == 0 && !line.tokens.is_empty() {
                        break;
                    }
                    if line.tokens.is_empty() {
                        (line.indent, fresh) = (0, true);
                    }
                }
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                '\\' => {
                    self.at += 1;
                    let joins = self.rest().strip_prefix('\r').unwrap_or(self.rest()).strip_prefix('\n');
                    if let Some(after) = joins {
                        self.at = self.text.len() - after.len();
                    }
                }
                ';' if self.depth == 0 => {
                    self.at += 1;
                    if !line.tokens.is_empty() {
                        self.carried = Some(line.indent);
                        break;
                    }
                }
                c if c.is_whitespace() => {
                    if fresh && line.tokens.is_empty() {
                        line.indent += if c == '\t' { 8 } else { 1 };
                    }
                    self.at += c.len_utf8();
                }
                _ => {
                    fresh = false;
                    let token = self.token(c);
                    self.count += 1;
                    match token.text {
                        "(" | "[" | "{" if token.kind == Kind::Sign => self.depth += 1,
                        ")" | "]" | "}" if token.kind == Kind::Sign => self.depth = self.depth.saturating_sub(1),
                        _ => {}
                    }
                    line.tokens.push(token);
                }
            }
        }
        line
    }

    fn token(&mut self, c: char) -> Token<'a> {
        let start = self.at;
        if c.is_alphabetic() || c == '_' {
            let end = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest().len());
            let name = self.rest().get(..end).unwrap_or_default();
            let is_prefix = name.len() <= 2 && name.chars().all(|c| matches!(c.to_ascii_lowercase(), 'r' | 'b' | 'u' | 'f' | 't'));
            let quoted = self.rest().get(end..).is_some_and(|tail| tail.starts_with(['"', '\'']));
            if is_prefix && quoted {
                self.at += end;
                let lower = name.to_ascii_lowercase();
                return self.string(start, lower.contains('r'), lower.contains(['f', 't']));
            }
            self.at += end;
            return Token { kind: Kind::Name, text: name, start, end: self.at };
        }
        if c == '"' || c == '\'' {
            return self.string(start, false, false);
        }
        if c.is_ascii_digit() {
            let end = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(self.rest().len());
            let text = self.rest().get(..end).unwrap_or_default();
            self.at += end;
            return Token { kind: Kind::Number, text, start, end: self.at };
        }
        let two = self.rest().get(..2).filter(|two| matches!(*two, "**" | "==" | "!=" | "<=" | ">=" | ":=" | "->" | "//" | "+=" | "-="));
        let text = two.or_else(|| self.rest().get(..c.len_utf8())).unwrap_or_default();
        self.at += text.len().max(1);
        Token { kind: Kind::Sign, text, start, end: self.at }
    }

    /// A string that starts (after its prefix) at the current byte. One that is not closed ends with its line, or the text.
    fn string(&mut self, start: usize, raw: bool, format: bool) -> Token<'a> {
        let rest = self.rest();
        let quote = if rest.starts_with('"') { '"' } else { '\'' };
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let is_triple = rest.starts_with(triple.as_str());
        let open = if is_triple { 3 } else { 1 };
        let body = rest.get(open..).unwrap_or_default();
        let (mut escaped, mut end, mut close) = (false, body.len(), 0);
        for (at, c) in body.char_indices() {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                // In a raw string too, a quote after a backslash does not end it.
                escaped = true;
                let _ = raw;
            } else if is_triple && body.get(at..).is_some_and(|tail| tail.starts_with(triple.as_str())) {
                (end, close) = (at, 3);
                break;
            } else if !is_triple && (c == quote || c == '\n') {
                (end, close) = (at, usize::from(c == quote));
                break;
            }
        }
        let text = body.get(..end).unwrap_or_default();
        self.at += open + end + close;
        Token { kind: if format { Kind::Format } else { Kind::Str }, text, start, end: self.at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<(usize, String)> {
        lines(text).iter().map(|line| (line.indent, line.tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" "))).collect()
    }

    #[test]
    fn brackets_and_backslashes_join_lines_and_comments_are_dropped() {
        let text = "a = f(1, # one\n  'two # not a comment',\n)\nif x: \\\n  y\n  # deep\n\treturn rb'\\'' ; z\n";
        let expected = [(0, "a = f ( 1 , two # not a comment , )"), (0, "if x : y"), (8, "return \\'"), (8, "z")];
        assert_eq!(shown(text), expected.map(|(indent, text)| (indent, text.to_owned())));
    }

    #[test]
    fn strings_of_every_kind_are_one_token() {
        let all = lines("x = '''a\n'b' ''' f\"{y}\" u'c' 'open\nz\n");
        let kinds: Vec<(Kind, &str)> = all.iter().flat_map(|line| &line.tokens).skip(2).map(|token| (token.kind, token.text)).collect();
        let expected = [(Kind::Str, "a\n'b' "), (Kind::Format, "{y}"), (Kind::Str, "c"), (Kind::Str, "open"), (Kind::Name, "z")];
        assert_eq!(kinds, expected);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it_and_every_token_stands_where_it_says(text in "(?s)[a-f0-9'\"\\\\()\\[\\]#:;\\n\t é\u{feff}]{0,120}") {
            let mut last = 0;
            for token in lines(&text).iter().flat_map(|line| &line.tokens) {
                prop_assert!(token.start >= last && token.end > token.start && token.end <= text.len());
                prop_assert!(text.get(token.start..token.end).is_some_and(|written| written.contains(token.text)));
                last = token.end;
            }
        }
    }
}
