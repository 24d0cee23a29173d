//! .NET's numeric format strings, with the invariant culture: `D3`, `N2`, `F1`, `X`, `E`, `P`, `G`, `000`, `#,##0.00`.

use super::arguments::invalid;
use super::convert::float_text;
use crate::expression::FunctionError;

/// Most digits that a specifier may ask for.
const MAX_DIGITS: usize = 99;

/// A whole number in the format `spec`; empty for the general one.
pub fn int(n: i64, spec: &str) -> Result<String, FunctionError> {
    #[expect(clippy::cast_precision_loss, reason = "formats with a fraction are for small numbers")]
    let as_float = n as f64;
    let Some((letter, digits)) = standard(spec) else { return custom(as_float, spec) };
    let sign = if n < 0 { "-" } else { "" };
    Ok(match letter {
        'D' => format!("{sign}{:0>width$}", n.unsigned_abs(), width = digits.unwrap_or(0)),
        'X' => format!("{n:0width$X}", width = digits.unwrap_or(0)),
        'x' => format!("{n:0width$x}", width = digits.unwrap_or(0)),
        'N' => format!("{sign}{}{}", grouped(&n.unsigned_abs().to_string()), fraction_zeroes(digits.unwrap_or(2))),
        'F' => format!("{n}{}", fraction_zeroes(digits.unwrap_or(2))),
        'G' | 'R' => n.to_string(),
        _ => return float(as_float, spec),
    })
}

/// A float in the format `spec`; empty for the general one.
pub fn float(x: f64, spec: &str) -> Result<String, FunctionError> {
    let Some((letter, digits)) = standard(spec) else { return custom(x, spec) };
    let sign = if x < 0.0 { "-" } else { "" };
    Ok(match letter {
        'N' => format!("{sign}{}", group_text(&format!("{:.*}", digits.unwrap_or(2), x.abs()))),
        'F' => format!("{:.*}", digits.unwrap_or(2), x),
        'P' => format!("{sign}{} %", group_text(&format!("{:.*}", digits.unwrap_or(2), x.abs() * 100.0))),
        'C' => format!("{sign}¤{}", group_text(&format!("{:.*}", digits.unwrap_or(2), x.abs()))),
        'E' | 'e' => {
            let text = format!("{:.*e}", digits.unwrap_or(6), x);
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let power: i32 = exponent.parse().unwrap_or(0);
            format!("{mantissa}{letter}{}{:03}", if power < 0 { '-' } else { '+' }, power.abs())
        }
        'G' | 'R' => float_text(x),
        _ => return invalid(format!("`{spec}` is no format of numbers")),
    })
}

/// The letter (case kept for `x` and `e`) and the digits of a standard format.
fn standard(spec: &str) -> Option<(char, Option<usize>)> {
    if spec.is_empty() {
        return Some(('G', None));
    }
    let mut chars = spec.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let digits = chars.as_str();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = if digits.is_empty() { None } else { digits.parse::<usize>().ok() };
    let letter = if matches!(letter, 'x' | 'e') { letter } else { letter.to_ascii_uppercase() };
    Some((letter, digits.map(|digits| digits.min(MAX_DIGITS))))
}

fn fraction_zeroes(digits: usize) -> String {
    if digits == 0 { String::new() } else { format!(".{}", "0".repeat(digits)) }
}

fn group_text(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", grouped(whole)),
        None => grouped(text),
    }
}

/// `1234567` as `1,234,567`
fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A custom format: digits `0` and `#`, a point, groups by `,`; everything else is itself.
fn custom(x: f64, spec: &str) -> Result<String, FunctionError> {
    if !spec.contains(['0', '#']) {
        return Ok(spec.to_owned());
    }
    let first = spec.find(['0', '#']).unwrap_or(0);
    let last = spec.rfind(['0', '#']).unwrap_or(0);
    let (before, after) = (spec.get(..first).unwrap_or(""), spec.get(last + 1..).unwrap_or(""));
    let body = spec.get(first..=last).unwrap_or("");
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    let needed = |part: &str| part.chars().filter(|c| *c == '0').count();
    let places = fraction.chars().filter(|c| matches!(c, '0' | '#')).count().min(MAX_DIGITS);
    let percent = if spec.contains('%') { 100.0 } else { 1.0 };
    let text = format!("{:.*}", places, x.abs() * percent);
    let (digits, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let digits = if digits == "0" && needed(whole) == 0 { "" } else { digits };
    let digits = format!("{digits:0>width$}", width = needed(whole).min(MAX_DIGITS));
    let mut decimals = decimals.to_owned();
    while decimals.len() > needed(fraction) && decimals.ends_with('0') {
        decimals.pop();
    }
    let digits = if whole.contains(',') { grouped(&digits) } else { digits };
    let point = if decimals.is_empty() { "" } else { "." };
    Ok(format!("{}{before}{digits}{point}{decimals}{after}", if x < 0.0 { "-" } else { "" }))
}
