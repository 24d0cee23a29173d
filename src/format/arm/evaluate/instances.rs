use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::super::ir::{Declaration, ScopeKind};
use super::frame::{Expansion, Frame, Instance, memo};
use super::ids;
use super::node::{Places, Rounds};
use super::run::Run;
use super::site::Site;
use crate::expression::partial::text::Builder;
use crate::expression::{Evaluator, Truth, partial};
use crate::model::{Certainty, Kind, Object, Value, Why};

impl Run<'_> {
    /// The resources of a frame: loops unrolled, those left out whose condition does not hold.
    pub fn instances(&self, frame: &Rc<Frame>, eval: &mut Evaluator<'_>) -> Rc<Vec<Rc<Instance>>> {
        match &*frame.instances.borrow() {
            Expansion::Done(list) => return Rc::clone(list),
            // A condition that asks for resources while they are being found.
            Expansion::Busy => return Rc::default(),
            Expansion::Empty => {}
        }
        frame.instances.replace(Expansion::Busy);
        let mut list = Vec::new();
        let site = frame.site();
        for (at, declaration) in frame.template.resources.iter().enumerate() {
            let own = declaration.symbol.as_ref().map_or_else(|| format!("resources[{at}]"), ToString::to_string);
            let address = if frame.address.is_empty() { own } else { format!("{}/{own}", frame.address) };
            self.expand(declaration, &site, None, &address, &mut list, eval);
        }
        let list = Rc::new(list);
        frame.instances.replace(Expansion::Done(Rc::clone(&list)));
        list
    }

    fn expand(
        &self,
        declaration: &Arc<Declaration>,
        site: &Site,
        parent: Option<&Rc<Instance>>,
        address: &str,
        list: &mut Vec<Rc<Instance>>,
        eval: &mut Evaluator<'_>,
    ) {
        let Some(copy) = &declaration.copy else {
            return self.expand_one(declaration, site.clone(), parent, address.to_owned(), None, list, eval);
        };
        let count = self.at(site, eval, |eval| self.node(&copy.count, site, eval, Places::Shallow));
        match self.rounds(&count, copy.span) {
            Rounds::Known(count) => {
                for index in 0..count {
                    let round = site.in_loop(&copy.name, true, Ok(index));
                    self.expand_one(declaration, round, parent, format!("{address}[{index}]"), None, list, eval);
                }
            }
            Rounds::Unknown(why) => {
                let round = site.in_loop(&copy.name, true, Err(why.clone()));
                self.expand_one(declaration, round, parent, format!("{address}[*]"), Some(why), list, eval);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one call passes what the other was given")]
    fn expand_one(
        &self,
        declaration: &Arc<Declaration>,
        site: Site,
        parent: Option<&Rc<Instance>>,
        address: String,
        doubt: Option<Why>,
        list: &mut Vec<Rc<Instance>>,
        eval: &mut Evaluator<'_>,
    ) {
        if self.is_late() || !eval.charge(1) || !self.count_instance(declaration.place) {
            return;
        }
        let mut certainty = match (doubt, parent.map(|parent| &parent.certainty)) {
            (Some(why), _) => Certainty::Maybe(why),
            (None, Some(certainty)) => certainty.clone(),
            (None, None) => Certainty::Certain,
        };
        if let Some(condition) = &declaration.condition {
            let value = self.at(&site, eval, |eval| self.node(condition, &site, eval, Places::Shallow));
            match partial::condition(&value) {
                Some(Truth::Yes) => {}
                Some(Truth::No) => return,
                Some(Truth::Maybe) | None => {
                    let fault = || Why::Error(format!("a value of type {} is no condition", value.type_name()).into());
                    certainty = Certainty::Maybe(value.as_unknown().map_or_else(fault, |unknown| unknown.why.clone()));
                }
            }
        }
        let path = full_kind(&declaration.kind, parent);
        let index = site.loops.as_ref().and_then(|round| round.index.as_ref().ok().copied());
        let mut instance = Instance {
            declaration: Arc::clone(declaration),
            kind: Arc::clone(&path),
            path,
            site,
            address,
            certainty,
            parent: parent.cloned(),
            name: RefCell::default(),
            id: RefCell::default(),
            body: RefCell::default(),
            opened: RefCell::default(),
            nested: RefCell::default(),
            index,
        };
        if instance.path.contains("/providers/") {
            let name = self.own_name(&instance, eval);
            instance.kind = extension_kind(&instance.path, &name).unwrap_or(instance.kind);
        }
        let instance = Rc::new(instance);
        list.push(Rc::clone(&instance));
        for (at, child) in declaration.children.iter().enumerate() {
            let address = format!("{}/resources[{at}]", instance.address);
            let site = instance.site.clone();
            let deeper = eval.deeper(|eval| self.expand(child, &site, Some(&instance), &address, list, eval));
            if deeper.is_none() {
                self.note(child.place, "the budget for nesting ran out here; this child resource is not looked at");
            }
        }
    }

    fn own_name(&self, instance: &Instance, eval: &mut Evaluator<'_>) -> Value {
        match &instance.declaration.name {
            Some(node) => self.at(&instance.site, eval, |eval| self.node(node, &instance.site, eval, Places::Shallow)),
            None => Value::unknown(Why::Error("the resource has no name".into())),
        }
    }

    /// The full name: that of a child begins with its parent's.
    pub fn name_of(&self, instance: &Rc<Instance>, eval: &mut Evaluator<'_>) -> Value {
        memo(
            &instance.name,
            || format!("the name of `{}`", instance.address),
            || {
                let own = self.own_name(instance, eval);
                match &instance.parent {
                    Some(parent) if is_relative(&instance.declaration.kind) => {
                        let name = ids::join(&self.name_of(parent, eval), &own);
                        name.with_provenance(own.provenance)
                    }
                    _ => own,
                }
            },
        )
    }

    /// The ARM id, with holes for what is not known.
    pub fn id_of(&self, instance: &Rc<Instance>, eval: &mut Evaluator<'_>) -> Value {
        memo(
            &instance.id,
            || format!("the id of `{}`", instance.address),
            || {
                let name = self.name_of(instance, eval);
                let mut builder = Builder::new();
                let Some(home) = self.frame(instance.site.home) else { return Value::null() };
                let extended = instance.parent.as_ref().filter(|parent| extends(&instance.declaration.kind, &parent.path));
                if let Some(parent) = extended {
                    let parent = self.id_of(parent, eval);
                    ids::push(&mut builder, &parent);
                } else if let Some(scope) = instance.declaration.scope.as_ref().filter(|_| !instance.declaration.is_deployment()) {
                    let scope = self.at(&instance.site, eval, |eval| self.node(scope, &instance.site, eval, Places::Shallow));
                    push_scope(&mut builder, &scope, &home);
                } else if instance.kind.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups") {
                    home.target.prefix_of(ScopeKind::Subscription, &mut builder);
                    builder.text("/resourceGroups/");
                    ids::push(&mut builder, &name);
                    return builder.finish();
                } else if instance.declaration.is_deployment() {
                    self.target_of(instance, &home, eval).prefix(&mut builder);
                } else {
                    home.target.prefix(&mut builder);
                }
                let (path, name) = match extended {
                    // Its own type and name continue the id of the resource that it extends.
                    Some(_) => (&instance.declaration.kind, self.own_name(instance, eval)),
                    None => (&instance.path, name),
                };
                let names = ids::segments(&name, ids::names_of(path));
                ids::push_provider(&mut builder, path, &names);
                builder.finish()
            },
        )
    }

    /// The resource as ARM sees it.
    pub fn body_of(&self, instance: &Rc<Instance>, eval: &mut Evaluator<'_>) -> Value {
        memo(
            &instance.body,
            || format!("the resource `{}`", instance.address),
            || {
                let declaration = &instance.declaration;
                let mut object = Object::with_capacity(declaration.body.len() + 3);
                object.set("type", Value::at(Kind::Str(Arc::clone(&instance.kind)), declaration.place));
                object.set("name", self.name_of(instance, eval));
                let site = &instance.site;
                let body = self.at(site, eval, |eval| {
                    let head = [("apiVersion", &declaration.api_version), ("scope", &declaration.scope)];
                    for (name, node) in head {
                        if let Some(node) = node {
                            object.set(name, self.node(node, site, eval, Places::Deep));
                        }
                    }
                    let node = super::super::ir::ObjectNode { properties: declaration.body.clone(), span: declaration.span };
                    let node = super::super::ir::Node::Object(Arc::new(node));
                    self.node(&node, site, eval, Places::Deep)
                });
                if let Some(fields) = partial::known_fields(&body) {
                    for field in fields.iter() {
                        object.insert(Arc::clone(&field.key), field.key_span, field.value.clone());
                    }
                }
                Value::at(Kind::Object(Arc::new(object)), declaration.span)
            },
        )
    }
}

/// Whether the type of a nested child continues that of its parent; another namespace makes it an extension resource.
fn is_relative(kind: &str) -> bool {
    !kind.split('/').next().is_some_and(|first| first.contains('.'))
}

/// Whether a nested child is an extension resource of its parent, and not a child that spells its type in full.
fn extends(kind: &str, parent: &str) -> bool {
    let continues = kind.len() > parent.len() && kind.get(..parent.len()).is_some_and(|start| start.eq_ignore_ascii_case(parent));
    !is_relative(kind) && !continues
}

fn full_kind(kind: &Arc<str>, parent: Option<&Rc<Instance>>) -> Arc<str> {
    match parent {
        Some(parent) if is_relative(kind) => format!("{}/{kind}", parent.kind).into(),
        _ => Arc::clone(kind),
    }
}

/// Appends the scope of an extension resource: an id, or a type and name below the deployment's target.
fn push_scope(builder: &mut Builder, scope: &Value, home: &Rc<Frame>) {
    let pieces = partial::text::pieces_of(scope).unwrap_or_else(|| Arc::from([]));
    let start = partial::text::prefix(&pieces);
    if scope.as_str() == Some("/") {
        return;
    }
    if start.is_empty() || start.starts_with('/') {
        return ids::push(builder, scope);
    }
    if !start.to_ascii_lowercase().starts_with("microsoft.management/managementgroups") {
        home.target.prefix(builder);
    }
    builder.text("/providers/");
    ids::push(builder, scope);
}

/// The type of an extension resource in the old spelling: `Microsoft.Sql/servers/providers/locks` with a name
/// `server/Microsoft.Authorization/lock` is a `Microsoft.Authorization/locks`.
fn extension_kind(path: &str, name: &Value) -> Option<Arc<str>> {
    let lower = path.to_ascii_lowercase();
    let at = lower.find("/providers/")?;
    let types = path.get(at + "/providers/".len()..)?;
    let names_before = ids::names_of(path.get(..at)?);
    let names = ids::segments(name, ids::names_of(path));
    let namespace = names.get(names_before)?.as_str()?;
    Some(format!("{namespace}/{types}").into())
}

impl Instance {
    /// Whether it goes by `symbol`, in any ASCII case, in the round `index` of its loop where one is named.
    pub fn goes_by(&self, symbol: &str, index: Option<i64>) -> bool {
        let named = self.declaration.symbol.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(symbol));
        named && index.is_none_or(|index| self.index == Some(index) || (self.declaration.copy.is_some() && self.index.is_none()))
    }
}
