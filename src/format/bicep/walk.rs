//! Walks a syntax tree from the top: every node with the name that Microsoft's compiler gives it, and its bytes.

use super::token::Bytes;
use super::tree::{
    Alias, Clause, Decorator, Expr, ExprKind, For, Imported, Item, Member, Name, Program, Statement, StatementKind, Type, TypeKind,
};

/// Calls `see` for every node of `program`, parents before their children, in the order of the text.
pub fn walk(program: &Program, text: &str, see: &mut dyn FnMut(&'static str, Bytes)) {
    let mut walker = Walker { see };
    walker.node("ProgramSyntax", Bytes::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX)));
    for statement in &program.statements {
        walker.statement(statement);
    }
}

struct Walker<'a> {
    see: &'a mut dyn FnMut(&'static str, Bytes),
}

impl Walker<'_> {
    fn node(&mut self, name: &'static str, at: Bytes) {
        (self.see)(name, at);
    }

    fn name(&mut self, name: Name) {
        self.node("IdentifierSyntax", name.at);
    }

    fn decorators(&mut self, decorators: &[Decorator]) {
        for decorator in decorators {
            self.node("DecoratorSyntax", decorator.at);
            self.expr(&decorator.call);
        }
    }

    fn clause(&mut self, clause: Option<&Clause>) {
        if let Some(clause) = clause {
            self.node("ExtensionWithClauseSyntax", clause.at);
            self.expr(&clause.value);
        }
    }

    fn alias(&mut self, alias: Option<Alias>) {
        if let Some(alias) = alias {
            self.node("AliasAsClauseSyntax", alias.at);
            self.name(alias.name);
        }
    }

    fn named(&mut self, kind: &'static str, at: Bytes, decorators: &[Decorator], name: Name) {
        self.node(kind, at);
        self.decorators(decorators);
        self.name(name);
    }

    fn statement(&mut self, statement: &Statement) {
        let (at, decorators) = (statement.at, statement.decorators.as_slice());
        match &statement.kind {
            StatementKind::TargetScope(value) => {
                self.node("TargetScopeSyntax", at);
                self.decorators(decorators);
                self.expr(value);
            }
            StatementKind::Metadata(name, value) => {
                self.named("MetadataDeclarationSyntax", at, decorators, *name);
                self.expr(value);
            }
            StatementKind::Assert(name, value) => {
                self.named("AssertDeclarationSyntax", at, decorators, *name);
                self.expr(value);
            }
            StatementKind::Param(param) => {
                let kind = if param.ty.is_some() { "ParameterDeclarationSyntax" } else { "ParameterAssignmentSyntax" };
                self.named(kind, at, decorators, param.name);
                if let Some(ty) = &param.ty {
                    self.ty(ty);
                }
                if let Some(value) = &param.value {
                    if param.ty.is_some() {
                        self.node("ParameterDefaultValueSyntax", param.default_at);
                    }
                    self.expr(value);
                }
            }
            StatementKind::Var(var) => {
                self.named("VariableDeclarationSyntax", at, decorators, var.name);
                if let Some(ty) = &var.ty {
                    self.ty(ty);
                }
                self.expr(&var.value);
            }
            StatementKind::Type(name, ty) => {
                self.named("TypeDeclarationSyntax", at, decorators, *name);
                self.ty(ty);
            }
            StatementKind::Func(func) => {
                self.named("FunctionDeclarationSyntax", at, decorators, func.name);
                self.node("TypedLambdaSyntax", Bytes::new(func.params_at.start, at.end));
                self.node("TypedVariableBlockSyntax", func.params_at);
                for (name, ty) in &func.params {
                    self.node("TypedLocalVariableSyntax", name.at.to(ty.at));
                    self.name(*name);
                    self.ty(ty);
                }
                self.ty(&func.returns);
                self.expr(&func.body);
            }
            StatementKind::Resource(resource) => {
                self.named("ResourceDeclarationSyntax", at, decorators, resource.name);
                self.expr(&resource.ty);
                self.expr(&resource.body);
            }
            StatementKind::Module(module) | StatementKind::Test(module) => {
                let is_test = matches!(statement.kind, StatementKind::Test(_));
                let kind = if is_test { "TestDeclarationSyntax" } else { "ModuleDeclarationSyntax" };
                self.named(kind, at, decorators, module.name);
                self.expr(&module.path);
                self.expr(&module.body);
            }
            StatementKind::Output(output) => {
                self.named("OutputDeclarationSyntax", at, decorators, output.name);
                self.ty(&output.ty);
                self.expr(&output.value);
            }
            StatementKind::Extension(extension) => {
                self.node("ExtensionDeclarationSyntax", at);
                self.decorators(decorators);
                self.key(&extension.what);
                self.clause(extension.with.as_ref());
                self.alias(extension.alias);
            }
            StatementKind::ExtensionConfig(name, with) => {
                self.named("ExtensionConfigAssignmentSyntax", at, decorators, *name);
                self.clause(with.as_ref());
            }
            StatementKind::Using(path, with) => {
                self.node("UsingDeclarationSyntax", at);
                match path {
                    Some(path) => self.expr(path),
                    None => self.node("NoneLiteralSyntax", Bytes::new(at.end.saturating_sub(4), at.end)),
                }
                if let Some(with) = with {
                    self.node("UsingWithClauseSyntax", with.at);
                    self.expr(&with.value);
                }
            }
            StatementKind::Extends(path) => {
                self.node("ExtendsDeclarationSyntax", at);
                self.expr(path);
            }
            StatementKind::Import(import) => {
                self.node("CompileTimeImportDeclarationSyntax", at);
                self.decorators(decorators);
                match &import.what {
                    Imported::All(alias) => {
                        self.node("WildcardImportSyntax", import.what_at);
                        self.alias(Some(*alias));
                    }
                    Imported::Some(names) => {
                        self.node("ImportedSymbolsListSyntax", import.what_at);
                        for name in names {
                            self.node("ImportedSymbolsListItemSyntax", name.at);
                            self.key(&name.name);
                            self.alias(name.alias);
                        }
                    }
                }
                self.node("CompileTimeImportFromClauseSyntax", import.from_at);
                self.expr(&import.from);
            }
        }
    }

    /// A key: a name (not a variable) or a string.
    fn key(&mut self, key: &Expr) {
        match key.kind {
            ExprKind::Variable => self.node("IdentifierSyntax", key.at),
            _ => self.expr(key),
        }
    }

    fn arguments(&mut self, arguments: &[Expr]) {
        for argument in arguments {
            self.node("FunctionArgumentSyntax", argument.at);
            self.expr(argument);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let at = expr.at;
        match &expr.kind {
            ExprKind::Null => self.node("NullLiteralSyntax", at),
            ExprKind::Bool(_) => self.node("BooleanLiteralSyntax", at),
            ExprKind::Int(_) => self.node("IntegerLiteralSyntax", at),
            ExprKind::Str(_) => self.node("StringSyntax", at),
            ExprKind::Interpolated(string) => {
                self.node("StringSyntax", at);
                string.holes.iter().for_each(|hole| self.expr(hole));
            }
            ExprKind::Variable => {
                self.node("VariableAccessSyntax", at);
                self.node("IdentifierSyntax", at);
            }
            ExprKind::Call(name, arguments) => {
                self.node("FunctionCallSyntax", at);
                self.name(*name);
                self.arguments(arguments);
            }
            ExprKind::Method(base, name, arguments) => {
                self.node("InstanceFunctionCallSyntax", at);
                self.expr(base);
                self.name(*name);
                self.arguments(arguments);
            }
            ExprKind::Property(base, name, _) => {
                self.node("PropertyAccessSyntax", at);
                self.expr(base);
                self.name(*name);
            }
            ExprKind::Nested(base, name) => {
                self.node("ResourceAccessSyntax", at);
                self.expr(base);
                self.name(*name);
            }
            ExprKind::Index(base, index, ..) => {
                self.node("ArrayAccessSyntax", at);
                self.expr(base);
                self.expr(index);
            }
            ExprKind::NonNull(inner) => self.wrapped("NonNullAssertionSyntax", at, inner),
            ExprKind::Unary(_, inner) => self.wrapped("UnaryOperationSyntax", at, inner),
            ExprKind::Parens(inner) => self.wrapped("ParenthesizedExpressionSyntax", at, inner),
            ExprKind::Binary(_, left, right) => {
                self.node("BinaryOperationSyntax", at);
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Ternary(parts) => {
                self.node("TernaryOperationSyntax", at);
                parts.iter().for_each(|part| self.expr(part));
            }
            ExprKind::Object(members) => {
                self.node("ObjectSyntax", at);
                members.iter().for_each(|member| self.member(member));
            }
            ExprKind::Array(items) => {
                self.node("ArraySyntax", at);
                for item in items {
                    match item {
                        Item::One(value) => self.wrapped("ArrayItemSyntax", value.at, value),
                        Item::Spread(value, at) => self.wrapped("SpreadExpressionSyntax", *at, value),
                    }
                }
            }
            ExprKind::For(looped) => self.looped(looped, at),
            ExprKind::If(condition, body) => {
                self.node("IfConditionSyntax", at);
                self.expr(condition);
                self.expr(body);
            }
            ExprKind::Lambda(names, block, body) => {
                self.node("LambdaSyntax", at);
                if let Some(block) = block {
                    self.node("VariableBlockSyntax", *block);
                }
                names.iter().for_each(|name| self.local(*name));
                self.expr(body);
            }
        }
    }

    fn wrapped(&mut self, kind: &'static str, at: Bytes, inner: &Expr) {
        self.node(kind, at);
        self.expr(inner);
    }

    fn member(&mut self, member: &Member) {
        match member {
            Member::Pair(key, value) => {
                self.node("ObjectPropertySyntax", key.at.to(value.at));
                self.key(key);
                self.expr(value);
            }
            Member::Spread(value, at) => self.wrapped("SpreadExpressionSyntax", *at, value),
            Member::Resource(statement) => self.statement(statement),
        }
    }

    fn local(&mut self, name: Name) {
        self.node("LocalVariableSyntax", name.at);
        self.name(name);
    }

    fn looped(&mut self, looped: &For, at: Bytes) {
        self.node("ForSyntax", at);
        if let Some(block) = looped.names_at {
            self.node("VariableBlockSyntax", block);
        }
        self.local(looped.item);
        if let Some(index) = looped.index {
            self.local(index);
        }
        self.expr(&looped.over);
        self.expr(&looped.body);
    }

    fn ty(&mut self, ty: &Type) {
        let at = ty.at;
        let mut inside = |kind: &'static str, inner: &Type| {
            self.node(kind, at);
            self.ty(inner);
        };
        match &ty.kind {
            TypeKind::NonNull(inner) => inside("NonNullableTypeSyntax", inner),
            TypeKind::Nullable(inner) => inside("NullableTypeSyntax", inner),
            TypeKind::Additional(inner) => inside("TypeAdditionalPropertiesAccessSyntax", inner),
            TypeKind::Items(inner) => inside("TypeItemsAccessSyntax", inner),
            TypeKind::Unary(_, inner) => inside("UnaryTypeOperationSyntax", inner),
            TypeKind::Parens(inner) => inside("ParenthesizedTypeSyntax", inner),
            TypeKind::Array(inner) => {
                self.node("ArrayTypeSyntax", at);
                self.node("ArrayTypeMemberSyntax", inner.at);
                self.ty(inner);
            }
            TypeKind::Name => {
                self.node("TypeVariableAccessSyntax", at);
                self.node("IdentifierSyntax", at);
            }
            TypeKind::Literal(literal) => self.node(
                match literal.kind {
                    ExprKind::Null => "NullTypeLiteralSyntax",
                    ExprKind::Bool(_) => "BooleanTypeLiteralSyntax",
                    ExprKind::Int(_) => "IntegerTypeLiteralSyntax",
                    _ => "StringTypeLiteralSyntax",
                },
                at,
            ),
            TypeKind::Property(base, name) => {
                self.node("TypePropertyAccessSyntax", at);
                self.ty(base);
                self.name(*name);
            }
            TypeKind::Element(base, index) => {
                self.node("TypeArrayAccessSyntax", at);
                self.ty(base);
                self.expr(index);
            }
            TypeKind::Object(members) => {
                self.node("ObjectTypeSyntax", at);
                for member in members {
                    let kind = if member.key.is_some() { "ObjectTypePropertySyntax" } else { "ObjectTypeAdditionalPropertiesSyntax" };
                    self.node(kind, member.at);
                    self.decorators(&member.decorators);
                    if let Some(key) = &member.key {
                        self.key(key);
                    }
                    self.ty(&member.ty);
                }
            }
            TypeKind::Tuple(items) => {
                self.node("TupleTypeSyntax", at);
                for item in items {
                    self.node("TupleTypeItemSyntax", item.at);
                    self.decorators(&item.decorators);
                    self.ty(&item.ty);
                }
            }
            TypeKind::Union(members) => {
                self.node("UnionTypeSyntax", at);
                for member in members {
                    self.node("UnionTypeMemberSyntax", member.at);
                    self.ty(member);
                }
            }
            TypeKind::Generic(base, name, arguments) => {
                let instance = "InstanceParameterizedTypeInstantiationSyntax";
                self.node(if base.is_some() { instance } else { "ParameterizedTypeInstantiationSyntax" }, at);
                if let Some(base) = base {
                    self.ty(base);
                }
                self.name(*name);
                for argument in arguments {
                    self.node("ParameterizedTypeArgumentSyntax", argument.at);
                    self.ty(argument);
                }
            }
            TypeKind::Resource(ty) => {
                self.node("ResourceTypeSyntax", at);
                if let Some(ty) = ty {
                    self.expr(ty);
                }
            }
        }
    }
}
