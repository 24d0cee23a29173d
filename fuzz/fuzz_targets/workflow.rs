#![no_main]
//! Any text is read as a workflow and as a pipeline without harm, and every place lies in it.
use azward::format::workflow::{AzurePipeline, GitHubWorkflow};

libfuzzer_sys::fuzz_target!(|text: &str| {
    azward_fuzz::front_end(&GitHubWorkflow, ".github/workflows/a.yml", text, |_| ());
    azward_fuzz::front_end(&AzurePipeline, "azure-pipelines.yml", text, |_| ());
});
