//! The form of the case files.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Suite {
    /// File with an alias catalogue, beside the cases.
    pub aliases: Option<String>,
    /// Used by cases that bring none of their own.
    pub policy_rule: Option<String>,
    pub policy_definition: Option<String>,
    pub cases: Vec<Case>,
}

#[derive(Deserialize)]
pub struct Case {
    pub note: String,
    pub policy_rule: Option<String>,
    pub policy_definition: Option<String>,
    pub resource: Option<Value>,
    pub parameters: Option<Value>,
    pub context: Option<Value>,
    pub request_context: Option<Value>,
    pub api_version: Option<String>,
    #[serde(default)]
    pub host_await: Vec<HostAwait>,
    pub want_effect: Option<String>,
    pub want_undefined: Option<bool>,
    pub want_details: Option<Value>,
    pub want_parse_error: Option<bool>,
    pub want_parse_error_contains: Option<String>,
    pub want_compile_error: Option<bool>,
    pub want_compile_error_contains: Option<String>,
    pub want_eval_error_contains: Option<String>,
}

/// The related resource that the host finds.
#[derive(Deserialize)]
pub struct HostAwait {
    pub response: Option<Value>,
    pub resource_type: Option<String>,
}

impl Suite {
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).expect("a case file is text");
        yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }
}

impl Case {
    pub fn wants_parse_error(&self) -> bool {
        self.want_parse_error == Some(true) || self.want_parse_error_contains.is_some()
    }

    pub fn wants_compile_error(&self) -> bool {
        self.want_compile_error == Some(true) || self.want_compile_error_contains.is_some()
    }
}
