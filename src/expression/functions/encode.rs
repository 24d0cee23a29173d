//! Encodings: Base64, data URIs, percent encoding.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::Answer;
use super::arguments::{Arguments, invalid};
use super::convert::{parse_json, text_of};
use crate::expression::FunctionError;
use crate::model::Value;

/// `base64('text')`
pub fn base64(args: Arguments<'_>) -> Answer {
    let text = text_of(args.value(0)?).ok_or_else(|| args.wrong(0, "a string"))?;
    Ok(Value::from(STANDARD.encode(text.as_bytes())))
}

fn decode(text: &str) -> Result<String, FunctionError> {
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD_NO_PAD.decode(compact.trim_end_matches('='));
    match bytes {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(_) => invalid("the text is no Base64"),
    }
}

/// `base64ToString('dGV4dA==')`
pub fn base64_to_string(args: Arguments<'_>) -> Answer {
    decode(args.text(0)?).map(Value::from)
}

/// `base64ToJson('e30=')`
pub fn base64_to_json(args: Arguments<'_>) -> Answer {
    parse_json(&decode(args.text(0)?)?)
}

/// `dataUri('text')`
pub fn data_uri(args: Arguments<'_>) -> Answer {
    let text = text_of(args.value(0)?).ok_or_else(|| args.wrong(0, "a string"))?;
    Ok(Value::from(format!("data:text/plain;charset=utf-8;base64,{}", STANDARD.encode(text.as_bytes()))))
}

/// `dataUriToString('data:;base64,dGV4dA==')`
pub fn data_uri_to_string(args: Arguments<'_>) -> Answer {
    let text = args.text(0)?;
    let parts = text.trim().strip_prefix("data:").and_then(|rest| rest.split_once(','));
    match parts {
        Some((head, data)) if head.trim_end().ends_with("base64") => decode(data).map(Value::from),
        Some((_, data)) => Ok(Value::from(percent_decode(data))),
        None => invalid("the text is no data URI"),
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
pub fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
    out
}

/// Undoes percent encoding; what is not well encoded stays as it is.
pub fn percent_decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `uriComponent('a b')`
pub fn uri_component(args: Arguments<'_>) -> Answer {
    args.text(0).map(|text| Value::from(percent_encode(text)))
}

/// `uriComponentToString('a%20b')`
pub fn uri_component_to_string(args: Arguments<'_>) -> Answer {
    args.text(0).map(|text| Value::from(percent_decode(text)))
}
