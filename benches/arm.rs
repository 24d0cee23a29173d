//! How fast templates are read and evaluated on one core: `cargo bench --bench arm`. Without the corpus it says so.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::path::{Path, PathBuf};

use azward::format::arm::{Arm, read};
use azward::format::{Context, Format, Options};
use azward::model::{FileId, Files, NoLoader};

/// All compiled templates of the corpus, unpacked by the conformance tests (`cargo test --test oracle arm`).
fn templates() -> Vec<(String, String)> {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tmp/corpora/avm-dev");
    let folder = std::env::var_os("AZWARD_AVM").map_or(unpacked, PathBuf::from);
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.file_name() == "main.json");
    files.filter_map(|entry| Some((entry.path().to_string_lossy().into_owned(), std::fs::read_to_string(entry.path()).ok()?))).collect()
}

fn main() {
    if templates().is_empty() {
        println!("skipped: the corpus avm-dev is not unpacked (run the conformance tests first, or set AZWARD_AVM)");
        return;
    }
    divan::main();
}

fn bytes(templates: &[(String, String)]) -> divan::counter::BytesCount {
    divan::counter::BytesCount::new(templates.iter().map(|(_, text)| text.len()).sum::<usize>())
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn parse(bencher: divan::Bencher<'_, '_>) {
    let templates = templates();
    bencher.counter(bytes(&templates)).bench_local(|| {
        for (_, text) in &templates {
            divan::black_box(read::template(FileId(0), text).unwrap());
        }
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn parse_and_evaluate(bencher: divan::Bencher<'_, '_>) {
    let templates = templates();
    let options = Options::default();
    bencher.counter(bytes(&templates)).bench_local(|| {
        for (path, text) in &templates {
            let files = Files::new();
            let file = files.add(path.as_str(), text.as_str());
            let context = Context { files: &files, loader: &NoLoader, recognised: &[], options: &options };
            for unit in Arm.units(file, &context) {
                divan::black_box(Arm.evaluate(&unit, &context));
            }
        }
    });
}
