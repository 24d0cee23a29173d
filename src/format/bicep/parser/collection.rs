use super::super::token::TokenKind;
use super::super::tree::{Expr, ExprKind, For, Item, Member, Statement};
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn object(&mut self) -> Parsed<Expr> {
        let start = self.expect(TokenKind::LeftBrace)?.at.start;
        let mut members = Vec::new();
        let mut height = 0;
        loop {
            while self.is(TokenKind::NewLine) || self.is(TokenKind::Comma) {
                self.next += 1;
            }
            if self.eat(TokenKind::RightBrace) {
                break;
            }
            // A nested resource may stand without indentation.
            if self.begins_statement() && !self.is_word("resource") && !self.is(TokenKind::At) {
                return Err(self.expected("`}`"));
            }
            match self.nested(Self::member_of_object) {
                Ok((member, tall)) => {
                    members.push(member);
                    height = height.max(tall);
                    if !matches!(self.peek().kind, TokenKind::Comma | TokenKind::NewLine | TokenKind::RightBrace) {
                        let problem = self.expected("`,` or the end of the line");
                        self.problems.push(problem);
                        self.skip_member()?;
                    }
                }
                Err(problem) => {
                    self.problems.push(problem);
                    self.skip_member()?;
                }
            }
        }
        self.node(ExprKind::Object(members), start, height + 1)
    }

    /// After a bad property: on to the end of its line, or of the object. Fails where the object itself seems to have no end.
    fn skip_member(&mut self) -> Parsed<()> {
        if self.begins_statement() {
            return Err(self.expected("`}`"));
        }
        let mut open = 0i32;
        loop {
            match self.peek().kind {
                TokenKind::EndOfFile => return Err(self.expected("`}`")),
                TokenKind::LeftBrace | TokenKind::LeftParen | TokenKind::LeftSquare => open += 1,
                TokenKind::RightBrace if open <= 0 => return Ok(()),
                TokenKind::RightBrace | TokenKind::RightParen | TokenKind::RightSquare => open -= 1,
                TokenKind::NewLine if self.starts_line(self.next + 1) && self.starts_statement(self.next + 1) => {
                    return Err(self.expected("`}`"));
                }
                TokenKind::NewLine if open <= 0 => return Ok(()),
                _ => {}
            }
            self.next += 1;
        }
    }

    fn member_of_object(&mut self) -> Parsed<(Member, u16)> {
        let token = self.peek();
        let names_resource = token.kind == TokenKind::Identifier
            && self.word(token) == "resource"
            && self.peek_at(self.next + 1).kind == TokenKind::Identifier;
        if token.kind == TokenKind::At || names_resource {
            let start = token.at.start;
            let decorators = self.decorators()?;
            let (kind, height) = self.resource()?;
            let at = self.since(start);
            return Ok((Member::Resource(Statement { decorators, kind, at }), height));
        }
        if self.eat(TokenKind::Ellipsis) {
            let value = self.expression()?;
            let height = value.height;
            return Ok((Member::Spread(value, self.since(token.at.start)), height));
        }
        let key = self.key()?;
        self.expect(TokenKind::Colon)?;
        self.skip_lines();
        let value = self.expression()?;
        let height = key.height.max(value.height);
        Ok((Member::Pair(key, value), height))
    }

    /// The key of a property: a name or a string.
    pub(super) fn key(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        match token.kind {
            TokenKind::Identifier | TokenKind::TrueKeyword | TokenKind::FalseKeyword | TokenKind::NullKeyword => {
                self.advance();
                self.node(ExprKind::Variable, token.at.start, 1)
            }
            TokenKind::StringComplete | TokenKind::StringLeftPiece => self.string(),
            _ => Err(self.expected("a property name")),
        }
    }

    /// `[…]`: a list or a loop.
    pub(super) fn list(&mut self) -> Parsed<Expr> {
        let after = self.peek_at(self.past_lines(self.next + 1));
        if self.word(after) == "for" {
            return self.nested(Self::looped);
        }
        let start = self.expect(TokenKind::LeftSquare)?.at.start;
        let mut height = 0;
        let items = self.items(TokenKind::RightSquare, "`,`, `]` or the end of the line", |parser| {
            if parser.begins_statement() {
                return Err(parser.expected("`]`"));
            }
            let dots = parser.peek();
            let spread = parser.eat(TokenKind::Ellipsis);
            let value = parser.expression()?;
            height = height.max(value.height);
            Ok(if spread { Item::Spread(value, parser.since(dots.at.start)) } else { Item::One(value) })
        })?;
        self.node(ExprKind::Array(items), start, height + 1)
    }

    fn looped(&mut self) -> Parsed<Expr> {
        let start = self.expect(TokenKind::LeftSquare)?.at.start;
        self.skip_lines();
        self.expect_word("for")?;
        self.skip_lines();
        let block = self.peek();
        let (item, index, names_at) = if self.eat(TokenKind::LeftParen) {
            self.skip_lines();
            let item = self.name()?;
            self.skip_lines();
            self.expect(TokenKind::Comma)?;
            self.skip_lines();
            let index = self.name()?;
            self.skip_lines();
            self.expect(TokenKind::RightParen)?;
            (item, Some(index), Some(self.since(block.at.start)))
        } else {
            (self.name()?, None, None)
        };
        self.skip_lines();
        self.expect_word("in")?;
        self.skip_lines();
        let over = self.expression()?;
        self.skip_lines();
        self.expect(TokenKind::Colon)?;
        self.skip_lines();
        let body = if self.is_word("if") { self.condition()? } else { self.expression()? };
        self.skip_lines();
        self.expect(TokenKind::RightSquare)?;
        let height = over.height.max(body.height) + 1;
        self.node(ExprKind::For(Box::new(For { item, index, names_at, over, body })), start, height)
    }

    /// `if (…) {…}`.
    pub(super) fn condition(&mut self) -> Parsed<Expr> {
        let start = self.expect_word("if")?.start;
        self.skip_lines();
        let condition = self.parenthesized()?;
        self.skip_lines();
        let body = self.nested(Self::object)?;
        let height = condition.height.max(body.height) + 1;
        self.node(ExprKind::If(Box::new(condition), Box::new(body)), start, height)
    }

    /// What a resource or a module is: an object, a condition or a loop.
    pub(super) fn body(&mut self) -> Parsed<Expr> {
        self.skip_lines();
        match self.peek().kind {
            TokenKind::LeftBrace => self.object(),
            TokenKind::LeftSquare => self.list(),
            _ if self.is_word("if") => self.condition(),
            _ => Err(self.expected("`{`, `[for` or `if`")),
        }
    }
}
