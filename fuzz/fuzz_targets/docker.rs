#![no_main]
//! Any text is read as a Dockerfile and as a compose file without harm.
use azward::format::docker::{Compose, Dockerfile};

libfuzzer_sys::fuzz_target!(|text: &str| {
    azward_fuzz::front_end(&Dockerfile, "Dockerfile", text, |_| ());
    azward_fuzz::front_end(&Compose, "compose.yaml", text, |_| ());
});
