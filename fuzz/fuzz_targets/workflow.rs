#![no_main]
//! Any text is read as a workflow and as a pipeline without harm, and every place lies in it.

use azward::format::workflow::{AzurePipeline, GitHubWorkflow};
use azward::format::{Context, Format, Options};
use azward::model::{FileId, Files, LoadError, Loader};

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

libfuzzer_sys::fuzz_target!(|text: &str| {
    for (format, path) in [(&GitHubWorkflow as &dyn Format, ".github/workflows/a.yml"), (&AzurePipeline, "azure-pipelines.yml")] {
        let _ = format.recognise(path, text);
        let files = Files::new();
        let file = files.add(path, text);
        let options = Options::default();
        let context = Context { files: &files, loader: &Nothing, recognised: &[], options: &options };
        for unit in format.units(file, &context) {
            for resource in format.evaluate(&unit, &context).resources {
                assert!(resource.place.end as usize <= text.len() && files.place(resource.place).is_some());
            }
        }
    }
});
