//! The virtual kind `Estate/environments`: one resource for each environment, over which rules can ask what it holds as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluate::Done;
use crate::model::{Evaluated, Object, Resource, Span, Unit, Value};

/// The kind of the virtual resources.
pub const KIND: &str = "Estate/environments";

/// One more unit for each environment that deploys something. It stands at the first template of the environment.
pub fn environments(done: &[Done]) -> Vec<Done> {
    let mut first: BTreeMap<Arc<str>, &Unit> = BTreeMap::new();
    for one in done {
        let Some(environment) = &one.unit.environment else { continue };
        if one.evaluated.resources.iter().any(is_deployed) {
            first.entry(Arc::clone(environment)).or_insert(&one.unit);
        }
    }
    first.into_iter().map(|(environment, unit)| estate(environment, unit)).collect()
}

/// ARM types have a namespace with a dot; a group of nothing but parameters, or of workflows, promises no environment.
fn is_deployed(resource: &Resource) -> bool {
    !resource.existing && resource.kind.split('/').next().is_some_and(|namespace| namespace.contains('.'))
}

fn estate(environment: Arc<str>, unit: &Unit) -> Done {
    let mut body = Object::new();
    body.set("type", Value::str(KIND));
    body.set("name", Value::str(Arc::clone(&environment)));
    let place = Span::new(unit.file, 0, 0);
    let mut resource = Resource::new(KIND, Value::str(Arc::clone(&environment)), Value::object(body), place);
    resource.address = environment.to_string();
    resource.environment = Some(Arc::clone(&environment));
    let label = format!("environment {environment}");
    let unit = Unit { file: unit.file, parameters: None, label, environment: Some(environment) };
    Done { unit, evaluated: Evaluated { resources: vec![resource], ..Evaluated::default() } }
}
