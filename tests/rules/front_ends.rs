//! A rule that claims a front end is shown there, to pass and to fail; the table says how many are.

use std::collections::{BTreeMap, BTreeSet};

use azward::policy::{Example, Expectation, Rule, RuleSet};
use azward::spec::Catalogue;

use super::bicep;

/// Where a rule's example is written for the front end itself, or as the plain resource that each of them makes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shown {
    No,
    Plain,
    Written,
}

#[derive(Default)]
struct Row {
    claimed: usize,
    plain: usize,
    written: usize,
}

/// Targets that nothing reads yet: their examples could not be run.
const WAITING: [&str; 1] = ["terraform"];

#[test]
fn every_rule_is_shown_to_pass_and_to_fail_on_each_front_end_that_it_claims() {
    let rules = RuleSet::builtin().expect("rules are read");
    let mut table = BTreeMap::<String, Row>::new();
    let mut missing = Vec::new();
    let mut pairs = BTreeMap::<(String, String), bool>::new();
    for rule in rules.iter() {
        for target in rule.targets().iter().filter(|target| !WAITING.contains(&target.as_str())) {
            let best = |wanted| {
                let own = rule.examples().iter().filter(|example| example.expectation == wanted);
                own.map(|example| shown(rule, target, example)).max().unwrap_or(Shown::No)
            };
            let both = best(Expectation::Pass).min(best(Expectation::Fail));
            let row = table.entry(target.clone()).or_default();
            row.claimed += 1;
            row.plain += usize::from(both == Shown::Plain);
            row.written += usize::from(both == Shown::Written);
            if both == Shown::No {
                missing.push(format!("{}: no example that passes and one that fails in `{target}`", rule.file()));
            }
            for control in rule.info().controls.iter().filter(|control| control.framework == "spec") {
                *pairs.entry((control.id.to_string(), target.clone())).or_default() |= both > Shown::No;
            }
        }
    }
    println!("{:<12} {:>8} {:>8} {:>8} {:>8}", "front end", "claimed", "written", "plain", "missing");
    for (target, row) in &table {
        println!("{target:<12} {:>8} {:>8} {:>8} {:>8}", row.claimed, row.written, row.plain, row.claimed - row.written - row.plain);
    }
    println!("not counted, for want of a reader: {}", WAITING.join(", "));
    let known: BTreeSet<String> = Catalogue::builtin().expect("is read").rules.into_iter().map(|rule| rule.id).collect();
    let named: BTreeSet<&String> = pairs.keys().map(|(id, _)| id).filter(|id| known.contains(*id)).collect();
    println!(
        "{} of {} rules of specifications; {} of their {} pairs with a front end are shown to pass and to fail",
        named.len(),
        known.len(),
        pairs.values().filter(|shown| **shown).count(),
        pairs.len()
    );
    assert!(missing.is_empty(), "{}\n{}", missing.len(), missing.join("\n"));
}

/// How an example shows a rule on a front end.
fn shown(rule: &Rule, target: &str, example: &Example) -> Shown {
    let as_resources = match example.language.as_str() {
        "arm" => Shown::Written,
        "resource" => Shown::Plain,
        _ => Shown::No,
    };
    match target {
        "arm" if as_resources != Shown::No => as_resources,
        "bicep" if as_resources != Shown::No => match bicep::print(example) {
            Ok(_) => Shown::Written,
            Err(_) => Shown::Plain,
        },
        // What is deployed answers in the shape of a template.
        "live" => as_resources,
        _ => {
            let Some(resources) = azward::engine::evaluate_example(example) else { return Shown::No };
            let judged = |resource: &azward::model::Resource| rule.kinds().iter().any(|kind| resource.is(kind) || kind == "*");
            let there = resources.iter().filter(|resource| judged(resource)).any(|resource| targets(&resource.kind).contains(&target));
            if there { Shown::Written } else { Shown::No }
        }
    }
}

/// The targets that a kind is seen on.
fn targets(kind: &str) -> &'static [&'static str] {
    const BY_KIND: [(&str, &[&str]); 11] = [
        ("GitHub/", &["workflow", "code"]),
        ("AzurePipelines/", &["pipeline", "code"]),
        ("Document/", &["docs", "code"]),
        ("Repository/", &["repository", "code", "docs", "workflow", "pipeline", "app-config", "arm", "bicep"]),
        ("Docker/", &["docker", "code"]),
        ("Scripts/", &["code"]),
        ("Code/", &["code"]),
        ("Alembic/", &["code", "repository"]),
        ("App/", &["app-config", "code"]),
        ("Functions/", &["app-config", "code"]),
        ("Microsoft.", &["arm", "bicep", "live"]),
    ];
    BY_KIND.iter().find(|(start, _)| kind.starts_with(start)).map_or(&[], |(_, targets)| targets)
}
