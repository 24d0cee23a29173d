use super::super::token::{Bytes, TokenKind};
use super::super::tree::{Expr, ExprKind, Interpolated, Name};
use super::{Parsed, Parser};

/// How strongly a binary operator binds; larger binds stronger.
const fn precedence(kind: TokenKind) -> Option<u8> {
    use TokenKind as T;
    Some(match kind {
        T::DoubleQuestion => 1,
        T::LogicalOr => 2,
        T::LogicalAnd => 3,
        T::Equals | T::NotEquals | T::EqualsInsensitive | T::NotEqualsInsensitive => 4,
        T::LeftChevron | T::RightChevron | T::LessThanOrEqual | T::GreaterThanOrEqual => 5,
        T::Plus | T::Minus => 6,
        T::Asterisk | T::Slash | T::Modulo => 7,
        _ => return None,
    })
}

/// Operators that may stand at the start of the following line. The others start something new there (`-1` in a list).
const fn continues_line(kind: TokenKind) -> bool {
    use TokenKind as T;
    !matches!(kind, T::Minus | T::Plus | T::Asterisk | T::Slash | T::Modulo | T::LeftChevron | T::RightChevron)
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.nested(|parser| {
            let start = parser.peek().at.start;
            let condition = parser.binary(0)?;
            if parser.peek_at(parser.past_lines(parser.next)).kind != TokenKind::Question {
                return Ok(condition);
            }
            parser.skip_lines();
            parser.advance();
            parser.skip_lines();
            let yes = parser.expression()?;
            parser.skip_lines();
            parser.expect(TokenKind::Colon)?;
            parser.skip_lines();
            let no = parser.expression()?;
            let height = condition.height.max(yes.height).max(no.height) + 1;
            parser.node(ExprKind::Ternary(Box::new([condition, yes, no])), start, height)
        })
    }

    fn binary(&mut self, weakest: u8) -> Parsed<Expr> {
        let start = self.peek().at.start;
        let mut left = self.unary()?;
        loop {
            let operator = self.peek_at(self.past_lines(self.next)).kind;
            let Some(strength) = precedence(operator).filter(|strength| *strength > weakest) else { return Ok(left) };
            if self.is(TokenKind::NewLine) && !continues_line(operator) {
                return Ok(left);
            }
            self.skip_lines();
            self.advance();
            self.skip_lines();
            let right = self.binary(strength)?;
            let height = left.height.max(right.height) + 1;
            left = self.node(ExprKind::Binary(operator, Box::new(left), Box::new(right)), start, height)?;
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        if !matches!(token.kind, TokenKind::Exclamation | TokenKind::Minus | TokenKind::Plus) {
            return self.member();
        }
        self.advance();
        let operand = self.nested(Self::unary)?;
        let height = operand.height + 1;
        self.node(ExprKind::Unary(token.kind, Box::new(operand)), token.at.start, height)
    }

    /// A primary expression and the accesses that follow it.
    pub(super) fn member(&mut self) -> Parsed<Expr> {
        let start = self.peek().at.start;
        let mut base = self.primary()?;
        loop {
            let mut height = base.height + 1;
            let kind = match self.peek().kind {
                TokenKind::Exclamation => {
                    self.advance();
                    ExprKind::NonNull(Box::new(base))
                }
                TokenKind::LeftSquare => {
                    self.advance();
                    self.skip_lines();
                    let safe = self.eat(TokenKind::Question);
                    let from_end = self.eat(TokenKind::Hat);
                    let index = self.expression()?;
                    self.skip_lines();
                    self.expect(TokenKind::RightSquare)?;
                    height = height.max(index.height + 1);
                    ExprKind::Index(Box::new(base), Box::new(index), safe, from_end)
                }
                TokenKind::Dot => {
                    self.advance();
                    let safe = self.eat(TokenKind::Question);
                    let name = self.property_name()?;
                    if self.is(TokenKind::LeftParen) {
                        let arguments = self.arguments()?;
                        height = height.max(tallest(&arguments) + 1);
                        ExprKind::Method(Box::new(base), name, arguments)
                    } else {
                        ExprKind::Property(Box::new(base), name, safe)
                    }
                }
                TokenKind::DoubleColon => {
                    self.advance();
                    let name = self.name()?;
                    ExprKind::Nested(Box::new(base), name)
                }
                _ => return Ok(base),
            };
            base = self.node(kind, start, height)?;
        }
    }

    /// A name after a dot; there `null` and its like are names too.
    pub(super) fn property_name(&mut self) -> Parsed<Name> {
        match self.peek().kind {
            TokenKind::TrueKeyword | TokenKind::FalseKeyword | TokenKind::NullKeyword => Ok(Name { at: self.advance().at }),
            _ => self.name(),
        }
    }

    pub(super) fn arguments(&mut self) -> Parsed<Vec<Expr>> {
        self.expect(TokenKind::LeftParen)?;
        self.skip_lines();
        let mut arguments = Vec::new();
        while !self.is(TokenKind::RightParen) {
            arguments.push(self.expression()?);
            self.skip_lines();
            if !self.eat(TokenKind::Comma) {
                break;
            }
            self.skip_lines();
        }
        self.expect(TokenKind::RightParen)?;
        Ok(arguments)
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        let start = token.at.start;
        let literal = match token.kind {
            TokenKind::Integer => ExprKind::Int(token.at.of(self.text).parse().unwrap_or(u64::MAX)),
            TokenKind::TrueKeyword => ExprKind::Bool(true),
            TokenKind::FalseKeyword => ExprKind::Bool(false),
            TokenKind::NullKeyword => ExprKind::Null,
            TokenKind::StringComplete | TokenKind::StringLeftPiece => return self.string(),
            TokenKind::LeftBrace => return self.object(),
            TokenKind::LeftSquare => return self.list(),
            TokenKind::LeftParen => return self.parens(),
            TokenKind::Identifier => return self.name_or_call(),
            _ => return Err(self.expected("an expression")),
        };
        self.advance();
        self.node(literal, start, 1)
    }

    fn name_or_call(&mut self) -> Parsed<Expr> {
        let token = self.advance();
        let (start, name) = (token.at.start, Name { at: token.at });
        match self.peek().kind {
            TokenKind::LeftParen => {
                let arguments = self.arguments()?;
                let height = tallest(&arguments) + 1;
                self.node(ExprKind::Call(name, arguments), start, height)
            }
            TokenKind::Arrow => self.lambda(vec![name], None, start),
            _ => self.node(ExprKind::Variable, start, 1),
        }
    }

    fn lambda(&mut self, names: Vec<Name>, block: Option<Bytes>, start: u32) -> Parsed<Expr> {
        self.expect(TokenKind::Arrow)?;
        self.skip_lines();
        let body = self.expression()?;
        let height = body.height + 1;
        self.node(ExprKind::Lambda(names, block, Box::new(body)), start, height)
    }

    fn parens(&mut self) -> Parsed<Expr> {
        let start = self.peek().at.start;
        if let Some(names) = self.lambda_names() {
            let block = self.since(start);
            return self.lambda(names, Some(block), start);
        }
        self.parenthesized()
    }

    pub(super) fn parenthesized(&mut self) -> Parsed<Expr> {
        let start = self.expect(TokenKind::LeftParen)?.at.start;
        self.skip_lines();
        let inner = self.expression()?;
        self.skip_lines();
        self.expect(TokenKind::RightParen)?;
        let height = inner.height + 1;
        self.node(ExprKind::Parens(Box::new(inner)), start, height)
    }

    /// Reads `(a, b)` if `=>` follows it; otherwise reads nothing.
    fn lambda_names(&mut self) -> Option<Vec<Name>> {
        let mut names = Vec::new();
        let mut index = self.next + 1;
        loop {
            let token = self.peek_at(index);
            match token.kind {
                TokenKind::NewLine | TokenKind::Comma => {}
                TokenKind::Identifier => names.push(Name { at: token.at }),
                TokenKind::RightParen => break,
                _ => return None,
            }
            index += 1;
        }
        (self.peek_at(index + 1).kind == TokenKind::Arrow).then(|| {
            self.next = index + 1;
            names
        })
    }

    pub(super) fn string(&mut self) -> Parsed<Expr> {
        let first = self.peek();
        match first.kind {
            TokenKind::StringComplete => {
                self.advance();
                self.node(ExprKind::Str(first.quote), first.at.start, 1)
            }
            TokenKind::StringLeftPiece => {
                self.advance();
                let mut string = Interpolated { quote: first.quote, pieces: vec![first.at], holes: Vec::new() };
                loop {
                    self.skip_lines();
                    string.holes.push(self.expression()?);
                    self.skip_lines();
                    let piece = self.peek();
                    if !matches!(piece.kind, TokenKind::StringMiddlePiece | TokenKind::StringRightPiece) {
                        return Err(self.expected("`}`"));
                    }
                    self.advance();
                    string.pieces.push(piece.at);
                    if piece.kind == TokenKind::StringRightPiece {
                        break;
                    }
                }
                let height = tallest(&string.holes) + 1;
                self.node(ExprKind::Interpolated(Box::new(string)), first.at.start, height)
            }
            _ => Err(self.expected("a string")),
        }
    }
}

pub(super) fn tallest(expressions: &[Expr]) -> u16 {
    expressions.iter().map(|expression| expression.height).max().unwrap_or(0)
}
