//! Broken files through the whole front end: no panic, no hang, and what is still readable in them is still judged.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use azward::format::Format;
use azward::format::bicep::Bicep;
use azward::format::bicep::source::{Body, Source};
use azward::format::bicep::tree::ExprKind;
use azward::model::Unit;

use super::disk::{Disk, with_context};
use crate::support::{corpus, files, score};

#[test]
fn invalid_files_are_evaluated_without_harm() {
    let Some(samples) = corpus("bicep-samples") else { return };
    let disk = Disk::new(&samples, None);
    let annotated = ["syntax", "tokens", "symbols", "ir", "diagnostics", "sourcemap", "formatted"];
    let invalid: Vec<_> = files(&samples, ".bicep")
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("/Invalid"))
        .filter(|path| !annotated.iter().any(|kind| path.to_string_lossy().ends_with(&format!(".{kind}.bicep"))))
        .collect();
    let (mut slowest, mut declared, mut seen) = ((Duration::ZERO, String::new()), 0, 0);
    with_context(&disk, |context| {
        for path in &invalid {
            let label = path.strip_prefix(&samples).unwrap().display().to_string();
            let Ok(file) = disk.open(path) else { continue };
            let source = Source::new(file, disk.files.get(file).unwrap());
            let unit = Unit { file, parameters: None, label: label.clone(), environment: None };
            let start = Instant::now();
            let evaluated = Bicep.evaluate(&unit, context);
            let spent = start.elapsed();
            // A panic inside ends in this note.
            let harm = evaluated.notes.iter().find(|note| note.message.contains("could not be lowered"));
            assert!(harm.is_none(), "{label}: {harm:?}");
            if spent > slowest.0 {
                slowest = (spent, label.clone());
            }
            let wanted: Vec<&str> = valid(&source).collect();
            let is_there = |symbol: &&&str| evaluated.resources.iter().any(|resource| goes_by(&resource.address, symbol));
            let missing: Vec<_> = wanted.iter().filter(|symbol| !is_there(symbol)).collect();
            if !missing.is_empty() {
                println!("{label}: {} of {} declarations are not judged: {missing:?}", missing.len(), wanted.len());
            }
            declared += wanted.len();
            seen += wanted.len() - missing.len();
        }
    });
    println!("{} invalid files, {seen} of {declared} resources judged, the slowest {} in {:?}", invalid.len(), slowest.1, slowest.0);
    assert!(invalid.len() >= 10 && declared > 80);
    assert!(slowest.0 < Duration::from_secs(1), "{} took {:?}", slowest.1, slowest.0);
    score("bicep-invalid-judged", 100.0 * seen as f64 / declared.max(1) as f64);
}

/// Symbols of the resources that are deployed whatever is given, outside every place that cannot be read; one for each name.
fn valid(source: &Source) -> impl Iterator<Item = &str> {
    let problems = &source.program.problems;
    let mut known = HashSet::new();
    let named = source.resources.iter().enumerate().filter_map(move |(index, declared)| {
        let (statement, resource) = source.resource(index)?;
        let broken = problems.iter().any(|problem| problem.at.start <= statement.at.end && statement.at.start <= problem.at.end);
        let typed = matches!(resource.ty.kind, ExprKind::Str(_)) && source.str(resource.ty.at).contains('@');
        // A loop may have no round, a condition may not hold: those are left out with good reason.
        let body = Body::of(&resource.body);
        let always = body.looped.is_none() && body.condition.is_none() && body.members.is_some();
        (!broken && typed && always).then_some(&*declared.symbol)
    });
    named.filter(move |symbol| !symbol.is_empty() && known.insert(*symbol))
}

fn goes_by(address: &str, symbol: &str) -> bool {
    address.strip_prefix(symbol).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}
