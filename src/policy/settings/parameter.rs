use crate::model::{Kind, Value};
use crate::policy::text::{Fields, Node, Origin, Problem, Tree};

/// A parameter that a rule declares.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name; compared without regard to case.
    pub name: String,
    /// What its values are.
    pub kind: ParameterType,
    /// The value where nobody gives one.
    pub default: Option<Value>,
    /// The only values that it takes; any where empty.
    pub allowed: Vec<Value>,
    /// What it means.
    pub description: String,
    /// One meaning, many spellings: the stated value (`1.2`) to this service's word (`TLS1_2`).
    pub spelling: Vec<(String, Value)>,
}

/// What the values of a parameter are, as Azure Policy names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// Text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Float,
    /// True or false.
    Boolean,
    /// A list.
    Array,
    /// Properties.
    Object,
    /// Anything: the declaration does not say.
    Any,
}

impl ParameterType {
    /// The type that rule files call `word`.
    pub fn named(word: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind)
    }

    const NAMES: [(&'static str, Self); 10] = [
        ("string", Self::String),
        ("int", Self::Integer),
        ("integer", Self::Integer),
        ("float", Self::Float),
        ("number", Self::Float),
        ("bool", Self::Boolean),
        ("boolean", Self::Boolean),
        ("array", Self::Array),
        ("object", Self::Object),
        ("dateTime", Self::String),
    ];

    /// What people call it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "int",
            Self::Float => "float",
            Self::Boolean => "bool",
            Self::Array => "array",
            Self::Object => "object",
            Self::Any => "any",
        }
    }

    const fn holds(self, value: &Value) -> bool {
        matches!(
            (self, &value.kind),
            (Self::Any, _)
                | (_, Kind::Unknown(_))
                | (Self::String, Kind::Str(_))
                | (Self::Integer, Kind::Int(_))
                | (Self::Float, Kind::Int(_) | Kind::Float(_))
                | (Self::Boolean, Kind::Bool(_))
                | (Self::Array, Kind::Array(_))
                | (Self::Object, Kind::Object(_))
        )
    }
}

impl Parameter {
    /// A parameter of a rule that is not written in this room's language (an event rule); any value of its type will do.
    pub fn of_type(name: &str, kind: ParameterType) -> Self {
        Self { name: name.to_owned(), kind, default: None, allowed: Vec::new(), description: String::new(), spelling: Vec::new() }
    }

    /// Reads one declaration of a rule file: `minTls: { type: string, default: "1.2" }`.
    pub(crate) fn read(origin: &Origin, name: &str, node: &Node) -> Result<Self, Problem> {
        let mut fields = Fields::new(origin, node)?;
        let kind = match fields.take("type") {
            Some(node) => Self::read_type(origin, node)?,
            None => return Err(origin.problem(node.mark, format!("the parameter `{name}` needs a `type`"))),
        };
        let mut parameter = Self {
            name: name.to_owned(),
            kind,
            default: None,
            allowed: Vec::new(),
            description: fields.text("description")?.unwrap_or_default(),
            spelling: Vec::new(),
        };
        if let Some(node) = fields.take("allowed") {
            parameter.allowed = origin.list(node)?.iter().map(Node::to_value).collect();
        }
        if let Some(node) = fields.take("spelling") {
            for entry in origin.map(node)? {
                parameter.spelling.push((entry.key.to_string(), entry.value.to_value()));
            }
        }
        if let Some(node) = fields.take("default") {
            let value =
                parameter.check(&node.to_value()).map_err(|why| origin.problem(node.mark, format!("the default of `{name}` {why}")))?;
            parameter.default = Some(value);
        }
        fields.finish()?;
        Ok(parameter)
    }

    pub(crate) fn read_type(origin: &Origin, node: &Node) -> Result<ParameterType, Problem> {
        let word = origin.text(node)?;
        let names = ParameterType::NAMES.iter().map(|(name, _)| *name);
        ParameterType::named(&word).ok_or_else(|| origin.unknown(node.mark, "a parameter type", &word, names))
    }

    /// The value if it is of this parameter's type and allowed; else what is wrong with it.
    ///
    /// # Errors
    /// A clause that follows the parameter's name: "must be a string, …".
    pub fn check(&self, value: &Value) -> Result<Value, String> {
        if !self.kind.holds(value) {
            return Err(format!("must be of type {}, not {}", self.kind.as_str(), value.type_name()));
        }
        let equal = |allowed: &Value| match (&allowed.kind, &value.kind) {
            (Kind::Str(a), Kind::Str(b)) => a.eq_ignore_ascii_case(b),
            _ => allowed.to_json() == value.to_json(),
        };
        let each_allowed = |value: &Value| match value.as_array() {
            Some(items) => items.iter().all(|item| self.allowed.iter().any(|allowed| allowed.to_json() == item.to_json())),
            None => false,
        };
        if !self.allowed.is_empty() && !value.is_unknown() && !self.allowed.iter().any(equal) && !each_allowed(value) {
            let allowed: Vec<String> = self.allowed.iter().map(|allowed| allowed.to_json().to_string()).collect();
            return Err(format!("must be one of {}, not {}", allowed.join(", "), value.to_json()));
        }
        Ok(value.clone())
    }

    /// Reads a value as people type it on a command line: `true`, `30`, `westeurope,northeurope`, or JSON.
    ///
    /// # Errors
    /// As [`Parameter::check`].
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        let json = || serde_json::from_str(text).ok().map(|json| Value::from_json(&json));
        let value = match self.kind {
            ParameterType::String => Some(Value::str(text)),
            ParameterType::Array => json().filter(|value| value.as_array().is_some()).or_else(|| {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Some(Value::array(items.map(Value::str).collect()))
            }),
            _ => json(),
        };
        self.check(&value.unwrap_or_else(|| Value::str(text)))
    }

    /// The value in this service's own words.
    pub(crate) fn spell(&self, value: &Value) -> Value {
        if self.spelling.is_empty() {
            return value.clone();
        }
        match &value.kind {
            Kind::Array(items) => {
                Value::array(items.iter().map(|item| self.spell(item)).collect()).with_provenance(value.provenance.clone())
            }
            Kind::Str(_) | Kind::Int(_) | Kind::Float(_) | Kind::Bool(_) => {
                let word = match value.to_json() {
                    serde_json::Value::String(text) => text,
                    other => other.to_string(),
                };
                let found = self.spelling.iter().find(|(stated, _)| stated.eq_ignore_ascii_case(&word));
                found.map_or_else(|| value.clone(), |(_, spelled)| spelled.clone())
            }
            _ => value.clone(),
        }
    }

    /// A parameter that nobody declares.
    pub(crate) fn any(name: &str) -> Self {
        let kind = ParameterType::Any;
        Self { name: name.to_owned(), kind, default: None, allowed: Vec::new(), description: String::new(), spelling: Vec::new() }
    }

    /// Reads the declaration of an Azure Policy definition: `{ "type": "String", "defaultValue": …, "allowedValues": […] }`.
    pub(crate) fn from_definition(name: &str, node: &Node) -> Self {
        let kind = node
            .get("type")
            .and_then(Node::as_str)
            .and_then(|word| ParameterType::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind));
        let allowed = match node.get("allowedValues").map(|node| &node.tree) {
            Some(Tree::List(items)) => items.iter().map(Node::to_value).collect(),
            _ => Vec::new(),
        };
        let description = node.get("metadata").and_then(|metadata| metadata.get("description")).and_then(Node::as_str);
        Self {
            name: name.to_owned(),
            kind: kind.unwrap_or(ParameterType::Any),
            default: node.get("defaultValue").map(Node::to_value),
            allowed,
            description: description.unwrap_or_default().to_owned(),
            spelling: Vec::new(),
        }
    }
}
