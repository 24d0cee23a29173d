//! Which of two values is the greater: numbers, versions, text.

use std::cmp::Ordering;

use super::compare::fold;
use crate::model::{Kind, Value};

/// The order of two known values; `None` where they do not compare.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (&left.kind, &right.kind) {
        (Kind::Bool(a), Kind::Bool(b)) => Some(a.cmp(b)),
        (Kind::Str(a), Kind::Str(b)) => Some(order_texts(a, b)),
        _ => {
            let named = [left, right].iter().any(|value| value.as_str().is_some_and(|text| protocol(text).is_some()));
            if named && let (Some(a), Some(b)) = (spelled_version(left), spelled_version(right)) {
                return Some(a.cmp(&b));
            }
            number(left)?.partial_cmp(&number(right)?)
        }
    }
}

fn order_texts(a: &str, b: &str) -> Ordering {
    let (version_a, version_b) = (version(a), version(b));
    let is_scale = |text: &str| protocol(text).is_some() || text.matches('.').count() >= 2;
    if let (Some(a_parts), Some(b_parts)) = (&version_a, &version_b)
        && (is_scale(a) || is_scale(b))
    {
        return a_parts.cmp(b_parts);
    }
    match (parse_number(a), parse_number(b)) {
        (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
        _ => fold(a).cmp(&fold(b)),
    }
}

/// A protocol version beside a number: `TLS1_2` and `1.2`.
fn spelled_version(value: &Value) -> Option<Vec<u32>> {
    match &value.kind {
        Kind::Str(text) if protocol(text).is_some() => version(text),
        Kind::Int(n) => version(&n.to_string()),
        Kind::Float(x) => version(&x.to_string()),
        _ => None,
    }
}

/// What follows `TLS` or `SSL` in a version's spelling, and whether it was `SSL`.
fn protocol(text: &str) -> Option<(bool, &str)> {
    let head = text.trim().get(..3)?;
    let ssl = head.eq_ignore_ascii_case("ssl");
    (ssl || head.eq_ignore_ascii_case("tls")).then(|| text.trim().get(3..)).flatten().map(|rest| (ssl, rest))
}

/// The parts of a version: `1.2`, `TLS1_2`, `TLS12`, `TLSv1.2`, `Tls12` are all 1 and 2; every SSL comes before every TLS.
fn version(text: &str) -> Option<Vec<u32>> {
    let (ssl, digits) = protocol(text).unwrap_or((false, text.trim()));
    let spelled = digits.len() < text.trim().len();
    let digits = digits.trim_start_matches(['_', ' ', '-']).trim_start_matches(['v', 'V']).trim_start_matches('_');
    if digits.is_empty() || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let parts: Option<Vec<u32>> = digits.split(['.', '_']).map(|part| part.parse().ok()).collect();
    let mut parts = parts?;
    // `TLS12` has no separator.
    if let ([packed], true) = (parts.as_slice(), spelled)
        && *packed >= 10
    {
        parts = vec![packed / 10, packed % 10];
    }
    if ssl {
        parts.insert(0, 0);
    } else if parts.len() == 1 && spelled {
        parts.push(0);
    }
    Some(parts)
}

fn parse_number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|x| x.is_finite())
}

/// A number, also one spelled as text.
pub(super) fn number(value: &Value) -> Option<f64> {
    match &value.kind {
        #[expect(clippy::cast_precision_loss, reason = "quantities of rules are far below 2^53")]
        Kind::Int(n) => Some(*n as f64),
        Kind::Float(x) => Some(*x),
        Kind::Str(text) => parse_number(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_tls_version_compares_alike() {
        for spelling in ["1.2", "TLS1_2", "TLS12", "TLSv1.2", "Tls12", "tls1.2", "TLS 1.2", "TLSv1_2"] {
            assert_eq!(order(&spelling.into(), &"TLS1_2".into()), Some(Ordering::Equal), "{spelling}");
            assert_eq!(order(&spelling.into(), &"1.3".into()), Some(Ordering::Less), "{spelling}");
            assert_eq!(order(&spelling.into(), &"Tls11".into()), Some(Ordering::Greater), "{spelling}");
        }
        assert_eq!(order(&"SSLv3".into(), &"TLS1_0".into()), Some(Ordering::Less));
        assert_eq!(order(&Value::new(Kind::Float(1.1)), &"TLS1_2".into()), Some(Ordering::Less));
    }

    #[test]
    fn numbers_compare_as_numbers_even_as_text_and_versions_part_by_part() {
        assert_eq!(order(&"90".into(), &Value::from(365)), Some(Ordering::Less));
        assert_eq!(order(&"8".into(), &"30".into()), Some(Ordering::Less));
        assert_eq!(order(&"1.9.0".into(), &"1.10.0".into()), Some(Ordering::Less));
        assert_eq!(order(&"2024-01-02".into(), &"2024-01-10".into()), Some(Ordering::Less));
        assert_eq!(order(&"many".into(), &Value::from(3)), None);
        assert_eq!(order(&Value::from(-1), &Value::from(0)), Some(Ordering::Less));
        assert_eq!(order(&Value::new(Kind::Float(1.5)), &Value::from(10)), Some(Ordering::Less));
    }
}
