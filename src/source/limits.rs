/// Sizes over which a file is not read as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest file, in bytes, that a front end parses. Larger ones are still searched for secrets.
    pub parse: u64,
    /// Largest file, in bytes, that `load_text` and its kin may pull in.
    pub load: u64,
}

impl Default for Limits {
    fn default() -> Self {
        // ARM refuses templates over 4 MB; generated files of ten times that exist and are still worth judging.
        Self { parse: 40 * 1024 * 1024, load: 16 * 1024 * 1024 }
    }
}
