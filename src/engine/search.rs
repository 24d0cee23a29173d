//! How secrets are looked for: which detectors, what a person accepted, what was known before.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;

use crate::model::Suppression;
use crate::secret::{Allowlist, Baseline, Hit, Scanner};
use crate::source::archive::ArchiveLimits;

/// Detectors, and what is known of their hits.
#[derive(Debug)]
pub struct Search {
    /// The detectors.
    pub scanner: Scanner,
    /// Limits of archives that are opened in scanned folders; `None` leaves archives closed.
    pub archives: Option<ArchiveLimits>,
    /// Secrets that were there before.
    pub baseline: Option<Baseline>,
    /// What people should know of the detectors: rules that could not be loaded.
    pub remarks: Vec<String>,
    allow: Vec<Allowing>,
}

#[derive(Debug)]
struct Allowing {
    path: String,
    list: Allowlist,
    used: Vec<AtomicBool>,
}

impl Search {
    /// Archives of a source tree are small: what expands beyond this is told, not read.
    const ARCHIVES: ArchiveLimits = ArchiveLimits { depth: 4, bytes: 1 << 30, entries: 100_000, nested_zip: 64 << 20, ratio: 1200 };

    /// A search with these detectors that opens archives and accepts nothing.
    pub const fn new(scanner: Scanner) -> Self {
        Self { scanner, archives: Some(Self::ARCHIVES), baseline: None, remarks: Vec::new(), allow: Vec::new() }
    }

    /// Accepts what `list`, read from `path`, accepts.
    pub fn allow(&mut self, path: String, list: Allowlist) {
        let used = (0..list.len()).map(|_| AtomicBool::new(false)).collect();
        self.allow.push(Allowing { path, list, used });
    }

    /// Why a hit does not count, if it does not. Marks the entry that accepts it as used.
    pub fn accepts(&self, path: &str, hit: &Hit, today: Date) -> Option<Suppression> {
        for allowing in &self.allow {
            if let Some(allowed) = allowing.list.accepts(path, hit, &today.to_string()) {
                if let Some(used) = allowing.used.get(allowed.entry) {
                    used.store(true, Ordering::Relaxed);
                }
                return Some(Suppression { kind: "allowlist".into(), reason: allowed.reason, until: allowed.until });
            }
        }
        let known = self.baseline.as_ref().is_some_and(|baseline| baseline.knows(hit));
        known.then(|| Suppression { kind: "baseline".into(), reason: "it was there when the baseline was written".into(), until: None })
    }

    /// What is wrong with the detectors and with entries that accept nothing, after a run.
    pub fn notices(&self, today: Date) -> Vec<String> {
        let unused = self.allow.iter().flat_map(|allowing| {
            let used = |entry: usize| allowing.used.get(entry).is_some_and(|used| used.load(Ordering::Relaxed));
            allowing.list.remarks(&allowing.path, used, today)
        });
        self.remarks.iter().cloned().chain(unused).collect()
    }
}
