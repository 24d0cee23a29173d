use crate::expression::{self, Text};
use crate::model::{Kind, Object, Resource, Span, Value, Why};
use crate::policy::text::{Entry, Fields, Node, Origin, Problem, Tree};

/// A resource, or a text of some front end, and what the rule says of it.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it shows, where the author says so.
    pub name: Option<String>,
    /// The verdict that the rule must reach.
    pub expectation: Expectation,
    /// The front end that it is written for: `arm`, `bicep`, `workflow` …; `resource` for a plain body.
    pub language: String,
    /// For `arm` and `resource`: the resources as written, the subject first. Expressions are not evaluated.
    pub resources: Vec<Value>,
    /// For every other language: the text.
    pub text: Option<String>,
    /// For `files`: path and text of each file of a small repository.
    pub files: Vec<(String, String)>,
    /// The environment that it is judged in.
    pub environment: Option<String>,
    /// Parameter values.
    pub parameters: Vec<(String, Value)>,
    /// Line in the rule file, from 1.
    pub line: u32,
}

/// The verdict that an example must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It complies.
    Pass,
    /// It does not.
    Fail,
    /// It cannot be decided.
    Unknown,
    /// The rule does not speak of it.
    NotApplicable,
}

impl Expectation {
    const KEYS: [(&'static str, Self); 4] =
        [("pass", Self::Pass), ("fail", Self::Fail), ("unknown", Self::Unknown), ("notApplicable", Self::NotApplicable)];

    /// The word that rule files use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "notApplicable",
        }
    }
}

/// Front ends whose examples are texts.
const TEXTS: [&str; 16] = [
    "bicep",
    "terraform",
    "workflow",
    "pipeline",
    "appsettings",
    "dockerfile",
    "document",
    "code",
    "log",
    "kubernetes",
    "compose",
    "markdown",
    "package",
    "csharp",
    "javascript",
    "file",
];

pub(super) fn read(origin: &Origin, node: &Node) -> Result<Vec<Example>, Problem> {
    let mut fields = Fields::new(origin, node)?;
    let mut examples = Vec::new();
    for (key, expectation) in Expectation::KEYS {
        let Some(list) = fields.take(key) else { continue };
        if matches!(list.tree, Tree::Scalar(Kind::Null)) {
            continue;
        }
        for item in origin.list(list)? {
            examples.push(one(origin, item, expectation)?);
        }
    }
    fields.finish()?;
    Ok(examples)
}

fn one(origin: &Origin, node: &Node, expectation: Expectation) -> Result<Example, Problem> {
    let mut fields = Fields::new(origin, node)?;
    let name = fields.text("name")?;
    let environment = fields.text("environment")?;
    let parameters = match fields.take("parameters") {
        Some(node) => origin.map(node)?.iter().map(|entry| (entry.key.to_string(), entry.value.to_value())).collect(),
        None => Vec::new(),
    };
    let mut example = Example {
        name,
        expectation,
        language: String::new(),
        resources: Vec::new(),
        text: None,
        files: Vec::new(),
        environment,
        parameters,
        line: node.mark.line,
    };
    let mut written = Vec::new();
    for key in ["arm", "resource"] {
        if let Some(node) = fields.take(key) {
            example.resources = match &node.tree {
                Tree::List(items) => items.iter().map(Node::to_value).collect(),
                _ => vec![node.to_value()],
            };
            written.push(key.to_owned());
        }
    }
    if let Some(node) = fields.take("files") {
        for entry in origin.map(node)? {
            // A file of JSON may be written as what it holds.
            let text = entry.value.as_str().map_or_else(|| entry.value.to_value().to_json().to_string(), str::to_owned);
            example.files.push((entry.key.to_string(), text));
        }
        written.push("files".to_owned());
    }
    let rest: Vec<&Entry> = fields.rest().collect();
    for entry in rest {
        if !TEXTS.contains(&&*entry.key) {
            let known = ["name", "environment", "parameters", "arm", "resource", "files"].into_iter().chain(TEXTS);
            return Err(origin.unknown(entry.mark, "a front end that examples are written in", &entry.key, known));
        }
        example.text = Some(origin.text(&entry.value)?);
        written.push(entry.key.to_string());
    }
    let mut written = written.into_iter();
    let (Some(language), None) = (written.next(), written.next()) else {
        return Err(origin.problem(node.mark, "an example has one of `arm`, `resource`, `files` or a text such as `workflow: |`"));
    };
    example.language = language;
    if !example.is_text() && example.resources.is_empty() {
        return Err(origin.problem(node.mark, "this example has no resource"));
    }
    Ok(example)
}

impl Example {
    /// The resources of a plain example (`arm` without expressions, `resource`), ready to judge; the subject first.
    ///
    /// A list under `resources` of an ARM resource is flattened as deployments do: children get their full type, name and id.
    ///
    /// Template expressions are unknown: only a front end can tell what they are.
    pub fn plain_resources(&self) -> Vec<Resource> {
        let mut resources = Vec::new();
        for body in &self.resources {
            plain(&without_expressions(body), None, &mut resources, 0);
        }
        resources
    }

    /// Whether it is written as files, which may make any number of resources, and not as resources.
    pub const fn is_text(&self) -> bool {
        self.text.is_some() || !self.files.is_empty()
    }

    /// Whether some value is a template expression: only a front end can tell what it is.
    pub fn has_expressions(&self) -> bool {
        self.resources.iter().any(holds_expression)
    }
}

fn holds_expression(value: &Value) -> bool {
    match &value.kind {
        Kind::Str(text) => is_expression(text),
        Kind::Array(items) => items.iter().any(holds_expression),
        Kind::Object(object) => object.iter().any(|field| holds_expression(&field.value)),
        _ => false,
    }
}

fn is_expression(text: &str) -> bool {
    matches!(expression::classify(text), Text::Expression(_))
}

fn without_expressions(value: &Value) -> Value {
    let kind = match &value.kind {
        Kind::Str(text) if is_expression(text) => return Value::unknown(Why::Runtime(text.clone())),
        Kind::Array(items) => Kind::Array(items.iter().map(without_expressions).collect::<Vec<_>>().into()),
        Kind::Object(object) => {
            let mut settled = Object::with_capacity(object.len());
            for field in object.iter() {
                settled.set(field.key.clone(), without_expressions(&field.value));
            }
            Kind::Object(settled.into())
        }
        kind => kind.clone(),
    };
    Value::new(kind)
}

/// The resource group that ids of examples stand in.
const GROUP: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/resource-group";

fn plain(body: &Value, parent: Option<(&str, &str)>, resources: &mut Vec<Resource>, depth: usize) {
    let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (own_kind, own_name) = (if body.get("type").is_some() { text("type") } else { text("kind") }, text("name"));
    let (kind, name) = match parent {
        Some((kind, name)) if !own_kind.starts_with(kind) => (format!("{kind}/{own_kind}"), format!("{name}/{own_name}")),
        _ => (own_kind, own_name),
    };
    let id = if text("id").is_empty() { id_of(&kind, &name, &text("scope")) } else { text("id") };
    let mut flat: Object = body.as_object().cloned().unwrap_or_default();
    let children = flat.remove("resources");
    let mut resource = Resource::new(kind.as_str(), Value::str(name.as_str()), Value::object(flat), Span::NONE);
    resource.id = Value::str(id);
    resource.address.clone_from(&name);
    resource.existing = body.get("existing").and_then(Value::as_bool).unwrap_or(false);
    resources.push(resource);
    for child in children.iter().flat_map(|children| children.as_array().unwrap_or_default()) {
        if depth < 8 {
            plain(child, Some((&kind, &name)), resources, depth + 1);
        }
    }
}

/// `Microsoft.Web/sites/config` and `app/web` make `…/providers/Microsoft.Web/sites/app/config/web`.
fn id_of(kind: &str, name: &str, scope: &str) -> String {
    let mut types = kind.split('/');
    let namespace = types.next().unwrap_or_default();
    let holder = if scope.starts_with('/') { scope } else { GROUP };
    let mut id = format!("{holder}/providers/{namespace}");
    for (kind, name) in types.zip(name.split('/')) {
        id.push_str(&format!("/{kind}/{name}"));
    }
    id
}
