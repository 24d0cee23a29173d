//! Calls whose arguments some rule asks for.

use std::sync::Arc;

use super::names::{Names, dotted, span};
use super::token::{Kind, Line, Token};
use crate::model::{FileId, Kind as Is, Object, Value};

/// A call.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// Full dotted name, as far as imports tell.
    pub name: String,
    /// The tokens between its brackets.
    pub inner: Vec<Token<'a>>,
    /// The tokens from its name to its closing bracket.
    pub whole: (usize, usize),
}

/// Last parts of the names of calls that are kept.
const KEPT: [&str; 58] = [
    "create_engine",
    "create_async_engine",
    "Redis",
    "StrictRedis",
    "from_url",
    "ConnectionPool",
    "BlockingConnectionPool",
    "ClientSecretCredential",
    "UsernamePasswordCredential",
    "DefaultAzureCredential",
    "ManagedIdentityCredential",
    "SecretClient",
    "AzureOpenAI",
    "AsyncAzureOpenAI",
    "AzureChatOpenAI",
    "OpenAI",
    "AsyncOpenAI",
    "AzureKeyCredential",
    "add_middleware",
    "CORSMiddleware",
    "CORS",
    "configure_azure_monitor",
    "ProbabilitySampler",
    "AlwaysOnSampler",
    "AzureLogHandler",
    "AzureExporter",
    "JSONRenderer",
    "retry",
    "CircuitBreaker",
    "circuit",
    "circuitbreaker",
    "hash",
    "upgrade",
    "system",
    "Popen",
    "check_call",
    "check_output",
    "_create_unverified_context",
    "StaticFiles",
    "mount",
    "BlobServiceClient",
    "from_connection_string",
    "ServiceBusClient",
    "CosmosClient",
    "TableServiceClient",
    "setex",
    "create_point",
    "create_rollback_point",
    "rollback",
    "timedelta",
    "HttpResponse",
    "JSONResponse",
    "urlopen",
    "AsyncClient",
    "ClientSession",
    "BaseSettings",
    "JsonFormatter",
    "Limiter",
];

/// Modules whose every call is kept: they reach other machines.
const MODULES: [&str; 7] = ["requests.", "httpx.", "aiohttp.", "urllib.request.", "subprocess.", "uvicorn.", "websockets."];

/// Most calls of one line and most tokens of one call.
const MOST: usize = 500;
const LONGEST: usize = 2_000;

/// Every kept call of a logical line.
pub fn calls<'a>(tokens: &[Token<'a>], names: &Names) -> Vec<Call<'a>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let continues = at > 0 && tokens.get(at - 1).is_some_and(|before| before.is(".") || before.is("def") || before.is("class"));
        if token.kind != Kind::Name || continues {
            at += 1;
            continue;
        }
        let (written, rest) = dotted(tokens.get(at..).unwrap_or_default());
        let used = tokens.len() - at - rest.len();
        if rest.first().is_some_and(|next| next.is("(")) && found.len() < MOST {
            let name = names.full(&written);
            let last = name.rsplit('.').next().unwrap_or_default();
            if KEPT.contains(&last) || MODULES.iter().any(|module| name.starts_with(module)) {
                let length = closing(rest);
                let inner = rest.get(1..length.saturating_sub(1)).unwrap_or_default().to_vec();
                found.push(Call { name, inner, whole: (at, at + used + length) });
            }
        }
        at += used.max(1);
    }
    found
}

/// How many tokens from an opening bracket to its closing one, both counted.
fn closing(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().take(LONGEST) {
        if token.kind == Kind::Sign {
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
    }
    tokens.len().min(LONGEST)
}

/// The arguments of a call, parted at the commas between them.
pub fn arguments<'t, 'a>(inner: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, token) in inner.iter().enumerate() {
        if token.kind != Kind::Sign {
            continue;
        }
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                parts.push(inner.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inner.get(start..).unwrap_or_default());
    parts.retain(|part| !part.is_empty());
    parts
}

/// A call as a value: `{ name, arguments, keywords, open, nested, function, target }`; what is not literal is unknown, and left out of
/// `literalArguments` and `literals`, which a rule asks where an unknown value is no reason to speak.
pub fn value(file: FileId, call: &Call<'_>, line: &Line<'_>, names: &Names, function: Option<&str>) -> Value {
    let (nested, line) = (line.indent > 0, line.tokens.as_slice());
    let place = span(file, line.get(call.whole.0..call.whole.1).unwrap_or_default());
    let text = |text: &str| Value::at(Is::Str(text.into()), place);
    let (mut positional, mut keywords, mut open) = (Vec::new(), Object::new(), false);
    let mut literals = Object::new();
    for argument in arguments(&call.inner) {
        match argument {
            [stars, ..] if stars.is("**") || stars.is("*") => open = true,
            [name, equals, value @ ..] if name.kind == Kind::Name && equals.is("=") => {
                let (key, value) = (span(file, std::slice::from_ref(name)), names.value(file, value));
                if !value.is_unknown() {
                    literals.insert(name.text, key, value.clone());
                }
                keywords.insert(name.text, key, value);
            }
            value => {
                // A class that is handed over (`add_middleware(CORSMiddleware, …)`) is said by its name.
                let (class, rest) = dotted(value);
                let is_name = rest.is_empty() && !class.is_empty() && names.value_of(&class).is_none();
                let upper = class.rsplit('.').next().is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()));
                positional.push(if is_name && upper && !matches!(class.as_str(), "True" | "False" | "None") {
                    Value::at(Is::Str(names.full(&class).into()), span(file, value))
                } else {
                    names.value(file, value)
                });
            }
        }
    }
    let mut object = Object::with_capacity(9);
    object.set("name", text(&call.name));
    let known: Vec<Value> = positional.iter().filter(|value| !value.is_unknown()).cloned().collect();
    object.set("literalArguments", Value::at(Is::Array(known.into()), place));
    object.set("literals", Value::at(Is::Object(Arc::new(literals)), place));
    object.set("arguments", Value::at(Is::Array(positional.into()), place));
    object.set("keywords", Value::at(Is::Object(Arc::new(keywords)), place));
    object.set("open", Value::at(Is::Bool(open), place));
    object.set("nested", Value::at(Is::Bool(nested), place));
    if let Some(function) = function {
        object.set("function", text(function));
    }
    if let [target, equals, ..] = line
        && equals.is("=")
    {
        object.set("target", text(target.text));
    }
    Value::at(Is::Object(Arc::new(object)), place)
}
