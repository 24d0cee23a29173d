//! The syntax tree: what the parser read, with the bytes of every node. Names and strings stay in the text.

use super::token::{Bytes, Quote, TokenKind};

/// A name: an identifier where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Its bytes.
    pub at: Bytes,
}

/// One file.
#[derive(Debug, Default)]
pub struct Program {
    /// The statements that could be read, in order.
    pub statements: Vec<Statement>,
    /// `#disable-next-line` and its kin.
    pub directives: Vec<Directive>,
    /// What could not be read. The statements around it are there all the same.
    pub problems: Vec<Problem>,
}

/// A line that starts with `#`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directive {
    /// From the `#` to the last code.
    pub at: Bytes,
}

impl Directive {
    /// The diagnostic codes that a `#disable-next-line` names; `None` for another directive.
    pub fn disabled_next_line(self, text: &str) -> Option<Vec<&str>> {
        let mut words = self.at.of(text).split_ascii_whitespace();
        (words.next() == Some("#disable-next-line")).then(|| words.collect())
    }
}

/// A place that does not follow the grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub at: Bytes,
    /// What.
    pub syntax: Syntax,
}

/// What is wrong with a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Syntax {
    /// A string without its closing quote.
    #[error("this string has no end")]
    UnterminatedString,
    /// A comment without `*/`.
    #[error("this comment has no end")]
    UnterminatedComment,
    /// A character that no token starts with.
    #[error("this character does not belong here")]
    UnknownCharacter,
    /// Another token than the grammar wants.
    #[error("expected {expected}, found {}", found.describe())]
    Expected {
        /// What the grammar wants.
        expected: &'static str,
        /// What stands there.
        found: TokenKind,
    },
    /// Nesting beyond the limit.
    #[error("nested deeper than {0} levels; azward does not follow")]
    TooDeep(u16),
    /// More bytes than the limit.
    #[error("larger than {0} bytes; azward does not read it as Bicep")]
    TooLarge(usize),
}

/// One declaration.
#[derive(Debug)]
pub struct Statement {
    /// `@…` lines above it.
    pub decorators: Vec<Decorator>,
    /// What it declares.
    pub kind: StatementKind,
    /// From the first decorator to the last byte.
    pub at: Bytes,
}

/// `@name(…)` or `@namespace.name(…)`.
#[derive(Debug)]
pub struct Decorator {
    /// The call.
    pub call: Expr,
    /// From the `@` to the last byte.
    pub at: Bytes,
}

/// What a statement declares.
#[derive(Debug)]
pub enum StatementKind {
    /// `targetScope = 'subscription'`.
    TargetScope(Expr),
    /// `metadata name = value`.
    Metadata(Name, Expr),
    /// `param name type = default`, or `param name = value` in a parameter file.
    Param(Box<Param>),
    /// `var name = value`.
    Var(Box<Var>),
    /// `type name = type`.
    Type(Name, Type),
    /// `func name(…) type => body`.
    Func(Box<Func>),
    /// `resource name 'type@version' = …`, also nested in another.
    Resource(Box<Resource>),
    /// `module name 'path' = …`.
    Module(Box<Module>),
    /// `output name type = value`.
    Output(Box<Output>),
    /// `test name 'path' = {…}`.
    Test(Box<Module>),
    /// `assert name = condition`.
    Assert(Name, Expr),
    /// `extension name with {…} as alias`.
    Extension(Box<Extension>),
    /// `extensionConfig name with {…}` of a parameter file.
    ExtensionConfig(Name, Option<Clause>),
    /// `using 'path'` of a parameter file; `none` has no path.
    Using(Option<Expr>, Option<Clause>),
    /// `extends 'path'` of a parameter file.
    Extends(Expr),
    /// `import {…} from 'path'`, `import * as name from 'path'`.
    Import(Box<Import>),
}

/// `with expression`: the bytes start at `with`.
#[derive(Debug)]
pub struct Clause {
    /// The configuration.
    pub value: Expr,
    /// From `with` to the last byte.
    pub at: Bytes,
}

/// A parameter.
#[derive(Debug)]
pub struct Param {
    /// Its name.
    pub name: Name,
    /// Its type; a parameter file has none.
    pub ty: Option<Type>,
    /// Its default, or its value in a parameter file.
    pub value: Option<Expr>,
    /// From `=` to the end of the default.
    pub default_at: Bytes,
}

/// A variable.
#[derive(Debug)]
pub struct Var {
    /// Its name.
    pub name: Name,
    /// Its type, where it is written.
    pub ty: Option<Type>,
    /// Its value.
    pub value: Expr,
}

/// A function of the file.
#[derive(Debug)]
pub struct Func {
    /// Its name.
    pub name: Name,
    /// Names and types of its parameters.
    pub params: Vec<(Name, Type)>,
    /// The bytes of the parameters with their parentheses.
    pub params_at: Bytes,
    /// Its result's type.
    pub returns: Type,
    /// Its body.
    pub body: Expr,
}

/// A resource.
#[derive(Debug)]
pub struct Resource {
    /// Its symbolic name.
    pub name: Name,
    /// `'type@version'`.
    pub ty: Expr,
    /// Whether it only refers to what is there already.
    pub existing: bool,
    /// An object, a condition or a loop.
    pub body: Expr,
}

/// A module call, or a test of one.
#[derive(Debug)]
pub struct Module {
    /// Its symbolic name.
    pub name: Name,
    /// `'path'`, `'br:…'`, `'ts:…'`.
    pub path: Expr,
    /// An object, a condition or a loop.
    pub body: Expr,
}

/// An output.
#[derive(Debug)]
pub struct Output {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Its value.
    pub value: Expr,
}

/// An extension (once called provider).
#[derive(Debug)]
pub struct Extension {
    /// A name or a string.
    pub what: Expr,
    /// Its configuration.
    pub with: Option<Clause>,
    /// The name that it goes by here, with the bytes from `as`.
    pub alias: Option<Alias>,
}

/// `as name`: the bytes start at `as`.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    /// The name.
    pub name: Name,
    /// From `as` to the last byte.
    pub at: Bytes,
}

/// A compile-time import.
#[derive(Debug)]
pub struct Import {
    /// The names, or everything.
    pub what: Imported,
    /// The bytes of the list or of `* as name`.
    pub what_at: Bytes,
    /// The path.
    pub from: Expr,
    /// From `from` to the last byte.
    pub from_at: Bytes,
}

/// What an import takes.
#[derive(Debug)]
pub enum Imported {
    /// `* as name`.
    All(Alias),
    /// `{ a, b as c, 'd-e' as f }`.
    Some(Vec<ImportedName>),
}

/// One name of an import.
#[derive(Debug)]
pub struct ImportedName {
    /// A variable (the name) or a string.
    pub name: Expr,
    /// The name that it goes by here.
    pub alias: Option<Alias>,
    /// The whole item.
    pub at: Bytes,
}

/// A value expression.
#[derive(Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub at: Bytes,
    /// Levels of expressions below: what walks the tree by recursion knows that it ends.
    pub height: u16,
}

/// What an expression is.
#[derive(Debug)]
pub enum ExprKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number; beyond 64 bits it is the largest.
    Int(u64),
    /// A string without holes.
    Str(Quote),
    /// A string with holes.
    Interpolated(Box<Interpolated>),
    /// A name.
    Variable,
    /// `name(…)`.
    Call(Name, Vec<Expr>),
    /// `base.name(…)`.
    Method(Box<Expr>, Name, Vec<Expr>),
    /// `base.name`, `base.?name`.
    Property(Box<Expr>, Name, Safe),
    /// `base[index]`, `base[?index]`, `base[^index]`.
    Index(Box<Expr>, Box<Expr>, Safe, FromEnd),
    /// `base::name`.
    Nested(Box<Expr>, Name),
    /// `base!`.
    NonNull(Box<Expr>),
    /// `!x`, `-x`, `+x`.
    Unary(TokenKind, Box<Expr>),
    /// `a + b` …
    Binary(TokenKind, Box<Expr>, Box<Expr>),
    /// `a ? b : c`.
    Ternary(Box<[Expr; 3]>),
    /// `(a)`.
    Parens(Box<Expr>),
    /// `{…}`.
    Object(Vec<Member>),
    /// `[…]`.
    Array(Vec<Item>),
    /// `[for a in b: c]`.
    For(Box<For>),
    /// `if (a) {…}`.
    If(Box<Expr>, Box<Expr>),
    /// `a => b`, `(a, b) => c`.
    Lambda(Vec<Name>, Option<Bytes>, Box<Expr>),
}

/// Whether an access gives `null` instead of failing.
pub type Safe = bool;
/// Whether an index counts from the end.
pub type FromEnd = bool;

/// A string with holes: one text more than holes.
#[derive(Debug)]
pub struct Interpolated {
    /// How it is quoted.
    pub quote: Quote,
    /// The tokens of the text between the holes, with their quotes and braces.
    pub pieces: Vec<Bytes>,
    /// What stands in the holes.
    pub holes: Vec<Expr>,
}

/// A part of an object.
#[derive(Debug)]
pub enum Member {
    /// `key: value`; the key is a variable (the name) or a string.
    Pair(Expr, Expr),
    /// `...value`, with the bytes from the dots.
    Spread(Expr, Bytes),
    /// A nested resource.
    Resource(Statement),
}

/// A part of an array.
#[derive(Debug)]
pub enum Item {
    /// A value.
    One(Expr),
    /// `...value`, with the bytes from the dots.
    Spread(Expr, Bytes),
}

/// A loop.
#[derive(Debug)]
pub struct For {
    /// The item's name.
    pub item: Name,
    /// The index's name.
    pub index: Option<Name>,
    /// The bytes of `(item, index)`.
    pub names_at: Option<Bytes>,
    /// What it runs over.
    pub over: Expr,
    /// What it makes: an expression or a condition.
    pub body: Expr,
}

/// A type expression.
#[derive(Debug)]
pub struct Type {
    /// What it is.
    pub kind: TypeKind,
    /// Where it stands.
    pub at: Bytes,
    /// Levels of types below.
    pub height: u16,
}

/// What a type is.
#[derive(Debug)]
pub enum TypeKind {
    /// `string`, or the name of a declared type.
    Name,
    /// A literal: `'a'`, `1`, `true`, `null`.
    Literal(Expr),
    /// `-1`, `!true`.
    Unary(TokenKind, Box<Type>),
    /// `(a)`.
    Parens(Box<Type>),
    /// `{…}`.
    Object(Vec<TypeMember>),
    /// `[a, b]`.
    Tuple(Vec<TypeItem>),
    /// `a[]`.
    Array(Box<Type>),
    /// `a?`.
    Nullable(Box<Type>),
    /// `a!`.
    NonNull(Box<Type>),
    /// `a | b`.
    Union(Vec<Type>),
    /// `a.b`.
    Property(Box<Type>, Name),
    /// `a.*`.
    Additional(Box<Type>),
    /// `a[*]`.
    Items(Box<Type>),
    /// `a[1]`.
    Element(Box<Type>, Expr),
    /// `resourceInput<'type@version'>`, also `sys.resourceInput<…>`.
    Generic(Option<Box<Type>>, Name, Vec<Type>),
    /// `resource 'type@version'`.
    Resource(Option<Expr>),
}

/// A property of an object type.
#[derive(Debug)]
pub struct TypeMember {
    /// `@…` lines above it.
    pub decorators: Vec<Decorator>,
    /// The key (a variable or a string); `None` for `*`.
    pub key: Option<Expr>,
    /// Its type.
    pub ty: Type,
    /// From the first decorator to the last byte.
    pub at: Bytes,
}

/// An item of a tuple type.
#[derive(Debug)]
pub struct TypeItem {
    /// `@…` lines above it.
    pub decorators: Vec<Decorator>,
    /// Its type.
    pub ty: Type,
    /// From the first decorator to the last byte.
    pub at: Bytes,
}
