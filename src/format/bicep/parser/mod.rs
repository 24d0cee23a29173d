//! Tokens to a syntax tree by recursive descent.
//!
//! Source: `docs/grammar.md` of Azure/bicep, and where it is silent (operators after a line end) what its compiler accepts.
//! One bad declaration does not lose the file: reading goes on at the next line that starts a statement. One bad property
//! does not lose its object.

mod collection;
mod expression;
mod import;
mod statement;
mod types;

use super::lexer::lex;
use super::token::{Bytes, Token, TokenKind};
use super::tree::{Expr, ExprKind, Name, Problem, Program, Statement, Syntax};

/// Reads a `.bicep` or `.bicepparam` file. Never fails as a whole: see [`Program::problems`].
pub fn parse(text: &str) -> Program {
    if text.len() > Parser::MAX_BYTES {
        let problem = Problem { at: Bytes::new(0, 0), syntax: Syntax::TooLarge(Parser::MAX_BYTES) };
        return Program { problems: vec![problem], ..Program::default() };
    }
    let lexed = lex(text);
    let mut parser = Parser { text, tokens: &lexed.tokens, next: 0, depth: 0, problems: Vec::new() };
    let statements = parser.program();
    let mut problems = parser.problems;
    problems.extend(lexed.problems);
    problems.sort_by_key(|problem| problem.at.start);
    Program { statements, directives: lexed.directives, problems }
}

type Parsed<T> = Result<T, Problem>;

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    next: usize,
    depth: u16,
    problems: Vec<Problem>,
}

impl<'a> Parser<'a> {
    /// A template may have 4 MB once compiled; this is four times as much.
    const MAX_BYTES: usize = 16 << 20;
    /// Deepest nesting that recursion follows.
    const MAX_DEPTH: u16 = 100;
    /// Highest expression tree, chains of operators and accesses included.
    const MAX_HEIGHT: u16 = 300;

    fn peek(&self) -> Token {
        self.peek_at(self.next)
    }

    fn peek_at(&self, index: usize) -> Token {
        let last = Token { kind: TokenKind::EndOfFile, quote: super::token::Quote::Single, at: Bytes::default() };
        self.tokens.get(index).or_else(|| self.tokens.last()).copied().unwrap_or(last)
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.peek().kind == kind
    }

    fn advance(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::EndOfFile {
            self.next += 1;
        }
        token
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.is(kind);
        if found {
            self.next += 1;
        }
        found
    }

    fn expect(&mut self, kind: TokenKind) -> Parsed<Token> {
        if self.is(kind) { Ok(self.advance()) } else { Err(self.expected(kind.describe())) }
    }

    fn expected(&self, expected: &'static str) -> Problem {
        let found = self.peek();
        Problem { at: found.at, syntax: Syntax::Expected { expected, found: found.kind } }
    }

    fn skip_lines(&mut self) {
        while self.is(TokenKind::NewLine) {
            self.next += 1;
        }
    }

    /// The index of the next token that is no line end, from `index` on.
    fn past_lines(&self, mut index: usize) -> usize {
        while self.peek_at(index).kind == TokenKind::NewLine {
            index += 1;
        }
        index
    }

    fn word(&self, token: Token) -> &'a str {
        if token.kind == TokenKind::Identifier { token.at.of(self.text) } else { "" }
    }

    fn is_word(&self, word: &str) -> bool {
        self.word(self.peek()) == word
    }

    fn eat_word(&mut self, word: &str) -> Option<Bytes> {
        self.is_word(word).then(|| self.advance().at)
    }

    fn expect_word(&mut self, word: &'static str) -> Parsed<Bytes> {
        self.eat_word(word).ok_or_else(|| self.expected(word))
    }

    fn name(&mut self) -> Parsed<Name> {
        Ok(Name { at: self.expect(TokenKind::Identifier)?.at })
    }

    /// From `start` to the end of the last token that was read.
    fn since(&self, start: u32) -> Bytes {
        let end = self.next.checked_sub(1).map_or(start, |last| self.peek_at(last).at.end);
        Bytes::new(start, end.max(start))
    }

    fn node(&self, kind: ExprKind, start: u32, height: u16) -> Parsed<Expr> {
        let at = self.since(start);
        if height > Self::MAX_HEIGHT { Err(self.too_deep(at)) } else { Ok(Expr { kind, at, height }) }
    }

    #[expect(clippy::unused_self, reason = "reads as the parser's own word")]
    const fn too_deep(&self, at: Bytes) -> Problem {
        Problem { at, syntax: Syntax::TooDeep(Self::MAX_DEPTH) }
    }

    /// Runs `read` one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= Self::MAX_DEPTH {
            return Err(self.too_deep(self.peek().at));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// What stands between brackets, each on its line or after a comma; the opening bracket is read already.
    fn items<T>(&mut self, close: TokenKind, ends: &'static str, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        loop {
            self.skip_lines();
            if self.eat(close) {
                return Ok(items);
            }
            items.push(item(self)?);
            if !matches!(self.peek().kind, TokenKind::Comma | TokenKind::NewLine) && !self.is(close) {
                return Err(self.expected(ends));
            }
            self.eat(TokenKind::Comma);
        }
    }

    fn program(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        loop {
            self.skip_lines();
            if self.is(TokenKind::EndOfFile) {
                return statements;
            }
            let before = self.next;
            match self.statement() {
                Ok(statement) => {
                    statements.push(statement);
                    if !self.is(TokenKind::NewLine) && !self.is(TokenKind::EndOfFile) {
                        self.problems.push(self.expected(TokenKind::NewLine.describe()));
                        self.recover();
                    }
                }
                Err(problem) => {
                    self.problems.push(problem);
                    self.next = self.next.max(before + 1);
                    if !self.begins_statement() {
                        self.recover();
                    }
                }
            }
        }
    }

    /// Skips to the end of the line before the next statement.
    fn recover(&mut self) {
        let mut open = 0i32;
        loop {
            match self.peek().kind {
                TokenKind::EndOfFile => return,
                TokenKind::LeftBrace | TokenKind::LeftParen | TokenKind::LeftSquare => open += 1,
                TokenKind::RightBrace | TokenKind::RightParen | TokenKind::RightSquare => open -= 1,
                TokenKind::NewLine if self.starts_statement(self.next + 1) && (open <= 0 || self.starts_line(self.next + 1)) => return,
                _ => {}
            }
            self.next += 1;
        }
    }

    /// Whether the next token seems to start a statement: what is still open there was never closed.
    fn begins_statement(&self) -> bool {
        self.starts_line(self.next) && self.starts_statement(self.next)
    }

    /// Whether the token at `index` is the first of its line, without indentation.
    fn starts_line(&self, index: usize) -> bool {
        let before = index.checked_sub(1).map(|index| self.peek_at(index));
        before.is_none_or(|token| token.kind == TokenKind::NewLine && token.at.end == self.peek_at(index).at.start)
    }

    /// Whether the tokens at `index` look like the start of a statement.
    fn starts_statement(&self, index: usize) -> bool {
        let token = self.peek_at(index);
        if token.kind == TokenKind::At {
            return true;
        }
        let after = self.peek_at(index + 1).kind;
        match self.word(token) {
            "param" | "var" | "type" | "func" | "resource" | "module" | "output" | "metadata" | "assert" | "test" | "extensionConfig" => {
                after == TokenKind::Identifier
            }
            "targetScope" => after == TokenKind::Assignment,
            "extension" | "provider" | "using" | "extends" => {
                matches!(after, TokenKind::Identifier | TokenKind::StringComplete)
            }
            "import" => matches!(after, TokenKind::LeftBrace | TokenKind::Asterisk | TokenKind::StringComplete),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
