use std::sync::Arc;

use super::{Span, Value, Why};

/// The one shape that rules judge, whatever it came from.
#[derive(Clone, Debug)]
pub struct Resource {
    /// ARM type as written (`Microsoft.Storage/storageAccounts`), or a kind of the same form (`GitHub/workflows`).
    pub kind: Arc<str>,
    /// Last segment or full name as the front end has it: text, or unknown with a shape.
    pub name: Value,
    /// Full ARM id with placeholder subscription and group where they are not known; unknown with a shape otherwise.
    pub id: Value,
    /// How people find it: symbolic name or `resources[3]`, Terraform address, workflow job name.
    pub address: String,
    /// The whole resource as ARM sees it: `type name location tags sku kind identity zones properties …`.
    pub body: Value,
    /// Whether it is sure to be deployed.
    pub certainty: Certainty,
    /// Declared as `existing`: only referred to, not deployed here. Rules pass over it, relations see it.
    pub existing: bool,
    /// Where the declaration starts: the line to show when a property is absent.
    pub place: Span,
    /// Module calls that led here, outermost first.
    pub calls: Vec<Span>,
    /// API version, where there is one.
    pub api_version: Option<Arc<str>>,
    /// The environment that it belongs to, where the front end can tell.
    pub environment: Option<Arc<str>>,
}

/// Whether a resource is sure to be deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Its condition holds, or it has none.
    Certain,
    /// Its condition, or the loop that makes it, cannot be known.
    Maybe(Why),
}

impl Resource {
    /// A resource of `kind` with `body`, everything else empty.
    pub fn new(kind: impl Into<Arc<str>>, name: Value, body: Value, place: Span) -> Self {
        Self {
            kind: kind.into(),
            name,
            id: Value::null(),
            address: String::new(),
            body,
            certainty: Certainty::Certain,
            existing: false,
            place,
            calls: Vec::new(),
            api_version: None,
            environment: None,
        }
    }

    /// Whether this is of `kind`, in any ASCII case.
    pub fn is(&self, kind: &str) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
    }

    /// The name for people: partly known names keep their known part; of an unknown one the symbolic name.
    pub fn display_name(&self) -> String {
        let text = match self.name.to_json() {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        // Of a name that nothing is known of, people know what it is called in the file.
        let known = text.replace("{?}", "").contains(char::is_alphanumeric) && !text.starts_with("(unknown: ");
        let symbol = self.address.rsplit('/').next().unwrap_or_default();
        if known || symbol.is_empty() { text } else { symbol.to_owned() }
    }
}
