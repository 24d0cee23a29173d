//! A gitleaks configuration as it is written; settings that are not named here do not change what is found.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Config {
    #[serde(default)]
    pub rules: Vec<Rule>,
    #[serde(default)]
    pub allowlist: Option<Allowlist>,
    #[serde(default)]
    pub allowlists: Vec<Allowlist>,
    #[serde(default)]
    pub extend: Option<Extend>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Extend {
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub use_default: Option<bool>,
    /// Ids of rules of the other file that are left out.
    #[serde(default)]
    pub disabled_rules: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub id: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub regex: Option<String>,
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub secret_group: usize,
    #[serde(default)]
    pub entropy: f32,
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default)]
    pub allowlist: Option<Allowlist>,
    #[serde(default)]
    pub allowlists: Vec<Allowlist>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Allowlist {
    /// `OR` (default) or `AND`.
    pub condition: String,
    /// `secret` (default), `match` or `line`.
    pub regex_target: String,
    pub regexes: Vec<String>,
    pub paths: Vec<String>,
    pub stopwords: Vec<String>,
    pub commits: Vec<String>,
}
