use super::super::token::{Bytes, TokenKind};
use super::super::tree::{Clause, Decorator, Expr, Func, Module, Output, Param, Resource, Statement, StatementKind, Var};
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Parsed<Statement> {
        let start = self.peek().at.start;
        let decorators = self.decorators()?;
        let kind = self.declaration()?;
        Ok(Statement { decorators, kind, at: self.since(start) })
    }

    pub(super) fn decorators(&mut self) -> Parsed<Vec<Decorator>> {
        let mut decorators = Vec::new();
        while self.is(TokenKind::At) {
            let start = self.advance().at.start;
            let call = self.member()?;
            decorators.push(Decorator { call, at: self.since(start) });
            // A decorator of a function's parameter stands on the same line.
            self.eat(TokenKind::Comma);
            self.skip_lines();
        }
        Ok(decorators)
    }

    fn declaration(&mut self) -> Parsed<StatementKind> {
        let keyword = self.word(self.peek());
        match keyword {
            "param" => self.param(),
            "var" => self.var(),
            "resource" => Ok(self.resource()?.0),
            "module" => Ok(StatementKind::Module(Box::new(self.module()?))),
            "test" => Ok(StatementKind::Test(Box::new(self.module()?))),
            "output" => self.output(),
            "type" => {
                self.advance();
                let name = self.name()?;
                self.expect(TokenKind::Assignment)?;
                self.skip_lines_before_pipe();
                Ok(StatementKind::Type(name, self.type_expression()?))
            }
            "func" => self.func(),
            "import" => self.import(),
            "targetScope" => {
                self.advance();
                Ok(StatementKind::TargetScope(self.assigned()?))
            }
            "metadata" | "assert" => {
                self.advance();
                let name = self.name()?;
                let value = self.assigned()?;
                Ok(if keyword == "assert" { StatementKind::Assert(name, value) } else { StatementKind::Metadata(name, value) })
            }
            "extension" | "provider" => self.extension(),
            "extensionConfig" => {
                self.advance();
                let name = self.name()?;
                Ok(StatementKind::ExtensionConfig(name, self.with()?))
            }
            "using" => {
                self.advance();
                let path = if self.eat_word("none").is_some() { None } else { Some(self.expression()?) };
                Ok(StatementKind::Using(path, self.with()?))
            }
            "extends" => {
                self.advance();
                Ok(StatementKind::Extends(self.expression()?))
            }
            _ => Err(self.expected("a declaration")),
        }
    }

    /// `= expression`.
    fn assigned(&mut self) -> Parsed<Expr> {
        self.expect(TokenKind::Assignment)?;
        self.skip_lines();
        self.expression()
    }

    /// `with expression`, if it is there.
    pub(super) fn with(&mut self) -> Parsed<Option<Clause>> {
        let Some(at) = self.eat_word("with") else { return Ok(None) };
        let value = self.expression()?;
        Ok(Some(Clause { value, at: self.since(at.start) }))
    }

    fn param(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name()?;
        let ty = if self.is(TokenKind::Assignment) { None } else { Some(self.type_expression()?) };
        let equals = self.peek().at;
        let value = if self.is(TokenKind::Assignment) { Some(self.assigned()?) } else { None };
        let default_at = if value.is_some() { self.since(equals.start) } else { Bytes::default() };
        Ok(StatementKind::Param(Box::new(Param { name, ty, value, default_at })))
    }

    fn var(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name()?;
        let ty = if self.is(TokenKind::Assignment) { None } else { Some(self.type_expression()?) };
        let value = self.assigned()?;
        Ok(StatementKind::Var(Box::new(Var { name, ty, value })))
    }

    fn output(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name()?;
        let ty = self.type_expression()?;
        let value = self.assigned()?;
        Ok(StatementKind::Output(Box::new(Output { name, ty, value })))
    }

    fn func(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name()?;
        let start = self.expect(TokenKind::LeftParen)?.at.start;
        self.skip_lines();
        let mut params = Vec::new();
        while !self.is(TokenKind::RightParen) {
            self.decorators()?;
            let param = self.name()?;
            params.push((param, self.type_expression()?));
            self.skip_lines();
            if !self.eat(TokenKind::Comma) {
                break;
            }
            self.skip_lines();
        }
        self.expect(TokenKind::RightParen)?;
        let params_at = self.since(start);
        let returns = self.type_expression()?;
        self.expect(TokenKind::Arrow)?;
        self.skip_lines();
        let body = self.expression()?;
        Ok(StatementKind::Func(Box::new(Func { name, params, params_at, returns, body })))
    }

    /// A resource, and the height of its expressions.
    pub(super) fn resource(&mut self) -> Parsed<(StatementKind, u16)> {
        self.expect_word("resource")?;
        let name = self.name()?;
        let ty = self.string()?;
        let existing = self.eat_word("existing").is_some();
        self.expect(TokenKind::Assignment)?;
        let body = self.body()?;
        let height = ty.height.max(body.height);
        Ok((StatementKind::Resource(Box::new(Resource { name, ty, existing, body })), height))
    }

    fn module(&mut self) -> Parsed<Module> {
        self.advance();
        let name = self.name()?;
        let path = self.string()?;
        self.expect(TokenKind::Assignment)?;
        let body = self.body()?;
        Ok(Module { name, path, body })
    }
}
