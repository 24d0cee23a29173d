//! The condition language against the definitions that Azure ships: how many are read, and how many azward can run.

use std::collections::BTreeMap;
use std::sync::Arc;

use azward::policy::Aliases;
use azward::policy::definition::Definition;

use crate::support;

/// The definitions of a corpus that is a clone of `Azure/azure-policy`.
fn definitions() -> Option<Vec<(String, String)>> {
    let folder = support::corpus("azure-policy-built-in")?;
    let files = support::files(&folder, ".json").into_iter().filter_map(|path| {
        let text = std::fs::read_to_string(&path).ok()?;
        text.contains("\"policyRule\"").then(|| (path.display().to_string(), text))
    });
    Some(files.collect())
}

#[test]
fn built_in_definitions_are_read_and_can_run() {
    let Some(files) = definitions() else { return };
    let aliases = Arc::new(Aliases::built_in());
    let (mut read, mut whole, mut rules) = (0usize, 0usize, 0usize);
    let mut faults = BTreeMap::<String, usize>::new();
    for (path, text) in &files {
        match Definition::parse(path, text, &aliases) {
            Err(problem) => {
                println!("not read: {problem}");
                *faults.entry("not read".to_owned()).or_default() += 1;
            }
            Ok(definition) => {
                read += 1;
                let unknown = definition.unknown_functions();
                if unknown.is_empty() {
                    whole += 1;
                }
                for name in unknown {
                    *faults.entry(format!("function {name}")).or_default() += 1;
                }
                match definition.into_rule() {
                    Ok(_) => rules += 1,
                    Err(why) => *faults.entry(why).or_default() += 1,
                }
            }
        }
    }
    println!("{} definitions: {read} read, {whole} of them whole, {rules} run as rules; {faults:?}", files.len());
    let share = |of: usize| 100.0 * of as f64 / files.len().max(1) as f64;
    support::score("policy.builtin.parsed", share(read));
    support::score("policy.builtin.compiled", share(whole));
}
