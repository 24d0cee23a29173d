//! The function library: everything that does not depend on the surroundings. Names compare without regard to case.
//!
//! One table lists all functions; [`call`] runs one on values. What a function does with arguments that are unknown or
//! secret is decided here for all of them: see [`Function`].

mod arguments;
mod arrays;
mod cidr;
mod context;
mod convert;
mod date_format;
mod dates;
mod encode;
mod format;
mod hash;
pub mod ids;
mod logic;
mod loose_json;
mod number_format;
mod numbers;
mod objects;
mod search;
mod strings;
mod table;
mod uri;

use arguments::Arguments;

use std::sync::Arc;

use super::access::hidden;
use super::{Evaluator, Expr, FunctionError, Limits, NoScope, partial};
use crate::model::{Kind, Object, Shape, Unknown, Value, Why};

pub use context::{CONTEXTUAL, is_contextual};
pub use convert::parse_json;
pub use dates::utc_text;

/// What a function returns.
pub type Answer = Result<Value, FunctionError>;

/// How a function runs.
#[derive(Clone, Copy)]
pub(super) enum Run {
    /// On values.
    Pure(fn(Arguments<'_>) -> Answer),
    /// On expressions: it may leave some out, or run a lambda.
    Lazy(fn(&mut Evaluator<'_>, &[Expr]) -> Value),
}

/// One row of the table.
pub struct Function {
    /// As Microsoft spells it.
    pub name: &'static str,
    /// Fewest arguments.
    pub fewest: u8,
    /// Most arguments; `u8::MAX` for any number.
    pub most: u8,
    /// The type of what it returns where that does not depend on the arguments; what remains known when they are not.
    pub returns: Option<&'static str>,
    /// Whether it can do something with unknown arguments. The others return unknown as soon as one argument is.
    sees_unknowns: bool,
    reads: Reads,
    pub(super) run: Run,
}

/// How far a function reads into its arguments: what that means for secrets and unknowns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Everything: a secret anywhere in the arguments makes the result secret, an unknown anywhere makes it unknown.
    All,
    /// The arguments themselves: what is inside them keeps its own secrecy and its own unknowns.
    Surface,
    /// Nothing: the arguments are put into a container as they are.
    Nothing,
    /// How much there is, which gives nothing away: `empty`, `length`.
    Size,
}

impl Function {
    pub(super) fn check_count(&self, given: usize) -> Result<(), FunctionError> {
        let (fewest, most) = (usize::from(self.fewest), usize::from(self.most));
        if given >= fewest && (given <= most || self.most == u8::MAX) {
            return Ok(());
        }
        let wanted = match most {
            255 => format!("at least {fewest}"),
            most if most == fewest => fewest.to_string(),
            most => format!("{fewest} to {most}"),
        };
        Err(FunctionError::Count { function: self.name, wanted, given })
    }
}

/// The function `name`, in any case.
pub fn find(name: &str) -> Option<&'static Function> {
    table::find(name)
}

/// All functions of the library, sorted by name without regard to case.
pub fn all() -> &'static [Function] {
    table::ALL
}

/// Runs the function `name` (in any case) on values; `None` where the library has no such function.
///
/// Unknown arguments give the best partial answer, secret ones a secret. Functions that take lambdas cannot run on values.
pub fn call(name: &str, args: &[Value]) -> Option<Answer> {
    let function = find(name)?;
    Some(match function.run {
        Run::Pure(_) => apply(function, args),
        Run::Lazy(run) => function.check_count(args.len()).map(|()| {
            let args: Vec<Expr> = args.iter().cloned().map(Expr::Literal).collect();
            run(&mut Evaluator::new(&NoScope, Limits::default()), &args)
        }),
    })
}

/// Most combinations of alternatives that are computed one by one.
const MAX_COMBINATIONS: usize = 32;

pub(super) fn apply(function: &'static Function, args: &[Value]) -> Answer {
    function.check_count(args.len())?;
    let Run::Pure(run) = function.run else { return Ok(Value::unknown(Why::Unsupported(function.name.into()))) };
    if function.reads != Reads::Nothing
        && let Some(why @ Why::Error(_)) =
            args.iter().find_map(|arg| arg.as_unknown().map(|unknown| &unknown.why).filter(|why| matches!(why, Why::Error(_))))
    {
        return Ok(Value::unknown(why.clone()));
    }
    let secret = match function.reads {
        Reads::All => args.iter().any(Value::holds_secret),
        Reads::Surface | Reads::Size => args.iter().any(|arg| matches!(arg.kind, Kind::Secret(_)) || is_one_of_secrets(arg)),
        Reads::Nothing => false,
    };
    if !secret {
        return spread(function, run, args);
    }
    let deep = function.reads == Reads::All;
    let revealed: Vec<Value> = args.iter().map(|arg| reveal(arg, deep)).collect();
    match spread(function, run, &revealed) {
        // The message could quote the secret.
        Err(_) => Err(FunctionError::Invalid(format!("`{}` cannot take this secret value", function.name))),
        Ok(value) if function.reads == Reads::Size => Ok(value),
        Ok(value) => Ok(hidden(&value)),
    }
}

/// Runs on each alternative where an argument is one of some, and on the arguments as they are otherwise.
fn spread(function: &'static Function, run: fn(Arguments<'_>) -> Answer, args: &[Value]) -> Answer {
    let combinations = args.iter().filter_map(partial::alternatives).map(<[Value]>::len).fold(1, usize::saturating_mul);
    let Some((at, choice)) = args.iter().enumerate().find(|(_, arg)| partial::alternatives(arg).is_some()) else {
        return run_partly(function, run, args);
    };
    if combinations > MAX_COMBINATIONS || function.reads == Reads::Nothing {
        return run_partly(function, run, args);
    }
    let why = choice.as_unknown().map_or_else(|| Why::Unsupported(function.name.into()), |unknown| unknown.why.clone());
    let mut answers = Vec::new();
    let mut failure = None;
    for value in partial::alternatives(choice).unwrap_or(&[]) {
        let mut args = args.to_vec();
        if let Some(slot) = args.get_mut(at) {
            *slot = value.clone();
        }
        match spread(function, run, &args) {
            Ok(value) => answers.push(value),
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        Some(error) if answers.is_empty() => Err(error),
        _ => Ok(partial::one_of(&why, answers)),
    }
}

fn run_partly(function: &'static Function, run: fn(Arguments<'_>) -> Answer, args: &[Value]) -> Answer {
    if !function.sees_unknowns {
        let first = if function.reads == Reads::All {
            partial::first_why(args)
        } else {
            partial::first_why(args.iter().filter(|arg| arg.is_unknown()))
        };
        if let Some(why) = first {
            return Ok(Value::unknown_shaped(why.clone(), function.returns.map_or(Shape::Any, Shape::Type)));
        }
    }
    run(Arguments { function, values: args })
}

fn is_one_of_secrets(value: &Value) -> bool {
    partial::alternatives(value).is_some_and(|values| values.iter().any(|value| matches!(value.kind, Kind::Secret(_))))
}

/// The value with its secrets laid open, for computing; `deep` also inside arrays and objects. Secrets that nobody saw are unknown.
fn reveal(value: &Value, deep: bool) -> Value {
    let kind = match &value.kind {
        Kind::Secret(secret) => match secret.reveal() {
            Some(kind) => return reveal(&Value::new(kind.clone()), deep),
            None => return Value::unknown(Why::Runtime("a secret value".into())),
        },
        Kind::Array(items) if deep => Kind::Array(Arc::new(items.iter().map(|item| reveal(item, deep)).collect())),
        Kind::Object(object) if deep => Kind::Object(Arc::new(reveal_fields(object))),
        Kind::Unknown(unknown) => {
            let shape = match &unknown.shape {
                Shape::OneOf(values) => Shape::OneOf(values.iter().map(|value| reveal(value, deep)).collect()),
                Shape::Fields(object) if deep => Shape::Fields(Arc::new(reveal_fields(object))),
                _ => return value.clone(),
            };
            Kind::Unknown(Arc::new(Unknown { why: unknown.why.clone(), shape }))
        }
        _ => return value.clone(),
    };
    Value::new(kind).with_provenance(value.provenance.clone())
}

fn reveal_fields(object: &Object) -> Object {
    let mut revealed = object.clone();
    for value in revealed.values_mut() {
        *value = reveal(value, true);
    }
    revealed
}
