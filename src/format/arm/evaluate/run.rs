use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::frame::{Frame, FrameId};
use super::site::{Site, View};
use crate::expression::{Evaluator, Limits};
use crate::format::Context;
use crate::model::{Note, Span, Value, Why};

/// Most remarks of one unit.
const MAX_NOTES: usize = 200;
/// Most resources of one unit, in all rounds of all loops.
const MAX_INSTANCES: u32 = 50_000;
/// How many times the budget's depth all levels together may reach: nested deployments, variables and expressions add up.
const DEPTH_FACTOR: u32 = 6;

/// One evaluation of one unit.
pub struct Run<'a> {
    pub context: &'a Context<'a>,
    frames: RefCell<Vec<Rc<Frame>>>,
    notes: RefCell<Vec<Note>>,
    noted: RefCell<HashSet<(Span, String)>>,
    opaque: RefCell<Vec<String>>,
    deadline: Instant,
    ticks: Cell<u32>,
    late: Cell<bool>,
    instances: Cell<u32>,
    /// The literal that holds the expression which is being evaluated.
    pub at: Cell<Span>,
}

impl<'a> Run<'a> {
    pub fn new(context: &'a Context<'a>) -> Self {
        Self {
            context,
            frames: RefCell::default(),
            notes: RefCell::default(),
            noted: RefCell::default(),
            opaque: RefCell::default(),
            deadline: Instant::now() + Duration::from_millis(context.options.budget.millis),
            ticks: Cell::new(0),
            late: Cell::new(false),
            instances: Cell::new(0),
            at: Cell::new(Span::NONE),
        }
    }

    /// What expressions of this run may cost.
    pub fn limits(&self) -> Limits {
        let budget = self.context.options.budget;
        Limits { depth: budget.depth.saturating_mul(DEPTH_FACTOR), nodes: budget.nodes }
    }

    pub fn add_frame(&self, make: impl FnOnce(FrameId) -> Frame) -> Rc<Frame> {
        let mut frames = self.frames.borrow_mut();
        let frame = Rc::new(make(frames.len()));
        frames.push(Rc::clone(&frame));
        frame
    }

    pub fn frame(&self, id: FrameId) -> Option<Rc<Frame>> {
        self.frames.borrow().get(id).cloned()
    }

    pub fn note(&self, span: Span, message: impl Into<String>) {
        let message = message.into();
        if self.notes.borrow().len() < MAX_NOTES && self.noted.borrow_mut().insert((span, message.clone())) {
            self.notes.borrow_mut().push(Note { span, message });
        }
    }

    /// Notes a module that is not looked at: `what` it is goes by.
    pub fn note_opaque(&self, span: Span, what: &str, message: impl Into<String>) {
        self.note(span, message);
        let mut opaque = self.opaque.borrow_mut();
        if opaque.len() < MAX_NOTES && !opaque.iter().any(|other| other == what) {
            opaque.push(what.to_owned());
        }
    }

    pub fn take_opaque(&self) -> Vec<String> {
        self.opaque.take()
    }

    pub fn take_notes(&self) -> Vec<Note> {
        std::mem::take(&mut self.notes.borrow_mut())
    }

    /// Notes a function that nobody knows.
    pub fn unknown_function(&self, name: &str) {
        let cure = "correct the name; if Azure has it, its value stays unknown here";
        self.note(self.at.get(), format!("the function `{name}` is not known: {cure}"));
    }

    /// Runs `inner` with an evaluator at `site`, on the same budget.
    pub fn at<T>(&self, site: &Site, eval: &mut Evaluator<'_>, inner: impl FnOnce(&mut Evaluator<'_>) -> T) -> T {
        let view = View { run: self, site: site.clone() };
        eval.with_scope(&view, inner)
    }

    /// Whether the time is up; looks at the clock now and then.
    pub fn is_late(&self) -> bool {
        let ticks = self.ticks.get().wrapping_add(1);
        self.ticks.set(ticks);
        if ticks.is_multiple_of(256) && !self.late.get() && Instant::now() > self.deadline {
            self.late.set(true);
            let limit = self.context.options.budget.millis;
            self.note(self.at.get(), format!("evaluation took longer than {limit} ms and ended here; split the template"));
        }
        self.late.get()
    }

    /// Counts one more resource; false where there are too many.
    pub fn count_instance(&self, span: Span) -> bool {
        let count = self.instances.get();
        if count >= MAX_INSTANCES {
            self.note(span, format!("the unit makes more than {MAX_INSTANCES} resources; those beyond are not looked at"));
            return false;
        }
        self.instances.set(count + 1);
        true
    }

    /// An unknown value: the budget for `what` is gone.
    pub fn out_of(&self, what: &str) -> Value {
        Value::unknown(Why::Budget(what.into()))
    }
}
