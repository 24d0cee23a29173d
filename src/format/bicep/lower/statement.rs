//! A file's declarations in order.

use std::sync::Arc;

use super::super::compiler::Dialect;
use super::super::source::{Source, Symbol};
use super::super::tree::{Decorator, Expr as Tree, ExprKind, Func, Name, Output as OutputTree, Param, StatementKind, Type, TypeKind};
use super::{Env, Local, Lowering};
use crate::expression::Expr;
use crate::format::arm::ir::{Function, Node, Output, Parameter, Property, ScopeKind, TypeNode, Variable};

impl Lowering<'_, '_> {
    /// Lowers the whole file.
    pub(super) fn file(&mut self) {
        let root = Arc::clone(&self.root);
        self.head(&root);
        let env = Env::top(&root);
        let mut metadata = Vec::new();
        for statement in &root.program.statements {
            match &statement.kind {
                StatementKind::Type(name, _) => {
                    self.emit_type(&root, root.str(name.at));
                }
                StatementKind::Func(func) => {
                    self.emit_function(&root, root.str(func.name.at));
                }
                StatementKind::Metadata(name, value) => {
                    let key = root.str(name.at);
                    metadata.push(Property::new(key, root.span(name.at), self.node(&env, value, key)));
                }
                _ => {}
            }
        }
        if let Some(first) = metadata.first().map(|property| property.key_span) {
            self.template.rest.push(("metadata".into(), Node::object(metadata, first)));
        }
        for (index, statement) in root.program.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Param(param) => {
                    let parameter = self.parameter(&env, param, &statement.decorators);
                    self.template.parameters.push(parameter);
                }
                StatementKind::Var(var) if root.symbol(root.str(var.name.at)) == Some(Symbol::Statement(index)) => {
                    let name: Arc<str> = root.str(var.name.at).into();
                    let value = self.node(&env, &var.value, &name);
                    self.template.variables.push(Variable { name, name_span: root.span(var.name.at), value });
                }
                StatementKind::Module(module) => {
                    let declaration = self.module(&env, index, statement, module);
                    self.template.resources.push(Arc::new(declaration));
                }
                StatementKind::Output(output) => {
                    let output = self.output(&env, output, &statement.decorators);
                    self.template.outputs.push(output);
                }
                _ => {}
            }
        }
        for index in 0..root.resources.len() {
            // Without symbolic names nothing refers to a declaration of what is there already.
            if !self.symbolic && root.resource(index).is_some_and(|(_, resource)| resource.existing) {
                continue;
            }
            if let Some(declaration) = self.resource(&env, index) {
                self.template.resources.push(Arc::new(declaration));
            }
        }
        // In the order of the file, whatever kind they are.
        self.template.resources.sort_by_key(|declaration| declaration.span.start);
    }

    /// `targetScope`, and how references are spelled.
    fn head(&mut self, root: &Source) {
        for statement in &root.program.statements {
            if let StatementKind::TargetScope(value) = &statement.kind {
                self.template.scope = match root.key(value).as_deref() {
                    Some("tenant") => ScopeKind::Tenant,
                    Some("managementGroup") => ScopeKind::ManagementGroup,
                    Some("subscription") => ScopeKind::Subscription,
                    _ => ScopeKind::ResourceGroup,
                };
            }
        }
        if self.compiler.dialect == Dialect::Compiler && !needs_symbols(root) {
            self.symbolic = false;
            self.template.symbolic = false;
        }
        if self.symbolic {
            self.template.language_version = Some("2.0".into());
        }
    }

    fn parameter(&mut self, env: &Env<'_>, param: &Param, decorators: &[Decorator]) -> Parameter {
        let name: Arc<str> = env.source.str(param.name.at).into();
        let schema = param.ty.as_ref().map_or_else(TypeNode::default, |ty| self.schema(env, ty, decorators));
        let default = param.value.as_ref().map(|value| self.node(env, value, &name));
        let metadata = self.metadata(env, decorators);
        Parameter { name, name_span: env.source.span(param.name.at), schema, default, metadata }
    }

    fn output(&mut self, env: &Env<'_>, output: &OutputTree, decorators: &[Decorator]) -> Output {
        let name: Arc<str> = env.source.str(output.name.at).into();
        let schema = self.schema(env, &output.ty, decorators);
        let span = env.source.span(output.value.at);
        let value = match &output.value.kind {
            ExprKind::For(looped) => self.repeated(env, looped, Expr::call("copyIndex", Vec::new(), span), &name, span),
            _ => self.node(env, &output.value, &name),
        };
        let metadata = self.metadata(env, decorators);
        Output { name, name_span: env.source.span(output.name.at), schema, value, condition: None, metadata }
    }

    /// The name of a variable of `source` in this template; brings it in where it is another file's.
    pub(super) fn emit_variable(&mut self, source: &Arc<Source>, name: &str) -> Arc<str> {
        let is_root = source.file == self.root.file;
        if is_root && !self.lazy {
            return name.into();
        }
        let key = (source.file, format!("var {name}"));
        if let Some(emitted) = self.emitted.get(&key) {
            return Arc::clone(emitted);
        }
        let emitted: Arc<str> = if is_root { name.into() } else { self.foreign_name(source.file, name).into() };
        self.emitted.insert(key, Arc::clone(&emitted));
        if let Some((at, value)) = variable_of(source, name) {
            let value = self.node(&Env::top(source), value, &emitted);
            self.template.variables.push(Variable { name: Arc::clone(&emitted), name_span: source.span(at.at), value });
        }
        emitted
    }

    /// The name of a function of `source` in this template, with its namespace; brings it in.
    pub(super) fn emit_function(&mut self, source: &Arc<Source>, name: &str) -> Arc<str> {
        let key = (source.file, format!("func {name}"));
        if let Some(emitted) = self.emitted.get(&key) {
            return Arc::clone(emitted);
        }
        let is_root = source.file == self.root.file;
        let local = if is_root { name.to_owned() } else { self.foreign_name(source.file, name) };
        let emitted: Arc<str> = format!("__bicep.{local}").into();
        self.emitted.insert(key, Arc::clone(&emitted));
        let func = match source.symbol(name) {
            Some(Symbol::Statement(index)) => source.statement(index),
            _ => None,
        };
        if let Some(StatementKind::Func(func)) = func.map(|statement| &statement.kind) {
            let env = Env::top(source);
            let parameters = func.params.iter().map(|(name, ty)| (source.str(name.at).into(), self.schema(&env, ty, &[]))).collect();
            let schema = self.schema(&env, &func.returns, &[]);
            let value = self.function_body(&env, func, &func.params);
            self.template.functions.push(Function {
                name: Arc::clone(&emitted),
                parameters,
                schema,
                value,
                name_span: source.span(func.name.at),
            });
        }
        emitted
    }

    fn function_body(&mut self, env: &Env<'_>, func: &Func, params: &[(Name, Type)]) -> Node {
        let Some(((name, _), rest)) = params.split_first() else { return self.node(env, &func.body, "value") };
        let span = env.source.span(name.at);
        let name = env.source.str(name.at);
        let value = Expr::call("parameters", vec![Expr::str(name, span)], span);
        let local = Local { name, value, outer: env.locals };
        let body = self.deeper(|this| this.function_body(&env.with(&local), func, rest));
        body.unwrap_or_else(|| Node::null(span))
    }

    /// What a declaration of another file is called here.
    pub(super) fn foreign_name(&mut self, file: crate::model::FileId, name: &str) -> String {
        let position = self.foreign.iter().position(|known| *known == file).unwrap_or_else(|| {
            self.foreign.push(file);
            self.foreign.len() - 1
        });
        format!("_{}.{name}", position + 1)
    }
}

/// A variable's name and value; in a parameter file also a parameter's.
fn variable_of<'a>(source: &'a Source, name: &str) -> Option<(Name, &'a Tree)> {
    let Some(Symbol::Statement(index)) = source.symbol(name) else { return None };
    match &source.statement(index)?.kind {
        StatementKind::Var(var) => Some((var.name, &var.value)),
        StatementKind::Param(param) => Some((param.name, param.value.as_ref()?)),
        _ => None,
    }
}

/// Whether the compiler would print the file in language version 2.0: it declares types or functions, imports, uses
/// extensions, or writes types that the first version cannot say.
fn needs_symbols(root: &Source) -> bool {
    root.program.statements.iter().any(|statement| match &statement.kind {
        StatementKind::Type(..) | StatementKind::Import(_) | StatementKind::Extension(_) | StatementKind::Assert(..) => true,
        StatementKind::Param(param) => param.ty.as_ref().is_some_and(|ty| is_new_type(root, ty)),
        StatementKind::Output(output) => is_new_type(root, &output.ty),
        StatementKind::Func(func) => func.params.iter().map(|(_, ty)| ty).chain([&func.returns]).any(|ty| is_new_type(root, ty)),
        _ => false,
    })
}

fn is_new_type(root: &Source, ty: &Type) -> bool {
    match ty.kind {
        TypeKind::Name => !matches!(root.str(ty.at), "string" | "int" | "bool" | "object" | "array"),
        // What a resource provider accepts is written as plain types with a remark.
        TypeKind::Resource(_) | TypeKind::Generic(..) => false,
        TypeKind::Property(ref base, _) => is_new_type(root, base),
        _ => true,
    }
}
