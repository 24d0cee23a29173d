use super::compare::holds;
use super::count::{self, Counted};
use super::outcome::Outcome;
use super::scene::Scene;
use super::scope::value_of;
use super::select::{Selection, select};
use crate::model::{Demand, Evidence, Kind, Value, Why};
use crate::policy::condition::{FieldRef, Leaf, Subject, Test};
use crate::policy::truth::Truth;

pub(super) fn evaluate(leaf: &Leaf, scene: &Scene<'_>) -> Outcome {
    let expected = value_of(&leaf.operand, scene);
    match &leaf.subject {
        Subject::Value(operand) => {
            let actual = value_of(operand, scene);
            let truth = test(leaf, Some(&actual), &expected, false);
            Outcome::with(truth.clone(), evidence(leaf, &truth, String::new(), actual, &expected, false))
        }
        Subject::Count(count) => {
            let Counted { number, outcome, pointer, items } = count::count(count, scene);
            let truth = test(leaf, Some(&number), &expected, false);
            let mut counted = evidence(leaf, &truth, pointer, number, &expected, false);
            counted.demand = Demand::Number(leaf.operator.verb(truth.is_true()));
            counted.items = items;
            let mut deciding = vec![counted];
            deciding.extend(outcome.evidence);
            deciding.truncate(Outcome::MOST);
            Outcome { truth, evidence: deciding }
        }
        Subject::Field(FieldRef::Computed(name)) => {
            let name = value_of(name, scene);
            let Some(text) = name.as_str() else {
                let why = name.as_unknown().map(|unknown| unknown.why.clone());
                let why = why.unwrap_or_else(|| Why::Error("the name of a field must be text".into()));
                return undecided(leaf, why, String::new(), name, &expected);
            };
            of_field(leaf, &FieldRef::named(text, scene.frame.aliases), scene, &expected)
        }
        Subject::Field(field) => of_field(leaf, field, scene, &expected),
    }
}

fn of_field(leaf: &Leaf, field: &FieldRef, scene: &Scene<'_>, expected: &Value) -> Outcome {
    let is_location = matches!(field, FieldRef::Location);
    let Selection { spots, missing, blind, .. } = select(field, scene);
    let open = blind.map(|(pointer, value)| {
        let why = value.as_unknown().map_or_else(|| Why::Runtime("a secret".into()), |unknown| unknown.why.clone());
        undecided(leaf, why, pointer, value, expected)
    });
    if spots.is_empty()
        && open.is_none()
        && let Some(pointer) = missing
    {
        let holds = leaf.missing_holds || (leaf.operator.test == Test::Exists && super::compare::boolean(expected) == Some(false));
        let truth = Truth::from(holds);
        return Outcome::with(truth.clone(), evidence(leaf, &truth, pointer, Value::null(), expected, false));
    }
    let judged = spots.into_iter().map(|spot| {
        let absent = spot.value.as_ref().is_none_or(Value::is_null);
        let (actual, defaulted) = match (&leaf.default, absent) {
            (Some(default), true) => (Some(value_of(default, scene)), true),
            _ => (spot.value, false),
        };
        let truth = test(leaf, actual.as_ref(), expected, is_location);
        Outcome::with(truth.clone(), evidence(leaf, &truth, spot.pointer, actual.unwrap_or_else(Value::null), expected, defaulted))
    });
    Outcome::all(judged.chain(open))
}

fn test(leaf: &Leaf, actual: Option<&Value>, expected: &Value, is_location: bool) -> Truth {
    let regex = leaf.pattern.as_ref().map(|pattern| &pattern.0);
    let (test, negated) = (leaf.operator.test, leaf.operator.negated);
    if is_location {
        let actual = actual.map(region);
        return holds(test, actual.as_ref(), &region(expected), regex).negate_if(negated);
    }
    holds(test, actual, expected, regex).negate_if(negated)
}

/// A region the way Azure Resource Manager writes it: `West Europe` is `westeurope`.
fn region(value: &Value) -> Value {
    match &value.kind {
        Kind::Str(text) => {
            let name: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            Value::str(name).with_provenance(value.provenance.clone())
        }
        Kind::Array(items) => Value::array(items.iter().map(region).collect()),
        _ => value.clone(),
    }
}

fn undecided(leaf: &Leaf, why: Why, path: String, actual: Value, expected: &Value) -> Outcome {
    let truth = Truth::Unknown(why);
    Outcome::with(truth.clone(), evidence(leaf, &truth, path, actual, expected, false))
}

fn evidence(leaf: &Leaf, truth: &Truth, path: String, actual: Value, expected: &Value, defaulted: bool) -> Evidence {
    // A leaf that holds and yet decides stands below a `not`, or is what a policy denies.
    let opposite = truth.is_true();
    let demand = match (leaf.operator.test, super::compare::boolean(expected)) {
        (Test::Exists, Some(wanted)) if wanted != opposite => Demand::Set,
        (Test::Exists, Some(_)) => Demand::Absent,
        _ => Demand::Value(leaf.operator.verb(opposite)),
    };
    Evidence { leaf: leaf.at.to_string(), path, actual, expected: expected.clone(), demand, defaulted, items: Vec::new() }
}
