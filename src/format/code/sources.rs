//! Routes of other languages: TypeScript and JavaScript (Express, Fastify, Azure Functions), C# (minimal interfaces, health checks).

use crate::model::{FileId, Kind, Object, Span, Value};

/// Endings of sources that are looked at.
const ENDINGS: [&str; 6] = [".ts", ".js", ".mjs", ".cs", ".tsx", ".jsx"];

/// Names that take a path as their first argument.
const CALLS: [&str; 13] = [
    ".get",
    ".post",
    ".put",
    ".delete",
    ".patch",
    ".all",
    "MapGet",
    "MapPost",
    "MapPut",
    "MapDelete",
    "MapHealthChecks",
    "Route",
    "HttpGet",
];

/// Whether the file may declare routes.
pub fn is_one(path: &str, text: &str) -> bool {
    let foreign = path.split('/').any(|folder| matches!(folder, "node_modules" | "dist" | "build" | "bin" | "obj" | "vendor" | "wwwroot"));
    let words = ["express", "fastify", "@azure/functions", "koa", "Microsoft.AspNetCore", "MapGet", "MapHealthChecks", "WebApplication"];
    !foreign && ENDINGS.iter().any(|ending| path.ends_with(ending)) && words.iter().any(|word| text.contains(word))
}

/// Its routes, as `{ path }`.
pub fn properties(file: FileId, text: &str) -> Object {
    let mut routes = Vec::new();
    for (start, end) in strings(text) {
        let Some(inner) = text.get(start + 1..end.saturating_sub(1)) else { continue };
        let before = text.get(..start).unwrap_or_default().trim_end();
        let Some(head) = before.strip_suffix('(') else { continue };
        let called = CALLS.iter().any(|call| head.trim_end().ends_with(call));
        let path_like = inner.starts_with('/') || head.trim_end().ends_with("Route");
        if called && path_like && !inner.contains(char::is_whitespace) && routes.len() < 2_000 {
            let to = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
            let place = Span::new(file, to(start), to(end));
            let whole = format!("/{}", inner.trim_start_matches('/'));
            let mut route = Object::with_capacity(1);
            route.set("path", Value::at(Kind::Str(whole.into()), place));
            routes.push(Value::at(Kind::Object(route.into()), place));
        }
    }
    let mut properties = Object::with_capacity(1);
    properties.set("routes", Value::array(routes));
    properties
}

/// The strings of a source in the manner of C, with their quotes; comments are passed over.
fn strings(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut at, mut found) = (0, Vec::new());
    while let Some(&byte) = bytes.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if matches!(byte, b'"' | b'\'' | b'`') {
            let start = at;
            at += 1;
            while let Some(&inner) = bytes.get(at) {
                at += 1;
                if inner == b'\\' {
                    at += 1;
                } else if inner == byte || (inner == b'\n' && byte != b'`') {
                    break;
                }
            }
            at = at.min(bytes.len());
            if found.len() < 50_000 {
                found.push((start, at));
            }
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paths(text: &str) -> Vec<String> {
        let routes = properties(FileId::NONE, text);
        let all = routes.get("routes").and_then(Value::as_array).unwrap().to_vec();
        all.iter().map(|route| route.get("path").and_then(Value::as_str).unwrap().to_owned()).collect()
    }

    #[test]
    fn routes_are_found_and_comments_and_texts_are_not() {
        let text = "// app.get('/old', x)\napp.get('/health', h);\n/* router.get(\"/no\") */ const s = \"app.get('/text')\";\nrouter.post(`/orders`, h);\nmap.get('key');\n";
        assert_eq!(paths(text), ["/health", "/orders"]);
        assert_eq!(paths("app.MapHealthChecks(\"/health/ready\");\n[Route(\"api/orders\")]\n"), ["/health/ready", "/api/orders"]);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(?s)[a-z./*'\"`\\\\(\\n é]{0,100}") {
            let _ = paths(&text);
        }
    }
}
