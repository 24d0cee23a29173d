//! Each file is read once, however many units and modules use it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::model::{FileId, SourceFile};

/// Most files that are kept; beyond it some go.
const CAPACITY: usize = 4096;
/// So many new files, and those that nobody uses any more are looked for.
const SWEEP: usize = 64;

/// What was made of the files that are still in use somewhere.
pub(super) struct Cache<T> {
    kept: Mutex<Kept<T>>,
}

/// By number and address: while a weak reference is kept, no other file can come to stand at its address.
struct Kept<T> {
    by_file: HashMap<(FileId, usize), (Weak<SourceFile>, T)>,
    since_sweep: usize,
}

impl<T: Clone> Cache<T> {
    pub(super) fn new() -> Self {
        Self { kept: Mutex::new(Kept { by_file: HashMap::new(), since_sweep: 0 }) }
    }

    /// What was made of a file, or what `make` makes of it now.
    pub(super) fn get(&self, file: FileId, source: &Arc<SourceFile>, make: impl FnOnce() -> T) -> T {
        if let Some(known) = self.known(file, source) {
            return known;
        }
        let made = make();
        self.keep(file, source, made.clone());
        made
    }

    /// What was made of a file.
    pub(super) fn known(&self, file: FileId, source: &Arc<SourceFile>) -> Option<T> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.by_file.get(&key(file, source)).map(|(_, made)| made.clone())
    }

    /// Keeps what was made of a file.
    pub(super) fn keep(&self, file: FileId, source: &Arc<SourceFile>, made: T) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.since_sweep += 1;
        if kept.since_sweep >= SWEEP || kept.by_file.len() >= CAPACITY {
            kept.since_sweep = 0;
            kept.by_file.retain(|_, (weak, _)| weak.strong_count() > 0);
        }
        if kept.by_file.len() >= CAPACITY {
            let mut place = 0;
            kept.by_file.retain(|_, _| {
                place += 1;
                place % 4 != 0
            });
        }
        kept.by_file.insert(key(file, source), (Arc::downgrade(source), made));
    }
}

fn key(file: FileId, source: &Arc<SourceFile>) -> (FileId, usize) {
    (file, Arc::as_ptr(source).addr())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Files;

    #[test]
    fn a_file_is_made_once_and_another_of_the_same_number_anew() {
        let cache = Cache::new();
        let (one, two) = (Files::new(), Files::new());
        let first = one.add("a", "first");
        let second = two.add("a", "second");
        assert_eq!(first, second);
        let (first_text, second_text) = (one.get(first).unwrap(), two.get(second).unwrap());
        assert_eq!(cache.get(first, &first_text, || 1), 1);
        assert_eq!(cache.get(first, &first_text, || 2), 1);
        assert_eq!(cache.get(second, &second_text, || 3), 3);
    }

    #[test]
    fn what_nobody_uses_goes() {
        let cache = Cache::new();
        for number in 0..1000 {
            let files = Files::new();
            let file = files.add("a", "");
            cache.get(file, &files.get(file).unwrap(), || number);
        }
        assert!(cache.kept.lock().unwrap().by_file.len() <= SWEEP + 1);
    }
}
