//! Our lowering against the compiled JSON beside it, before any evaluation: independent of the function library.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use azward::expression::{Expr, parse_text};
use azward::format::arm::ir::{Template, TemplateSource};
use azward::format::bicep::compiler::{Compiler, Dialect};
use azward::model::{Files, Span};
use serde_json::Value as Json;

use super::baseline::is_valid_source;
use super::disk::{Disk, with_context};
use crate::support::{corpus, files, score};

type Variables = HashMap<String, Json>;

/// Equal and all resources of a file and of its Bicep modules.
#[derive(Default)]
pub struct Tally {
    pub equal: usize,
    pub total: usize,
    pub files: usize,
    pub exact: usize,
    pub examples: Vec<String>,
}

#[test]
fn resources_equal_the_compiled_ones() {
    let (Some(avm), Some(samples)) = (corpus("avm-dev"), corpus("bicep-samples")) else { return };
    let mut tally = Tally::default();
    measure(&avm, Some(avm.join("br-cache")), &mut tally);
    let (equal, total) = (tally.equal, tally.total);
    println!("modules: {equal} of {total} resources, {} of {} files", tally.exact, tally.files);
    for folder in ["baselines", "user_submitted"] {
        measure(&samples.join(folder), None, &mut tally);
    }
    println!("all: {} of {} resources, {} of {} files", tally.equal, tally.total, tally.exact, tally.files);
    for example in tally.examples.iter().take(std::env::var("EXAMPLES").map_or(0, |count| count.parse().unwrap())) {
        println!("{example}");
    }
    score("bicep-lowering", 100.0 * tally.equal as f64 / tally.total as f64);
    score("bicep-lowering-avm", 100.0 * equal as f64 / total as f64);
}

pub fn measure(root: &Path, modules: Option<PathBuf>, tally: &mut Tally) {
    let disk = Disk::new(root, modules);
    for path in files(root, ".bicep") {
        let compiled = path.with_extension("json");
        if !is_valid_source(&path) || !compiled.is_file() || path.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let Ok(theirs) = serde_json::from_slice::<Json>(
            std::fs::read(&compiled).unwrap().strip_prefix(b"\xef\xbb\xbf").unwrap_or(&std::fs::read(&compiled).unwrap()),
        ) else {
            continue;
        };
        if theirs.get("resources").is_none() {
            continue;
        }
        let ours = with_context(&disk, |context| {
            let mut compiler = Compiler::new(context, Dialect::Compiler);
            compiler.template(disk.open(&path).unwrap()).unwrap()
        });
        let before = (tally.equal, tally.total);
        compare(&ours, &theirs, &disk.files, &path.display().to_string(), tally);
        tally.files += 1;
        tally.exact += usize::from(tally.equal - before.0 == tally.total - before.1);
    }
}

fn compare(ours: &Template, theirs: &Json, files: &Files, at: &str, tally: &mut Tally) {
    let (our_json, their_variables) = (ours.to_json(), variables(theirs));
    let our_variables = variables(&our_json);
    let mut left = keyed(&our_json, &our_variables, &their_variables);
    let right = keyed(theirs, &their_variables, &our_variables);
    for declaration in &ours.resources {
        let TemplateSource::Inline(inner) = (match &declaration.deployment {
            Some(deployment) => &deployment.template,
            None => continue,
        }) else {
            continue;
        };
        if !files.path(inner.file).ends_with(".bicep") {
            continue;
        }
        let symbol = declaration.symbol.as_deref().unwrap_or("");
        if let Some(theirs) = nested(theirs, symbol, &declaration.name.as_ref().unwrap().to_json()) {
            compare(inner, theirs, files, &format!("{at} {symbol}"), tally);
        }
    }
    for (key, theirs) in right {
        tally.total += 1;
        match left.remove(&key) {
            Some(ours) if ours == theirs => tally.equal += 1,
            Some(ours) => tally.examples.push(format!("{at} {key}: {}", difference(&ours, &theirs, ""))),
            None => tally.examples.push(format!("{at} {key}: missing")),
        }
    }
    for key in left.keys() {
        tally.total += 1;
        tally.examples.push(format!("{at} {key}: extra"));
    }
}

/// The nested template of the module called `symbol`, or of the name that it gives.
fn nested<'a>(template: &'a Json, symbol: &str, name: &Json) -> Option<&'a Json> {
    let found = match &template["resources"] {
        Json::Object(resources) => resources.get(symbol)?,
        Json::Array(resources) => resources.iter().find(|resource| resource["name"] == *name)?,
        _ => return None,
    };
    found.get("properties")?.get("template")
}

fn difference(ours: &Json, theirs: &Json, at: &str) -> String {
    if let (Json::Object(ours), Json::Object(theirs)) = (ours, theirs) {
        for (key, value) in theirs {
            match ours.get(key) {
                Some(own) if own == value => {}
                Some(own) => return difference(own, value, &format!("{at}/{key}")),
                None => return format!("{at}/{key} missing: {value}"),
            }
        }
        if let Some(key) = ours.keys().find(|key| !theirs.contains_key(*key)) {
            return format!("{at}/{key} extra: {}", ours[key]);
        }
    }
    if let (Json::Array(ours), Json::Array(theirs)) = (ours, theirs)
        && let Some(at_index) = (0..ours.len().min(theirs.len())).find(|index| ours[*index] != theirs[*index])
    {
        return difference(&ours[at_index], &theirs[at_index], &format!("{at}/{at_index}"));
    }
    format!("{at}\n     ours {ours}\n   theirs {theirs}")
}

fn variables(template: &Json) -> Variables {
    let mut variables = Variables::new();
    for (name, value) in template.get("variables").and_then(Json::as_object).into_iter().flatten() {
        if name != "copy" {
            variables.insert(name.clone(), value.clone());
        }
    }
    variables
}

/// Resources by symbol, or by type and name. Variables that only one side has are written out.
fn keyed(template: &Json, own: &Variables, other: &Variables) -> HashMap<String, Json> {
    let expand: Variables = own
        .iter()
        .filter(|(name, _)| !other.contains_key(*name) || name.starts_with(['$', '_']))
        .map(|(a, b)| (a.clone(), b.clone()))
        .collect();
    let one = |resource: &Json| {
        let mut resource = resource.as_object().unwrap().clone();
        resource.remove("dependsOn");
        resource.remove("metadata");
        resource["type"] = Json::String(resource["type"].as_str().unwrap_or_default().to_lowercase());
        if resource["type"] == "microsoft.resources/deployments" {
            resource.remove("apiVersion");
            if let Some(Json::Object(properties)) = resource.get_mut("properties") {
                properties.remove("template");
            }
        }
        if let Some(Json::String(scope)) = resource.get_mut("scope") {
            *scope = as_resource_id(scope);
        }
        canonical(&Json::Object(resource), &expand)
    };
    match &template["resources"] {
        Json::Object(resources) => resources.iter().map(|(symbol, resource)| (symbol.clone(), one(resource))).collect(),
        Json::Array(resources) => {
            let mut all = HashMap::new();
            for resource in resources {
                let resource = one(resource);
                let mut key = format!("{} {}", resource["type"], resource.get("name").unwrap_or(&Json::Null));
                while all.contains_key(&key) {
                    key.push('+');
                }
                all.insert(key, resource);
            }
            all
        }
        _ => HashMap::new(),
    }
}

/// Older compilers wrote an extension's scope as `format('Provider/type/{0}', name)`.
fn as_resource_id(scope: &str) -> String {
    let Some(rest) = scope.strip_prefix("[format('Microsoft.").and_then(|rest| rest.strip_suffix(")]")) else { return scope.to_owned() };
    let Some((pattern, arguments)) = rest.split_once("', ") else { return scope.to_owned() };
    if pattern.starts_with("Management/") {
        return scope.to_owned();
    }
    let kind: Vec<&str> = pattern.split('/').filter(|part| !part.starts_with('{')).collect();
    format!("[resourceId('Microsoft.{}', {arguments})]", kind.join("/"))
}

fn canonical(json: &Json, expand: &Variables) -> Json {
    match json {
        Json::String(text) if text.starts_with('[') && text.ends_with(']') => match parse_text(text, Span::NONE) {
            Some(Ok(expr)) => {
                let mut budget = 2000;
                let expr = expanded(&expr, expand, &mut budget);
                unwrapped(&expr)
            }
            _ => json.clone(),
        },
        Json::Array(items) => items.iter().map(|item| canonical(item, expand)).collect(),
        Json::Object(fields) => Json::Object(fields.iter().map(|(key, value)| (key.clone(), canonical(value, expand))).collect()),
        other => other.clone(),
    }
}

/// Objects and lists as JSON, whether they were written so or as `createObject(…)`; types and ids in lower case.
fn unwrapped(expr: &Expr) -> Json {
    match expr {
        Expr::Literal(value) => value.to_json(),
        Expr::Call { args, .. } if expr.is_call("createArray") => args.iter().map(unwrapped).collect(),
        Expr::Call { args, .. } if expr.is_call("createObject") && args.chunks(2).all(|pair| pair[0].as_str().is_some()) => {
            args.chunks(2).map(|pair| (pair[0].as_str().unwrap().to_owned(), unwrapped(&pair[1]))).collect::<serde_json::Map<_, _>>().into()
        }
        Expr::Call { args, .. } if ["null", "true", "false"].iter().any(|name| expr.is_call(name)) && args.is_empty() => match () {
            () if expr.is_call("null") => Json::Null,
            () => Json::Bool(expr.is_call("true")),
        },
        _ => Json::String(format!("[{expr}]").to_lowercase()),
    }
}

fn expanded(expr: &Expr, expand: &Variables, budget: &mut u32) -> Expr {
    *budget = budget.saturating_sub(1);
    if *budget == 0 {
        return expr.clone();
    }
    match expr {
        Expr::Literal(_) => expr.clone(),
        Expr::Member { base, name, span } => Expr::member(expanded(base, expand, budget), name.clone(), *span),
        Expr::Index { base, index, span } => Expr::index(expanded(base, expand, budget), expanded(index, expand, budget), *span),
        Expr::Call { name, args, span } => {
            if name.eq_ignore_ascii_case("variables")
                && let Some(value) = args[0].as_str().and_then(|name| expand.get(name))
            {
                return expanded(&as_expr(value), expand, budget);
            }
            Expr::call(name.clone(), args.iter().map(|arg| expanded(arg, expand, budget)).collect(), *span)
        }
    }
}

fn as_expr(json: &Json) -> Expr {
    let call = |name: &str, args| Expr::call(name, args, Span::NONE);
    match json {
        Json::Null => call("null", vec![]),
        Json::Bool(flag) => call(&flag.to_string(), vec![]),
        Json::Number(number) => Expr::int(number.as_i64().unwrap_or(0), Span::NONE),
        Json::String(text) => match parse_text(text, Span::NONE) {
            Some(Ok(expr)) => expr,
            _ => Expr::str(text.as_str(), Span::NONE),
        },
        Json::Array(items) => call("createArray", items.iter().map(as_expr).collect()),
        Json::Object(fields) => {
            call("createObject", fields.iter().flat_map(|(key, value)| [Expr::str(key.as_str(), Span::NONE), as_expr(value)]).collect())
        }
    }
}

/// Ten lowering rules, each broken in what we print: the compiled name of what it makes, and what a broken rule would make.
const MUTATIONS: [(&str, &str); 10] = [
    ("coalesce(", "first("),
    ("tryGet(", "get("),
    ("equals(", "not("),
    ("and(", "or("),
    ("copyIndex()", "copyIndex('x')"),
    ("\"condition\":", "\"conditions\":"),
    ("length(", "empty("),
    ("{0}/{1}", "{0}-{1}"),
    ("resourceId(", "tenantResourceId("),
    ("format(", "concat("),
];

#[test]
fn every_broken_rule_lowers_the_score() {
    let Some(avm) = corpus("avm-dev") else { return };
    let disk = Disk::new(&avm, Some(avm.join("br-cache")));
    let paths = files(&avm.join("avm/res"), "main.bicep");
    let pairs: Vec<(String, Json)> = with_context(&disk, |context| {
        let pair = |path: &PathBuf| {
            let theirs = serde_json::from_slice(&std::fs::read(path.with_extension("json")).ok()?).ok()?;
            let ours = Compiler::new(context, Dialect::Compiler).template(disk.open(path).ok()?).ok()?;
            Some((ours.to_json().to_string(), theirs))
        };
        paths.iter().filter_map(pair).take(60).collect()
    });
    let equal = |from: &str, to: &str| -> usize {
        let of = |(ours, theirs): &(String, Json)| {
            let ours: Json = serde_json::from_str(&ours.replace(from, to)).unwrap();
            let (our_variables, their_variables) = (variables(&ours), variables(theirs));
            let left = keyed(&ours, &our_variables, &their_variables);
            let right = keyed(theirs, &their_variables, &our_variables);
            right.iter().filter(|(key, value)| left.get(*key) == Some(value)).count()
        };
        pairs.iter().map(of).sum()
    };
    let whole = equal("\u{0}", "");
    assert!(pairs.len() > 30 && whole > 60, "{} files, {whole} resources", pairs.len());
    for (from, to) in MUTATIONS {
        let broken = equal(from, to);
        println!("{from} as {to}: {broken} of {whole}");
        assert!(broken < whole, "`{from}` as `{to}` goes unseen");
    }
}
