#![no_main]
//! Any text may be a settings file: the first byte chooses the name, and every span stays inside the text.
use azward::format::settings::Settings;
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

const PATHS: [&str; 8] = [
    "host.json",
    "function.json",
    "local.settings.json",
    "appsettings.json",
    "app-settings.json",
    ".env",
    "staticwebapp.config.json",
    "package.json",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let path = PATHS.get(usize::from(*first) % PATHS.len()).copied().unwrap_or(".env");
    let (files, options) = (Files::new(), Options::default());
    let file = files.add(path, text);
    let context = Context { files: &files, loader: &Nothing, recognised: &[], options: &options };
    if Settings.recognise(path, text).is_none() {
        return;
    }
    for unit in Settings.units(file, &context) {
        for resource in Settings.evaluate(&unit, &context).resources {
            let settings = resource.body.path("properties.siteConfig.appSettings").and_then(|list| list.as_array());
            for setting in settings.unwrap_or_default() {
                assert!(setting.span().end as usize <= text.len());
            }
        }
    }
});
