use std::sync::Arc;

use super::{FieldRef, Operand, Operator, Pattern};
use crate::expression::Expr;

/// A condition over a resource.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Leaf(Box<Leaf>),
    Related(Box<Related>),
}

impl Condition {
    /// Visits every expression in it.
    pub(crate) fn expressions<'a>(&'a self, visit: &mut impl FnMut(&'a Expr)) {
        match self {
            Self::All(conditions) | Self::Any(conditions) => conditions.iter().for_each(|condition| condition.expressions(visit)),
            Self::Not(condition) => condition.expressions(visit),
            Self::Related(related) => related.condition.iter().for_each(|condition| condition.expressions(visit)),
            Self::Leaf(leaf) => {
                leaf.operand.expressions(visit);
                match &leaf.subject {
                    Subject::Value(operand) => operand.expressions(visit),
                    Subject::Field(FieldRef::Computed(operand)) => operand.expressions(visit),
                    Subject::Field(_) => {}
                    Subject::Count(count) => {
                        if let CountOf::Value { items, .. } = &count.of {
                            items.expressions(visit);
                        }
                        count.condition.iter().for_each(|condition| condition.expressions(visit));
                    }
                }
            }
        }
    }
}

/// One comparison.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// Where it stands in the rule: `require.allOf[1]`.
    pub at: Arc<str>,
    pub subject: Subject,
    pub operator: Operator,
    pub operand: Operand,
    /// The operand as a regular expression, where it is a fixed one.
    pub pattern: Option<Pattern>,
    /// What the service assumes when the field is absent.
    pub default: Option<Operand>,
    /// Whether `[*]` over an array that is not there holds, as over an empty one. Azure Policy says no.
    pub missing_holds: bool,
}

/// What is compared.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    Field(FieldRef),
    Value(Operand),
    Count(Box<Count>),
}

/// A number of items, or of those items for which a condition holds.
#[derive(Clone, Debug)]
pub(crate) struct Count {
    pub of: CountOf,
    pub condition: Option<Condition>,
}

/// What is counted.
#[derive(Clone, Debug)]
pub(crate) enum CountOf {
    /// The items of an array of the resource.
    Field(FieldRef),
    /// The items of a computed list, each known as `current('name')`.
    Value { items: Operand, name: Option<Arc<str>> },
}

/// A condition over the resources that stand in some relation to this one.
#[derive(Clone, Debug)]
pub(crate) struct Related {
    pub at: Arc<str>,
    pub kinds: Vec<String>,
    pub relation: Relation,
    pub condition: Option<Condition>,
    pub quantifier: Quantifier,
    /// For people: `a Microsoft.Network/privateEndpoints`.
    pub what: Arc<str>,
}

/// How resources are related.
#[derive(Clone, Debug)]
pub(crate) enum Relation {
    /// The other one holds this one's id there.
    Reference(FieldRef),
    /// This one holds the other one's id there.
    Via(FieldRef),
    /// The other one is a child or an extension of this one.
    Child,
    /// This one is a child or an extension of the other one.
    Parent,
    /// Any of that kind in the unit or its environment.
    Anywhere,
    /// As Azure Policy's `then.details` finds them: the resource itself, its children and extensions, or one by name.
    Details { name: Option<Operand> },
}

/// How many of the related resources must satisfy the condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Some,
    Every,
    None,
}
