#![no_main]
//! Any text may be read as this format: no panic, and every place stays inside the text.
use azward::format::code::Code;
use azward::format::{Context, Format, Options};
use azward::model::{FileId, Files, LoadError, Loader};
use libfuzzer_sys::fuzz_target;

struct Nothing;

impl Loader for Nothing {
    fn load(&self, _: FileId, path: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }
    fn load_bytes(&self, _: FileId, path: &str) -> Result<Vec<u8>, LoadError> {
        Err(LoadError::NotFound(path.to_owned()))
    }
    fn load_module(&self, reference: &str) -> Result<FileId, LoadError> {
        Err(LoadError::NotFound(reference.to_owned()))
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (files, options) = (Files::new(), Options::default());
    let file = files.add("app/main.py", text);
    let context = Context { files: &files, loader: &Nothing, recognised: &[], options: &options };
    let _ = Code.recognise("app/main.py", text);
    for unit in Code.units(file, &context) {
        for resource in Code.evaluate(&unit, &context).resources {
            assert!(resource.place.end as usize <= text.len());
        }
    }
});
