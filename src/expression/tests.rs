//! The evaluator as templates use it: one expression, one expected value.

use std::sync::Arc;

use super::*;
use crate::model::{FileId, Hop, HopKind, Kind, Object, Piece, Provenance, Secret, SecretSource, Shape, Span, Value, Why};

/// `parameters('unknown')` has no value, `parameters('secret')` is secret, `parameters('known')` is `'Known'`.
struct Parameters;

impl Scope for Parameters {
    fn call(&self, name: &str, args: &[Expr], eval: &mut Evaluator<'_>) -> Option<Value> {
        match name.to_ascii_lowercase().as_str() {
            "parameters" => Some(match args.first()?.as_str()? {
                "known" => {
                    let via = Hop { kind: HopKind::Parameter, name: "known".into(), span: Span::NONE, next: None };
                    let provenance = Provenance { defined: Span::new(FileId(7), 1, 2), used: Span::NONE, via: Some(Arc::new(via)) };
                    Value::from("Known").with_provenance(provenance)
                }
                "secret" => Value::new(Kind::Secret(Secret::known(SecretSource::Parameter, Kind::Str("hush".into())))),
                "vault" => Value::new(Kind::Secret(Secret::opaque(SecretSource::KeyVault))),
                name => Value::unknown(Why::Parameter(name.into())),
            }),
            // A user function: twice(x).
            "my.twice" => {
                let x = eval.eval(args.first()?);
                let body = parse("add(x(), x())", Span::NONE).expect("parses");
                Some(eval.with_scope(&Fixed(x), |eval| eval.eval(&body)))
            }
            _ => None,
        }
    }
}

struct Fixed(Value);

impl Scope for Fixed {
    fn call(&self, name: &str, _: &[Expr], _: &mut Evaluator<'_>) -> Option<Value> {
        (name == "x").then(|| self.0.clone())
    }
}

fn eval(text: &str) -> Value {
    let expr = parse(text, Span::new(FileId(0), 0, u32::try_from(text.len()).expect("short"))).expect("parses");
    Evaluator::new(&Parameters, Limits::default()).eval(&expr)
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Unknown(unknown) => match &unknown.shape {
            Shape::OneOf(values) => format!("one of {}", values.iter().map(shown).collect::<Vec<_>>().join(" ")),
            Shape::Text(pieces) => pieces.iter().map(|piece| if let Piece::Text(text) = piece { text } else { "{?}" }).collect(),
            Shape::Fields(object) => format!("at least {}", Value::object(Object::clone(object)).to_json()),
            Shape::Type(name) => format!("some {name}"),
            Shape::Any => format!("? {}", unknown.why),
        },
        _ => value.to_json().to_string(),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        assert_eq!(shown(&eval(text)), *wanted, "{text}");
    }
}

#[test]
fn branches_that_are_not_taken_are_not_evaluated() {
    check(&[
        ("if(true(), 1, div(1, 0))", "1"),
        ("if(equals('a', 'A'), 1, 2)", "2"),
        ("and(false(), div(1, 0))", "false"),
        ("or(true(), div(1, 0))", "true"),
        ("coalesce(null(), 'a', div(1, 0))", "\"a\""),
        ("div(1, 0)", "? the expression fails: `div(1, 0)` has no result in 64 bits"),
        ("my.twice(21)", "42"),
        ("nope(1)", "? function `nope` is not known"),
    ]);
}

#[test]
fn unknown_conditions_leave_what_both_branches_agree_on() {
    check(&[
        ("if(parameters('p'), 'a', 'a')", "\"a\""),
        ("if(parameters('p'), 'a', 'b')", "one of \"a\" \"b\""),
        ("toUpper(if(parameters('p'), 'a', 'b'))", "one of \"A\" \"B\""),
        ("equals(if(parameters('p'), 'a', 'b'), 'c')", "false"),
        ("equals(if(parameters('p'), 'a', 'b'), 'a')", "some bool"),
        ("concat('x-', if(parameters('p'), 'a', 'b'))", "one of \"x-a\" \"x-b\""),
        ("if(parameters('p'), createObject('a', 1), createObject('a', 2)).a", "one of 1 2"),
        ("if(parameters('p'), createObject('a', 1), createObject('b', 2)).a", "1"),
        ("if(parameters('p'), 1, parameters('q'))", "? parameter `p` has no value"),
        ("and(parameters('p'), false())", "false"),
        ("and(parameters('p'), true())", "some bool"),
        ("or(parameters('p'), true())", "true"),
        ("not(parameters('p'))", "some bool"),
        ("coalesce(parameters('p'), 'a')", "? parameter `p` has no value"),
        ("coalesce(if(parameters('p'), null(), 'a'), 'b')", "one of \"a\" \"b\""),
        ("coalesce(toLower(parameters('p')), 'a')", "some string"),
    ]);
}

#[test]
fn texts_with_holes_are_computed_with() {
    check(&[
        ("concat('st', parameters('p'), '-Prod')", "st{?}-Prod"),
        ("toLower(format('ST-{0}-{1:D2}', parameters('p'), 3))", "st-{?}-03"),
        ("startsWith(concat('st', parameters('p')), 'ST')", "true"),
        ("startsWith(concat('st', parameters('p')), 'x')", "false"),
        ("contains(concat(parameters('p'), '-prod'), 'prod')", "true"),
        ("equals(concat('a', parameters('p')), 'b')", "false"),
        ("equals(concat('a', parameters('p')), 'ab')", "some bool"),
        ("empty(concat('a', parameters('p')))", "false"),
        ("length(concat('a', parameters('p')))", "some int"),
        ("take(concat('abc', parameters('p')), 2)", "\"ab\""),
        ("take(concat('abc', parameters('p')), 5)", "abc{?}"),
        ("skip(concat('abc', parameters('p')), 1)", "bc{?}"),
        ("substring(concat('abc', parameters('p')), 1, 2)", "\"bc\""),
        ("replace(concat('a-', parameters('p'), '-b'), '-', '')", "a{?}b"),
        ("replace(concat('a-', parameters('p')), 'a-', '')", "some string"),
        ("join(createArray('a', parameters('p')), ',')", "a,{?}"),
        ("first(concat('a', parameters('p')))", "\"a\""),
        ("last(concat('a', parameters('p')))", "some string"),
        ("trim(concat(' a ', parameters('p'), ' '))", "a{?}"),
        ("trim(concat(parameters('p'), ' a '))", "{?}a"),
        ("string(createObject('a', parameters('p')))", "{\"a\":{?}}"),
        ("indexOf(concat('a-b', parameters('p')), 'B')", "2"),
        ("uniqueString(parameters('p'))", "some string"),
        ("extensionResourceId(parameters('p'), 'Microsoft.Authorization/locks', 'l')", "{?}/providers/Microsoft.Authorization/locks/l"),
    ]);
}

#[test]
fn containers_with_unknown_parts_stay_containers() {
    check(&[
        ("length(createArray(parameters('p'), 1))", "2"),
        ("empty(createObject('a', parameters('p')))", "false"),
        ("createArray(parameters('p'), 1)[1]", "1"),
        ("contains(createArray(parameters('p'), 1), 1)", "true"),
        ("contains(createArray(parameters('p'), 1), 2)", "some bool"),
        ("contains(createObject('Env', parameters('p')), 'env')", "true"),
        ("union(createObject('a', 1), parameters('p'))", "at least {\"a\":\"(unknown: parameter `p` has no value)\"}"),
        ("union(parameters('p'), createObject('env', 'prod'))", "at least {\"env\":\"prod\"}"),
        ("union(parameters('p'), createObject('env', 'prod')).ENV", "\"prod\""),
        ("union(parameters('p'), createObject('env', 'prod')).other", "? parameter `p` has no value"),
        ("contains(union(parameters('p'), createObject('env', 'prod')), 'env')", "true"),
        ("contains(union(parameters('p'), createObject('env', 'prod')), 'x')", "some bool"),
        ("union(createArray(1), parameters('p'))", "some array"),
        ("length(concat(createArray(1), createArray(parameters('p'))))", "2"),
        ("map(parameters('p'), lambda('x', 1))", "some array"),
        ("length(filter(createArray(1, parameters('p')), lambda('x', equals(lambdaVariables('x'), 1))))", "some int"),
        ("range(0, parameters('p'))", "some array"),
        ("createArray('a', 'b')[parameters('p')]", "one of \"a\" \"b\""),
    ]);
}

#[test]
fn lambdas_run() {
    check(&[
        ("map(range(1, 3), lambda('x', mul(lambdaVariables('x'), 2)))", "[2,4,6]"),
        ("map(createArray('a'), lambda('x', 'i', format('{0}{1}', lambdaVariables('x'), lambdaVariables('i'))))", "[\"a0\"]"),
        ("filter(range(0, 6), lambda('x', equals(mod(lambdaVariables('x'), 2), 0)))", "[0,2,4]"),
        ("reduce(range(1, 4), 0, lambda('sum', 'x', add(lambdaVariables('sum'), lambdaVariables('x'))))", "10"),
        ("sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))", "[1,2,3]"),
        ("sort(createArray(3, 1, 2), lambda('a', 'b', true()))", "[2,1,3]"),
        (
            "toObject(createArray('a', 'b'), lambda('x', lambdaVariables('x')), lambda('x', length(lambdaVariables('x'))))",
            "{\"a\":1,\"b\":1}",
        ),
        ("groupBy(createArray('ab', 'ac', 'b'), lambda('x', take(lambdaVariables('x'), 1)))", "{\"a\":[\"ab\",\"ac\"],\"b\":[\"b\"]}"),
        ("mapValues(createObject('a', 1), lambda('x', add(lambdaVariables('x'), 1)))", "{\"a\":2}"),
        // The inner variable hides the outer one, and is gone afterwards.
        (
            "map(createArray(1), lambda('x', createArray(map(createArray(2), lambda('x', lambdaVariables('x'))), lambdaVariables('x'))))",
            "[[[2],1]]",
        ),
        ("lambdaVariables('x')", "? the expression fails: there is no lambda variable `x` here"),
        ("map(createArray(1), 1)", "? the expression fails: argument 2 must be a lambda"),
    ]);
}

#[test]
fn objects_and_arrays() {
    check(&[
        ("union(createObject('a', createObject('x', 1, 'y', 2)), createObject('A', createObject('y', 3)))", "{\"a\":{\"x\":1,\"y\":3}}"),
        (
            "shallowMerge(createArray(createObject('a', createObject('x', 1)), createObject('a', createObject('y', 3))))",
            "{\"a\":{\"y\":3}}",
        ),
        ("items(createObject('b', 1, 'A', 2))", "[{\"key\":\"A\",\"value\":2},{\"key\":\"b\",\"value\":1}]"),
        ("objectKeys(createObject('b', 1, 'A', 2))", "[\"A\",\"b\"]"),
        ("intersection(createObject('a', 1, 'b', 2), createObject('a', 1, 'b', 3))", "{\"a\":1}"),
        ("tryGet(createObject('a', createArray(1)), 'a', 0)", "1"),
        ("tryGet(createObject('a', 1), 'b', 'c')", "null"),
        ("tryGet(null(), 'b')", "null"),
        ("createObject('a', 1).b", "? the expression fails: there is no property `b`; there are: a"),
        ("createArray(1)[1]", "? the expression fails: index 1 is outside an array of 1 items"),
        ("indexFromEnd(createArray(1, 2), 1)", "2"),
        ("tryIndexFromEnd(createArray(1, 2), 3)", "null"),
        ("flatten(createArray(createArray(1), createArray(2, 3)))", "[1,2,3]"),
        ("distinct(createArray('a', 'A', 'a', 1, 1))", "[\"a\",\"A\",1]"),
        ("equals(createObject('a', 1, 'b', 2), createObject('B', 2, 'A', 1))", "true"),
        ("json('{\"a\": [1, null]}').a[1]", "null"),
        ("contains(json('[\"a\"]'), 'A')", "false"),
    ]);
}

#[test]
fn lengths_count_utf16_units() {
    check(&[
        ("length('é😀')", "3"),
        ("substring('é😀x', 3, 1)", "\"x\""),
        ("indexOf('é😀x', 'X')", "3"),
        ("toUpper('éß')", "\"Éß\""),
        ("padLeft('😀', 3, '0')", "\"0😀\""),
        ("split('a,b;c', createArray(',', ';'))", "[\"a\",\"b\",\"c\"]"),
        (
            "parseUri('https://Host:8080/a?b=c')",
            "{\"scheme\":\"https\",\"host\":\"host\",\"port\":8080,\"path\":\"/a\",\"query\":\"?b=c\"}",
        ),
        ("buildUri(createObject('scheme', 'https', 'host', 'h', 'path', 'a'))", "\"https://h/a\""),
        ("uri('https://h/a/b.json', '../c/./d.json')", "\"https://h/c/d.json\""),
        ("int('12')", "12"),
        ("string(1.5)", "\"1.5\""),
        ("string(true())", "\"True\""),
    ]);
}

#[test]
fn what_is_made_of_a_secret_is_secret() {
    for text in [
        "parameters('secret')",
        "concat('a', parameters('secret'))",
        "format('{0}', parameters('vault'))",
        "base64(parameters('secret'))",
        "if(true(), parameters('secret'), 'x')",
        "createArray(parameters('secret'))[0]",
        "split(parameters('secret'), 'u')[0]",
        "first(createArray(toUpper(parameters('secret'))))",
        "string(createObject('a', parameters('secret')))",
        "join(createArray('a', parameters('secret')), ',')",
        "map(split(parameters('secret'), 'u'), lambda('x', lambdaVariables('x')))",
        "concat(parameters('p'), parameters('secret'))",
        "json(format('\"{0}\"', parameters('secret')))",
    ] {
        let value = eval(text);
        assert!(matches!(value.kind, Kind::Secret(_)), "{text} gives {value:?}");
        assert!(!format!("{value:?} {}", value.to_json()).contains("hush"), "{text}");
    }
    let known = eval("concat('a-', parameters('secret'))");
    let Kind::Secret(secret) = &known.kind else { panic!("a secret") };
    assert!(matches!(secret.reveal(), Some(Kind::Str(text)) if &**text == "a-hush"), "it can be computed with");
    check(&[
        ("length(parameters('secret'))", "4"),
        ("empty(parameters('secret'))", "false"),
        ("empty(parameters('vault'))", "some bool"),
        ("if(empty(parameters('secret')), 'none', 'some')", "\"some\""),
        ("createObject('a', parameters('secret'), 'b', 1).b", "1"),
        ("length(createArray(parameters('secret')))", "1"),
        ("if(equals(parameters('secret'), 'hush'), 1, 2)", "1"),
    ]);
    for text in ["int(parameters('secret'))", "json(parameters('secret'))", "dateTimeAdd(parameters('secret'), 'P1D')"] {
        assert!(!format!("{:?}", eval(text)).contains("hush"), "the message of {text} quotes the secret");
    }
}

#[test]
fn values_keep_where_they_come_from() {
    let defined = |text: &str| eval(text).provenance.defined;
    let place = Span::new(FileId(7), 1, 2);
    for text in [
        "parameters('known')",
        "if(true(), parameters('known'), 'x')",
        "coalesce(null(), parameters('known'))",
        "createObject('a', parameters('known')).a",
        "union(createObject('b', 1), createObject('a', parameters('known'))).a",
        "first(createArray(parameters('known')))",
        "toLower(parameters('known'))",
        "concat('a-', parameters('known'))",
    ] {
        assert_eq!(defined(text), place, "{text}");
    }
    assert!(eval("toLower(parameters('known'))").provenance.via.is_some());
    assert_eq!(defined("if(false(), 'a', 'b')"), Span::new(FileId(0), 17, 20), "the literal of the branch that is taken");
    assert!(defined("concat(parameters('known'), parameters('known'))").is_none(), "of two values it is neither");
    assert!(defined("concat('a', 'b')").is_none());
}

#[test]
fn budgets_end_what_would_not() {
    let doubling = "reduce(range(0, 60), createArray('x'), lambda('a', 'i', createArray(lambdaVariables('a'), lambdaVariables('a'))))";
    let value = eval(doubling);
    assert!(measure(&value).is_some() && partial::first_why([&value]).is_some_and(|why| matches!(why, Why::Budget(_))), "{doubling}");
    let text = "reduce(range(0, 60), 'x', lambda('a', 'i', concat(lambdaVariables('a'), lambdaVariables('a'))))";
    assert!(eval(text).is_unknown(), "{text}");
    let nested = "reduce(range(0, 9999), 'x', lambda('a', 'i', createArray(lambdaVariables('a'))))";
    let value = eval(nested);
    assert!(measure(&value).is_some() && partial::first_why([&value]).is_some_and(|why| matches!(why, Why::Budget(_))), "{nested}");
    let work = "map(range(0, 9999), lambda('x', map(range(0, 9999), lambda('y', map(range(0, 9999), lambda('z', 1))))))";
    let expr = parse(work, Span::NONE).expect("parses");
    let limits = Limits { nodes: 200_000, ..Limits::default() };
    let value = Evaluator::new(&NoScope, limits).eval(&expr);
    assert!(partial::first_why([&value]).is_some_and(|why| matches!(why, Why::Budget(_))));
}
