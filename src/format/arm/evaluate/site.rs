use std::rc::Rc;
use std::sync::Arc;

use super::frame::FrameId;
use super::run::Run;
use crate::expression::{Evaluator, Expr, Scope, functions};
use crate::model::{Shape, Value, Why};

/// Where an expression stands: whose parameters it sees, whose resources it refers to, in which rounds of which loops.
#[derive(Clone)]
pub struct Site {
    /// Whose parameters and variables it sees.
    pub frame: FrameId,
    /// Whose resources it refers to first; another frame where a nested template has outer scope.
    pub home: FrameId,
    /// The loops around it, innermost first.
    pub loops: Option<Rc<Loop>>,
}

/// One round of a loop.
pub struct Loop {
    pub name: Arc<str>,
    /// Whether a resource repeats, or a property, variable or output.
    pub of_resource: bool,
    /// The round, from 0; unknown for the one that stands for a loop of unknown length.
    pub index: Result<i64, Why>,
    pub around: Option<Rc<Self>>,
}

impl Site {
    /// This site in one round of a loop.
    pub fn in_loop(&self, name: &Arc<str>, of_resource: bool, index: Result<i64, Why>) -> Self {
        let round = Loop { name: Arc::clone(name), of_resource, index, around: self.loops.clone() };
        Self { loops: Some(Rc::new(round)), ..self.clone() }
    }

    fn rounds(&self) -> impl Iterator<Item = &Loop> {
        std::iter::successors(self.loops.as_deref(), |round| round.around.as_deref())
    }

    /// `copyIndex(name?, offset?)`
    fn copy_index(&self, name: Option<&str>, offset: i64) -> Value {
        let round = match name {
            Some(name) => self.rounds().find(|round| round.name.eq_ignore_ascii_case(name)),
            None => self.rounds().find(|round| round.of_resource).or_else(|| self.rounds().next()),
        };
        match round.map(|round| &round.index) {
            Some(Ok(index)) => Value::from(index.saturating_add(offset)),
            Some(Err(why)) => Value::unknown_shaped(why.clone(), Shape::Type("int")),
            None => {
                let which = name.map_or_else(String::new, |name| format!(" called `{name}`"));
                Value::unknown(Why::Error(format!("`copyIndex` stands in no loop{which}").into()))
            }
        }
    }
}

/// What an expression sees of its template.
pub struct View<'r> {
    pub run: &'r Run<'r>,
    pub site: Site,
}

impl Scope for View<'_> {
    fn call(&self, name: &str, args: &[Expr], eval: &mut Evaluator<'_>) -> Option<Value> {
        let mut buffer = [0; 32];
        let name = match buffer.get_mut(..name.len()) {
            Some(lower) => {
                lower.copy_from_slice(name.as_bytes());
                lower.make_ascii_lowercase();
                std::str::from_utf8(lower).ok()?
            }
            None => name,
        };
        match name {
            "parameters" => Some(self.named(args, eval, |name, eval| self.run.parameter(self.site.frame, name, eval))),
            "variables" => Some(self.named(args, eval, |name, eval| self.run.variable(self.site.frame, name, eval))),
            "copyindex" => Some(self.copy_index(args, eval)),
            "reference" => Some(self.run.reference(&self.site, args, eval)),
            "references" => Some(self.run.references(&self.site, args, eval)),
            "resourceinfo" => Some(self.run.resource_info(&self.site, args, eval)),
            "resourceid" | "subscriptionresourceid" | "tenantresourceid" | "managementgroupresourceid" | "extensionresourceid" => {
                Some(self.run.resource_id(name, self.site.frame, args, eval))
            }
            "subscription" | "resourcegroup" | "tenant" | "managementgroup" | "deployment" | "deployer" | "environment" | "providers"
            | "pickzones" | "tophysicalzone" | "tophysicalzones" | "tologicalzone" | "tologicalzones" | "extensions" | "externalinput" => {
                Some(self.run.surroundings(name, &self.site, args, eval))
            }
            _ if functions::find(name).is_some() => None,
            _ if name.starts_with("list") => Some(self.run.list_secrets()),
            _ if name.contains('.') => self.run.user_function(&self.site, name, args, eval),
            _ => {
                self.run.unknown_function(name);
                None
            }
        }
    }
}

impl View<'_> {
    fn named(&self, args: &[Expr], eval: &mut Evaluator<'_>, find: impl FnOnce(&str, &mut Evaluator<'_>) -> Value) -> Value {
        let [arg] = args else { return Value::unknown(Why::Error("a name is wanted here, and nothing else".into())) };
        if let Some(name) = arg.as_str() {
            return find(name, eval);
        }
        let name = eval.eval(arg);
        match (name.as_str(), name.as_unknown()) {
            (Some(name), _) => find(name, eval),
            (None, Some(unknown)) => Value::unknown(unknown.why.clone()),
            (None, None) => Value::unknown(Why::Error(format!("a value of type {} is no name", name.type_name()).into())),
        }
    }

    fn copy_index(&self, args: &[Expr], eval: &mut Evaluator<'_>) -> Value {
        let values: Vec<Value> = args.iter().take(2).map(|arg| eval.eval(arg)).collect();
        match values.as_slice() {
            [] => self.site.copy_index(None, 0),
            [only] => match (only.as_str(), only.as_int()) {
                (Some(name), _) => self.site.copy_index(Some(name), 0),
                (None, Some(offset)) => self.site.copy_index(None, offset),
                _ => self.bad_index(only),
            },
            [name, offset, ..] => match (name.as_str(), offset.as_int()) {
                (Some(name), Some(offset)) => self.site.copy_index(Some(name), offset),
                (Some(_), None) => self.bad_index(offset),
                _ => self.bad_index(name),
            },
        }
    }

    fn bad_index(&self, value: &Value) -> Value {
        let fault = || Why::Error(format!("`copyIndex` takes a name and a number, not {}", value.type_name()).into());
        Value::unknown(value.as_unknown().map_or_else(fault, |unknown| unknown.why.clone()))
    }
}
