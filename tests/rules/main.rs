//! Every rule that ships is read, proves itself by its examples, and keeps to the contract of rule files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod bicep;
mod front_ends;

use std::collections::BTreeMap;

use azward::format::arm::Arm;
use azward::format::{Context, Format, Options};
use azward::model::{Files, NoLoader, Resource};
use azward::policy::testing::{self, ExampleOutcome};
use azward::policy::{Example, Expectation, Rule, RuleSet};
use serde_json::{Value as Json, json};

fn rules() -> RuleSet {
    RuleSet::builtin().unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("rules that cannot be read:\n{}", lines.join("\n"));
    })
}

/// Names every rule that `fault` finds something wrong with.
fn assert_none(fault: impl Fn(&Rule) -> Option<String>) {
    let faults: Vec<String> = rules().iter().filter_map(|rule| fault(rule).map(|fault| format!("{}: {fault}", rule.file()))).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_example_gives_the_promised_verdict() {
    assert_promises_kept(&azward::engine::evaluate_example);
}

#[test]
fn every_example_gives_the_promised_verdict_as_a_deployed_template() {
    assert_promises_kept(&as_template);
}

fn assert_promises_kept(evaluate: &testing::Evaluate<'_>) {
    let mut wrong = Vec::new();
    let mut not_run = BTreeMap::<String, usize>::new();
    let mut run = 0;
    for rule in rules().iter() {
        for result in testing::run(rule, evaluate) {
            match result.outcome {
                ExampleOutcome::AsPromised => run += 1,
                ExampleOutcome::NotRun(why) => *not_run.entry(why).or_default() += 1,
                ExampleOutcome::Other(verdict, message) => {
                    let (file, line, name, promised) = (result.file, result.line, result.name, result.expected.as_str());
                    wrong.push(format!(
                        "{file}:{line}: `{name}` promises {promised}, but the verdict is {} ({verdict:?}): {message}",
                        verdict.as_str()
                    ));
                }
            }
        }
    }
    println!("{run} examples ran; not run: {not_run:?}");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// An example in ARM's own words, put into a template and evaluated; `None` for every other language.
fn as_template(example: &Example) -> Option<Vec<Resource>> {
    if example.language != "arm" || example.resources.iter().any(|body| body.get("existing").is_some()) {
        return None;
    }
    let mut bodies: Vec<Json> = example.resources.iter().map(azward::model::Value::to_json).collect();
    for body in &mut bodies {
        let object = body.as_object_mut()?;
        object.entry("apiVersion").or_insert_with(|| json!("2024-01-01"));
        // A template says where an extension hangs by its scope, not by its id.
        if let Some(Json::String(id)) = object.remove("id")
            && let Some((scope, _)) = id.rsplit_once("/providers/")
        {
            object.insert("scope".to_owned(), json!(scope));
        }
    }
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": bodies,
    });
    let files = Files::new();
    let file = files.add("example.json", template.to_string());
    let options = Options::default();
    let context = Context { files: &files, loader: &NoLoader, recognised: &[], options: &options };
    let unit = Arm.units(file, &context).into_iter().next()?;
    Some(Arm.evaluate(&unit, &context).resources)
}

#[test]
fn every_rule_is_shown_to_pass_and_to_fail() {
    assert_none(|rule| {
        let has = |wanted| rule.examples().iter().any(|example| example.expectation == wanted);
        (!has(Expectation::Pass) || !has(Expectation::Fail)).then(|| "needs at least one example that passes and one that fails".to_owned())
    });
}

#[test]
fn every_rule_over_pipelines_is_shown_on_each_system_that_it_claims() {
    assert_none(|rule| {
        let systems = [("workflow", "GitHub/", ".github/"), ("pipeline", "AzurePipelines/", "azure-pipelines")];
        systems.iter().find_map(|(system, kind, path)| {
            let claims = rule.kinds().iter().any(|own| own.starts_with(kind));
            let shown = |wanted| {
                rule.examples().iter().any(|example| {
                    let in_files = example.files.iter().any(|(file, _)| file.starts_with(path));
                    example.expectation == wanted && (example.language == *system || in_files)
                })
            };
            (claims && (!shown(Expectation::Pass) || !shown(Expectation::Fail)))
                .then(|| format!("needs an example that passes and one that fails in `{system}`"))
        })
    });
}

#[test]
fn every_rule_is_where_its_id_and_theme_say() {
    assert_none(|rule| {
        let wanted = format!("policies/rules/{}/{}.yaml", rule.info().theme, rule.info().id);
        (rule.file() != wanted).then(|| format!("its id and theme say {wanted}"))
    });
}

#[test]
fn every_rule_says_where_it_comes_from_and_how_to_mend() {
    assert_none(|rule| {
        let info = rule.info();
        let linked = info.sources.iter().any(|source| source.starts_with("https://"));
        let mended = [&info.fix.text, &info.fix.bicep, &info.fix.arm, &info.fix.terraform, &info.fix.cli, &info.fix.workflow];
        let sentence = info.title.len() >= 10 && !info.title.ends_with('.');
        match (linked, mended.iter().any(|fix| fix.is_some()), sentence, info.description.len() >= 40) {
            (false, ..) => Some("has no source that is a link".to_owned()),
            (_, false, ..) => Some("says nowhere how to mend it".to_owned()),
            (_, _, false, _) => Some("its title is no sentence without a full stop".to_owned()),
            (.., false) => Some("its description does not say why it matters".to_owned()),
            _ => None,
        }
    });
}

#[test]
fn no_two_rules_ask_the_same() {
    let mut seen = BTreeMap::<String, String>::new();
    let mut twice = Vec::new();
    for rule in rules().iter() {
        let asked = format!("{:?} {}", rule.kinds(), rule.written().to_json());
        if let Some(other) = seen.insert(asked, rule.info().id.clone()) {
            twice.push(format!("{} and {other}", rule.info().id));
        }
    }
    assert!(twice.is_empty(), "the same condition: {}", twice.join("; "));
}

#[test]
fn one_rule_is_found_by_its_name_alone() {
    for id in RuleSet::builtin_ids() {
        let rule = RuleSet::builtin_rule(&id).expect("is listed").expect("is read");
        assert_eq!(rule.info().id, id, "the file's name is not the rule's id");
    }
    assert!(RuleSet::builtin_rule("no-such-rule").is_none());
}

#[test]
fn the_rules_of_the_guide_are_true() {
    let guide = include_str!("../../docs/rules.md");
    let blocks: Vec<&str> = guide.split("```yaml\n").skip(1).filter_map(|block| block.split("```").next()).collect();
    let rules: Vec<&&str> = blocks.iter().filter(|block| block.starts_with("id:")).collect();
    assert!(rules.len() >= 2, "the guide shows no rules");
    for text in rules {
        let rule = Rule::parse("docs/rules.md", text, &std::sync::Arc::new(azward::policy::Aliases::built_in())).unwrap();
        for result in testing::run(&rule, &as_template) {
            assert_eq!(result.outcome, ExampleOutcome::AsPromised, "{} {}", result.rule, result.name);
        }
    }
}
