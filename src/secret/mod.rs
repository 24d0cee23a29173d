//! Bytes to secret hits: detectors as data, prefilter, validators. Never keeps or prints a secret.
