use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::model::{Piece, Secret, SecretSource, Shape};

fn test(test: Test, left: impl Into<Value>, right: impl Into<Value>) -> Truth {
    holds(test, Some(&left.into()), &right.into(), None)
}

fn text_with_holes(text: &str) -> Value {
    let mut pieces = Vec::new();
    for (at, part) in text.split('?').enumerate() {
        if at > 0 {
            pieces.push(Piece::Hole);
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part.into()));
        }
    }
    Value::unknown_shaped(Why::Parameter("p".into()), Shape::Text(pieces.into()))
}

#[test]
fn equality_follows_azure_policy() {
    assert_eq!(test(Test::Equals, "West", "wEST"), Truth::True);
    assert_eq!(test(Test::Equals, "80", 80), Truth::True);
    assert_eq!(test(Test::Equals, true, "True"), Truth::True);
    assert_eq!(test(Test::Equals, "yes", true), Truth::False);
    assert_eq!(test(Test::Equals, "MÜNCHEN", "münchen"), Truth::True);
    assert_eq!(holds(Test::Equals, None, &Value::null(), None), Truth::True);
    assert_eq!(holds(Test::Equals, None, &"".into(), None), Truth::False);
    assert_eq!(holds(Test::In, None, &Value::array(vec!["a".into()]), None), Truth::False);
}

#[test]
fn patterns_follow_azure_policy() {
    for (input, pattern, wanted) in [
        ("prod-web-01", "prod-*", true),
        ("prod", "prod*", true),
        ("a-b-c", "*-c", true),
        ("a-b-c", "a*b*d", false),
        ("aXbXc", "a*b*c", true),
        ("", "*", true),
        ("", "?", false),
    ] {
        assert_eq!(test(Test::Like, input, pattern), wanted.into(), "{input} like {pattern}");
    }
    assert_eq!(test(Test::Match, "vm-01", "vm-##"), Truth::True);
    assert_eq!(test(Test::Match, "VM-01", "vm-##"), Truth::False);
    assert_eq!(test(Test::MatchInsensitively, "VM-0a", "vm-#?"), Truth::True);
}

#[test]
fn what_is_known_of_an_unknown_text_decides_where_it_can() {
    let storage = text_with_holes("st-?-prod");
    let with = |which: Test, right: &str| holds(which, Some(&storage), &right.into(), None);
    assert_eq!(with(Test::Like, "st-*"), Truth::True);
    assert_eq!(with(Test::Like, "kv-*"), Truth::False);
    assert!(with(Test::Like, "*west*").is_unknown());
    assert!(with(Test::Like, "st-?-prod").is_unknown());
    assert_eq!(with(Test::Equals, "st-x-dev"), Truth::False);
    assert!(with(Test::Equals, "ST-X-PROD").is_unknown());
    assert_eq!(with(Test::Contains, "-prod"), Truth::True);
    assert!(with(Test::Contains, "x").is_unknown());
    assert_eq!(with(Test::Exists, "true"), Truth::True);
}

#[test]
fn one_of_several_values_decides_where_all_agree() {
    let choices = Shape::OneOf(Arc::from([Value::str("TLS1_2"), Value::str("TLS1_3")]));
    let value = Value::unknown_shaped(Why::Parameter("p".into()), choices);
    assert_eq!(holds(Test::GreaterOrEquals, Some(&value), &"1.2".into(), None), Truth::True);
    assert!(holds(Test::GreaterOrEquals, Some(&value), &"1.3".into(), None).is_unknown());
}

#[test]
fn secrets_compare_without_being_shown() {
    let secret = Value::new(Kind::Secret(Secret::known(SecretSource::Parameter, Kind::Str("x".into()))));
    assert_eq!(holds(Test::Equals, Some(&secret), &"X".into(), None), Truth::True);
    let opaque = Value::new(Kind::Secret(Secret::opaque(SecretSource::KeyVault)));
    assert!(holds(Test::Equals, Some(&opaque), &"x".into(), None).is_unknown());
    assert_eq!(holds(Test::Exists, Some(&opaque), &true.into(), None), Truth::True);
}

proptest! {
    /// Fills the holes of a partly known text in some way: the answer given before must not be contradicted.
    #[test]
    fn partly_known_texts_never_lie(
        pieces in proptest::collection::vec("[ab?]{0,3}", 1..4),
        filling in proptest::collection::vec("[ab]{0,3}", 9),
        right in "[ab*?]{0,5}",
    ) {
        let shape = pieces.concat();
        let mut filling = filling.into_iter();
        let settled: String = shape.chars().map(|c| if c == '?' { filling.next().unwrap_or_default() } else { c.to_string() }).collect();
        for which in [Test::Equals, Test::Like, Test::Contains] {
            let before = holds(which, Some(&text_with_holes(&shape)), &right.as_str().into(), None);
            let after = test(which, settled.as_str(), right.as_str());
            prop_assert!(before.is_unknown() || before == after, "{which:?} {shape} {settled} {right}: {before:?} then {after:?}");
        }
        let list = Value::array(vec![right.as_str().into(), "b".into()]);
        let before = holds(Test::In, Some(&text_with_holes(&shape)), &list, None);
        let after = holds(Test::In, Some(&settled.as_str().into()), &list, None);
        prop_assert!(before.is_unknown() || before == after);
    }

    /// The quick matcher says the same as the definition, tried out.
    #[test]
    fn like_is_what_its_definition_says(input in "[ab]{0,6}", pattern in "[ab*?]{0,6}") {
        fn by_definition(input: &[char], pattern: &[char]) -> bool {
            match (input, pattern) {
                ([], []) => true,
                (_, ['*', rest @ ..]) => (0..=input.len()).any(|at| by_definition(&input[at..], rest)),
                ([_, input @ ..], ['?', rest @ ..]) => by_definition(input, rest),
                ([a, input @ ..], [b, rest @ ..]) => a == b && by_definition(input, rest),
                _ => false,
            }
        }
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        prop_assert_eq!(like(&input, &pattern), by_definition(&chars(&input), &chars(&pattern)));
    }
}
