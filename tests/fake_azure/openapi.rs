//! Checks requests against Microsoft's OpenAPI documents, where they are on this machine.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

/// All operations that azward may use.
pub struct OpenApi {
    /// Method and API version to operations.
    operations: BTreeMap<(String, String), Vec<Operation>>,
    query: Value,
}

struct Operation {
    path: regex::Regex,
    required: Vec<String>,
    known: Vec<String>,
    /// Written down by us, its document being elsewhere.
    noted: bool,
}

impl OpenApi {
    /// Reads every document below `folder`.
    pub fn read(folder: &Path) -> Self {
        let mut all = Self { operations: BTreeMap::new(), query: Value::Null };
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok) {
            if entry.path().extension().is_some_and(|ending| ending == "json") {
                let text = fs::read_to_string(entry.path()).expect("a document");
                let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).expect("a document is JSON");
                all.add(&document, entry.path());
            }
        }
        all.add_noted();
        all
    }

    /// Operations noted from documents that are not below the folder; none has a query parameter that must be there.
    fn add_noted(&mut self) {
        for line in include_str!("operations.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (version, path) = (columns.next().expect("a version"), columns.next().expect("a path"));
            let known = vec!["api-version".to_owned()];
            let operation = Operation { path: pattern(path, &[]), required: known.clone(), known, noted: true };
            self.operations.entry(("GET".into(), version.into())).or_default().push(operation);
        }
    }

    fn add(&mut self, document: &Value, file: &Path) {
        let version = document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned();
        if version == "2022-10-01" && file.ends_with("resourcegraph.json") {
            self.query = document["definitions"].clone();
        }
        let paths = ["paths", "x-ms-paths"].iter().filter_map(|key| document.get(key)?.as_object()).flatten();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let Some(own) = operation.get("parameters").and_then(Value::as_array) else { continue };
                let shared = methods.get("parameters").and_then(Value::as_array).into_iter().flatten();
                let parameters: Vec<Value> = own.iter().chain(shared).map(|parameter| resolve(document, parameter, file)).collect();
                let of_query = || parameters.iter().filter(|parameter| parameter["in"] == "query");
                let name = |parameter: &Value| parameter["name"].as_str().unwrap_or_default().to_lowercase();
                let wide: Vec<String> = parameters
                    .iter()
                    .filter(|p| p["x-ms-skip-url-encoding"] == true)
                    .map(|p| p["name"].as_str().unwrap_or_default().to_owned())
                    .collect();
                self.operations.entry((method.to_uppercase(), version.clone())).or_default().push(Operation {
                    path: pattern(path, &wide),
                    required: of_query().filter(|parameter| parameter["required"] == true).map(name).collect(),
                    known: of_query().map(name).collect(),
                    noted: false,
                });
            }
        }
    }

    /// Whether a request is in the documents; what is wrong with it where not. Says whether it was found in our notes alone.
    pub fn check(&self, method: &str, path: &str, query: &[(String, String)], body: Option<&Value>) -> Result<bool, String> {
        let version = query.iter().find(|(key, _)| key == "api-version").map(|(_, value)| value.as_str());
        let version = version.ok_or("no api-version")?;
        let known =
            self.operations.get(&(method.to_owned(), version.to_owned())).ok_or_else(|| format!("no {method} in version {version}"))?;
        let mut why = format!("no {method} {path} in version {version}");
        for operation in known.iter().filter(|operation| operation.path.is_match(path)) {
            let names: Vec<String> = query.iter().map(|(key, _)| key.to_lowercase()).collect();
            let missing = operation.required.iter().find(|name| !names.contains(name));
            // A skip token is the server's own, handed out with the link to the next page.
            let unknown = names.iter().find(|name| !operation.known.contains(name) && *name != "$skiptoken");
            match (missing, unknown) {
                (None, None) => return body.map_or(Ok(()), |body| self.check_query(body)).map(|()| operation.noted),
                (Some(name), _) => why = format!("{path} lacks the parameter {name}"),
                (_, Some(name)) => why = format!("{path} has the unknown parameter {name}"),
            }
        }
        Err(why)
    }

    fn check_query(&self, body: &Value) -> Result<(), String> {
        let check = |definition: &str, value: &Value| -> Result<(), String> {
            let known = self.query.pointer(&format!("/{definition}/properties")).and_then(Value::as_object).ok_or("no definition")?;
            let stray = value.as_object().ok_or("no object")?.keys().find(|key| !known.contains_key(*key));
            stray.map_or(Ok(()), |key| Err(format!("{definition} has no `{key}`")))
        };
        check("QueryRequest", body)?;
        check("QueryRequestOptions", &body["options"])?;
        let top = body.pointer("/options/$top").and_then(Value::as_i64).unwrap_or(1000);
        if !(1..=1000).contains(&top) || !body["query"].is_string() {
            return Err("a query must be text, and $top from 1 to 1000".into());
        }
        Ok(())
    }
}

fn resolve(document: &Value, parameter: &Value, file: &Path) -> Value {
    let Some(reference) = parameter.get("$ref").and_then(Value::as_str) else { return parameter.clone() };
    let (other, pointer) = reference.split_once('#').unwrap_or((reference, ""));
    if other.is_empty() {
        return document.pointer(pointer).cloned().unwrap_or(Value::Null);
    }
    let text = fs::read_to_string(file.parent().expect("a folder").join(other)).unwrap_or_default();
    let other: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or(Value::Null);
    other.pointer(pointer).cloned().unwrap_or(Value::Null)
}

/// A path template as a pattern; parameters that are not encoded may hold whole ids.
fn pattern(template: &str, wide: &[String]) -> regex::Regex {
    let template = template.split('?').next().unwrap_or_default();
    let mut pattern = String::from("(?i)^");
    let mut rest = template;
    while let Some((plain, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').expect("a parameter ends");
        pattern.push_str(&regex::escape(plain));
        pattern.push_str(if wide.iter().any(|known| known == name) { "/?.+" } else { "[^/]+" });
        rest = after;
    }
    pattern.push_str(&regex::escape(rest));
    pattern.push_str("/?$");
    regex::Regex::new(&pattern).expect("a pattern")
}
