//! URIs: `uri`, `parseUri`, `buildUri`.

use super::Answer;
use super::arguments::{Arguments, invalid};
use crate::expression::FunctionError;
use crate::model::{Object, Value};

/// A URI in its parts, as RFC 3986 splits it.
#[derive(Clone, Copy)]
struct Uri<'a> {
    scheme: &'a str,
    authority: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

fn split(text: &str) -> Uri<'_> {
    let (rest, fragment) = text.split_once('#').map_or((text, None), |(rest, fragment)| (rest, Some(fragment)));
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    let (scheme, rest) = rest.split_once(':').filter(|(scheme, _)| is_scheme(scheme)).unwrap_or(("", rest));
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (rest.get(..end), rest.get(end..).unwrap_or(""))
        }
        None => (None, rest),
    };
    Uri { scheme, authority, path, query, fragment }
}

/// Takes `.` and `..` out of a path (RFC 3986, 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let last_is_folder = path.ends_with("/.") || path.ends_with("/..");
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => {
                if kept.len() > 1 {
                    kept.pop();
                }
            }
            segment => kept.push(segment),
        }
    }
    if last_is_folder {
        kept.push("");
    }
    kept.join("/")
}

/// `uri(base, relative)`: resolves as a browser does.
pub fn uri(args: Arguments<'_>) -> Answer {
    let (base, relative) = (split(args.text(0)?), split(args.text(1)?));
    let Some(authority) = base.authority.filter(|_| !base.scheme.is_empty()) else {
        return invalid("the first argument of `uri` is no absolute URI");
    };
    if !relative.scheme.is_empty() {
        return args.value(1).cloned();
    }
    let base_path = if base.path.is_empty() { "/" } else { base.path };
    let path = if relative.authority.is_some() || relative.path.starts_with('/') {
        without_dots(relative.path)
    } else if relative.path.is_empty() {
        base_path.to_owned()
    } else {
        let folder = base_path.rfind('/').and_then(|end| base_path.get(..=end)).unwrap_or("/");
        without_dots(&format!("{folder}{}", relative.path))
    };
    let query = relative.query.or(if relative.path.is_empty() { base.query } else { None });
    let mut text = format!("{}://{}{path}", base.scheme.to_ascii_lowercase(), relative.authority.unwrap_or(authority));
    for (mark, part) in [('?', query), ('#', relative.fragment)] {
        if let Some(part) = part {
            text.push(mark);
            text.push_str(part);
        }
    }
    Ok(Value::from(text))
}

/// `parseUri('https://host:8080/path?query')`: its parts.
pub fn parse_uri(args: Arguments<'_>) -> Answer {
    let parts = split(args.text(0)?);
    let Some(authority) = parts.authority.filter(|_| !parts.scheme.is_empty()) else { return invalid("the text is no absolute URI") };
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match host_and_port.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port.parse::<i64>().ok()),
        _ => (host_and_port, None),
    };
    let mut object = Object::new();
    object.set("scheme", Value::from(parts.scheme.to_ascii_lowercase()));
    object.set("host", Value::from(host.to_ascii_lowercase()));
    if let Some(port) = port {
        object.set("port", Value::from(port));
    }
    object.set("path", Value::from(if parts.path.is_empty() { "/" } else { parts.path }));
    object.set("query", Value::from(parts.query.map_or_else(String::new, |query| format!("?{query}"))));
    Ok(Value::object(object))
}

/// `buildUri({ scheme, host, port, path, query })`
pub fn build_uri(args: Arguments<'_>) -> Answer {
    let parts = args.object(0)?;
    let text = |name: &str| -> Result<&str, FunctionError> {
        match parts.get(name) {
            None => Ok(""),
            Some(value) if value.is_null() => Ok(""),
            Some(value) => value.as_str().ok_or_else(|| args.wrong(0, "an object of texts")),
        }
    };
    let (scheme, host) = (text("scheme")?, text("host")?);
    if scheme.is_empty() || host.is_empty() {
        return invalid("`buildUri` needs a scheme and a host");
    }
    let mut uri = format!("{scheme}://{host}");
    if let Some(port) = parts.get("port").and_then(Value::as_int).filter(|port| *port >= 0) {
        uri.push_str(&format!(":{port}"));
    }
    for (mark, part) in [('/', text("path")?), ('?', text("query")?)] {
        if mark == '/' || !part.is_empty() {
            if !part.starts_with(mark) {
                uri.push(mark);
            }
            uri.push_str(part);
        }
    }
    Ok(Value::from(uri))
}
