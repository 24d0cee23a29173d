use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::super::ir::{Declaration, Node, Template};
use super::super::read::{Given, GivenValue};
use super::site::Site;
use super::target::Target;
use crate::model::{Certainty, Hop, HopKind, Span, Value, Why};

/// A frame of this run: an index into the list of frames.
pub type FrameId = usize;

/// One deployment of one template: the root, or a nested deployment in one round of its loop.
pub struct Frame {
    pub id: FrameId,
    pub template: Arc<Template>,
    pub parent: Option<FrameId>,
    /// Where the expressions of an outer-scoped nested template are evaluated.
    pub outer: Option<Site>,
    /// Where its resources go.
    pub target: Target,
    /// `deployment().name`
    pub name: Value,
    /// How many deployments are around it.
    pub depth: u32,
    /// Module calls that led here, outermost first.
    pub calls: Vec<Span>,
    /// Address of the deployment that made it; empty for the root.
    pub address: String,
    pub certainty: Certainty,
    pub given: HashMap<Box<str>, Argument>,
    /// Why nobody can say what is given, where an expression makes all arguments.
    pub given_unknown: Option<Why>,
    pub parameters: RefCell<Vec<Slot>>,
    pub variables: RefCell<Vec<Slot>>,
    pub instances: RefCell<Expansion>,
    pub outputs: RefCell<Slot>,
    pub subscription: OnceCell<Value>,
    pub resource_group: OnceCell<Value>,
}

/// Something that is computed once, when it is first wanted.
#[derive(Clone, Default)]
pub enum Slot {
    /// Not yet.
    #[default]
    Empty,
    /// Being computed; whoever asks now asks in a circle.
    Busy,
    /// Computed.
    Done(Value),
}

/// The resources of a frame.
#[derive(Clone, Default)]
pub enum Expansion {
    /// Not yet.
    #[default]
    Empty,
    /// Being expanded.
    Busy,
    /// Expanded.
    Done(Rc<Vec<Rc<Instance>>>),
}

/// What a frame was given for a parameter.
pub enum Argument {
    /// A value of a parameter file or the command line.
    Value { value: Value, hop: Option<Hop> },
    /// `{"value": …}` of a deployment, to be evaluated there.
    Node { body: Node, site: Site, hop: Hop },
    /// A secret in a Key Vault.
    KeyVault { span: Span },
}

/// One resource in one round of its loop.
pub struct Instance {
    pub declaration: Arc<Declaration>,
    /// The type that it is: that of an extension resource, where the old spelling says it.
    pub kind: Arc<str>,
    /// The full type as spelled, which goes with the name.
    pub path: Arc<str>,
    /// Where its expressions are evaluated.
    pub site: Site,
    pub address: String,
    pub certainty: Certainty,
    /// The resource that holds it in its `resources`.
    pub parent: Option<Rc<Instance>>,
    pub name: RefCell<Slot>,
    pub id: RefCell<Slot>,
    pub body: RefCell<Slot>,
    pub opened: RefCell<Slot>,
    pub nested: RefCell<Option<Option<FrameId>>>,
    /// The round of its loop, where it is known.
    pub index: Option<i64>,
}

impl Argument {
    /// A line of a parameter file.
    pub fn of_file(given: &Given) -> Self {
        match &given.value {
            GivenValue::Value(value) => {
                Self::Value { value: value.clone(), hop: Some(hop(HopKind::ParameterFile, &given.name, given.name_span)) }
            }
            GivenValue::KeyVault(span) => Self::KeyVault { span: *span },
        }
    }
}

impl Frame {
    pub fn new(id: FrameId, template: Arc<Template>, target: Target, name: Value) -> Self {
        let (parameters, variables) = (template.parameters.len(), template.variables.len());
        Self {
            id,
            template,
            parent: None,
            outer: None,
            target,
            name,
            depth: 0,
            calls: Vec::new(),
            address: String::new(),
            certainty: Certainty::Certain,
            given: HashMap::new(),
            given_unknown: None,
            parameters: RefCell::new(vec![Slot::Empty; parameters]),
            variables: RefCell::new(vec![Slot::Empty; variables]),
            instances: RefCell::default(),
            outputs: RefCell::default(),
            subscription: OnceCell::new(),
            resource_group: OnceCell::new(),
        }
    }

    /// Where the expressions in this frame's template are evaluated.
    pub fn site(&self) -> Site {
        match &self.outer {
            Some(outer) => Site { home: self.id, ..outer.clone() },
            None => Site { frame: self.id, home: self.id, loops: None },
        }
    }
}

/// The value in `slot`, computed now if it was not yet. What refers to itself is a fault.
pub fn memo(slot: &RefCell<Slot>, what: impl FnOnce() -> String, compute: impl FnOnce() -> Value) -> Value {
    match &*slot.borrow() {
        Slot::Done(value) => return value.clone(),
        Slot::Busy => return circle(&what()),
        Slot::Empty => {}
    }
    slot.replace(Slot::Busy);
    let value = compute();
    slot.replace(Slot::Done(value.clone()));
    value
}

/// [`memo`] for one of many.
pub fn memo_at(slots: &RefCell<Vec<Slot>>, at: usize, what: impl FnOnce() -> String, compute: impl FnOnce() -> Value) -> Value {
    match slots.borrow().get(at) {
        Some(Slot::Done(value)) => return value.clone(),
        Some(Slot::Busy) => return circle(&what()),
        Some(Slot::Empty) | None => {}
    }
    let set = |slot: Slot| {
        if let Some(place) = slots.borrow_mut().get_mut(at) {
            *place = slot;
        }
    };
    set(Slot::Busy);
    let value = compute();
    set(Slot::Done(value.clone()));
    value
}

fn circle(what: &str) -> Value {
    Value::unknown(Why::Error(format!("{what} refers to itself").into()))
}

/// A hop without a next one.
pub fn hop(kind: HopKind, name: &Arc<str>, span: Span) -> Hop {
    Hop { kind, name: Arc::clone(name), span, next: None }
}

/// `value` with `hop` before the steps that it has.
pub fn through(mut value: Value, hop: Hop) -> Value {
    value.provenance.via = Some(Arc::new(Hop { next: value.provenance.via.take(), ..hop }));
    value
}
