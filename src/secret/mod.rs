//! Bytes to secret hits: detectors as data, prefilter, validators. Never keeps or prints a secret.
//!
//! * [`scanner`]: the door: [`Scanner::builtin`], [`Scanner::scan`]
//! * [`pass`]: one pass over a window: runs of token bytes, literals
//! * [`accept`]: from a match to a [`Hit`]: boundaries, placeholders, entropy, verification
//! * [`index`]: which bytes wake which detector
//! * [`runs`], [`literals`], [`class`]: finding candidates at the speed of reading
//! * [`pattern`]: regular expressions, compiled when first needed
//! * [`detector`], [`catalogue`], [`yaml`]: detectors as data
//! * [`generic`]: assignments, URLs, headers
//! * [`value`]: entropy, placeholders, references, words
//! * [`decode`]: base64, percent and JSON escapes; [`text`]: UTF-16
//! * [`verify`]: checksums and structures
//! * [`hit`]: what was found, masks, fingerprints

mod accept;
mod catalogue;
mod class;
mod decode;
mod detector;
mod generic;
mod hit;
mod index;
mod literals;
mod pass;
mod pattern;
mod runs;
mod scanner;
mod text;
mod value;
mod verify;
mod yaml;

#[cfg(test)]
mod examples;

pub use catalogue::CatalogueError;
pub use detector::Detector;
pub use hit::{Hit, mask_line};
pub use scanner::Scanner;
