//! What template expressions in conditions may ask of their surroundings.

use super::scene::{Item, ItemAt, Scene};
use super::select::{path_of, select};
use crate::expression::{Evaluator, Expr, Limits, Scope};
use crate::model::{Object, Value, Why};
use crate::policy::condition::{FieldPath, FieldRef, Operand};
use crate::policy::evaluate::select::Selection;

/// Limits of one expression in a condition.
const LIMITS: Limits = Limits { depth: 64, nodes: 200_000 };

/// The value of an operand in this scene.
pub(super) fn value_of(operand: &Operand, scene: &Scene<'_>) -> Value {
    match operand {
        Operand::Fixed(value) => value.clone(),
        Operand::Computed(expr) => Evaluator::new(scene, LIMITS).eval(expr),
        Operand::List(items) => Value::array(items.iter().map(|item| value_of(item, scene)).collect()),
        Operand::Map(fields) => {
            let mut object = Object::with_capacity(fields.len());
            for (key, item) in fields {
                object.set(std::sync::Arc::clone(key), value_of(item, scene));
            }
            Value::object(object)
        }
    }
}

impl Scope for Scene<'_> {
    fn call(&self, name: &str, args: &[Expr], eval: &mut Evaluator<'_>) -> Option<Value> {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "parameters" => Some(self.parameter(&eval.eval(args.first()?))),
            "field" => {
                let name = eval.eval(args.first()?);
                Some(self.primary.unwrap_or(self).field_function(&name))
            }
            "current" => {
                let name = args.first().map(|arg| eval.eval(arg));
                Some(self.current(name.as_ref()))
            }
            "subscription" | "resourcegroup" | "managementgroup" | "tenant" | "requestcontext" | "policy" | "utcnow" => {
                let known = self.frame.context.and_then(|context| context.get(&lower)).cloned().or_else(|| self.request(&lower));
                if lower == "utcnow" && !args.is_empty() && known.is_some() {
                    return None;
                }
                Some(known.unwrap_or_else(|| Value::unknown(Why::DeploymentContext(format!("{name}()").into()))))
            }
            _ => None,
        }
    }
}

impl<'a> Scene<'a> {
    /// The value of an operand here.
    pub(crate) fn value_of(&self, operand: &Operand) -> Value {
        value_of(operand, self)
    }

    /// A deployment asks for each resource with that resource's own API version.
    fn request(&self, function: &str) -> Option<Value> {
        let version = self.primary.unwrap_or(self).resource.api_version.clone()?;
        let mut request = Object::new();
        request.set("apiVersion", Value::str(version));
        (function == "requestcontext").then(|| Value::object(request))
    }

    fn parameter(&self, name: &Value) -> Value {
        let Some(name) = name.as_str() else {
            return Value::unknown(Why::Error("`parameters()` takes the name of a parameter".into()));
        };
        let declared = self.frame.parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name));
        let value = declared.and_then(|parameter| self.frame.settings.value_of(self.frame.rule, parameter));
        value.unwrap_or_else(|| Value::unknown(Why::Parameter(name.into())))
    }

    /// `field('…')`: one value, or the list of all that `[*]` names.
    fn field_function(&self, name: &Value) -> Value {
        let Some(text) = name.as_str() else {
            return name.as_unknown().map_or_else(
                || Value::unknown(Why::Error("`field()` takes the name of a field".into())),
                |unknown| Value::unknown(unknown.why.clone()),
            );
        };
        let field = FieldRef::named(text, self.frame.aliases);
        let spreads = path_of(&field, self).is_some_and(|path| path.has_wildcard());
        gather(select(&field, self), spreads)
    }

    /// `current()`, `current('name')`, `current('a[*].b')`.
    fn current(&self, name: Option<&Value>) -> Value {
        let lost = |what: &str| Value::unknown(Why::Error(format!("`current({what})` names nothing that is being counted").into()));
        let Some(name) = name else {
            return self.items().next().map_or_else(|| lost(""), |item| item.value.clone());
        };
        let Some(text) = name.as_str() else { return lost("…") };
        let by_name = |item: &&'a Item<'a>| matches!(&item.at, ItemAt::Value { name: Some(name) } if name.eq_ignore_ascii_case(text));
        if let Some(item) = self.items().find(by_name) {
            return item.value.clone();
        }
        let field = FieldRef::named(text, self.frame.aliases);
        let Some(path) = path_of(&field, self) else { return lost(text) };
        let counted = |item: &Item<'_>| matches!(&item.at, ItemAt::Field { path: own, .. } if own.shares(&path, own.steps.len()));
        if !self.items().any(counted) {
            return lost(text);
        }
        let spreads = path.steps.iter().enumerate().any(|(at, _)| self.is_open(&path, at));
        gather(select(&field, self), spreads)
    }

    fn is_open(&self, path: &FieldPath, at: usize) -> bool {
        matches!(path.steps.get(at), Some(crate::policy::condition::Step::All)) && self.fixed(path, at).is_none()
    }
}

fn gather(selection: Selection, spreads: bool) -> Value {
    if let Some((_, blind)) = selection.blind {
        return blind;
    }
    let mut values = selection.spots.into_iter().filter_map(|spot| spot.value);
    if spreads { Value::array(values.collect()) } else { values.next().unwrap_or_else(Value::null) }
}
