use std::rc::Rc;
use std::sync::Arc;

use super::frame::{Frame, Instance, memo};
use super::run::Run;
use super::site::Site;
use crate::expression::{Evaluator, Expr, partial};
use crate::model::{Kind, Object, Secret, SecretSource, Shape, Unknown, Value, Why};

impl Run<'_> {
    /// `reference(resource, apiVersion?, 'Full'?)`: what this template says of the resource, open to what Azure adds.
    pub fn reference(&self, site: &Site, args: &[Expr], eval: &mut Evaluator<'_>) -> Value {
        let Some(first) = args.first() else { return Value::unknown(Why::Error("`reference` takes 1 to 3 arguments".into())) };
        let wanted = eval.eval(first);
        let full = args.get(2).is_some_and(|arg| eval.eval(arg).as_str().is_some_and(|text| text.eq_ignore_ascii_case("full")));
        match self.find(site, &wanted, eval) {
            Some(instance) => self.state_of(&instance, full, eval),
            None => runtime(&format!("reference({})", shown(&wanted))),
        }
    }

    /// `references(symbol, 'Full'?)`: of all rounds of a resource's loop.
    pub fn references(&self, site: &Site, args: &[Expr], eval: &mut Evaluator<'_>) -> Value {
        let wanted = args.first().map(|first| eval.eval(first));
        let Some(symbol) = wanted.as_ref().and_then(Value::as_str) else { return runtime("references()") };
        let full = args.get(1).is_some_and(|arg| eval.eval(arg).as_str().is_some_and(|text| text.eq_ignore_ascii_case("full")));
        let Some(home) = self.frame(site.home) else { return Value::null() };
        let all = self.instances(&home, eval);
        let rounds: Vec<&Rc<Instance>> = all.iter().filter(|instance| instance.goes_by(symbol, None)).collect();
        let known = !rounds.is_empty() && rounds.iter().all(|instance| instance.index.is_some());
        if !known {
            return Value::unknown_shaped(Why::Runtime(format!("references({symbol})").into()), Shape::Type("array"));
        }
        Value::array(rounds.into_iter().map(|instance| self.state_of(instance, full, eval)).collect())
    }

    /// `resourceInfo(symbol)`: id, name, type and version.
    pub fn resource_info(&self, site: &Site, args: &[Expr], eval: &mut Evaluator<'_>) -> Value {
        let wanted = args.first().map_or_else(Value::null, |first| eval.eval(first));
        let Some(instance) = self.find(site, &wanted, eval) else { return runtime(&format!("resourceInfo({})", shown(&wanted))) };
        let mut info = Object::with_capacity(4);
        info.set("id", self.id_of(&instance, eval));
        info.set("name", self.name_of(&instance, eval));
        info.set("type", Value::str(Arc::clone(&instance.kind)));
        if let Some(version) = self.body_of(&instance, eval).get("apiVersion") {
            info.set("apiVersion", version.clone());
        }
        Value::object(info)
    }

    /// `listKeys()` and its kin: secrets that only Azure has.
    pub fn list_secrets(&self) -> Value {
        Value::new(Kind::Secret(Secret::opaque(SecretSource::ListKeys))).used_at(self.at.get())
    }

    /// The resource that a symbol, an id or a name means: in this template, else in those around it.
    fn find(&self, site: &Site, wanted: &Value, eval: &mut Evaluator<'_>) -> Option<Rc<Instance>> {
        let mut frame = self.frame(site.home);
        while let Some(current) = frame {
            let all = self.instances(&current, eval);
            if let Some(found) = self.find_in(&current, &all, wanted, eval) {
                return Some(found);
            }
            frame = current.parent.and_then(|parent| self.frame(parent));
        }
        None
    }

    fn find_in(&self, frame: &Rc<Frame>, all: &[Rc<Instance>], wanted: &Value, eval: &mut Evaluator<'_>) -> Option<Rc<Instance>> {
        let Some(text) = wanted.as_str() else { return self.find_alike(all, wanted, eval) };
        if frame.template.symbolic {
            let (symbol, index) = split_index(text);
            if let Some(found) = all.iter().find(|instance| instance.goes_by(symbol, index)) {
                return Some(Rc::clone(found));
            }
        }
        if text.contains('/') {
            let by_id = |instance: &&Rc<Instance>| {
                let ends_alike = last_segment(text).eq_ignore_ascii_case(last_segment(&instance.path))
                    || text.contains("/providers/")
                    || text.contains("/resourceGroups/");
                ends_alike && self.id_of(instance, eval).as_str().is_some_and(|id| id.eq_ignore_ascii_case(text))
            };
            return all.iter().find(by_id).cloned();
        }
        let mut named =
            all.iter().filter(|instance| self.name_of(instance, eval).as_str().is_some_and(|name| name.eq_ignore_ascii_case(text)));
        let first = named.next()?;
        named.next().is_none().then(|| Rc::clone(first))
    }

    /// Where the id is known in part only: the one resource whose id is unknown in the same way for the same reason.
    fn find_alike(&self, all: &[Rc<Instance>], wanted: &Value, eval: &mut Evaluator<'_>) -> Option<Rc<Instance>> {
        let wanted = wanted.as_unknown()?;
        let Shape::Text(pieces) = &wanted.shape else { return None };
        if matches!(wanted.why, Why::Error(_) | Why::Budget(_)) {
            return None;
        }
        let mut alike = all.iter().filter(|instance| match self.id_of(instance, eval).as_unknown() {
            Some(Unknown { why, shape: Shape::Text(own) }) => *why == wanted.why && own == pieces,
            _ => false,
        });
        let first = alike.next()?;
        alike.next().is_none().then(|| Rc::clone(first))
    }

    /// What `reference()` gives of a resource of this template.
    fn state_of(&self, instance: &Rc<Instance>, full: bool, eval: &mut Evaluator<'_>) -> Value {
        let why = Why::Runtime(format!("reference('{}')", instance.declaration.symbol.as_deref().unwrap_or(&instance.kind)).into());
        let whole = memo(
            &instance.opened,
            || format!("the state of `{}`", instance.address),
            || {
                if instance.declaration.is_deployment() {
                    return self.deployment_state(instance, &why, eval);
                }
                if instance.declaration.existing {
                    return Value::unknown(why.clone());
                }
                let whole = opened(&self.body_of(instance, eval), &why);
                if instance.path.get(..18).is_some_and(|start| start.eq_ignore_ascii_case("Microsoft.Network/")) {
                    return with_part_ids(&whole, &self.id_of(instance, eval), &why);
                }
                whole
            },
        );
        if full {
            return whole;
        }
        let properties = partial::known_fields(&whole).and_then(|fields| fields.get("properties")).cloned();
        properties.unwrap_or_else(|| Value::unknown(why))
    }

    fn deployment_state(&self, instance: &Rc<Instance>, why: &Why, eval: &mut Evaluator<'_>) -> Value {
        let nested = self.nested(instance, eval).and_then(|id| self.frame(id));
        let outputs = match nested {
            Some(frame) => self.outputs(&frame, eval),
            None => Value::unknown(Why::ModuleOutput(instance.address.as_str().into())),
        };
        let properties =
            Object::from_iter([crate::model::Field { key: "outputs".into(), key_span: crate::model::Span::NONE, value: outputs }]);
        let mut whole = Object::new();
        whole.set("properties", open_object(properties, why));
        whole.set("name", self.name_of(instance, eval));
        open_object(whole, why)
    }
}

/// `symbol[3]`
fn split_index(text: &str) -> (&str, Option<i64>) {
    let inner = text.strip_suffix(']').and_then(|text| text.rsplit_once('['));
    match inner.map(|(symbol, index)| (symbol, index.parse().ok())) {
        Some((symbol, Some(index))) => (symbol, Some(index)),
        _ => (text, None),
    }
}

fn last_segment(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

fn runtime(what: &str) -> Value {
    Value::unknown(Why::Runtime(what.into()))
}

fn shown(value: &Value) -> String {
    match value.to_json() {
        serde_json::Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

/// The value, each of its objects open: Azure adds properties that no template writes.
fn opened(value: &Value, why: &Why) -> Value {
    match &value.kind {
        Kind::Object(object) => {
            let mut copy = (**object).clone();
            for field in copy.values_mut() {
                *field = opened(field, why);
            }
            open_object(copy, why).with_provenance(value.provenance.clone())
        }
        Kind::Array(items) => {
            let items = items.iter().map(|item| opened(item, why)).collect();
            Value { kind: Kind::Array(Arc::new(items)), provenance: value.provenance.clone() }
        }
        _ => value.clone(),
    }
}

fn open_object(object: Object, why: &Why) -> Value {
    Value::unknown_shaped(why.clone(), Shape::Fields(Arc::new(object)))
}

/// Network resources number their parts by name: a subnet's id is that of its network, `/subnets/` and its name.
/// Source: <https://learn.microsoft.com/azure/templates/microsoft.network/virtualnetworks>
fn with_part_ids(whole: &Value, id: &Value, why: &Why) -> Value {
    let Some(fields) = partial::known_fields(whole) else { return whole.clone() };
    let Some(properties) = fields.get("properties").and_then(partial::known_fields) else { return whole.clone() };
    let mut properties = properties.clone();
    for at in properties.iter().map(|field| Arc::clone(&field.key)).collect::<Vec<_>>() {
        let Some(list) = properties.get(&at).and_then(Value::as_array) else { continue };
        let parts = list.iter().map(|part| {
            let Some(fields) = partial::known_fields(part).filter(|fields| !fields.contains_key("id")) else { return part.clone() };
            let Some(name) = fields.get("name") else { return part.clone() };
            let mut fields = fields.clone();
            fields.set("id", super::ids::join(&super::ids::join(id, &Value::str(Arc::clone(&at))), name));
            open_object(fields, why).with_provenance(part.provenance.clone())
        });
        let parts = Value::array(parts.collect());
        properties.set(at, parts);
    }
    let mut fields = fields.clone();
    fields.set("properties", open_object(properties, why));
    open_object(fields, why).with_provenance(whole.provenance.clone())
}
