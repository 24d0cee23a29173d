use std::sync::Arc;

use super::{
    Aliases, Condition, Count, CountOf, FieldPath, FieldRef, Leaf, Operand, Operator, Pattern, Quantifier, Related, Relation, Step,
    Subject, Test,
};
use crate::expression::{Expr, functions};
use crate::model::{Kind, Value};
use crate::policy::settings::Parameter;
use crate::policy::text::{Fields, Node, Origin, Problem, nearest};

/// Deepest nesting of conditions; the built-in definitions reach about a dozen.
const DEPTH: usize = 64;
/// Functions that only the surroundings of a condition can answer; see `evaluate::scope`.
const CONTEXTUAL: [&str; 10] =
    ["parameters", "field", "current", "subscription", "resourceGroup", "managementGroup", "tenant", "requestContext", "policy", "utcNow"];

/// Whether the surroundings of a condition answer the function `name`.
pub(crate) fn is_contextual(name: &str) -> bool {
    CONTEXTUAL.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whose grammar is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// azward's rule files: the extensions are known, `[*]` over an absent array holds, every mistake is an error.
    Rule,
    /// Azure Policy's definitions.
    Definition,
}

/// Reads conditions.
pub(crate) struct Reader<'r> {
    pub origin: &'r Origin,
    pub dialect: Dialect,
    pub aliases: &'r Aliases,
    /// What `parameters()` may name; anything where nobody declares them.
    pub parameters: Option<&'r [Parameter]>,
}

impl Reader<'_> {
    /// Reads a condition that stands at `at`: `require`, `if`.
    pub(crate) fn condition(&self, node: &Node, at: &str) -> Result<Condition, Problem> {
        self.nested(node, at, 0)
    }

    fn nested(&self, node: &Node, at: &str, depth: usize) -> Result<Condition, Problem> {
        if depth > DEPTH {
            return Err(self.origin.problem(node.mark, format!("the condition is nested deeper than {DEPTH} levels")));
        }
        for entry in self.origin.map(node)? {
            let inner = |key: &str| format!("{at}.{key}");
            match entry.key.to_ascii_lowercase().as_str() {
                "allof" => {
                    return self.alone(node, "allOf").and_then(|()| Ok(Condition::All(self.list(&entry.value, &inner("allOf"), depth)?)));
                }
                "anyof" => {
                    return self.alone(node, "anyOf").and_then(|()| Ok(Condition::Any(self.list(&entry.value, &inner("anyOf"), depth)?)));
                }
                "not" => {
                    self.alone(node, "not")?;
                    return Ok(Condition::Not(Box::new(self.nested(&entry.value, &inner("not"), depth + 1)?)));
                }
                "related" if self.dialect == Dialect::Rule => {
                    self.alone(node, "related")?;
                    return self.related(&entry.value, &inner("related"), depth);
                }
                _ => {}
            }
        }
        self.leaf(node, at, depth)
    }

    /// An operator over conditions stands alone.
    fn alone(&self, node: &Node, key: &str) -> Result<(), Problem> {
        let other = node.as_map().unwrap_or_default().iter().find(|entry| !entry.key.eq_ignore_ascii_case(key));
        other.map_or(Ok(()), |other| {
            Err(self.origin.problem(other.mark, format!("`{}` cannot stand beside `{key}`; put both into an `allOf`", other.key)))
        })
    }

    fn list(&self, node: &Node, at: &str, depth: usize) -> Result<Vec<Condition>, Problem> {
        let items = self.origin.list(node)?;
        if items.is_empty() && self.dialect == Dialect::Rule {
            return Err(self.origin.problem(node.mark, "this list of conditions is empty"));
        }
        items.iter().enumerate().map(|(index, item)| self.nested(item, &format!("{at}[{index}]"), depth + 1)).collect()
    }

    fn leaf(&self, node: &Node, at: &str, depth: usize) -> Result<Condition, Problem> {
        let mut fields = Fields::new(self.origin, node)?;
        let (field, value, count) = (fields.take("field"), fields.take("value"), fields.take("count"));
        let default = fields.take("default");
        let subject = match (field, value, count) {
            (Some(field), None, None) => Subject::Field(self.field(field)?),
            (None, Some(value), None) => Subject::Value(self.operand(value)?),
            (None, None, Some(count)) => Subject::Count(Box::new(self.count(count, &format!("{at}.count"), depth)?)),
            (None, None, None) => {
                if let Some(entry) = fields.rest().next() {
                    let starts = ["allOf", "anyOf", "not", "field", "value", "count", "related"];
                    let cure = nearest(&entry.key, starts)
                        .map_or_else(|| format!("start it with {}", starts.join(", ")), |near| format!("did you mean `{near}`?"));
                    return Err(self
                        .origin
                        .problem(entry.mark, format!("this is no condition: `{}` does not start one; {cure}", entry.key)));
                }
                return Err(self.origin.problem(node.mark, "this condition is empty"));
            }
            _ => return Err(self.origin.problem(node.mark, "a condition has one of `field`, `value` and `count`, not several")),
        };
        let mut operators = fields.rest();
        let Some(entry) = operators.next() else {
            return Err(self.origin.problem(node.mark, "this condition compares with nothing; add an operator such as `equals`"));
        };
        let operator = Operator::named(&entry.key).filter(|operator| self.dialect == Dialect::Rule || !operator.is_extension());
        let operator = operator.ok_or_else(|| self.origin.unknown(entry.mark, "an operator", &entry.key, Operator::names()))?;
        if let Some(second) = operators.next() {
            return Err(self
                .origin
                .problem(second.mark, format!("`{}` is a second operator; put each into its own condition", second.key)));
        }
        if default.is_some() && (self.dialect != Dialect::Rule || !matches!(subject, Subject::Field(_))) {
            return Err(self.origin.problem(node.mark, "`default` belongs to a condition over a `field` of a rule file"));
        }
        let operand = self.operand(&entry.value)?;
        self.operand_fits(operator, &operand, &entry.value)?;
        let pattern = match (operator.test, operand.as_fixed().and_then(Value::as_str)) {
            (Test::MatchesRegex, Some(text)) => Some(Pattern::new(text).map_err(|why| self.origin.problem(entry.value.mark, why))?),
            _ => None,
        };
        let default = default.map(|node| self.operand(node)).transpose()?;
        let missing_holds = self.dialect == Dialect::Rule;
        Ok(Condition::Leaf(Box::new(Leaf { at: at.into(), subject, operator, operand, pattern, default, missing_holds })))
    }

    /// Finds right sides that can never make sense.
    fn operand_fits(&self, operator: Operator, operand: &Operand, node: &Node) -> Result<(), Problem> {
        let list = matches!(operand, Operand::List(_)) || operand.as_fixed().is_some_and(|value| value.as_array().is_some());
        let computed = matches!(operand, Operand::Computed(_));
        let wrong = match operator.test {
            Test::In if !list && !computed => Some("a list"),
            Test::Exists if !computed && !self.is_flag(operand) => Some("true or false"),
            Test::Like | Test::Match | Test::MatchInsensitively | Test::ContainsKey | Test::MatchesRegex if list => Some("text"),
            Test::Less | Test::LessOrEquals | Test::Greater | Test::GreaterOrEquals if list => Some("a number or text"),
            _ => None,
        };
        wrong.map_or(Ok(()), |wanted| {
            Err(self.origin.problem(node.mark, format!("this operator compares with {wanted}, not {}", node.what())))
        })
    }

    fn is_flag(&self, operand: &Operand) -> bool {
        operand.as_fixed().is_some_and(|value| match &value.kind {
            Kind::Bool(_) => true,
            Kind::Str(text) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
            _ => false,
        })
    }

    fn field(&self, node: &Node) -> Result<FieldRef, Problem> {
        let text =
            node.as_str().ok_or_else(|| self.origin.problem(node.mark, format!("a field is named by text, not by {}", node.what())))?;
        match self.operand(node)? {
            Operand::Fixed(_) => {}
            computed => return Ok(FieldRef::Computed(Box::new(computed))),
        }
        let field = FieldRef::named(text, self.aliases);
        if matches!(field, FieldRef::Nothing) {
            return Err(self
                .origin
                .problem(node.mark, format!("`{text}` names no field; write a path such as `properties.a[*].b` or `tags['x']`")));
        }
        Ok(field)
    }

    fn count(&self, node: &Node, at: &str, depth: usize) -> Result<Count, Problem> {
        let mut fields = Fields::new(self.origin, node)?;
        let of = match (fields.take("field"), fields.take("value")) {
            (Some(field), None) => {
                let read = self.field(field)?;
                self.ends_in_items(field, &read)?;
                CountOf::Field(read)
            }
            (None, Some(value)) => CountOf::Value { items: self.operand(value)?, name: None },
            _ => return Err(self.origin.problem(node.mark, "a count has either `field` or `value`")),
        };
        let named = fields.take("name").map(|node| {
            node.as_str()
                .map(str::to_owned)
                .ok_or_else(|| self.origin.problem(node.mark, format!("a name must be text, not {}", node.what())))
        });
        let of = match (of, named.transpose()?) {
            (CountOf::Value { items, .. }, name) => CountOf::Value { items, name: name.map(Into::into) },
            (of, None) => of,
            (_, Some(_)) => return Err(self.origin.problem(node.mark, "`name` belongs to a count over a `value`")),
        };
        let condition = fields.take("where").map(|node| self.nested(node, &format!("{at}.where"), depth + 1)).transpose()?;
        fields.finish()?;
        Ok(Count { of, condition })
    }

    /// A count goes over the items of a list.
    fn ends_in_items(&self, node: &Node, field: &FieldRef) -> Result<(), Problem> {
        let text = node.as_str().unwrap_or_default();
        let path = match field {
            FieldRef::Computed(_) => return Ok(()),
            FieldRef::Path(path) => Some(path.clone()),
            _ => FieldPath::parse(text),
        };
        let steps = path.as_ref().map_or(&[] as &[Step], |path| &path.steps);
        let open_quote = |step: &Step| matches!(step, Step::Key(key) if key.starts_with(['\'', '"']));
        if steps.iter().any(open_quote) {
            return Err(self.origin.problem(node.mark, format!("`{text}` has a quote that is not closed")));
        }
        if !matches!(steps.last(), Some(Step::All)) {
            return Err(self.origin.problem(node.mark, format!("a count goes over the items of a list: write `{text}[*]`")));
        }
        Ok(())
    }

    fn related(&self, node: &Node, at: &str, depth: usize) -> Result<Condition, Problem> {
        let mut fields = Fields::new(self.origin, node)?;
        let kinds = self.origin.texts(fields.need("kind")?)?;
        let mut relations = Vec::new();
        if let Some(node) = fields.take("reference") {
            relations.push(Relation::Reference(self.field(node)?));
        }
        if let Some(node) = fields.take("via") {
            relations.push(Relation::Via(self.field(node)?));
        }
        for (key, relation) in [("child", Relation::Child), ("parent", Relation::Parent), ("anywhere", Relation::Anywhere)] {
            if fields.take(key).map(|node| self.origin.flag(node)).transpose()? == Some(true) {
                relations.push(relation);
            }
        }
        let condition = fields.take("where").map(|node| self.nested(node, &format!("{at}.where"), depth + 1)).transpose()?;
        let quantifier = match fields.take("quantifier") {
            None => Quantifier::Some,
            Some(node) => match self.origin.text(node)?.as_str() {
                "some" => Quantifier::Some,
                "every" => Quantifier::Every,
                "none" => Quantifier::None,
                other => return Err(self.origin.unknown(node.mark, "a quantifier", other, ["some", "every", "none"])),
            },
        };
        fields.finish()?;
        let mut relations = relations.into_iter();
        let (Some(relation), None) = (relations.next(), relations.next()) else {
            let message = "a relation has exactly one of `reference`, `via`, `child: true`, `parent: true` and `anywhere: true`";
            return Err(self.origin.problem(node.mark, message));
        };
        let what: Arc<str> = kinds.join(" or ").into();
        Ok(Condition::Related(Box::new(Related { at: at.into(), kinds, relation, condition, quantifier, what })))
    }

    /// Reads a value and checks what its expressions name.
    pub(crate) fn operand(&self, node: &Node) -> Result<Operand, Problem> {
        let operand = Operand::read(self.origin, node)?;
        let mut fault = None;
        operand.expressions(&mut |expr| expr.walk(&mut |expr| fault = fault.take().or_else(|| self.fault(expr, node))));
        fault.map_or(Ok(operand), Err)
    }

    fn fault(&self, expr: &Expr, node: &Node) -> Option<Problem> {
        let Expr::Call { name, args, .. } = expr else { return None };
        if name.eq_ignore_ascii_case("parameters") {
            let wanted = args.first().and_then(Expr::as_str)?;
            let declared = self.parameters?;
            if declared.iter().any(|parameter| parameter.name.eq_ignore_ascii_case(wanted)) {
                return None;
            }
            let names = declared.iter().map(|parameter| parameter.name.as_str());
            return Some(self.origin.unknown(node.mark, "a parameter of this rule", wanted, names));
        }
        if self.dialect == Dialect::Rule && !is_contextual(name) && functions::find(name).is_none() {
            let names = functions::all().iter().map(|function| function.name);
            return Some(self.origin.unknown(node.mark, "a function", name, CONTEXTUAL.into_iter().chain(names)));
        }
        None
    }
}
