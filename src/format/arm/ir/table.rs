use std::collections::HashMap;
use std::sync::OnceLock;

/// Something that templates refer to by name, without regard to ASCII case.
pub trait Named {
    /// The name.
    fn name(&self) -> &str;
}

/// Named things in order of the source.
#[derive(Clone, Debug)]
pub struct Table<T> {
    items: Vec<T>,
    index: OnceLock<HashMap<Box<str>, usize>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: OnceLock::new() }
    }
}

impl<T: Named> Table<T> {
    /// Up to this many items a linear search beats hashing.
    const LINEAR: usize = 8;

    /// Adds an item at the end; of two with the same name the later one is found.
    pub fn push(&mut self, item: T) {
        self.items.push(item);
        self.index = OnceLock::new();
    }

    /// The position of `name`, in any ASCII case.
    pub fn position(&self, name: &str) -> Option<usize> {
        if self.items.len() <= Self::LINEAR {
            return self.items.iter().rposition(|item| item.name().eq_ignore_ascii_case(name));
        }
        let index = self.index.get_or_init(|| {
            let entries = self.items.iter().enumerate();
            entries.map(|(at, item)| (item.name().to_ascii_lowercase().into_boxed_str(), at)).collect()
        });
        index.get(name.to_ascii_lowercase().as_str()).copied()
    }

    /// The item called `name`, in any ASCII case.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.position(name).and_then(|at| self.items.get(at))
    }

    /// The item at `position`.
    pub fn at(&self, position: usize) -> Option<&T> {
        self.items.get(position)
    }

    /// The items in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T: Named> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self { items: items.into_iter().collect(), index: OnceLock::new() }
    }
}

impl<'a, T: Named> IntoIterator for &'a Table<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
