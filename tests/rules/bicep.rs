//! Every ARM example of every rule, printed as Bicep and read by the Bicep front end, gives the verdict that it promises.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

use azward::format::bicep::Bicep;
use azward::format::{Context, Format as _, Options};
use azward::model::{Files, Kind, NoLoader, Object, Resource, Unit, Value};
use azward::policy::testing::{self, ExampleOutcome};
use azward::policy::{Example, RuleSet};

/// Share of the examples that must be tried, in percent: what is left out is printed with its reason.
const LEAST_TRIED: usize = 100;

#[test]
fn examples_printed_as_bicep_give_the_promised_verdict() {
    let rules = RuleSet::builtin().expect("rules are read");
    let left_out = Mutex::new(BTreeMap::<String, usize>::new());
    let (mut tried, mut all, mut wrong) = (0, 0, Vec::new());
    for rule in rules.iter() {
        let printed = Mutex::new(Vec::new());
        let evaluate = |example: &Example| {
            // What is left out counts as a resource of no kind that a rule speaks of; its outcome is not looked at.
            let text = print(example);
            printed.lock().unwrap().push(text.clone());
            match text {
                Ok(text) => Some(in_order(example, read(&text))),
                Err(why) => {
                    *left_out.lock().unwrap().entry(why).or_default() += 1;
                    Some(Vec::new())
                }
            }
        };
        let results = testing::run(rule, &evaluate);
        let printed = printed.into_inner().unwrap();
        for ((result, text), example) in results.into_iter().zip(printed).zip(rule.examples()) {
            all += usize::from(example.language == "arm");
            let Ok(text) = text else { continue };
            tried += 1;
            if let ExampleOutcome::Other(verdict, message) = result.outcome {
                let promised = result.expected.as_str();
                wrong.push(format!("{}:{}: promises {promised}, got {verdict:?}: {message}\n{text}", result.file, result.line));
            }
        }
    }
    println!("{tried} of {all} ARM examples tried as Bicep; left out: {:#?}", left_out.into_inner().unwrap());
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried * 100 >= all * LEAST_TRIED, "only {tried} of {all} examples were tried");
}

/// The example as Bicep source, or why it cannot be written down as such.
pub fn print(example: &Example) -> Result<String, String> {
    if example.language != "arm" {
        return Err(format!("written as `{}`, not as ARM", example.language));
    }
    if example.has_expressions() {
        return Err("holds template expressions".to_owned());
    }
    let mut printer = Printer::default();
    for resource in &example.resources {
        printer.resource(resource, None)?;
    }
    Ok(printer.text)
}

/// Marks a text that is printed as the symbolic name of a resource.
const SYMBOL: &str = "\u{1}symbol ";

/// What an id says about where its resource is deployed.
enum Scope {
    Group,
    Subscription,
    /// An extension of the resource with that number.
    Resource(usize),
}

#[derive(Default)]
struct Printer {
    text: String,
    count: usize,
    /// Type and name of what is printed, by number: an extension names its scope by it.
    printed: Vec<(String, String)>,
    /// Floats were met inside an expression writer that cannot fail.
    faults: RefCell<Vec<String>>,
}

impl Printer {
    fn resource(&mut self, body: &Value, parent: Option<(&str, &str)>) -> Result<(), String> {
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
        let (kind, name) = match parent {
            Some((kind, name)) if !text("type").starts_with(kind) => {
                (format!("{kind}/{}", text("type")), format!("{name}/{}", text("name")))
            }
            _ => (text("type").to_owned(), text("name").to_owned()),
        };
        if !kind.split('/').next().is_some_and(|namespace| namespace.contains('.')) {
            return Err("speaks of a type that is not deployed".to_owned());
        }
        for (key, why) in [("scope", "gives its scope as an id"), ("copy", "is an ARM copy loop")] {
            if body.get(key).is_some() {
                return Err(why.to_owned());
            }
        }
        let version = if text("apiVersion").is_empty() { "2023-01-01" } else { text("apiVersion") };
        let existing = body.get("existing").and_then(Value::as_bool).unwrap_or(false);
        let mut written = Object::default();
        for field in body.as_object().ok_or("is no object")?.iter() {
            if !["type", "id", "apiversion", "name", "dependson", "resources", "existing", "condition"]
                .contains(&&*field.key.to_ascii_lowercase())
            {
                written.set(field.key.clone(), field.value.clone());
            }
        }
        let mut object = Object::default();
        if body.get("name").is_some() {
            object.set("name", Value::str(name.as_str()));
        }
        for field in written.iter() {
            object.set(field.key.clone(), field.value.clone());
        }
        if let Some(id) = body.get("id").and_then(Value::as_str) {
            match self.scope(id)? {
                Scope::Group => {}
                Scope::Subscription => self.text.insert_str(0, "targetScope = 'subscription'\n\n"),
                Scope::Resource(number) => object.set("scope", Value::new(Kind::Str(format!("{SYMBOL}{number}").into()))),
            }
        }
        let existing = if existing { "existing " } else { "" };
        let condition = body.get("condition").and_then(Value::as_bool).map_or_else(String::new, |condition| format!("if ({condition}) "));
        let literal = self.value(&Value::object(object), 0);
        writeln!(self.text, "resource r{} '{kind}@{version}' {existing}= {condition}{literal}\n", self.count).unwrap();
        self.count += 1;
        self.printed.push((kind.clone(), name.clone()));
        if let Some(fault) = self.faults.borrow().first() {
            return Err(fault.clone());
        }
        for child in body.get("resources").and_then(Value::as_array).unwrap_or_default() {
            self.resource(child, Some((&kind, &name)))?;
        }
        Ok(())
    }

    /// Where a resource with this id is deployed.
    fn scope(&self, id: &str) -> Result<Scope, String> {
        let (scope, _) = id.rsplit_once("/providers/").ok_or("gives an id of nothing")?;
        let Some((_, path)) = scope.rsplit_once("/providers/") else {
            return Ok(if scope.contains("/resourceGroups/") { Scope::Group } else { Scope::Subscription });
        };
        let known = self.printed.iter().position(|(kind, name)| path.eq_ignore_ascii_case(&format!("{kind}/{name}")));
        known.map(Scope::Resource).ok_or_else(|| "extends a resource that the example does not hold".to_owned())
    }

    fn value(&self, value: &Value, depth: usize) -> String {
        let (indent, end) = ("  ".repeat(depth + 1), "  ".repeat(depth));
        match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(flag) => flag.to_string(),
            Kind::Int(number) => number.to_string(),
            Kind::Float(number) => format!("json('{number}')"),
            Kind::Str(text) => text.strip_prefix(SYMBOL).map_or_else(|| quote(text), |number| format!("r{number}")),
            Kind::Array(items) if items.is_empty() => "[]".to_owned(),
            Kind::Array(items) => {
                let items: String = items.iter().map(|item| format!("{indent}{}\n", self.value(item, depth + 1))).collect();
                format!("[\n{items}{end}]")
            }
            Kind::Object(object) if object.is_empty() => "{}".to_owned(),
            Kind::Object(object) => {
                let pairs = object.iter().map(|field| format!("{indent}{}: {}\n", key(&field.key), self.value(&field.value, depth + 1)));
                format!("{{\n{}{end}}}", pairs.collect::<String>())
            }
            Kind::Secret(_) | Kind::Unknown(_) => {
                self.faults.borrow_mut().push("holds a value that cannot be written".to_owned());
                "null".to_owned()
            }
        }
    }
}

fn key(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain && !name.is_empty() { name.to_owned() } else { quote(name) }
}

fn quote(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace("${", "\\${");
    format!("'{}'", escaped.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t"))
}

fn read(text: &str) -> Vec<Resource> {
    let (files, options) = (Files::new(), Options::default());
    let file = files.add("main.bicep", text);
    let context = Context { files: &files, loader: &NoLoader, recognised: &[], options: &options };
    let unit = Unit { file, parameters: None, label: "main.bicep".into(), environment: None };
    let evaluated = Bicep.evaluate(&unit, &context);
    let notes: Vec<&str> = evaluated.notes.iter().map(|note| &*note.message).collect();
    assert!(!notes.iter().any(|note| note.contains("not read as Bicep")), "{notes:?}\n{text}");
    evaluated.resources
}

/// The example's first resource is its subject: it leads here, too.
fn in_order(example: &Example, mut resources: Vec<Resource>) -> Vec<Resource> {
    let subject = example.resources.first().and_then(|body| Some((body.get("type")?.as_str()?, body.get("name")?.as_str()?)));
    let is_subject = |resource: &Resource| subject.is_some_and(|(kind, name)| resource.is(kind) && resource.name.as_str() == Some(name));
    if let Some(at) = resources.iter().position(is_subject) {
        let subject = resources.remove(at);
        resources.insert(0, subject);
    }
    resources
}
