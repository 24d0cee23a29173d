//! Puts the values of a call into what it calls: `${{ inputs.x }}`, `${{ parameters.x }}`.

use std::sync::Arc;

use crate::model::{Kind, Object, Value};

/// How the value of an expression is found: the text between `${{` and `}}`, trimmed.
pub type Lookup<'a> = dyn Fn(&str) -> Option<Value> + 'a;

/// `value` with every expression that `lookup` knows replaced; the others stay as they are written.
///
/// `left` is the budget of values that may be made; where it runs out, the rest stays as it is.
pub fn substitute(value: &Value, lookup: &Lookup<'_>, left: &mut usize) -> Value {
    *left = left.saturating_sub(1);
    if *left == 0 {
        return value.clone();
    }
    let kind = match &value.kind {
        Kind::Str(text) if text.contains("${{") => text_of(text, lookup),
        Kind::Array(items) => Kind::Array(Arc::new(items.iter().map(|item| substitute(item, lookup, left)).collect())),
        Kind::Object(object) => {
            let mut made = Object::with_capacity(object.len());
            for field in object.iter() {
                made.insert(Arc::clone(&field.key), field.key_span, substitute(&field.value, lookup, left));
            }
            Kind::Object(Arc::new(made))
        }
        other => other.clone(),
    };
    Value { kind, provenance: value.provenance.clone() }
}

fn text_of(text: &str, lookup: &Lookup<'_>) -> Kind {
    let trimmed = text.trim();
    let whole = trimmed.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).filter(|inner| !inner.contains("}}"));
    if let Some(found) = whole.and_then(|inner| lookup(inner.trim())) {
        return found.kind;
    }
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        made.push_str(before);
        let Some((inner, behind)) = after.split_once("}}") else {
            made.push_str("${{");
            rest = after;
            break;
        };
        match lookup(inner.trim()).as_ref().map(plain) {
            Some(Some(found)) => made.push_str(&found),
            _ => {
                made.push_str("${{");
                made.push_str(inner);
                made.push_str("}}");
            }
        }
        rest = behind;
    }
    made.push_str(rest);
    Kind::Str(made.into())
}

/// A scalar as it stands in text.
pub fn plain(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Str(text) => Some(text.to_string()),
        Kind::Int(number) => Some(number.to_string()),
        Kind::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The name in `context.name` or `context['name']`.
pub fn named<'a>(expression: &'a str, context: &str) -> Option<&'a str> {
    let rest = expression.strip_prefix(context)?;
    let name = match rest.strip_prefix('.') {
        Some(name) => name,
        None => rest.strip_prefix('[')?.strip_suffix(']')?.trim_matches(['\'', '"']),
    };
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-').then_some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_expressions_go_and_unknown_ones_stay() {
        let lookup = |expression: &str| match named(expression, "inputs") {
            Some("where") => Some(Value::str("prod")),
            Some("list") => Some(Value::array(vec![Value::str("a")])),
            _ => None,
        };
        let of = |text: &str| substitute(&Value::str(text), &lookup, &mut 100).to_json().to_string();
        assert_eq!(of("${{ inputs.where }}"), "\"prod\"");
        assert_eq!(of("rg-${{ inputs['where'] }}-${{ github.sha }}"), "\"rg-prod-${{ github.sha }}\"");
        assert_eq!(of("${{ inputs.list }}"), "[\"a\"]");
        assert_eq!(of("x ${{ broken"), "\"x ${{ broken\"");
    }
}
