#![no_main]
//! Any text may be a settings file: the first byte chooses the name, and every setting stays inside the text.
use azward::format::settings::Settings;

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

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let path = PATHS.get(usize::from(*first) % PATHS.len()).copied().unwrap_or(".env");
    azward_fuzz::front_end(&Settings, path, text, |resource| {
        let settings = resource.body.path("properties.siteConfig.appSettings").and_then(|list| list.as_array());
        for setting in settings.unwrap_or_default() {
            assert!(setting.span().end as usize <= text.len());
        }
    });
});
