//! The same parameter set through the Bicep file and through the JSON that Microsoft's compiler made of it.
//!
//! Both go through one evaluator, so this measures lowering as a whole; functions have their own vectors elsewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use azward::format::arm::evaluate::evaluate;
use azward::format::arm::ir::{Arguments, Declaration, Template, TemplateSource};
use azward::format::arm::read;
use azward::format::bicep::Bicep;
use azward::format::bicep::compiler::{Compiler, Dialect};
use azward::format::{Context, Format, Options};
use azward::model::{Evaluated, FileId, Kind, Resource, Unit, Value};
use serde_json::Value as Json;

use super::baseline::is_valid_source;
use super::disk::{Disk, context, with_context};
use crate::support::{corpus, files, score};

/// What was compared.
#[derive(Default)]
struct Tally {
    units: usize,
    exact: usize,
    empty: usize,
    resources: usize,
    equal: usize,
    leaves: usize,
    agreeing: usize,
    unknown: usize,
    /// Units that differ only where they load a file which the corpus does not ship.
    torn: usize,
    /// Units that declare neither a resource nor an output on either side: there is nothing to be equal about.
    bare: usize,
    /// Units that deploy nothing and whose outputs are equal.
    told: usize,
    /// Leaves that differ because a file is not in the corpus.
    absent: usize,
    examples: Vec<String>,
}

#[test]
fn units_equal_their_compiled_twins() {
    let Some(avm) = corpus("avm-dev") else { return };
    let disk = Disk::new(&avm, Some(avm.join("br-cache")));
    let mut tally = Tally::default();
    with_context(&disk, |context| {
        for path in files(&avm.join("avm"), "main.bicep") {
            let compiled = path.with_extension("json");
            if !compiled.is_file() || path.components().any(|part| part.as_os_str() == "tests") {
                continue;
            }
            let (ours, theirs) = (disk.open(&path).unwrap(), disk.open(&compiled).unwrap());
            let label = path.strip_prefix(&avm).unwrap().display().to_string();
            tally.unit(&label, &unit(ours, context), &json(theirs, context));
        }
        println!("defaults: {} of {} units exact", tally.exact, tally.units);
        for path in files(&avm.join("avm"), "main.test.bicep") {
            let test = disk.open(&path).unwrap();
            let label = path.strip_prefix(&avm).unwrap().display().to_string();
            let Some((ours, theirs)) = twins(test, &path, &disk, context) else { continue };
            tally.unit(&label, &evaluate(&ours, &[], context), &evaluate(&theirs, &[], context));
        }
    });
    tally.print();
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    assert!(tally.units > 500);
    score("bicep-evaluation-units", share(tally.exact, tally.units));
    score("bicep-evaluation-units-whole", tally.whole());
    score("bicep-evaluation-resources", share(tally.equal, tally.resources));
    score("bicep-evaluation-leaves", share(tally.agreeing, tally.leaves));
    score("bicep-evaluation-known", 100.0 - share(tally.unknown, tally.leaves));
}

#[test]
fn snapshots_hold() {
    let Some(samples) = corpus("bicep-samples") else { return };
    let root = samples.join("snapshots");
    let disk = Disk::new(&root, None);
    let mut right = 0;
    let folders: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    let options = Options { resource_group: "myRg".into(), ..Options::default() };
    for folder in &folders {
        let context = context(&disk, &options);
        let template = if folder.ends_with("nested_loops") { "kv.bicep" } else { "main.bicep" };
        let unit = Unit {
            file: disk.open(&folder.join(template)).unwrap(),
            parameters: Some(disk.open(&folder.join("main.bicepparam")).unwrap()),
            label: String::new(),
            environment: None,
        };
        let evaluated = Bicep.evaluate(&unit, &context);
        let expected: Json = serde_json::from_str(&std::fs::read_to_string(folder.join("main.snapshot.json")).unwrap()).unwrap();
        let expected = expected["predictedResources"].as_array().unwrap();
        let ours: Vec<&Resource> =
            evaluated.resources.iter().filter(|resource| !resource.existing && !resource.kind.starts_with("Template/")).collect();
        let same = expected.len() == ours.len() && expected.iter().zip(&ours).all(|(expected, ours)| predicted(expected, ours));
        println!("{}: {}", folder.display(), if same { "equal" } else { "differs" });
        right += usize::from(same);
    }
    score("bicep-snapshots", 100.0 * right as f64 / folders.len() as f64);
}

/// Whether a predicted resource is ours. What the prediction leaves as an expression must be unknown here.
fn predicted(expected: &Json, ours: &Resource) -> bool {
    let body = ours.body.to_json();
    let id_is = expected.get("id").is_none_or(|id| ours.id.to_json() == *id);
    id_is
        && expected.as_object().unwrap().iter().filter(|(key, _)| *key != "id").all(|(key, value)| match body.get(key) {
            Some(own) => matches_prediction(value, own),
            None => {
                println!("  {key} is missing: {value} in {body}");
                false
            }
        })
}

fn matches_prediction(expected: &Json, ours: &Json) -> bool {
    let same = match (expected, ours) {
        (Json::Object(expected), Json::Object(ours)) => {
            expected.len() == ours.len()
                && expected.iter().all(|(key, value)| ours.get(key).is_some_and(|own| matches_prediction(value, own)))
        }
        (Json::Array(expected), Json::Array(ours)) => {
            expected.len() == ours.len() && expected.iter().zip(ours).all(|(expected, ours)| matches_prediction(expected, ours))
        }
        (Json::String(text), Json::String(own)) if text.starts_with('[') => {
            let open = own.contains("(unknown") || own.contains("{?}");
            open || text == "[tenant().tenantId]"
        }
        _ => expected == ours,
    };
    if !same && !expected.is_object() {
        println!("  expected {expected}, ours {ours}");
    }
    same
}

/// In the compiler's own spelling: by symbolic name our front end knows values that the twin, which goes by ids, cannot.
fn unit(file: FileId, context: &Context<'_>) -> Evaluated {
    let template = Compiler::new(context, Dialect::Compiler).template(file).unwrap();
    evaluate(&template, &[], context)
}

fn json(file: FileId, context: &Context<'_>) -> Evaluated {
    let text = context.files.get(file).unwrap();
    evaluate(&read::template(file, &text.text).unwrap().value, &[], context)
}

/// The template of an e2e test, and the same with the module under test replaced by its compiled JSON.
fn twins(test: FileId, path: &Path, disk: &Disk, context: &Context<'_>) -> Option<(Arc<Template>, Arc<Template>)> {
    let mut compiler = Compiler::new(context, Dialect::Compiler);
    let ours = compiler.template(test).ok()?;
    let mut replaced = 0;
    let resources = ours.resources.iter().map(|declaration| {
        let twin = declaration.deployment.as_ref().and_then(|deployment| match &deployment.template {
            TemplateSource::Inline(inner) => compiled_twin(inner.file, path, disk, context),
            _ => None,
        });
        let Some(twin) = twin else { return Arc::clone(declaration) };
        replaced += 1;
        let mut other = Declaration::clone(declaration);
        if let Some(deployment) = &mut other.deployment {
            deployment.template = TemplateSource::Inline(twin);
            assert!(matches!(deployment.arguments, Arguments::List(_) | Arguments::Dynamic(_)));
        }
        Arc::new(other)
    });
    let resources: Vec<_> = resources.collect();
    if replaced == 0 {
        return None;
    }
    let theirs = Template {
        file: ours.file,
        span: ours.span,
        scope: ours.scope,
        symbolic: ours.symbolic,
        schema: ours.schema.clone(),
        language_version: ours.language_version.clone(),
        definitions: ours.definitions.clone(),
        functions: ours.functions.clone(),
        parameters: ours.parameters.clone(),
        variables: ours.variables.clone(),
        resources,
        outputs: ours.outputs.clone(),
        rest: ours.rest.clone(),
    };
    Some((ours, Arc::new(theirs)))
}

fn compiled_twin(file: FileId, test: &Path, disk: &Disk, context: &Context<'_>) -> Option<Arc<Template>> {
    let name = context.files.path(file).to_string();
    if !name.ends_with("main.bicep") || name.contains("/tests/") {
        return None;
    }
    let root: PathBuf = test.ancestors().find(|folder| folder.join("br-cache").is_dir())?.to_owned();
    let compiled = disk.open(&root.join(name.replace(".bicep", ".json"))).ok()?;
    let text = context.files.get(compiled)?;
    Some(read::template(compiled, &text.text).ok()?.value)
}

impl Tally {
    fn unit(&mut self, label: &str, ours: &Evaluated, theirs: &Evaluated) {
        self.units += 1;
        let deploys = deployed(ours).next().is_some() && deployed(theirs).next().is_some();
        self.empty += usize::from(!deploys);
        if !deploys {
            self.examples.push(format!("{label}: no resources"));
        }
        let is_opaque = !ours.opaque.is_empty();
        let (ours, theirs) = (by_id(ours), by_id(theirs));
        self.bare += usize::from(ours.is_empty() && theirs.is_empty());
        let absent_before = self.absent;
        let mut differing = 0;
        for (key, theirs) in &theirs {
            self.resources += 1;
            let before = self.leaves - self.agreeing;
            match ours.get(key) {
                Some(ours) => self.compare(ours, theirs, &format!("{label} {key}")),
                None => {
                    self.miss(theirs);
                    self.absent += if is_opaque { self.leaves - self.agreeing - before } else { 0 };
                    self.examples.push(format!("{label} {key}: missing"));
                }
            }
            let misses = self.leaves - self.agreeing - before;
            differing += misses;
            self.equal += usize::from(misses == 0 && ours.contains_key(key));
        }
        for key in ours.keys().filter(|key| !theirs.contains_key(*key)) {
            self.resources += 1;
            differing += 1;
            self.examples.push(format!("{label} {key}: extra"));
        }
        let is_equal = differing == 0 && !theirs.is_empty();
        self.exact += usize::from(is_equal && deploys);
        self.told += usize::from(is_equal && !deploys);
        self.torn += usize::from(differing > 0 && differing == self.absent - absent_before);
    }

    /// Percent of the units that can be equal: by their outputs where nothing is deployed; without those that have neither, and
    /// without those that lack a file.
    fn whole(&self) -> f64 {
        100.0 * (self.exact + self.told) as f64 / (self.units - self.torn - self.bare) as f64
    }

    fn miss(&mut self, value: &Value) {
        match &value.kind {
            Kind::Object(object) => object.iter().for_each(|field| self.miss(&field.value)),
            Kind::Array(items) => items.iter().for_each(|item| self.miss(item)),
            _ => self.leaves += 1,
        }
    }

    fn compare(&mut self, ours: &Value, theirs: &Value, at: &str) {
        match (&ours.kind, &theirs.kind) {
            (Kind::Object(left), Kind::Object(right)) => {
                for field in right.iter() {
                    let at = format!("{at}/{}", field.key);
                    match left.get(&field.key) {
                        Some(own) => self.compare(own, &field.value, &at),
                        None => {
                            self.miss(&field.value);
                            self.examples.push(format!("{at}: missing {}", field.value.to_json()));
                        }
                    }
                }
                for field in left.iter().filter(|field| !right.contains_key(&field.key)) {
                    self.leaves += 1;
                    self.examples.push(format!("{at}/{}: extra {}", field.key, field.value.to_json()));
                }
            }
            (Kind::Array(left), Kind::Array(right)) if left.len() == right.len() => {
                for (index, (ours, theirs)) in left.iter().zip(right.iter()).enumerate() {
                    self.compare(ours, theirs, &format!("{at}/{index}"));
                }
            }
            _ => {
                self.leaves += 1;
                let unknown = usize::from(ours.is_unknown()) + usize::from(theirs.is_unknown());
                self.unknown += usize::from(unknown > 0);
                let text = |value: &Value| value.to_json().to_string().to_lowercase();
                let same = match unknown {
                    0 => text(ours) == text(theirs),
                    2 => true,
                    _ => false,
                };
                self.agreeing += usize::from(same);
                let lacks = |value: &Value| value.as_unknown().is_some_and(|unknown| unknown.why.to_string().contains("does not exist"));
                self.absent += usize::from(!same && lacks(ours));
                if !same {
                    self.examples.push(format!("{at}\n     ours {}\n   theirs {}", ours.to_json(), theirs.to_json()));
                }
            }
        }
    }

    fn print(&self) {
        println!(
            "evaluation: {} of {} units exact ({} deploy nothing, of which {} have equal outputs and {} none; {} differ only by a file that the corpus lacks), {} of {} resources, {} of {} leaves, {} unknown",
            self.exact,
            self.units,
            self.empty,
            self.told,
            self.bare,
            self.torn,
            self.equal,
            self.resources,
            self.agreeing,
            self.leaves,
            self.unknown
        );
        for example in self.examples.iter().take(std::env::var("EXAMPLES").map_or(0, |count| count.parse().unwrap())) {
            println!("{example}");
        }
    }
}

/// What is deployed; nested deployments are told by what they deploy, their names are generated.
fn deployed(evaluated: &Evaluated) -> impl Iterator<Item = &Resource> {
    let is_deployed = |resource: &&Resource| {
        !resource.existing && !resource.is("Microsoft.Resources/deployments") && !resource.kind.starts_with("Template/")
    };
    evaluated.resources.iter().filter(is_deployed)
}

/// Deployed resources by type, id and position; and what the template itself gives out, by name.
fn by_id(evaluated: &Evaluated) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for resource in deployed(evaluated) {
        let mut body = resource.body.clone();
        if let Kind::Object(object) = &mut body.kind {
            let object = Arc::make_mut(object);
            // The order of deployment is no part of a resource; an extension's scope is part of its id.
            object.remove("dependsOn");
            object.remove("scope");
        }
        let mut key = format!("{} {}", resource.kind, resource.id.to_json()).to_lowercase();
        while all.contains_key(&key) {
            key.push('+');
        }
        all.insert(key, body);
    }
    for output in evaluated.resources.iter().filter(|resource| resource.address.starts_with("outputs.")) {
        all.insert(output.address.clone(), output.body.path("properties.value").cloned().unwrap_or_else(Value::null));
    }
    all
}

#[test]
fn samples_evaluate_like_their_twins() {
    let Some(samples) = corpus("bicep-samples") else { return };
    let root = samples.join("user_submitted");
    let disk = Disk::new(&root, None);
    let mut tally = Tally::default();
    with_context(&disk, |context| {
        for path in files(&root, ".bicep") {
            let compiled = path.with_extension("json");
            if !compiled.is_file() || !is_valid_source(&path) {
                continue;
            }
            let (ours, theirs) = (disk.open(&path).unwrap(), disk.open(&compiled).unwrap());
            let text = context.files.get(theirs).unwrap();
            if read::template(theirs, &text.text).is_err() || !text.text.contains("\"resources\"") {
                continue;
            }
            tally.unit(&path.strip_prefix(&root).unwrap().display().to_string(), &unit(ours, context), &json(theirs, context));
        }
    });
    tally.print();
    score("bicep-samples-units", 100.0 * tally.exact as f64 / tally.units as f64);
    score("bicep-samples-units-whole", tally.whole());
    score("bicep-samples-resources", 100.0 * tally.equal as f64 / tally.resources as f64);
}
