//! What was counted, by name: `: allow-ssh, allow-rdp`.

use crate::model::{Evidence, Kind, Value};

/// How many items a message names before it counts the rest.
const NAMED: usize = 5;
/// Names longer than this are not repeated in a message, in characters.
const LONGEST: usize = 60;
/// Where the items of Azure's lists and of workflows carry their names.
const NAMES: [&str; 5] = ["uses", "name", "key", "image", "path"];

/// The end of a message that counts what should not be there; empty where the items have no names, or one is a secret.
/// `about_secrets` says that an item which is text is what the rule objects to, and not a name.
pub fn listed(evidence: &Evidence, about_secrets: bool, is_secret: impl Fn(&Value) -> bool) -> String {
    if !evidence.asks_for_none() || evidence.items.is_empty() {
        return String::new();
    }
    let Some(mut names) = evidence.items.iter().map(|item| label(item, about_secrets, &is_secret)).collect::<Option<Vec<String>>>() else {
        return String::new();
    };
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(": {}{rest}", names.join(", "))
}

fn label(item: &Value, about_secrets: bool, is_secret: impl Fn(&Value) -> bool) -> Option<String> {
    let named = match &item.kind {
        Kind::Object(object) => NAMES.iter().filter_map(|name| object.get(name)).find(|name| name.as_str() != Some(""))?,
        _ if about_secrets => return None,
        _ => item,
    };
    let text = match &named.kind {
        Kind::Str(text) => text.to_string(),
        Kind::Int(number) => number.to_string(),
        _ => return None,
    };
    // `python 3.8` says more than `python`.
    let version = item.get("version").and_then(Value::as_str).filter(|_| !is_secret(item));
    let text = version.map_or(text.clone(), |version| format!("{text} {version}"));
    let fits = !text.is_empty() && text.chars().count() <= LONGEST && !text.contains(char::is_control);
    // The name of a setting may be told where its value is a secret, so an object is not asked as a whole.
    (fits && !is_secret(named)).then_some(text)
}
