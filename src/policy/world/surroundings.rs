use super::Index;
use crate::model::Resource;

/// Everything that a relation of a resource may lead to.
///
/// Built once for each unit by the engine. A relation is looked for in the unit first, then in its environment.
/// What is found nowhere does not exist, unless some part of the picture is opaque: then it may be declared there,
/// and the answer is unknown. A closed world has no such doubts.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    unit: &'a Index<'a>,
    environment: Option<&'a Index<'a>>,
    opaque: &'a [String],
    closed: bool,
}

impl<'a> World<'a> {
    /// The world of one unit.
    pub const fn new(unit: &'a Index<'a>) -> Self {
        Self { unit, environment: None, opaque: &[], closed: false }
    }

    /// Adds the resources of all units of the environment, this unit's own among them.
    #[must_use]
    pub const fn with_environment(mut self, environment: &'a Index<'a>) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Names the parts that nobody could look into: modules that are not here, templates that failed.
    #[must_use]
    pub const fn with_opaque(mut self, opaque: &'a [String]) -> Self {
        self.opaque = opaque;
        self
    }

    /// Says that everything is here: what is not found does not exist.
    #[must_use]
    pub const fn closed(mut self, closed: bool) -> Self {
        self.closed = closed;
        self
    }

    /// Whether everything is here.
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// A part that nobody could look into, where something may be declared.
    pub(crate) fn blind_spot(&self) -> Option<&'a str> {
        if self.closed { None } else { self.opaque.first().map(String::as_str) }
    }

    /// The unit's resources of `kind`, then those of the rest of the environment.
    pub(crate) fn of_kind(&self, kind: &str) -> Vec<&'a Resource> {
        self.collect(|index| index.of_kind(kind).collect())
    }

    /// The unit's resources with this id, or else those of the environment.
    pub(crate) fn with_id(&self, id: &str) -> Vec<&'a Resource> {
        let own: Vec<_> = self.unit.with_id(id).collect();
        if own.is_empty() { self.environment.map(|index| index.with_id(id).collect()).unwrap_or_default() } else { own }
    }

    /// All resources of the unit.
    pub(crate) const fn unit(&self) -> &'a Index<'a> {
        self.unit
    }

    fn collect(&self, find: impl Fn(&'a Index<'a>) -> Vec<&'a Resource>) -> Vec<&'a Resource> {
        let mut found = find(self.unit);
        if let Some(environment) = self.environment {
            let own = found.len();
            for resource in find(environment) {
                if !found.iter().take(own).any(|known| std::ptr::eq(*known, resource)) {
                    found.push(resource);
                }
            }
        }
        found
    }
}
