use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::FieldPath;
use super::field::{AliasPath, AliasRef};

/// The table that ships with azward: type, alias, path; the aliases that Azure's built-in definitions use.
const BUILT_IN: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/policies/aliases.tsv"));

/// Properties of a resource that do not stand under `properties`.
const AT_ROOT: [&str; 11] =
    ["sku", "kind", "identity", "zones", "plan", "managedBy", "extendedLocation", "etag", "tags", "location", "scale"];

/// Azure Policy's aliases: `Microsoft.Storage/storageAccounts/minimumTlsVersion` is `properties.minimumTlsVersion`.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    /// Lower-cased alias to lower-cased type and path. Shadows the table that ships.
    own: HashMap<String, Vec<Known>>,
    with_built_in: bool,
}

/// A way that a file gives.
#[derive(Clone, Debug)]
struct Known {
    kind: String,
    path: String,
    versions: Vec<String>,
}

impl Aliases {
    /// The table that ships with azward.
    pub fn built_in() -> Self {
        Self { own: HashMap::new(), with_built_in: true }
    }

    /// Adds what `az provider list --expand resourceTypes/aliases` prints (a list of providers, or `{ "value": […] }`).
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text.
    pub fn extend_from_providers(&mut self, json: &str) -> Result<usize, String> {
        use serde_json::Value as Json;
        let json: Json = serde_json::from_str(json).map_err(|error| format!("the alias file is not JSON: {error}"))?;
        let providers = json.as_array().or_else(|| json.get("value").and_then(Json::as_array));
        let providers = providers.ok_or_else(|| {
            "the alias file is no list of providers; make it with `az provider list --expand resourceTypes/aliases`".to_owned()
        })?;
        let list = |json: &Json, key: &str| json.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
        let text = |json: &Json, key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
        let mut added = 0;
        for provider in providers {
            let Some(namespace) = text(provider, "namespace") else { continue };
            for kind in list(provider, "resourceTypes") {
                let Some(name) = text(&kind, "resourceType") else { continue };
                let full = format!("{namespace}/{name}").to_ascii_lowercase();
                for alias in list(&kind, "aliases") {
                    let Some(name) = text(&alias, "name") else { continue };
                    let dated = list(&alias, "paths");
                    let default = text(&alias, "defaultPath").or_else(|| text(dated.first()?, "path"));
                    let Some(default) = default else { continue };
                    let known = self.own.entry(name.to_ascii_lowercase()).or_default();
                    for path in &dated {
                        let versions: Vec<String> = list(path, "apiVersions").iter().filter_map(Json::as_str).map(str::to_owned).collect();
                        if let Some(path) = text(path, "path").filter(|path| *path != default && !versions.is_empty()) {
                            known.push(Known { kind: full.clone(), path, versions });
                        }
                    }
                    known.push(Known { kind: full.clone(), path: default, versions: Vec::new() });
                    added += 1;
                }
            }
        }
        Ok(added)
    }

    /// The ways that `alias` stands for: from the tables, or else by convention.
    pub(super) fn resolve(&self, alias: &str) -> Arc<AliasRef> {
        let lower = alias.to_ascii_lowercase();
        let mut paths = Vec::new();
        let mut add = |kind: &str, path: &str, versions: &[String]| {
            if let Some(path) = FieldPath::parse(path) {
                paths.push(AliasPath { kind: kind.to_ascii_lowercase(), path, versions: versions.to_vec() });
            }
        };
        if let Some(known) = self.own.get(&lower) {
            known.iter().for_each(|known| add(&known.kind, &known.path, &known.versions));
        } else if self.with_built_in
            && let Some(known) = built_in().get(lower.as_str())
        {
            known.iter().for_each(|(kind, path)| add(kind, path, &[]));
        }
        Arc::new(AliasRef { paths, name: alias.to_owned() })
    }
}

/// `Ns/type/x` is `properties.x` of `Ns/type`, or `x` where that stands at the root.
pub(super) fn by_convention(alias: &str, kind: &str) -> Option<String> {
    let head = alias.get(..kind.len()).filter(|head| head.eq_ignore_ascii_case(kind))?;
    let rest = alias.get(head.len()..)?.strip_prefix('/').filter(|rest| !rest.is_empty())?;
    let rest = if rest.contains('[') { rest.to_owned() } else { rest.replace('/', ".") };
    let first = rest.split(['.', '[']).next().unwrap_or_default();
    let at_root = AT_ROOT.iter().any(|root| root.eq_ignore_ascii_case(first)) || first.eq_ignore_ascii_case("properties");
    Some(if at_root { rest } else { format!("properties.{rest}") })
}

fn built_in() -> &'static HashMap<String, Vec<(&'static str, &'static str)>> {
    static TABLE: OnceLock<HashMap<String, Vec<(&str, &str)>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<String, Vec<(&str, &str)>> = HashMap::new();
        for line in BUILT_IN.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            if let (Some(kind), Some(alias), Some(path)) = (columns.next(), columns.next(), columns.next()) {
                table.entry(alias.to_ascii_lowercase()).or_default().push((kind, path));
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::condition::FieldRef;

    fn path(aliases: &Aliases, alias: &str, kind: &str) -> Option<String> {
        match FieldRef::named(alias, aliases) {
            FieldRef::Alias(found) => found.path_for(kind, None).map(|path| path.to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn aliases_come_from_the_table_then_by_convention() {
        let aliases = Aliases::built_in();
        let storage = "Microsoft.Storage/storageAccounts";
        assert_eq!(
            path(&aliases, "microsoft.storage/storageaccounts/MinimumTlsVersion", storage).as_deref(),
            Some("properties.minimumTlsVersion")
        );
        let vm = "Microsoft.Compute/virtualMachines";
        assert_eq!(path(&aliases, "Microsoft.Compute/virtualMachines/sku.name", vm).as_deref(), Some("properties.hardwareProfile.vmSize"));
        assert_eq!(path(&aliases, "Contoso.New/things/a.b[*].c", "contoso.new/things").as_deref(), Some("properties.a.b[*].c"));
        assert_eq!(path(&aliases, "Contoso.New/things/sku.name", "contoso.new/things").as_deref(), Some("sku.name"));
    }

    #[test]
    fn a_file_of_the_azure_cli_adds_to_the_table() {
        let mut aliases = Aliases::built_in();
        let json = r#"[{"namespace":"Contoso.X","resourceTypes":[{"resourceType":"t","aliases":[{"name":"Contoso.X/t/a","defaultPath":"properties.deep.a"}]}]}]"#;
        assert_eq!(aliases.extend_from_providers(json), Ok(1));
        assert_eq!(path(&aliases, "Contoso.X/t/A", "contoso.x/T").as_deref(), Some("properties.deep.a"));
        assert!(aliases.extend_from_providers("{}").is_err());
    }
}
