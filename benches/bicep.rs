//! How fast Bicep is read, on one core in a release build: `cargo bench --bench bicep`. The target is 20 MB/s.
#![allow(clippy::print_stdout, reason = "a bench")]

use std::path::{Path, PathBuf};

use azward::format::bicep::{lexer::lex, parser::parse};
use divan::counter::BytesCount;

const SAMPLE: &str = include_str!("../fuzz/seeds/bicep/everything.bicep");

fn main() {
    if corpus().is_empty() {
        println!(
            "the corpus avm-dev is not unpacked (run the conformance tests first, or set AZWARD_AVM): a sample of our own is read instead"
        );
    }
    divan::main();
}

/// All Bicep files of the corpus, unpacked by the conformance tests (`cargo test --test oracle bicep`).
fn corpus() -> Vec<String> {
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tmp/corpora/avm-dev");
    let folder = std::env::var_os("AZWARD_AVM").map_or(unpacked, PathBuf::from);
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = files.filter(|entry| entry.path().extension().is_some_and(|suffix| suffix == "bicep"));
    files.filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect()
}

/// The corpus, or a sample of our own a thousand times over.
fn texts() -> Vec<String> {
    let corpus = corpus();
    if corpus.is_empty() { vec![SAMPLE.repeat(1000)] } else { corpus }
}

fn bytes(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

#[divan::bench]
fn tokens(bencher: divan::Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(bytes(&texts)).bench_local(|| texts.iter().map(|text| lex(text).tokens.len()).sum::<usize>());
}

#[divan::bench]
fn tree(bencher: divan::Bencher<'_, '_>) {
    let texts = texts();
    bencher.counter(bytes(&texts)).bench_local(|| texts.iter().map(|text| parse(text).statements.len()).sum::<usize>());
}
