use std::cell::Cell;
use std::sync::Arc;

use crate::model::{Resource, Value};
use crate::policy::condition::{Aliases, FieldPath};
use crate::policy::settings::{Parameter, Settings};
use crate::policy::world::World;

/// What stays the same while one rule judges one resource.
pub(crate) struct Frame<'a> {
    pub rule: &'a str,
    pub parameters: &'a [Parameter],
    pub settings: &'a Settings,
    pub world: &'a World<'a>,
    pub aliases: &'a Aliases,
    /// What `subscription()`, `resourceGroup()`, `requestContext()` and the like know: properties by function name.
    pub context: Option<&'a Value>,
    /// Steps that are left.
    pub budget: Cell<u64>,
}

impl Frame<'_> {
    /// Steps of one judgement: a list of thousands of items under a nested count still fits.
    pub(crate) const BUDGET: u64 = 2_000_000;

    /// Takes one step; false where none is left.
    pub(super) fn step(&self) -> bool {
        let left = self.budget.get();
        self.budget.set(left.saturating_sub(1));
        left > 0
    }
}

/// The resource that conditions are about just now, and the items that counts stand on.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub frame: &'a Frame<'a>,
    pub resource: &'a Resource,
    /// The resource that the rule judges, where this one is only related to it.
    pub primary: Option<&'a Scene<'a>>,
    pub item: Option<&'a Item<'a>>,
}

/// The item that a count stands on.
pub(crate) struct Item<'a> {
    pub outer: Option<&'a Item<'a>>,
    pub value: Value,
    pub at: ItemAt,
}

/// Where an item came from.
pub(crate) enum ItemAt {
    /// From a list of the resource: the way, and which item at each `[*]` of it.
    Field { path: FieldPath, indices: Vec<usize> },
    /// From a computed list, under this name.
    Value { name: Option<Arc<str>> },
}

impl<'a> Scene<'a> {
    pub(crate) const fn new(frame: &'a Frame<'a>, resource: &'a Resource) -> Self {
        Self { frame, resource, primary: None, item: None }
    }

    /// The same scene, standing on `item`.
    pub(super) const fn on<'b>(&'b self, item: &'b Item<'b>) -> Scene<'b>
    where
        'a: 'b,
    {
        Scene { frame: self.frame, resource: self.resource, primary: self.primary, item: Some(item) }
    }

    /// The items that counts stand on, innermost first.
    pub(super) fn items(&self) -> impl Iterator<Item = &'a Item<'a>> {
        std::iter::successors(self.item, |item| item.outer)
    }

    /// Which item stands at step `at` of `path`, where a count fixes it.
    pub(super) fn fixed(&self, path: &FieldPath, at: usize) -> Option<usize> {
        self.items().find_map(|item| match &item.at {
            ItemAt::Field { path: own, indices } if own.shares(path, at + 1) => {
                let before = own.steps.iter().take(at).filter(|step| matches!(step, crate::policy::condition::Step::All)).count();
                indices.get(before).copied()
            }
            _ => None,
        })
    }
}
