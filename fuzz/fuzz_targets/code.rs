#![no_main]
//! Any text is read as code without harm.
use azward::format::code::Code;

libfuzzer_sys::fuzz_target!(|text: &str| azward_fuzz::front_end(&Code, "app/main.py", text, |_| ()));
