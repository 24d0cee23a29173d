use std::sync::Arc;

use crate::expression::Expr;
use crate::policy::condition::{Aliases, Condition, Dialect, Operand, Quantifier, Reader, Related, Relation};
use crate::policy::settings::Parameter;
use crate::policy::text::{Mark, Node, Origin, Problem, parse_json};

/// A policy definition, read and compiled.
#[derive(Debug)]
pub struct Definition {
    /// Its name (often a GUID), or else the file's name.
    pub name: String,
    /// What it says that it does.
    pub display_name: String,
    /// Why.
    pub description: String,
    /// `Indexed`, `All`, or a data-plane mode such as `Microsoft.Kubernetes.Data`.
    pub mode: String,
    /// `metadata.category`.
    pub category: String,
    /// Whether `metadata` or the name says that it is deprecated.
    pub deprecated: bool,
    /// What it declares.
    pub parameters: Vec<Parameter>,
    pub(super) file: Arc<str>,
    pub(super) condition: Condition,
    pub(super) written: crate::model::Value,
    pub(super) effect: Operand,
    /// The existence check of `auditIfNotExists` and `deployIfNotExists`.
    pub(super) existence: Option<Related>,
    pub(super) aliases: Arc<Aliases>,
}

impl Definition {
    /// Reads a definition: a whole resource, its `properties`, or only `{ "if": …, "then": … }`.
    ///
    /// # Errors
    /// The first thing that is wrong with it: where, what and the cure.
    pub fn parse(file: &str, text: &str, aliases: &Arc<Aliases>) -> Result<Self, Problem> {
        let origin = Origin::new(file);
        let root = parse_json(&origin, text)?;
        let properties = root.get("properties").filter(|properties| properties.get("policyRule").is_some()).unwrap_or(&root);
        let rule = properties.get("policyRule").unwrap_or(properties);
        let missing = |key: &str, mark: Mark| origin.problem(mark, format!("this is no policy definition: `{key}` is missing"));
        let condition_node = rule.get("if").ok_or_else(|| missing("if", rule.mark))?;
        let then = rule.get("then").ok_or_else(|| missing("then", rule.mark))?;
        let text_at = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
        let declared = properties.get("parameters").and_then(Node::as_map).unwrap_or_default();
        let mut parameters: Vec<Parameter> = declared.iter().map(|entry| Parameter::from_definition(&entry.key, &entry.value)).collect();
        // A bare rule leaves the declarations to whoever uses it: everything that it names is a parameter.
        let declares = properties.get("policyRule").is_some();
        let reader =
            Reader { origin: &origin, dialect: Dialect::Definition, aliases, parameters: declares.then_some(parameters.as_slice()) };
        let condition = reader.condition(condition_node, "if")?;
        let effect_node = then.get("effect").ok_or_else(|| missing("then.effect", then.mark))?;
        let effect = reader.operand(effect_node)?;
        let existence = then.get("details").map(|details| existence(&reader, details)).transpose()?.flatten();
        if !declares {
            parameters = named_parameters(&condition, &effect, existence.as_ref());
        }
        let metadata = properties.get("metadata");
        let display_name = text_at(properties, "displayName");
        let name = Some(text_at(&root, "name")).filter(|name| !name.is_empty());
        let stem = || file.rsplit(['/', '\\']).next().unwrap_or(file).trim_end_matches(".json").to_owned();
        Ok(Self {
            name: name.unwrap_or_else(stem),
            description: text_at(properties, "description"),
            mode: text_at(properties, "mode"),
            category: metadata.map(|metadata| text_at(metadata, "category")).unwrap_or_default(),
            deprecated: display_name.contains("[Deprecated]") || metadata.and_then(|metadata| metadata.get("deprecated")).is_some(),
            display_name,
            parameters,
            file: Arc::clone(origin.file()),
            condition,
            written: condition_node.to_value(),
            effect,
            existence,
            aliases: Arc::clone(aliases),
        })
    }
}

/// A parameter of any type for each name that expressions ask for.
fn named_parameters(condition: &Condition, effect: &Operand, existence: Option<&Related>) -> Vec<Parameter> {
    let mut names: Vec<String> = Vec::new();
    let mut visit = |expr: &Expr| {
        expr.walk(&mut |expr| {
            if let Expr::Call { name, args, .. } = expr
                && name.eq_ignore_ascii_case("parameters")
                && let Some(name) = args.first().and_then(Expr::as_str)
            {
                names.push(name.to_owned());
            }
        });
    };
    condition.expressions(&mut visit);
    effect.expressions(&mut visit);
    if let Some(existence) = existence {
        if let Relation::Details { name: Some(name) } = &existence.relation {
            name.expressions(&mut visit);
        }
        existence.condition.iter().for_each(|condition| condition.expressions(&mut visit));
    }
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    names.iter().map(|name| Parameter::any(name)).collect()
}

/// `then.details` of an existence check; other effects have details of other forms, or a list.
fn existence(reader: &Reader<'_>, details: &Node) -> Result<Option<Related>, Problem> {
    let Some(kind) = details.get("type").and_then(Node::as_str) else { return Ok(None) };
    let name = details.get("name").map(|node| reader.operand(node)).transpose()?;
    let kinds = vec![kind.to_owned()];
    let condition = match details.get("existenceCondition") {
        Some(node) => Some(reader.condition(node, "then.details.existenceCondition")?),
        None => None,
    };
    Ok(Some(Related {
        at: "then.details".into(),
        what: kind.into(),
        relation: Relation::Details { name },
        condition,
        quantifier: Quantifier::Some,
        kinds,
    }))
}
