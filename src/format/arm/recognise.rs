//! Whether a text is a template or a parameter file: by its names at the top, without parsing it.

use crate::format::Role;

/// What the names at the top of a JSON text say.
#[derive(Debug, Default)]
struct Top<'a> {
    schema: Option<&'a str>,
    content_version: bool,
    resources: bool,
    parameters: bool,
    /// Other names: a parameter file that is a bare list has nothing else.
    others: usize,
}

/// What the text is good for, if it is ARM's. Text that breaks off or breaks the rules of JSON is still recognised.
pub fn recognise(path: &str, text: &str) -> Option<Role> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let top = scan(text)?;
    if let Some(schema) = top.schema {
        let schema = schema.to_ascii_lowercase();
        return if schema.contains("deploymenttemplate.json") {
            Some(Role::Root)
        } else if schema.contains("deploymentparameters.json") {
            Some(Role::Part)
        } else {
            None
        };
    }
    if top.content_version && top.resources {
        return Some(Role::Root);
    }
    let named = path.rsplit('/').next().is_some_and(|name| name.to_ascii_lowercase().contains("param"));
    (top.parameters && !top.resources && (top.content_version || (named && top.others == 0))).then_some(Role::Part)
}

/// Walks the names of the outermost object; what is inside is passed over. `None` where there is no object.
fn scan(text: &str) -> Option<Top<'_>> {
    let bytes = text.as_bytes();
    let mut at = blanks(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at += 1;
    let mut top = Top::default();
    let mut depth = 1_usize;
    let mut name: Option<&str> = None;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = string_end(bytes, at);
                let content = text.get(at + 1..end.saturating_sub(1)).unwrap_or_default();
                at = end;
                if depth == 1 {
                    let next = blanks(bytes, at);
                    if name.is_none() && bytes.get(next) == Some(&b':') {
                        name = Some(content);
                        note(&mut top, content);
                    } else if name.is_some_and(|name| name.eq_ignore_ascii_case("$schema")) {
                        top.schema = Some(content);
                        // Nothing says more than the schema.
                        return Some(top);
                    }
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            b',' if depth == 1 => name = None,
            b'/' => {
                let next = blanks(bytes, at);
                if next > at {
                    at = next;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    Some(top)
}

fn note(top: &mut Top<'_>, name: &str) {
    match name.to_ascii_lowercase().as_str() {
        "$schema" => {}
        "contentversion" => top.content_version = true,
        "resources" => top.resources = true,
        "parameters" => top.parameters = true,
        _ => top.others += 1,
    }
}

/// One past the closing quote of the string that opens at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while let Some(offset) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += offset;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The first byte at or after `at` that is neither blank nor comment.
fn blanks(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b' ' | b'\t' | b'\r' | b'\n'), _) => at += 1,
            (Some(b'/'), Some(b'/')) => {
                at = bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(bytes.len(), |end| at + end + 1);
            }
            (Some(b'/'), Some(b'*')) => {
                let end = bytes.get(at + 2..).and_then(|rest| memchr::memmem::find(rest, b"*/"));
                at = end.map_or(bytes.len(), |end| at + end + 4);
            }
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides() {
        let template = r#"// ours
            { "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#", "x": "#;
        assert_eq!(recognise("a.json", template), Some(Role::Root));
        assert_eq!(
            recognise("a.json", "\u{feff}{ /* ] */ \"contentVersion\": \"1\", \"resources\": [ { \"a\": \"\\\"}\" } ] }"),
            Some(Role::Root)
        );
        let parameters = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"}"#;
        assert_eq!(recognise("a.json", parameters), Some(Role::Part));
        assert_eq!(recognise("x.parameters.json", r#"{"parameters": {"a": {"value": 1}}}"#), Some(Role::Part));
    }

    #[test]
    fn other_json_is_left_alone() {
        for text in ["[]", "", "{", r#"{"name": "x", "resources": []}"#, r#"{"$schema": "https://x/createUIDefinition.schema.json#"}"#] {
            assert_eq!(recognise("a.json", text), None, "{text}");
        }
        assert_eq!(recognise("policy.json", r#"{"parameters": {}, "policyRule": {}}"#), None);
    }
}
