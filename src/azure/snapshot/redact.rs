//! Takes secrets out of bodies before they are kept anywhere.
//!
//! azward never calls an API whose purpose is to hand out secrets, but bodies carry some all the same: settings in
//! `siteConfig`, deployment parameters in tags, connection strings in action groups' webhooks. What is taken out leaves
//! a mark, so that a rule sees "a secret stands here" and not "nothing stands here".

use std::sync::LazyLock;

use regex::RegexSet;
use serde_json::{Map, Value};

/// What stands in the place of a secret: an object with this one key.
pub const MARK: &str = "$azwardSecret";

/// What stands in the place of a part that could not be read: an object with this one key, whose value says why.
pub const UNREAD_MARK: &str = "$azwardUnread";

/// Values that are secrets whatever the property is called.
static SECRET_VALUES: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        // Connection strings of storage, Service Bus, Cosmos DB, Redis, SQL.
        r"(?i)\b(?:account|sharedaccess|primary|secondary)key\s*=\s*[^;\s]{8,}",
        r"(?i)\bsharedaccesssignature\s*=",
        r"(?i)(?:^|[;,\s])(?:password|pwd)\s*=\s*[^;,\s]+",
        // A shared access signature, a function key, or a credential in a URL.
        r"(?i)[?&](?:sig|code|token|api[-_]?key|access_token)=[^&\s]{8,}",
        r"(?i)\b[a-z][a-z0-9+.-]*://[^/@\s:]*:[^/@\s]+@",
        // A JSON web token, a private key.
        r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
        // Chat webhooks are credentials by themselves.
        r"(?i)^https://(?:hooks\.slack\.com/services|[a-z0-9.-]*webhook\.office\.com|discord(?:app)?\.com/api/webhooks)/",
    ])
    .ok()
});

/// Property names whose text is a secret. Compared in lower case, with `-` and `_` left out.
const SECRET_NAMES: &[&str] = &[
    "password",
    "administratorloginpassword",
    "adminpassword",
    "secret",
    "clientsecret",
    "primarykey",
    "secondarykey",
    "accountkey",
    "accesskey",
    "sharedkey",
    "storageaccountaccesskey",
    "connectionstring",
    "primaryconnectionstring",
    "secondaryconnectionstring",
    "rdbstorageconnectionstring",
    "aofstorageconnectionstring0",
    "aofstorageconnectionstring1",
    "sastoken",
    "accesstoken",
    "refreshtoken",
    "repositorytoken",
    "apikey",
    "customdata",
    "publishingpassword",
    "protectedsettings",
    "sshprivatekey",
];

/// Objects whose every text value is an application's own setting.
const SETTING_OBJECTS: &[&str] = &["appsettings", "connectionstrings", "environmentvariables", "azurestorageaccounts"];

/// Types whose `properties.value` is an application's data, as the type itself says.
const HOLDERS: &[&str] = &["Microsoft.Automation/automationAccounts/variables"];

/// Marks what a type holds for applications, and every secret in `body`.
pub fn redact_item(kind: &str, body: &mut Value) {
    if HOLDERS.iter().any(|holder| holder.eq_ignore_ascii_case(kind))
        && let Some(value) = body.pointer_mut("/properties/value").filter(|value| !value.is_null())
    {
        *value = mark();
    }
    redact(body);
}

/// Marks every secret in `body`.
pub fn redact(body: &mut Value) {
    visit(body, false, 0);
}

/// Whether this is the mark of a secret that was taken out.
pub fn is_marked(value: &Map<String, Value>) -> bool {
    value.len() == 1 && value.contains_key(MARK)
}

fn visit(value: &mut Value, settings: bool, depth: u32) {
    // serde_json reads at most 128 levels, so this limit is never met by what was read.
    if depth > 200 {
        *value = mark();
        return;
    }
    match value {
        Value::String(text) if is_secret_text(text) || (settings && !is_plain_setting(text)) => *value = mark(),
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, settings, depth + 1)),
        Value::Object(fields) => visit_fields(fields, settings, depth),
        _ => {}
    }
}

fn visit_fields(fields: &mut Map<String, Value>, settings: bool, depth: u32) {
    // A setting written as { "name": …, "value": … }: the name stays.
    let named = settings && fields.contains_key("name");
    for (key, value) in fields.iter_mut() {
        let plain: String = key.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect();
        if value.is_string() && SECRET_NAMES.contains(&plain.as_str()) {
            if !value.as_str().is_some_and(is_plain_setting) {
                *value = mark();
            }
            continue;
        }
        let keeps = named && matches!(plain.as_str(), "name" | "type" | "slotsetting");
        let within = (settings && !keeps) || SETTING_OBJECTS.contains(&plain.as_str());
        visit(value, within, depth + 1);
    }
}

fn mark() -> Value {
    let mut object = Map::new();
    object.insert(MARK.to_owned(), Value::Bool(true));
    Value::Object(object)
}

fn is_secret_text(text: &str) -> bool {
    // Without the patterns nothing may pass: a build that cannot tell secrets keeps no text.
    SECRET_VALUES.as_ref().is_none_or(|patterns| patterns.is_match(text))
}

/// A setting that cannot be a secret: nothing, a Key Vault reference, a switch, a number or a version.
fn is_plain_setting(text: &str) -> bool {
    let text = text.trim();
    let version = |text: &str| text.len() <= 12 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '~'));
    text.is_empty()
        || text.starts_with("@Microsoft.KeyVault(")
        || ["true", "false", "on", "off", "enabled", "disabled", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
        || version(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn redacted(mut value: Value) -> Value {
        redact(&mut value);
        value
    }

    #[test]
    fn connection_strings_and_tokens_are_marked_anywhere() {
        let planted = format!("AccountKey={}", "Zm9v".repeat(6));
        let token = format!("{}.{}.sig", ["ey", "JhbGciOiJSUzI1NiJ9"].concat(), "eyJhdWQiOiJ4In0");
        let body = json!({ "tags": { "note": format!("DefaultEndpointsProtocol=https;{planted}") }, "x": [token, "https://u:p4ss@h/"] });
        let text = redacted(body).to_string();
        assert!(!text.contains("Zm9v") && !text.contains("JhbGci") && !text.contains("p4ss"), "{text}");
        assert_eq!(text.matches(MARK).count(), 3);
    }

    #[test]
    fn settings_keep_key_vault_references_and_switches() {
        let body = json!({ "properties": { "siteConfig": { "appSettings": [
            { "name": "DB", "value": "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db)" },
            { "name": "RUN", "value": "1" },
            { "name": "WORD", "value": "an invented pass phrase" },
        ] } } });
        let body = redacted(body);
        let settings = body.pointer("/properties/siteConfig/appSettings").expect("kept");
        assert!(settings.pointer("/0/value").is_some_and(Value::is_string));
        assert_eq!(settings.pointer("/1/value"), Some(&json!("1")));
        assert_eq!(settings.pointer("/2/name"), Some(&json!("WORD")));
        assert!(settings.pointer("/2/value").and_then(Value::as_object).is_some_and(is_marked));
    }

    #[test]
    fn what_an_automation_account_keeps_for_its_scripts_is_not_ours() {
        let mut body = json!({ "properties": { "value": "\"plain words\"", "isEncrypted": false } });
        redact_item("microsoft.automation/automationAccounts/variables", &mut body);
        assert!(!body.to_string().contains("plain words") && body.pointer("/properties/isEncrypted") == Some(&json!(false)));
        let mut other = json!({ "properties": { "value": "ON" } });
        redact_item("Microsoft.DBforMySQL/flexibleServers/configurations", &mut other);
        assert_eq!(other.pointer("/properties/value"), Some(&json!("ON")));
    }

    #[test]
    fn names_that_speak_for_themselves_are_marked_and_others_stay() {
        let body = redacted(json!({ "administratorLoginPassword": "tr0ub4dor", "minimumTlsVersion": "TLS1_2", "keyName": "k" }));
        assert!(body.get("administratorLoginPassword").is_some_and(Value::is_object));
        assert_eq!(body.get("minimumTlsVersion"), Some(&json!("TLS1_2")));
        assert_eq!(body.get("keyName"), Some(&json!("k")));
    }
}
