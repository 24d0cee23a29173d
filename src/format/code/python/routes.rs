//! Routes of web frameworks: FastAPI, Starlette, Flask, Azure Functions; and what a probe answers.

use std::collections::HashMap;

use super::blocks::Function;
use super::calls::arguments;
use super::names::{Names, dotted, span};
use super::token::{Kind, Line, Token};
use crate::model::{FileId, Kind as Is, Object, Value};

/// Methods that decorators of routes are named after.
const METHODS: [&str; 11] =
    ["get", "post", "put", "delete", "patch", "head", "options", "route", "api_route", "websocket", "websocket_route"];

/// Every route as `{ path, function, saysUnhealthy, setsStatus }`.
pub fn routes(file: FileId, lines: &[Line<'_>], functions: &[Function], names: &Names) -> Vec<Value> {
    let prefixes = prefixes(lines);
    let mut found = Vec::new();
    for function in functions {
        for decorator in function.decorators.iter().filter_map(|at| lines.get(*at)) {
            let tokens = decorator.tokens.get(1..).unwrap_or_default();
            let Some((path, receiver)) = path_of(file, tokens, names) else { continue };
            let prefix = prefixes.get(receiver.as_str()).map_or("", String::as_str);
            let whole = format!("{}/{}", prefix.trim_end_matches('/'), path.trim_start_matches('/'));
            let whole = if whole.len() > 1 { whole.trim_end_matches('/') } else { &whole };
            let place = span(file, tokens);
            let mut route = Object::with_capacity(4);
            route.set("path", Value::at(Is::Str(whole.into()), place));
            route.set("function", Value::at(Is::Str(function.name.as_str().into()), place));
            let body: Vec<&Token<'_>> = lines.get(function.body.clone()).unwrap_or_default().iter().flat_map(|line| &line.tokens).collect();
            route.set("saysUnhealthy", Value::at(Is::Bool(body.iter().any(|token| says_unhealthy(token))), place));
            route.set("setsStatus", Value::at(Is::Bool(body.iter().any(|token| sets_status(token))), place));
            found.push(Value::at(Is::Object(route.into()), place));
        }
    }
    found
}

/// The path of a decorator such as `router.get("/x")`, and the name of what it is called on.
fn path_of(file: FileId, tokens: &[Token<'_>], names: &Names) -> Option<(String, String)> {
    let (name, rest) = dotted(tokens);
    let (receiver, method) = name.rsplit_once('.')?;
    let inner = rest.first().filter(|token| token.is("(")).map(|_| rest.get(1..rest.len().saturating_sub(1)).unwrap_or_default())?;
    if !METHODS.contains(&method) {
        return None;
    }
    let parts = arguments(inner);
    let keyword = parts.iter().find_map(|part| match part {
        [name, equals, value @ ..] if equals.is("=") && matches!(name.text, "route" | "path" | "rule") => Some(value),
        _ => None,
    });
    let first = parts.first().copied().filter(|part| !part.get(1).is_some_and(|token| token.is("=")));
    let value = names.value(file, keyword.or(first)?);
    let text = value.as_str()?;
    // `@mock.patch("module.name")` looks alike, but for the slash.
    (text.starts_with('/') || text.is_empty() || keyword.is_some()).then(|| (text.to_owned(), receiver.to_owned()))
}

/// `router = APIRouter(prefix="/x")`: prefixes by name.
fn prefixes(lines: &[Line<'_>]) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for line in lines.iter().filter(|line| line.indent == 0) {
        let [name, equals, ..] = line.tokens.as_slice() else { continue };
        let makes = line.tokens.iter().any(|token| matches!(token.text, "APIRouter" | "Blueprint") && token.kind == Kind::Name);
        if !equals.is("=") || !makes {
            continue;
        }
        let prefix = line.tokens.windows(3).find_map(|window| match window {
            [key, equals, value] if matches!(key.text, "prefix" | "url_prefix") && equals.is("=") && value.kind == Kind::Str => {
                Some(value.text)
            }
            _ => None,
        });
        if let Some(prefix) = prefix.filter(|_| found.len() < 1_000) {
            found.insert(name.text.to_owned(), prefix.to_owned());
        }
    }
    found
}

fn says_unhealthy(token: &Token<'_>) -> bool {
    let words = ["unhealthy", "not ready", "not_ready", "degraded", "down"];
    matches!(token.kind, Kind::Str | Kind::Format) && words.iter().any(|word| token.text.eq_ignore_ascii_case(word))
}

/// A status of an error, or anything that can set one.
fn sets_status(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Number => token.text.parse().is_ok_and(|n: u32| (400..600).contains(&n)),
        Kind::Name => {
            let name = token.text.to_ascii_lowercase();
            name.contains("status_code")
                || name == "raise"
                || name.contains("httpexception")
                || name.contains("service_unavailable")
                || name == "abort"
        }
        _ => false,
    }
}
