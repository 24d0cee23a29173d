use super::super::ir::Function;
use super::frame::{FrameId, hop, memo_at, through};
use super::node::Places;
use super::run::Run;
use super::site::{Site, View};
use crate::expression::{Evaluator, Expr, Scope};
use crate::model::{HopKind, Value, Why};

impl Run<'_> {
    /// `variables('name')` in a frame.
    pub fn variable(&self, frame: FrameId, name: &str, eval: &mut Evaluator<'_>) -> Value {
        let Some(frame) = self.frame(frame) else { return Value::null() };
        let position = frame.template.variables.position(name);
        let Some((at, variable)) = position.and_then(|at| Some((at, frame.template.variables.at(at)?))) else {
            return Value::unknown(Why::Error(format!("there is no variable `{name}`").into()));
        };
        let what = || format!("variable `{}`", variable.name);
        memo_at(&frame.variables, at, what, || {
            let value = match variable.value.as_literal() {
                Some(value) => value.clone(),
                None => {
                    let site = Site { frame: frame.id, home: frame.id, loops: None };
                    let value = eval.deeper(|eval| self.at(&site, eval, |eval| self.node(&variable.value, &site, eval, Places::Shallow)));
                    value.unwrap_or_else(|| self.out_of("nesting"))
                }
            };
            through(value, hop(HopKind::Variable, &variable.name, variable.name_span))
        })
    }

    /// A function that the template defines; `None` where it defines none of that name.
    pub fn user_function(&self, site: &Site, name: &str, args: &[Expr], eval: &mut Evaluator<'_>) -> Option<Value> {
        let frame = self.frame(site.frame)?;
        let Some(function) = frame.template.functions.get(name) else {
            self.unknown_function(name);
            return None;
        };
        let values: Vec<Value> = args.iter().map(|arg| eval.eval(arg)).collect();
        if values.len() != function.parameters.len() {
            let wanted = function.parameters.len();
            return Some(Value::unknown(Why::Error(format!("`{name}` takes {wanted} arguments, not {}", values.len()).into())));
        }
        let site = Site { loops: None, ..site.clone() };
        let scope = Inside { view: View { run: self, site: site.clone() }, function, values: &values };
        let value = eval.deeper(|eval| eval.with_scope(&scope, |eval| self.node(&function.value, &site, eval, Places::Shallow)));
        Some(value.unwrap_or_else(|| self.out_of("nesting")))
    }
}

/// What the body of a user function sees: its own parameters, and the rest of the template but for what is the template's own.
struct Inside<'r> {
    view: View<'r>,
    function: &'r Function,
    values: &'r [Value],
}

impl Scope for Inside<'_> {
    fn call(&self, name: &str, args: &[Expr], eval: &mut Evaluator<'_>) -> Option<Value> {
        if name.eq_ignore_ascii_case("parameters")
            && let [arg] = args
            && let Some(wanted) = eval.eval(arg).as_str()
        {
            let position = self.function.parameters.iter().position(|(parameter, _)| parameter.eq_ignore_ascii_case(wanted));
            let value = position.and_then(|at| self.values.get(at)).cloned();
            let fault = || Value::unknown(Why::Error(format!("the function has no parameter `{wanted}`").into()));
            return Some(value.unwrap_or_else(fault));
        }
        self.view.call(name, args, eval)
    }
}
