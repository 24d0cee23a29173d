//! Runs regorus' Azure Policy conformance cases (`tests/azure_policy/cases/*.yaml`, MIT) through azward's condition
//! language, prints every case that fails or is skipped, and fails where one fails or where fewer than `floor.txt` per cent
//! of all cases pass.
//!
//!     cargo run --manifest-path oracle/regorus/Cargo.toml
//!
//! The cases come with the package of the crate `regorus`, which cargo downloads and nobody compiles.

mod cases;
mod run;
mod skips;

use std::process::{Command, ExitCode};

use cases::Suite;
use run::Outcome;

fn main() -> ExitCode {
    let folder = match find_cases() {
        Ok(folder) => folder,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let mut files: Vec<_> =
        std::fs::read_dir(folder.join("cases")).expect("the package has cases").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let only = std::env::args().nth(1);
    let mut names = Vec::new();
    let (mut passed, mut failed, mut skipped) = (0usize, 0usize, 0usize);
    for file in files.iter().filter(|file| file.extension().is_some_and(|ext| ext == "yaml")) {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let suite = Suite::read(file);
        let aliases = run::aliases(&suite, &folder);
        for case in &suite.cases {
            let name = format!("{stem}/{}", case.note);
            names.push(name.clone());
            if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
                continue;
            }
            if let Some(reason) = skips::reason(&name, case) {
                skipped += 1;
                println!("skipped {name}: {reason}");
                continue;
            }
            match run::run(&suite, case, &aliases) {
                Outcome::Passed => passed += 1,
                Outcome::Failed(why) => {
                    failed += 1;
                    println!("failed  {name}: {why}");
                }
            }
        }
    }
    for stale in skips::stale(&names) {
        println!("stale   the list of skipped cases names `{stale}`, which is no case");
    }
    let all = passed + failed + skipped;
    let rate = |of: usize| 100.0 * passed as f64 / of.max(1) as f64;
    let floor: f64 = include_str!("../floor.txt").trim().parse().expect("floor.txt holds a number");
    println!("{all} cases: {passed} passed, {failed} failed, {skipped} skipped");
    println!("score regorus.run: {:.2}", rate(passed + failed));
    println!("score regorus.all: {:.2} (floor {floor:.2})", rate(all));
    if only.is_none() && (failed > 0 || rate(all) < floor) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The folder with the cases, in cargo's copy of the package.
fn find_cases() -> Result<std::path::PathBuf, String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(cargo).args(["metadata", "--format-version", "1", "--all-features", "--manifest-path", manifest]).output();
    let output = output.map_err(|error| format!("cargo cannot run: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata fails: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let package = packages.iter().find(|package| package["name"] == "regorus");
    let manifest = package.and_then(|package| package["manifest_path"].as_str()).ok_or("cargo does not know the package regorus")?;
    let folder = std::path::Path::new(manifest).with_file_name("tests").join("azure_policy");
    if folder.is_dir() { Ok(folder) } else { Err(format!("{} is not there", folder.display())) }
}
