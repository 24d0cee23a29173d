use super::super::token::TokenKind;
use super::super::tree::{ExprKind, Type, TypeItem, TypeKind, TypeMember};
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn skip_lines_before_pipe(&mut self) {
        if self.peek_at(self.past_lines(self.next)).kind == TokenKind::Pipe {
            self.skip_lines();
        }
    }

    fn type_node(&self, kind: TypeKind, start: u32, height: u16) -> Parsed<Type> {
        let at = self.since(start);
        if height > Self::MAX_HEIGHT { Err(self.too_deep(at)) } else { Ok(Type { kind, at, height }) }
    }

    pub(super) fn type_expression(&mut self) -> Parsed<Type> {
        self.nested(|parser| {
            parser.skip_lines_before_pipe();
            let start = parser.peek().at.start;
            let leading = parser.eat(TokenKind::Pipe);
            let first = parser.singular_type()?;
            let mut height = first.height;
            let mut members = vec![first];
            while parser.peek_at(parser.past_lines(parser.next)).kind == TokenKind::Pipe {
                parser.skip_lines();
                parser.advance();
                let member = parser.singular_type()?;
                height = height.max(member.height);
                members.push(member);
            }
            match members.pop() {
                Some(only) if members.is_empty() && !leading => Ok(only),
                last => {
                    members.extend(last);
                    parser.type_node(TypeKind::Union(members), start, height + 1)
                }
            }
        })
    }

    fn singular_type(&mut self) -> Parsed<Type> {
        let start = self.peek().at.start;
        let mut ty = self.primary_type()?;
        loop {
            let height = ty.height + 1;
            let kind = match self.peek().kind {
                TokenKind::LeftSquare => self.type_brackets(ty)?,
                TokenKind::Question => {
                    self.advance();
                    TypeKind::Nullable(Box::new(ty))
                }
                TokenKind::DoubleQuestion => {
                    self.advance();
                    let inner = self.type_node(TypeKind::Nullable(Box::new(ty)), start, height)?;
                    TypeKind::Nullable(Box::new(inner))
                }
                TokenKind::Exclamation => {
                    self.advance();
                    TypeKind::NonNull(Box::new(ty))
                }
                TokenKind::Dot => {
                    self.advance();
                    if self.eat(TokenKind::Asterisk) {
                        TypeKind::Additional(Box::new(ty))
                    } else {
                        let name = self.property_name()?;
                        if self.is(TokenKind::LeftChevron) {
                            let arguments = self.type_arguments()?;
                            TypeKind::Generic(Some(Box::new(ty)), name, arguments)
                        } else {
                            TypeKind::Property(Box::new(ty), name)
                        }
                    }
                }
                _ => return Ok(ty),
            };
            ty = self.type_node(kind, start, height + 1)?;
        }
    }

    fn type_brackets(&mut self, ty: Type) -> Parsed<TypeKind> {
        self.expect(TokenKind::LeftSquare)?;
        let kind = match self.peek().kind {
            TokenKind::RightSquare => TypeKind::Array(Box::new(ty)),
            TokenKind::Asterisk => {
                self.advance();
                TypeKind::Items(Box::new(ty))
            }
            _ => {
                let index = self.expression()?;
                TypeKind::Element(Box::new(ty), index)
            }
        };
        self.expect(TokenKind::RightSquare)?;
        Ok(kind)
    }

    fn type_arguments(&mut self) -> Parsed<Vec<Type>> {
        self.expect(TokenKind::LeftChevron)?;
        let mut arguments = Vec::new();
        loop {
            self.skip_lines();
            arguments.push(self.type_expression()?);
            self.skip_lines();
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.expect(TokenKind::RightChevron)?;
        Ok(arguments)
    }

    fn primary_type(&mut self) -> Parsed<Type> {
        let token = self.peek();
        let start = token.at.start;
        match token.kind {
            TokenKind::Identifier => {
                self.advance();
                if self.word(token) == "resource" && matches!(self.peek().kind, TokenKind::StringComplete | TokenKind::StringLeftPiece) {
                    let ty = self.string()?;
                    return self.type_node(TypeKind::Resource(Some(ty)), start, 2);
                }
                if self.is(TokenKind::LeftChevron) {
                    let arguments = self.type_arguments()?;
                    let height = arguments.iter().map(|ty| ty.height).max().unwrap_or(0) + 1;
                    let name = super::super::tree::Name { at: token.at };
                    return self.type_node(TypeKind::Generic(None, name, arguments), start, height);
                }
                self.type_node(TypeKind::Name, start, 1)
            }
            TokenKind::StringComplete | TokenKind::StringLeftPiece => {
                let literal = self.string()?;
                let height = literal.height;
                self.type_node(TypeKind::Literal(literal), start, height)
            }
            TokenKind::Integer | TokenKind::TrueKeyword | TokenKind::FalseKeyword | TokenKind::NullKeyword => {
                let literal = match token.kind {
                    TokenKind::Integer => ExprKind::Int(token.at.of(self.text).parse().unwrap_or(u64::MAX)),
                    TokenKind::NullKeyword => ExprKind::Null,
                    kind => ExprKind::Bool(kind == TokenKind::TrueKeyword),
                };
                self.advance();
                let literal = self.node(literal, start, 1)?;
                self.type_node(TypeKind::Literal(literal), start, 1)
            }
            TokenKind::Minus | TokenKind::Exclamation | TokenKind::Plus => {
                self.advance();
                let operand = self.nested(Self::primary_type)?;
                let height = operand.height + 1;
                self.type_node(TypeKind::Unary(token.kind, Box::new(operand)), start, height)
            }
            TokenKind::LeftParen => {
                self.advance();
                self.skip_lines();
                let inner = self.type_expression()?;
                self.skip_lines();
                self.expect(TokenKind::RightParen)?;
                let height = inner.height + 1;
                self.type_node(TypeKind::Parens(Box::new(inner)), start, height)
            }
            TokenKind::LeftBrace => self.object_type(),
            TokenKind::LeftSquare => self.tuple_type(),
            // The decompiler leaves `?` where it knows no type.
            TokenKind::Question => {
                self.advance();
                self.type_node(TypeKind::Resource(None), start, 1)
            }
            _ => Err(self.expected("a type")),
        }
    }

    fn object_type(&mut self) -> Parsed<Type> {
        let start = self.expect(TokenKind::LeftBrace)?.at.start;
        let mut height = 0;
        let members = self.items(TokenKind::RightBrace, "`,` or the end of the line", |parser| {
            let first = parser.peek().at.start;
            let decorators = parser.decorators()?;
            let key = if parser.eat(TokenKind::Asterisk) { None } else { Some(parser.key()?) };
            parser.expect(TokenKind::Colon)?;
            let ty = parser.type_expression()?;
            height = height.max(ty.height);
            Ok(TypeMember { decorators, key, ty, at: parser.since(first) })
        })?;
        self.type_node(TypeKind::Object(members), start, height + 1)
    }

    fn tuple_type(&mut self) -> Parsed<Type> {
        let start = self.expect(TokenKind::LeftSquare)?.at.start;
        let mut height = 0;
        let items = self.items(TokenKind::RightSquare, "`,` or the end of the line", |parser| {
            let first = parser.peek().at.start;
            let decorators = parser.decorators()?;
            let ty = parser.type_expression()?;
            height = height.max(ty.height);
            Ok(TypeItem { decorators, ty, at: parser.since(first) })
        })?;
        self.type_node(TypeKind::Tuple(items), start, height + 1)
    }
}
