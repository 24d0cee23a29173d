use super::*;
use crate::format::Options;
use crate::model::{Files, LoadError, Loader};
use proptest::prelude::*;

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

fn evaluate(path: &str, text: &str) -> (Files, Option<Arc<str>>, Evaluated) {
    let (files, options) = (Files::new(), Options::default());
    let file = files.add(path, text);
    let context = Context { files: &files, loader: &Nothing, recognised: &[], options: &options };
    let unit = Settings.units(file, &context).remove(0);
    let evaluated = Settings.evaluate(&unit, &context);
    (files, unit.environment, evaluated)
}

fn names(evaluated: &Evaluated) -> Vec<String> {
    let settings = evaluated.resources[0].body.path("properties.siteConfig.appSettings").unwrap();
    settings.as_array().unwrap().iter().map(|one| one.get("name").unwrap().as_str().unwrap().to_owned()).collect()
}

#[test]
fn nested_settings_get_the_names_of_environment_variables() {
    let text = r#"{ "Logging": { "LogLevel": { "Default": "Warning" } }, "Hosts": ["a", "b"], "Port": 80, "None": null }"#;
    let (files, environment, evaluated) = evaluate("src/appsettings.Production.json", text);
    assert_eq!(names(&evaluated), ["Logging__LogLevel__Default", "Hosts__0", "Hosts__1", "Port"]);
    assert_eq!(environment, None, "the engine finds it in the name");
    let level = evaluated.resources[0].body.path("properties.siteConfig.appSettings").unwrap().as_array().unwrap()[0].get("value").unwrap();
    assert_eq!(files.text(level.span()), "\"Warning\"");
}

#[test]
fn values_of_the_core_tools_belong_to_development() {
    let text = r#"{ "IsEncrypted": false, "Values": { "AzureWebJobsStorage": "UseDevelopmentStorage=true" }, "ConnectionStrings": { "Db": "x" } }"#;
    let (_, environment, evaluated) = evaluate("local.settings.json", text);
    assert_eq!(names(&evaluated), ["AzureWebJobsStorage", "ConnectionStrings__Db"]);
    assert_eq!(environment.as_deref(), Some("development"));
}

#[test]
fn a_list_of_settings_keeps_what_stays_with_the_slot() {
    let text = r#"[ { "name": "APP_ENV", "value": "production", "slotSetting": true }, { "name": "A", "value": 1 }, { "nothing": 1 } ]"#;
    let (_, _, evaluated) = evaluate("backend/.azure/app-settings.json", text);
    assert_eq!(names(&evaluated), ["APP_ENV", "A"]);
    assert_eq!(evaluated.resources[0].body.path("properties.slotSettings").unwrap().to_json(), serde_json::json!(["APP_ENV"]));
}

#[test]
fn functions_are_named_after_their_folder_and_hosts_keep_their_properties() {
    let (_, _, function) = evaluate("api/orders/function.json", r#"{ "bindings": [{ "type": "httpTrigger" }] }"#);
    assert_eq!((&*function.resources[0].kind, function.resources[0].display_name().as_str()), ("Functions/functions", "orders"));
    let (_, _, host) = evaluate("host.json", r#"{ "version": "2.0", "functionTimeout": "00:05:00" }"#);
    assert_eq!(host.resources[0].body.path("properties.functionTimeout").and_then(Value::as_str), Some("00:05:00"));
}

#[test]
fn a_broken_file_is_a_line_of_the_ledger() {
    let (_, _, broken) = evaluate("host.json", "{ \"version\": }");
    assert!(broken.resources.is_empty());
    assert!(matches!(&broken.entries[0].state, State::Unreadable(why) if why.contains("line 1")), "{:?}", broken.entries);
    let (_, _, list) = evaluate("host.json", "[\"version\"]");
    assert!(matches!(&list.entries[0].state, State::Unreadable(why) if why.contains("object")));
}

proptest! {
    #[test]
    fn no_text_breaks_any_form(text in "\\PC{0,60}", path in 0..6usize) {
        let paths = ["host.json", "function.json", "local.settings.json", "appsettings.json", ".env", "package.json"];
        let text = format!("{text}\"version\"\"bindings\"\"Values\"\"scripts\"");
        let _ = evaluate(paths[path], &text);
    }
}
