use std::collections::BTreeSet;

use azward::audit::{Settings, run};
use azward::log::source::Collected;

use crate::day::{day, parameters};
use crate::support::{fails, rules};

/// What one planted violation also is: who is denied twelve times in a burst asks for a secret in vain.
const CONSEQUENCES: &[(&str, &str)] = &[("secret-reference-fails", "vault-denied-burst")];

fn all_found_none_invented(seed: u64, events: u64) {
    let (inputs, planted) = day(seed, events);
    assert_eq!(planted.len(), 200);
    assert_eq!(planted.iter().map(|(rule, _)| rule).collect::<BTreeSet<_>>().len(), 20);
    let rules = rules();
    let settings = Settings { parameters: parameters(), ..Settings::new(&rules) };
    let started = std::time::Instant::now();
    let outcome = run(Collected { inputs, entries: Vec::new() }, settings).expect("it runs");
    let elapsed = started.elapsed().as_secs_f64();
    let found = fails(&outcome);
    let group = |finding: &azward::model::Finding| {
        let evidence = finding.evidence.iter().find(|evidence| evidence.leaf == "group");
        format!("{},", evidence.map_or("", |evidence| evidence.actual.as_str()))
    };
    let missed: Vec<_> = planted
        .iter()
        .filter(|(rule, name)| found.iter().filter(|f| f.rule == *rule && group(f).contains(name.as_str())).count() != 1)
        .collect();
    let meant = |f: &azward::model::Finding, rule: &str| f.rule == rule || CONSEQUENCES.contains(&(f.rule.as_str(), rule));
    let invented: Vec<_> =
        found.iter().filter(|f| !planted.iter().any(|(rule, name)| meant(f, rule) && group(f).contains(name.as_str()))).collect();
    assert!(missed.is_empty(), "missed {}: {missed:?}", missed.len());
    let names: Vec<_> = invented.iter().map(|finding| (&finding.rule, &finding.message)).collect();
    assert!(invented.is_empty(), "invented {}: {names:#?}", invented.len());
    let direct = found.iter().filter(|f| planted.iter().any(|(rule, _)| f.rule == *rule)).count();
    assert_eq!(direct, 200);
    let total: u64 = outcome.totals.iter().map(|total| total.events).sum();
    let bytes: u64 = outcome.totals.iter().map(|total| total.bytes).sum();
    println!("{total} events, {} MB, {elapsed:.1} s: 200 of 200 planted violations of 20 kinds found, none invented", bytes >> 20);
}

#[test]
fn a_small_day_with_two_hundred_violations() {
    all_found_none_invented(1, 60_000);
}

#[test]
#[ignore = "five million events: run by benches/logs.sh with --release"]
fn a_day_of_five_million_events_with_two_hundred_violations() {
    all_found_none_invented(2026, 5_060_000);
}
