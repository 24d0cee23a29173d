//! The same judgements on a Bicep file and on the JSON that Microsoft's compiler made of it.

use std::collections::BTreeMap;
use std::time::Instant;

use azward::format::arm::evaluate::evaluate;
use azward::format::arm::read;
use azward::format::bicep::Bicep;
use azward::format::{Context, Format};
use azward::model::{FileId, Resource, Unit, Verdict};
use azward::policy::{Index, RuleSet, Settings, World};
use rayon::prelude::*;

use super::disk::{Disk, with_context};
use crate::support::{corpus, files, score};

/// Rule, kind and name of the resource, verdict; and how often.
type Judged = BTreeMap<(String, String, String, &'static str), usize>;

#[test]
fn findings_equal_those_of_the_compiled_twin() {
    let Some(avm) = corpus("avm-dev") else { return };
    let rules = RuleSet::builtin().unwrap();
    let disk = Disk::new(&avm, Some(avm.join("br-cache")));
    let start = Instant::now();
    let twins: Vec<_> = files(&avm.join("avm"), "main.bicep")
        .into_iter()
        .map(|path| (path.with_extension("json"), path))
        .filter(|(compiled, path)| compiled.is_file() && !path.components().any(|part| part.as_os_str() == "tests"))
        .collect();
    let differences: Vec<(usize, Vec<String>)> = with_context(&disk, |context| {
        let one = |(compiled, path): &(std::path::PathBuf, std::path::PathBuf)| {
            let (ours, theirs) = (disk.open(path).unwrap(), disk.open(compiled).unwrap());
            let unit = Unit { file: ours, parameters: None, label: String::new(), environment: None };
            let (ours, theirs) = (judge(&rules, &Bicep.evaluate(&unit, context).resources), judge(&rules, &json(theirs, context)));
            let label = path.strip_prefix(&avm).unwrap().display();
            let only = |side: &str, left: &Judged, right: &Judged| {
                let missing = left.iter().filter(|(key, count)| right.get(*key) != Some(count));
                missing.map(|(key, count)| format!("{label}: {side} only: {key:?} x{count}")).collect::<Vec<_>>()
            };
            (ours.values().sum(), [only("Bicep", &ours, &theirs), only("JSON", &theirs, &ours)].concat())
        };
        twins.par_iter().map(one).collect()
    });
    let judgements: usize = differences.iter().map(|(count, _)| count).sum();
    let equal = differences.iter().filter(|(_, different)| different.is_empty()).count();
    // The virtual resources that stand for parameters and outputs of nested templates aside.
    let deployed = differences.iter().filter(|(_, different)| different.iter().all(|line| line.contains("\"template/"))).count();
    for line in differences.iter().flat_map(|(_, different)| different).take(60) {
        println!("{line}");
    }
    println!(
        "{equal} of {} pairs judged alike, all of them and not a sample; {judgements} judgements in {:?}",
        twins.len(),
        start.elapsed()
    );
    assert!(twins.len() > 100 && judgements > 1000);
    score("bicep-findings-of-resources", 100.0 * deployed as f64 / twins.len() as f64);
    score("bicep-findings", 100.0 * equal as f64 / twins.len() as f64);
}

fn json(file: FileId, context: &Context<'_>) -> Vec<Resource> {
    let text = context.files.get(file).unwrap();
    evaluate(&read::template(file, &text.text).unwrap().value, &[], context).resources
}

fn judge(rules: &RuleSet, resources: &[Resource]) -> Judged {
    let index = Index::new(resources);
    let (world, settings) = (World::new(&index), Settings::new());
    let mut judged = Judged::new();
    for resource in resources.iter().filter(|resource| !resource.existing) {
        for rule in rules.for_kind(&resource.kind) {
            let verdict = rule.judge(resource, &world, &settings).verdict;
            if verdict != Verdict::NotApplicable {
                // Why a name is not known is told by symbol in Bicep, and by type where the JSON has no symbols.
                let name = if resource.name.is_unknown() { "?".to_owned() } else { resource.display_name() };
                let kind = resource.kind.to_ascii_lowercase();
                // A template's parameters and outputs are judged once: a module that is called twice is one file in Bicep, and
                // stands twice in the JSON.
                let is_virtual = kind.starts_with("template/");
                let count = judged.entry((rule.info().id.clone(), kind, name, verdict.as_str())).or_default();
                *count = if is_virtual { 1 } else { *count + 1 };
            }
        }
    }
    judged
}
