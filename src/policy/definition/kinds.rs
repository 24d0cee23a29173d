use crate::model::{Kind, Value};
use crate::policy::condition::{Condition, FieldRef, Leaf, Subject, Test};

/// The only types for which the condition can hold; `None` where it may hold for any.
pub(super) fn kinds_of(condition: &Condition) -> Option<Vec<String>> {
    match condition {
        Condition::All(conditions) => conditions.iter().filter_map(kinds_of).min_by_key(Vec::len),
        Condition::Any(conditions) => {
            let each: Option<Vec<Vec<String>>> = conditions.iter().map(kinds_of).collect();
            let mut all: Vec<String> = each?.into_iter().flatten().collect();
            all.sort_by_key(|kind| kind.to_ascii_lowercase());
            all.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
            Some(all)
        }
        Condition::Leaf(leaf) => of_leaf(leaf),
        Condition::Not(_) | Condition::Related(_) => None,
    }
}

fn of_leaf(leaf: &Leaf) -> Option<Vec<String>> {
    if !matches!(leaf.subject, Subject::Field(FieldRef::Type)) || leaf.operator.negated {
        return None;
    }
    let operand = leaf.operand.as_fixed()?;
    match (leaf.operator.test, &operand.kind) {
        (Test::Equals, Kind::Str(kind)) => Some(vec![kind.to_string()]),
        (Test::Like, Kind::Str(kind)) if !kind.contains(['*', '?']) => Some(vec![kind.to_string()]),
        (Test::In, Kind::Array(items)) => items.iter().map(Value::as_str).map(|kind| kind.map(str::to_owned)).collect(),
        _ => None,
    }
}
