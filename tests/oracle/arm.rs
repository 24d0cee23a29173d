//! Every compiled template of the public corpora evaluates: resources found, values known, megabytes a second.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use azward::format::arm::{Arm, read};
use azward::format::{Context, Format, Options, Role};
use azward::model::{Files, Kind, NoLoader, Resource, Shape, Value, Why};

use super::support;

#[derive(Default)]
struct Sums {
    templates: usize,
    evaluated: usize,
    bytes: usize,
    resources: usize,
    leaves: usize,
    /// Leaves of which not even a part of the text, or the alternatives, are known.
    dark: usize,
    unknown: usize,
    by_why: std::collections::BTreeMap<String, usize>,
    parsing: Duration,
    evaluating: Duration,
    slowest: (Duration, PathBuf),
}

fn count(value: &Value, sums: &mut Sums) {
    match &value.kind {
        Kind::Array(items) if !items.is_empty() => items.iter().for_each(|item| count(item, sums)),
        Kind::Object(object) if !object.is_empty() => object.iter().for_each(|field| count(&field.value, sums)),
        Kind::Unknown(unknown) => {
            sums.leaves += 1;
            sums.unknown += 1;
            sums.dark += usize::from(!matches!(unknown.shape, Shape::Text(_) | Shape::OneOf(_)));
            let why = match &unknown.why {
                Why::Error(message) => format!("Error {}", message.chars().take(70).collect::<String>()),
                Why::Runtime(_) => "Runtime".into(),
                other => format!("{other:?}").chars().take(60).collect(),
            };
            *sums.by_why.entry(why).or_default() += 1;
        }
        _ => sums.leaves += 1,
    }
}

/// Faults of the evaluator, not of a template: what no template may cause.
fn is_sound(resources: &[Resource], notes: &[azward::model::Note]) -> Result<(), String> {
    for note in notes {
        let fault = note.message.contains("is not known: correct the name") || note.message.contains("is no template expression");
        if fault || note.message.contains("budget") || note.message.contains("longer than") {
            return Err(note.message.clone());
        }
    }
    let unsupported = resources.iter().find_map(|resource| {
        fn find(value: &Value) -> Option<String> {
            match &value.kind {
                Kind::Array(items) => items.iter().find_map(find),
                Kind::Object(object) => object.iter().find_map(|field| find(&field.value)),
                Kind::Unknown(unknown) => match &unknown.why {
                    Why::Unsupported(_) | Why::Budget(_) => Some(unknown.why.to_string()),
                    _ => None,
                },
                _ => None,
            }
        }
        find(&resource.body)
    });
    unsupported.map_or(Ok(()), Err)
}

fn evaluate(path: &Path, options: &Options, sums: &mut Sums) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    if Arm.recognise(&path.to_string_lossy(), &text) != Some(Role::Root) {
        return Err("not recognised".into());
    }
    sums.bytes += text.len();
    let files = Files::new();
    let file = files.add(path.to_string_lossy().into_owned(), text.as_str());
    let started = Instant::now();
    read::template(file, &text).map_err(|error| error.to_string())?;
    sums.parsing += started.elapsed();
    let context = Context { files: &files, loader: &NoLoader, recognised: &[], options };
    let started = Instant::now();
    let mut evaluated = azward::model::Evaluated::default();
    for unit in Arm.units(file, &context) {
        evaluated = Arm.evaluate(&unit, &context);
    }
    let took = started.elapsed();
    sums.evaluating += took;
    if took > sums.slowest.0 {
        sums.slowest = (took, path.to_owned());
    }
    let deployed = evaluated.resources.iter().filter(|resource| !resource.is("Template/parameters") && !resource.is("Template/outputs"));
    for resource in deployed {
        sums.resources += 1;
        count(&resource.body, sums);
    }
    is_sound(&evaluated.resources, &evaluated.notes)
}

fn run(name: &str, suffix: &str) -> Option<(Sums, Sums)> {
    let folder = support::corpus(name)?;
    let options = Options::default();
    let located = Options { location: Some("westeurope".into()), ..Options::default() };
    let mut both = [Sums::default(), Sums::default()];
    let mut failures = Vec::new();
    for path in support::files(&folder, suffix) {
        if path.to_string_lossy().contains("Invalid") {
            continue;
        }
        for (options, sums) in [&options, &located].into_iter().zip(&mut both) {
            sums.templates += 1;
            match evaluate(&path, options, sums) {
                Ok(()) => sums.evaluated += 1,
                Err(error) => failures.push(format!("{}: {error}", path.display())),
            }
        }
    }
    for failure in failures.iter().take(20) {
        println!("{name}: {failure}");
    }
    let [sums, located] = both;
    let rate = |time: Duration| sums.bytes as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{name}: {} of {} evaluated, {} resources, {} leaves, {:.2}% not known as a whole ({:.2}% where the location is given), {:.2}% not even in part; {:.1} MB: parse {:.1} MB/s, with evaluation {:.1} MB/s (this profile); slowest {:?} {}",
        sums.evaluated,
        sums.templates,
        sums.resources,
        sums.leaves,
        100.0 * sums.unknown as f64 / sums.leaves as f64,
        100.0 * located.unknown as f64 / located.leaves as f64,
        100.0 * sums.dark as f64 / sums.leaves as f64,
        sums.bytes as f64 / 1e6,
        rate(sums.parsing),
        rate(sums.evaluating),
        sums.slowest.0,
        sums.slowest.1.display(),
    );
    let mut reasons: Vec<_> = sums.by_why.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (why, count) in reasons.iter().take(25) {
        println!("  {count:>6} {why}");
    }
    Some((sums, located))
}

#[test]
fn avm_evaluates() {
    let Some((sums, located)) = run("avm-dev", "main.json") else { return };
    support::score("arm-avm-evaluated", 100.0 * sums.evaluated as f64 / sums.templates as f64);
    support::score("arm-avm-known", 100.0 - 100.0 * sums.unknown as f64 / sums.leaves as f64);
    support::score("arm-avm-known-in-part", 100.0 - 100.0 * sums.dark as f64 / sums.leaves as f64);
    support::score("arm-avm-known-with-location", 100.0 - 100.0 * located.unknown as f64 / located.leaves as f64);
    support::score("arm-avm-resources", sums.resources as f64);
}

#[test]
fn bicep_samples_evaluate() {
    let Some((sums, located)) = run("bicep-samples", "main.json") else { return };
    support::score("arm-samples-evaluated", 100.0 * sums.evaluated as f64 / sums.templates as f64);
    support::score("arm-samples-known", 100.0 - 100.0 * sums.unknown as f64 / sums.leaves as f64);
    support::score("arm-samples-known-in-part", 100.0 - 100.0 * sums.dark as f64 / sums.leaves as f64);
    support::score("arm-samples-known-with-location", 100.0 - 100.0 * located.unknown as f64 / located.leaves as f64);
    support::score("arm-samples-resources", sums.resources as f64);
}
