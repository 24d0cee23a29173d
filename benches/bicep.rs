//! How fast Bicep is read. The target is 20 MB/s on one core in a release build.

use azward::format::bicep::{lexer::lex, parser::parse};
use divan::counter::BytesCount;

const SAMPLE: &str = include_str!("../fuzz/seeds/bicep/everything.bicep");

fn main() {
    divan::main();
}

fn text() -> String {
    SAMPLE.repeat(1000)
}

#[divan::bench]
fn tokens(bencher: divan::Bencher<'_, '_>) {
    let text = text();
    bencher.counter(BytesCount::of_str(&text)).bench(|| lex(&text));
}

#[divan::bench]
fn tree(bencher: divan::Bencher<'_, '_>) {
    let text = text();
    bencher.counter(BytesCount::of_str(&text)).bench(|| parse(&text));
}
