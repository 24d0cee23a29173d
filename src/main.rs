//! The `azward` binary: see `azward::cli`.

fn main() {}
