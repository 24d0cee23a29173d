use std::collections::HashMap;

use crate::model::Resource;

/// Resources by kind and by id, both without regard to case.
#[derive(Debug, Default)]
pub struct Index<'a> {
    all: Vec<&'a Resource>,
    by_kind: HashMap<String, Vec<u32>>,
    by_id: HashMap<String, Vec<u32>>,
}

impl<'a> Index<'a> {
    /// Indexes `resources`; their order is kept.
    pub fn new(resources: impl IntoIterator<Item = &'a Resource>) -> Self {
        let mut index = Self::default();
        for resource in resources {
            let at = u32::try_from(index.all.len()).unwrap_or(u32::MAX);
            index.by_kind.entry(resource.kind.to_ascii_lowercase()).or_default().push(at);
            if let Some(id) = resource.id.as_str() {
                index.by_id.entry(id.trim_end_matches('/').to_ascii_lowercase()).or_default().push(at);
            }
            index.all.push(resource);
        }
        index
    }

    /// Every resource, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a Resource> {
        self.all.iter().copied()
    }

    /// The resources of `kind`.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'a Resource> {
        self.at(self.by_kind.get(&kind.to_ascii_lowercase()))
    }

    /// The resources with this id: one, unless several units declare it.
    pub fn with_id(&self, id: &str) -> impl Iterator<Item = &'a Resource> {
        self.at(self.by_id.get(&id.trim_end_matches('/').to_ascii_lowercase()))
    }

    fn at(&self, found: Option<&Vec<u32>>) -> impl Iterator<Item = &'a Resource> {
        let found: &[u32] = found.map_or(&[], Vec::as_slice);
        found.iter().filter_map(|&at| self.all.get(at as usize).copied())
    }

    /// How many resources.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
