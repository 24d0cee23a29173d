//! Bytes to secret hits: detectors as data, prefilter, validators. Never keeps or prints a secret.
//!
//! * [`scanner`]: the door: [`Scanner::builtin`], [`Scanner::scan`]
//! * [`stream`]: streams of any length in constant memory
//! * [`pass`]: one pass over a window: runs of token bytes, literals
//! * [`accept`]: from a match to a [`Hit`]: boundaries, placeholders, entropy, verification
//! * [`index`]: which bytes wake which detector
//! * [`runs`], [`makeup`], [`literals`], [`class`]: finding candidates at the speed of reading
//! * [`pattern`]: regular expressions, compiled when first needed
//! * [`detector`], [`catalogue`], [`yaml`]: detectors as data
//! * [`generic`]: assignments, URLs, headers
//! * [`value`]: entropy, placeholders, references, words
//! * [`decode`]: base64, percent and JSON escapes; [`text`]: UTF-16
//! * [`verify`]: checksums and structures
//! * [`gitleaks`]: rules of gitleaks configurations
//! * [`triage`]: allowlists and baselines
//! * [`hit`]: what was found, masks, fingerprints

mod accept;
mod catalogue;
mod class;
mod decode;
mod detector;
mod generic;
mod gitleaks;
mod hit;
mod index;
mod literals;
mod makeup;
mod pass;
mod pattern;
mod runs;
mod scanner;
mod stream;
mod text;
mod triage;
mod value;
mod verify;
mod yaml;

#[cfg(test)]
mod examples;

pub use catalogue::CatalogueError;
pub use detector::Detector;
pub use gitleaks::{Import, ImportError, ReadOther};
pub use hit::{Hit, mask_line};
pub use scanner::Scanner;
pub use stream::{StreamHit, Streamed};
pub use triage::{Allowed, Allowlist, AllowlistError, Baseline};
