#![no_main]
//! Any text may be given as a gitleaks configuration.
use std::sync::LazyLock;

use azward::secret::Scanner;
use libfuzzer_sys::fuzz_target;

static SCANNER: LazyLock<Scanner> = LazyLock::new(Scanner::builtin);

fuzz_target!(|text: &str| {
    if let Ok((scanner, _)) = SCANNER.clone().with_gitleaks("fuzz.toml", text, &|other| Ok(format!("[extend]\npath = {other:?}\n"))) {
        let _ = scanner.scan("fuzz.txt", b"token = \"k9Zq2LmW8xVb4Nt7\"");
    }
});
