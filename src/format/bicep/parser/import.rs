use super::super::token::TokenKind;
use super::super::tree::{Alias, Expr, ExprKind, Extension, Import, Imported, ImportedName, StatementKind};
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn import(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let start = self.peek().at.start;
        let what = match self.peek().kind {
            // `import 'kubernetes@1.0.0' with {…} as k8s`, as extensions were once written.
            TokenKind::StringComplete | TokenKind::StringLeftPiece => return self.extension_after_keyword(),
            TokenKind::Asterisk => {
                self.advance();
                Imported::All(self.alias()?.ok_or_else(|| self.expected("`as`"))?)
            }
            _ => Imported::Some(self.imported_names()?),
        };
        let what_at = self.since(start);
        let from = self.expect_word("from")?;
        let path = self.string()?;
        Ok(StatementKind::Import(Box::new(Import { what, what_at, from: path, from_at: self.since(from.start) })))
    }

    fn imported_names(&mut self) -> Parsed<Vec<ImportedName>> {
        self.expect(TokenKind::LeftBrace)?;
        self.items(TokenKind::RightBrace, "`,` or `}`", |parser| {
            let name = parser.key()?;
            let start = name.at.start;
            let alias = parser.alias()?;
            Ok(ImportedName { name, alias, at: parser.since(start) })
        })
    }

    fn alias(&mut self) -> Parsed<Option<Alias>> {
        let Some(at) = self.eat_word("as") else { return Ok(None) };
        let name = self.name()?;
        Ok(Some(Alias { name, at: self.since(at.start) }))
    }

    pub(super) fn extension(&mut self) -> Parsed<StatementKind> {
        self.advance();
        self.extension_after_keyword()
    }

    fn extension_after_keyword(&mut self) -> Parsed<StatementKind> {
        let what = self.extension_name()?;
        let with = self.with()?;
        let alias = self.alias()?;
        Ok(StatementKind::Extension(Box::new(Extension { what, with, alias })))
    }

    fn extension_name(&mut self) -> Parsed<Expr> {
        let token = self.peek();
        if token.kind == TokenKind::Identifier {
            self.advance();
            return self.node(ExprKind::Variable, token.at.start, 1);
        }
        self.string()
    }
}
