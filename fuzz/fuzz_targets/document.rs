#![no_main]
//! Any text is read as a document without harm.
use azward::format::document::Document;

libfuzzer_sys::fuzz_target!(|text: &str| azward_fuzz::front_end(&Document, "docs/disaster-recovery.md", text, |_| ()));
