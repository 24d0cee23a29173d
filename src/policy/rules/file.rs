use std::sync::Arc;

use super::example;
use super::message::{Message, PLACEHOLDERS};
use super::rule::Rule;
use crate::model::Value;
use crate::model::{Control, Fix, Object, RuleInfo, Severity};
use crate::policy::condition::{Aliases, Condition, Dialect, Reader};
use crate::policy::settings::Parameter;
use crate::policy::text::{Fields, Node, Origin, Problem, parse_yaml};

/// Where rules can run.
const TARGETS: [&str; 14] = [
    "arm",
    "bicep",
    "terraform",
    "live",
    "workflow",
    "pipeline",
    "app-config",
    "docker",
    "docs",
    "code",
    "log",
    "kubernetes",
    "repository",
    "estate",
];

/// Reads one rule file.
pub(super) fn read(file: &str, text: &str, aliases: &Arc<Aliases>) -> Result<Rule, Problem> {
    let origin = Origin::new(file);
    let node = parse_yaml(&origin, text)?;
    let mut fields = Fields::new(&origin, &node)?;
    let id_node = fields.need("id")?;
    let id = origin.text(id_node)?;
    if !is_kebab(&id) {
        return Err(origin.problem(id_node.mark, format!("`{id}` is no rule id: use small letters, digits and single hyphens")));
    }
    let kind_node = fields.need("kind")?;
    let kinds = origin.texts(kind_node)?;
    if kinds.is_empty() || kinds.iter().any(|kind| kind != "*" && !kind.contains('/')) {
        return Err(origin.problem(
            kind_node.mark,
            "a kind looks like `Microsoft.Storage/storageAccounts` or `GitHub/workflows`; '*' is every ARM resource",
        ));
    }
    let severity_node = fields.need("severity")?;
    let severity_text = origin.text(severity_node)?;
    let severity: Severity = severity_text.parse().map_err(|message: String| origin.problem(severity_node.mark, message))?;
    let targets = match fields.take("targets") {
        Some(node) => targets(&origin, node)?,
        None => Vec::new(),
    };
    let mut parameters = Vec::new();
    if let Some(node) = fields.take("parameters") {
        for entry in origin.map(node)? {
            parameters.push(Parameter::read(&origin, &entry.key, &entry.value)?);
        }
    }
    let reader = Reader { origin: &origin, dialect: Dialect::Rule, aliases, parameters: Some(&parameters) };
    let when_node = fields.take("when");
    let when = when_node.map(|node| reader.condition(node, "when")).transpose()?;
    let (require_node, forbid_node) = (fields.take("require"), fields.take("forbid"));
    let require = match (require_node, forbid_node) {
        (Some(node), None) => reader.condition(node, "require")?,
        (None, Some(node)) => Condition::Not(Box::new(reader.condition(node, "forbid")?)),
        _ => return Err(origin.problem(node.mark, "a rule has exactly one of `require` (what must hold) and `forbid` (what must not)")),
    };
    let mut written = Object::new();
    for (key, node) in [("when", when_node), ("require", require_node), ("forbid", forbid_node)] {
        if let Some(node) = node {
            written.set(key, node.to_value());
        }
    }
    let message_node = fields.need("message")?;
    let message_text = origin.text(message_node)?;
    let message = Message::parse(&message_text)
        .map_err(|word| origin.unknown(message_node.mark, "a placeholder of a message", &word, PLACEHOLDERS))?;
    let sources = fields.texts("sources")?;
    let controls = match fields.take("controls") {
        Some(node) => controls(&origin, node)?,
        None => Vec::new(),
    };
    let info = RuleInfo {
        id,
        title: fields.need_text("title")?,
        description: fields.need_text("description")?.trim_end().to_owned(),
        severity,
        theme: fields.need_text("theme")?,
        kinds: kinds.clone(),
        fix: fix(&origin, &mut fields)?,
        sources,
        controls,
    };
    let environments = fields.texts("environments")?;
    let examples = match fields.take("examples") {
        Some(node) => example::read(&origin, node)?,
        None => Vec::new(),
    };
    fields.finish()?;
    Ok(Rule {
        info,
        file: Arc::clone(origin.file()),
        targets,
        environments,
        parameters,
        when,
        require,
        message,
        message_text,
        examples,
        aliases: Arc::clone(aliases),
        written: Value::object(written),
    })
}

fn is_kebab(id: &str) -> bool {
    !id.is_empty() && id.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

fn targets(origin: &Origin, node: &Node) -> Result<Vec<String>, Problem> {
    let targets = origin.texts(node)?;
    let stranger = targets.iter().find(|target| !TARGETS.contains(&target.as_str()));
    stranger.map_or(Ok(()), |target| Err(origin.unknown(node.mark, "a target", target, TARGETS)))?;
    Ok(targets)
}

/// `spec:TLS-001` is rule TLS-001 of the specifications.
fn controls(origin: &Origin, node: &Node) -> Result<Vec<Control>, Problem> {
    let read = |text: String| {
        let split = text.split_once(':').filter(|(framework, id)| !framework.is_empty() && !id.is_empty());
        let (framework, id) = split
            .ok_or_else(|| origin.problem(node.mark, format!("`{text}` is no control; write `framework:id`, such as `cis-azure:3.15`")))?;
        Ok(Control { framework: framework.trim().to_owned(), id: id.trim().to_owned() })
    };
    origin.texts(node)?.into_iter().map(read).collect()
}

fn fix(origin: &Origin, fields: &mut Fields<'_>) -> Result<Fix, Problem> {
    let Some(node) = fields.take("fix") else { return Ok(Fix::default()) };
    if let Some(text) = node.as_str() {
        return Ok(Fix { text: Some(text.to_owned()), ..Fix::default() });
    }
    let mut fields = Fields::new(origin, node)?;
    let fix = Fix {
        text: fields.text("text")?,
        bicep: fields.text("bicep")?,
        arm: fields.text("arm")?,
        terraform: fields.text("terraform")?,
        cli: fields.text("cli")?,
        workflow: fields.text("workflow")?,
    };
    fields.finish()?;
    Ok(fix)
}
