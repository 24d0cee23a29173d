//! Rules and other data are embedded in the binary: a new file there must rebuild it.

fn main() {
    println!("cargo:rerun-if-changed=policies");
    println!("cargo:rerun-if-changed=build.rs");
}
