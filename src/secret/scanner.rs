//! The door of this room: a set of detectors, ready to scan.

use std::sync::Arc;

use super::{
    accept,
    catalogue::{self, CatalogueError},
    detector::Detector,
    generic::paths,
    gitleaks::{self, Import, ImportError, Imported},
    hit::Hit,
    index::Index,
    pass::Pass,
    text,
};
use crate::model::{Confidence, RuleInfo};

/// A set of detectors, ready to scan. Cheap to clone; scans from many threads at once.
#[derive(Clone, Debug)]
pub struct Scanner {
    pub(super) inner: Arc<Inner>,
    /// Rules of gitleaks configurations.
    pub(super) imported: Vec<Arc<Imported>>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) detectors: Vec<Detector>,
    pub(super) index: Index,
}

impl Scanner {
    /// The detectors that are part of azward.
    pub fn builtin() -> Self {
        // The built-in files are read by a test: they cannot be wrong at run time.
        Self::of(catalogue::builtin().unwrap_or_default())
    }

    /// The built-in detectors and those of further files, given as path and text. A detector with the id of an earlier one replaces it.
    ///
    /// # Errors
    /// Which file or detector cannot be used, and why.
    pub fn with_files(files: &[(String, String)]) -> Result<Self, CatalogueError> {
        let mut detectors = catalogue::builtin()?;
        for (path, text) in files {
            for detector in catalogue::read(path, text)? {
                detectors.retain(|known| known.id != detector.id);
                detectors.push(detector);
            }
        }
        Ok(Self::of(detectors))
    }

    /// These detectors and the rules of a gitleaks configuration, and which of its rules could not be loaded. `read` gives the text of a
    /// configuration that it extends.
    ///
    /// # Errors
    /// Where `text` is no such configuration at all.
    pub fn with_gitleaks(self, path: &str, text: &str, read: &gitleaks::ReadOther<'_>) -> Result<(Self, Import), ImportError> {
        let (imported, import) = gitleaks::import(path, text, read)?;
        let imported = self.imported.iter().cloned().chain(imported.into_iter().map(Arc::new)).collect();
        Ok((Self { inner: self.inner, imported }, import))
    }

    pub(super) fn of(detectors: Vec<Detector>) -> Self {
        let index = Index::new(&detectors);
        Self { inner: Arc::new(Inner { detectors, index }), imported: Vec::new() }
    }

    /// Every detector.
    pub fn detectors(&self) -> &[Detector] {
        &self.inner.detectors
    }

    /// What `azward rules` lists and `azward explain` prints.
    pub fn rules(&self) -> Vec<RuleInfo> {
        self.inner.detectors.iter().map(Detector::info).chain(self.imported.iter().map(|rule| rule.info())).collect()
    }

    /// Everything in `bytes` that looks like a secret, in order. `path` says what kind of file it is.
    ///
    /// Works on any bytes: text of any encoding, binary files, UTF-16 with a byte-order mark.
    pub fn scan(&self, path: &str, bytes: &[u8]) -> Vec<Hit> {
        if let Some(hit) = self.key_file(path, bytes) {
            return vec![hit];
        }
        if let Some(wide) = text::utf16(bytes) {
            let mut hits = self.window(path, &wide.text, 0..wide.text.len());
            for hit in &mut hits {
                hit.span = wide.original(hit.span.start)..wide.original(hit.span.end);
                hit.key = hit.key.take().map(|key| wide.original(key.start)..wide.original(key.end));
                hit.decoded.push("utf-16");
            }
            return hits;
        }
        self.window(path, bytes, 0..bytes.len())
    }

    /// A file that is a key as a whole: PKCS 12 (RFC 7292), told by its name and the version that it begins with.
    fn key_file(&self, path: &str, bytes: &[u8]) -> Option<Hit> {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())?;
        if !matches!(extension.as_str(), "pfx" | "p12") {
            return None;
        }
        let der = bytes.first() == Some(&0x30) && bytes.windows(3).take(8).any(|version| version == [2, 1, 3]);
        if !der && !bytes.is_empty() {
            return None;
        }
        let detector = self.inner.detectors.iter().find(|detector| &*detector.id == "pkcs12-file")?;
        Some(accept::whole_file(detector, bytes, if der { Confidence::VerifiedFormat } else { detector.confidence }))
    }

    /// The hits that begin in `own`; the bytes around it are context.
    pub(super) fn window(&self, path: &str, bytes: &[u8], own: std::ops::Range<usize>) -> Vec<Hit> {
        accept::settle(self.unsettled(path, bytes, own))
    }

    /// [`Scanner::window`] before overlapping hits are settled.
    pub(super) fn unsettled(&self, path: &str, bytes: &[u8], own: std::ops::Range<usize>) -> Vec<Hit> {
        let mut pass = Pass::new(&self.inner, path, paths::kind(path), bytes, own.clone());
        pass.run();
        let mut hits = pass.hits;
        for rule in &self.imported {
            rule.scan(path, bytes, own.clone(), &mut hits);
        }
        hits
    }
}
