//! What must hold for every expression: nothing panics, printing and parsing agree, and an answer computed from partial
//! knowledge admits every answer that full knowledge gives.

#![allow(clippy::string_slice, reason = "a test, on its own texts")]

use proptest::prelude::*;

use super::*;
use crate::model::{Kind, Object, Piece, Shape, Span, Value, Why};

/// Draws choices from bytes, so that a failing case shrinks to a small expression.
struct Draw<'a> {
    bytes: &'a [u8],
}

impl Draw<'_> {
    fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first) % count
    }

    fn of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

/// Text of an expression of type `kind`: t(ext), i(nt), b(ool), a(rray of texts), o(bject).
fn expression(draw: &mut Draw<'_>, kind: char, depth: u32) -> String {
    if depth == 0 || draw.below(5) == 0 {
        return leaf(draw, kind);
    }
    let patterns: &[&str] = match kind {
        't' => &[
            "concat(t, t)",
            "format('{0}-{1,4:D3}{0}', t, i)",
            "toLower(t)",
            "toUpper(t)",
            "trim(t)",
            "replace(t, '-', t)",
            "replace(t, 'ab', t)",
            "substring(t, 0, i)",
            "take(t, i)",
            "skip(t, i)",
            "padLeft(t, i, '0')",
            "if(b, t, t)",
            "coalesce(null(), t)",
            "first(a)",
            "last(t)",
            "join(a, t)",
            "string(o)",
            "string(a)",
            "uniqueString(t)",
            "o.x",
            "tryGet(o, t)",
            "a[i]",
            "base64(t)",
            "uriComponent(t)",
            "first(t)",
            "string(b)",
            "reduce(a, t, lambda('s', 'v', concat(lambdaVariables('s'), lambdaVariables('v'))))",
            "union(o, o).x",
            "coalesce(t, t)",
            "tryGet(o, 'y')",
            "tenantResourceId('a.b/c', t)",
            "guid(t, t)",
        ],
        'i' => &[
            "length(t)",
            "length(a)",
            "length(o)",
            "add(i, i)",
            "mod(i, 3)",
            "indexOf(t, t)",
            "lastIndexOf(t, t)",
            "indexOf(a, t)",
            "if(b, i, i)",
            "min(i, i)",
            "max(i, 2)",
        ],
        'b' => &[
            "equals(t, t)",
            "not(b)",
            "and(b, b)",
            "or(b, b)",
            "contains(t, t)",
            "contains(a, t)",
            "contains(o, t)",
            "startsWith(t, t)",
            "endsWith(t, t)",
            "empty(t)",
            "empty(a)",
            "empty(o)",
            "less(i, i)",
            "greaterOrEquals(t, t)",
            "equals(a, a)",
            "equals(o, o)",
            "if(b, b, b)",
            "like(t, 'a*')",
            "equals(i, i)",
        ],
        'a' => &[
            "createArray(t, t)",
            "concat(a, a)",
            "union(a, a)",
            "intersection(a, a)",
            "distinct(a)",
            "take(a, i)",
            "skip(a, i)",
            "split(t, '-')",
            "map(a, lambda('v', concat(t, lambdaVariables('v'))))",
            "filter(a, lambda('v', contains(t, lambdaVariables('v'))))",
            "if(b, a, a)",
            "objectKeys(o)",
            "sort(a, lambda('p', 'q', less(lambdaVariables('p'), lambdaVariables('q'))))",
            "flatten(createArray(a, a))",
            "array(t)",
        ],
        _ => &[
            "createObject('x', t, 'y', t)",
            "createObject('x', t, 'z', o)",
            "union(o, o)",
            "shallowMerge(createArray(o, o))",
            "intersection(o, o)",
            "if(b, o, o)",
            "toObject(a, lambda('v', lambdaVariables('v')))",
            "mapValues(o, lambda('v', t))",
            "groupBy(a, lambda('v', take(lambdaVariables('v'), 1)))",
            "json(string(o))",
            "createObject('x', i, 'z', a)",
            "union(createObject('z', o), createObject('z', o))",
            "coalesce(null(), o)",
        ],
    };
    let pattern = patterns[draw.below(patterns.len())];
    let mut text = String::new();
    let letters: Vec<char> = pattern.chars().collect();
    let mut quoted = false;
    for (at, c) in letters.iter().enumerate() {
        quoted ^= *c == '\'';
        let alone = |at: Option<usize>| at.and_then(|at| letters.get(at)).is_none_or(|c| !c.is_alphanumeric());
        if !quoted
            && "tibao".contains(*c)
            && alone(at.checked_sub(1))
            && alone(Some(at + 1))
            && letters.get(at.wrapping_sub(1)) != Some(&'.')
        {
            text += &expression(draw, *c, depth - 1);
        } else {
            text.push(*c);
        }
    }
    text
}

fn leaf(draw: &mut Draw<'_>, kind: char) -> String {
    match kind {
        't' => draw.of(&["parameters('t1')", "parameters('t2')", "'a'", "'ab-B'", "''", "' x'"]),
        'i' => draw.of(&["parameters('i1')", "0", "1", "2"]),
        'b' => draw.of(&["parameters('b1')", "true()", "false()"]),
        'a' => draw.of(&["parameters('a1')", "createArray()", "createArray('a', 'ab')"]),
        _ => draw.of(&["parameters('o1')", "createObject()", "createObject('X', 'a')"]),
    }
    .to_owned()
}

const NAMES: [&str; 6] = ["t1", "t2", "i1", "b1", "a1", "o1"];

fn value_of(draw: &mut Draw<'_>, name: &str) -> Value {
    let text = |draw: &mut Draw<'_>| Value::from(draw.of(&["a", "ab", "aB-b", "", "-", "b-a-ab", " x "]));
    match &name[..1] {
        "t" => text(draw),
        "i" => Value::from(draw.below(4) as i64),
        "b" => Value::from(draw.below(2) == 0),
        "a" => Value::array((0..draw.below(4)).map(|_| text(draw)).collect()),
        _ => {
            let mut object = Object::new();
            for key in ["x", "Y", "z"].iter().take(draw.below(4)) {
                let value = text(draw);
                object.set(*key, value);
            }
            Value::object(object)
        }
    }
}

/// Less than the whole truth about `value`.
fn blurred(draw: &mut Draw<'_>, name: &str, value: &Value) -> Value {
    let why = Why::Parameter(name.into());
    let kind = match &name[..1] {
        "t" => "string",
        "i" => "int",
        "b" => "bool",
        "a" => "array",
        _ => "object",
    };
    match (draw.below(6), &value.kind) {
        (0, _) => value.clone(),
        (1, _) => Value::unknown_shaped(why, Shape::Type(kind)),
        (2, _) => {
            let other = value_of(draw, name);
            partial::one_of(&why, [other, value.clone()])
        }
        (3, Kind::Str(text)) if text.is_char_boundary(1) => {
            let mut pieces = partial::text::Builder::new();
            pieces.text(&text[..1]);
            pieces.hole(&why);
            pieces.finish()
        }
        (4, Kind::Str(text)) if !text.is_empty() && text.is_ascii() => {
            Value::unknown_shaped(why, Shape::Text([Piece::Hole, Piece::Text(text[text.len() - 1..].into())].into()))
        }
        (3, Kind::Array(items)) => Value::array(items.iter().map(|item| blurred(draw, "t", item)).collect()),
        (3, Kind::Object(object)) => {
            let mut object = Object::clone(object);
            for value in object.values_mut() {
                *value = blurred(draw, "t", value);
            }
            Value::object(object)
        }
        (4, Kind::Object(object)) => {
            let mut object = Object::clone(object);
            object.remove("x");
            Value::unknown_shaped(why, Shape::Fields(std::sync::Arc::new(object)))
        }
        _ => Value::unknown(why),
    }
}

struct Given(Vec<(&'static str, Value)>);

impl Scope for Given {
    fn call(&self, name: &str, args: &[Expr], _: &mut Evaluator<'_>) -> Option<Value> {
        let wanted = args.first()?.as_str()?;
        (name == "parameters").then(|| self.0.iter().find(|(name, _)| *name == wanted).map_or_else(Value::null, |(_, value)| value.clone()))
    }
}

fn brief(value: &Value) -> String {
    match value.as_unknown() {
        Some(unknown) => {
            format!("{:?} because {}", unknown.shape, unknown.why).replace("Span { file: FileId(4294967295), start: 0, end: 0 }", "-")
        }
        None => value.to_json().to_string(),
    }
}

/// Whether the expression fails, or a part of it outside of lambdas.
fn part_fails(expr: &Expr, scope: &Given) -> bool {
    let fails_inside = match expr {
        Expr::Literal(_) => false,
        Expr::Call { args, .. } => args.iter().any(|arg| !arg.is_call("lambda") && part_fails(arg, scope)),
        Expr::Member { base, .. } => part_fails(base, scope),
        Expr::Index { base, index, .. } => part_fails(base, scope) || part_fails(index, scope),
    };
    fails_inside || has_error(&Evaluator::new(scope, Limits::default()).eval(expr))
}

fn has_error(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(unknown) => matches!(unknown.why, Why::Error(_) | Why::Budget(_)),
        Kind::Array(items) => items.iter().any(has_error),
        Kind::Object(object) => object.iter().any(|field| has_error(&field.value)),
        _ => false,
    }
}

fn sound(bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut draw = Draw { bytes };
    let full: Vec<(&'static str, Value)> = NAMES.map(|name| (name, value_of(&mut draw, name))).into();
    let part: Vec<(&'static str, Value)> = full.iter().map(|(name, value)| (*name, blurred(&mut draw, name, value))).collect();
    let kind = ['t', 'i', 'b', 'a', 'o'][draw.below(5)];
    let text = expression(&mut draw, kind, 4);
    let expr = parse(&text, Span::NONE).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
    let exact = Evaluator::new(&Given(full.clone()), Limits::default()).eval(&expr);
    let guess = Evaluator::new(&Given(part.clone()), Limits::default()).eval(&expr);
    // Where a part fails that the whole does not need, the partial answer may fail too.
    if part_fails(&expr, &Given(full.clone())) {
        return Ok(());
    }
    let list =
        |values: &[(&str, Value)]| values.iter().map(|(name, value)| format!("{name} = {}", brief(value))).collect::<Vec<_>>().join(", ");
    let told = || format!("{text}\n  with {}\n  is {},\n  but with {}\n  it is {}", list(&full), brief(&exact), list(&part), brief(&guess));
    prop_assert!(equal(&guess, &exact) != Truth::No, "{}", told());
    prop_assert!(!has_error(&guess), "{}", told());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn partial_answers_admit_the_whole_truth(bytes in prop::collection::vec(any::<u8>(), 0..160)) {
        sound(&bytes)?;
    }

    #[test]
    fn any_text_parses_or_is_refused(text in "\\PC{0,60}") {
        if let Ok(expr) = parse(&text, Span::NONE) {
            Evaluator::new(&NoScope, Limits::default()).eval(&expr);
        }
    }

    #[test]
    fn any_tokens_parse_or_are_refused(tokens in prop::collection::vec(prop::sample::select(vec!["a", "(", ")", "[", "]", ".", ",", "'", "''", "1", "-", " ", "é", "e9"]), 0..40)) {
        let text = tokens.concat();
        if let Ok(expr) = parse(&text, Span::NONE) {
            let printed = expr.to_string();
            let again = parse(&printed, Span::NONE).map(|expr| expr.to_string());
            prop_assert_eq!(again, Ok(printed));
        }
    }

    #[test]
    fn printing_and_parsing_agree(bytes in prop::collection::vec(any::<u8>(), 0..160)) {
        let mut draw = Draw { bytes: &bytes };
        let kind = ['t', 'i', 'b', 'a', 'o'][draw.below(5)];
        let text = expression(&mut draw, kind, 5);
        prop_assert_eq!(parse(&text, Span::NONE).map(|expr| expr.to_string()), Ok(text));
    }

    #[test]
    fn no_function_panics(name in 0..functions::all().len(), bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut draw = Draw { bytes: &bytes };
        let mut args = Vec::new();
        for _ in 0..draw.below(5) {
            let numbers = [-1, 0, 1, 33, 129, i64::MAX, i64::MIN];
            let texts = ["", "a", "é😀", "10.0.0.0/8", "::/0", "2020-01-01T00:00:00Z", "P1Y", "{0,9:N2}", "{\"a\":[1]}", "https://a:1/b?c#d", "%e4%zz", "yyyy-MM-ddd'"];
            args.push(match draw.below(7) {
                0 => Value::from(numbers[draw.below(numbers.len())]),
                1 => Value::new(Kind::Float([0.5, -1e300, 1e18][draw.below(3)])),
                2 => Value::null(),
                3 => value_of(&mut draw, "a"),
                4 => value_of(&mut draw, "o"),
                _ => Value::from(texts[draw.below(texts.len())]),
            });
        }
        let blurred_args: Vec<Value> = args.iter().map(|value| blurred(&mut draw, "t", value)).collect();
        let function = functions::all()[name].name;
        prop_assert!(functions::call(function, &args).is_some());
        prop_assert!(functions::call(function, &blurred_args).is_some());
    }
}
