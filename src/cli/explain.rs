use std::io::Write;
use std::sync::Arc;

use super::args::Explain;
use super::exit::{Exit, Failure};
use super::profile::own_rules;
use crate::audit::{push_down, rule as event};
use crate::model::RuleInfo;
use crate::policy::{Rule, RuleSet};
use crate::secret::Scanner;

/// `azward explain RULE`.
pub fn run(arguments: &Explain) -> Result<Exit, Failure> {
    let id = arguments.rule.trim();
    let mut stdout = anstream::stdout().lock();
    let own = own_rules(&arguments.rule_files)?;
    if let Some(rule) = own.get(id).map(|rule| Ok(rule.clone())).or_else(|| Some(RuleSet::builtin_rule(id)?.map(Arc::new))) {
        let rule = rule.map_err(|problem| Failure::usage(problem.to_string()))?;
        head(rule.info(), &mut stdout)?;
        parameters(&rule, &mut stdout)?;
        examples(&rule, &mut stdout)?;
        tail(rule.info(), &mut stdout)?;
        return Ok(Exit::Clean);
    }
    if id.starts_with("secret-")
        && let Some(info) = Scanner::builtin().rules().into_iter().find(|info| info.id == id)
    {
        head(&info, &mut stdout)?;
        tail(&info, &mut stdout)?;
        return Ok(Exit::Clean);
    }
    let events = event::builtin().map_err(|error| Failure::usage(error.to_string()))?;
    if let Some(rule) = events.iter().find(|rule| rule.info.id == id) {
        head(&rule.info, &mut stdout)?;
        event_rule(rule, &mut stdout)?;
        facts(&rule.info, &mut stdout)?;
        return Ok(Exit::Clean);
    }
    let near =
        RuleSet::builtin().ok().and_then(|rules| rules.nearest(id).map(|near| format!("; did you mean `{near}`?"))).unwrap_or_default();
    Err(Failure::usage(format!("there is no rule `{id}`{near} (`azward rules` lists all)")))
}

fn head(info: &RuleInfo, to: &mut dyn Write) -> std::io::Result<()> {
    writeln!(to, "{} ({}, {})\n{}\n", info.id, info.severity, info.theme, info.title)?;
    if !info.description.trim().is_empty() {
        writeln!(to, "Why\n{}\n", indent(&info.description))?;
    }
    if !info.kinds.is_empty() {
        writeln!(to, "Judges\n{}\n", indent(&info.kinds.join("\n")))?;
    }
    Ok(())
}

fn parameters(rule: &Rule, to: &mut dyn Write) -> std::io::Result<()> {
    if rule.parameters().is_empty() {
        return Ok(());
    }
    writeln!(to, "Parameters")?;
    for parameter in rule.parameters() {
        let default = parameter.default.as_ref().map_or_else(|| "no default".to_owned(), |value| format!("default {}", value.to_json()));
        writeln!(to, "    {} ({default})", parameter.name)?;
    }
    writeln!(to)
}

fn examples(rule: &Rule, to: &mut dyn Write) -> std::io::Result<()> {
    for wanted in [crate::policy::Expectation::Fail, crate::policy::Expectation::Pass] {
        let Some(example) = rule.examples().iter().find(|example| example.expectation == wanted) else { continue };
        let resources: Vec<_> = example.plain_resources().iter().map(|resource| resource.body.to_json()).collect();
        let text = match resources.as_slice() {
            [] => continue,
            [one] => serde_json::to_string_pretty(one)?,
            all => serde_json::to_string_pretty(all)?,
        };
        let title = if wanted == crate::policy::Expectation::Fail { "Fails" } else { "Passes" };
        writeln!(to, "{title}\n{}\n", indent(&text))?;
    }
    Ok(())
}

/// Parameters, streams and the question for a workspace.
fn event_rule(rule: &event::Rule, to: &mut dyn Write) -> std::io::Result<()> {
    if !rule.parameters.is_empty() {
        writeln!(to, "Parameters")?;
        for (name, parameter) in &rule.parameters {
            let default = parameter.default.as_ref().map_or_else(|| "no default".to_owned(), |value| format!("default {value}"));
            writeln!(to, "    {name} ({default})\n        {}", parameter.description)?;
        }
        writeln!(to)?;
    }
    for (title, examples) in [("Fails", &rule.examples.fail), ("Passes", &rule.examples.pass)] {
        let Some(example) = examples.first() else { continue };
        writeln!(to, "{title} ({})\n{}\n", example.name, indent(&example.logs))?;
    }
    if let Some(question) = push_down::template(rule) {
        writeln!(to, "Asks a workspace\n{}\n", indent(question))?;
    }
    Ok(())
}

fn tail(info: &RuleInfo, to: &mut dyn Write) -> std::io::Result<()> {
    facts(info, to)?;
    writeln!(to, "Accept it in one place with a comment on that line or the line before:\n    azward:ignore {}: why", info.id)
}

/// How to mend it, and where it comes from.
fn facts(info: &RuleInfo, to: &mut dyn Write) -> std::io::Result<()> {
    let fix = &info.fix;
    let ways = [
        ("", &fix.text),
        ("Bicep", &fix.bicep),
        ("ARM", &fix.arm),
        ("Terraform", &fix.terraform),
        ("Azure CLI", &fix.cli),
        ("Workflow", &fix.workflow),
    ];
    if ways.iter().any(|(_, way)| way.is_some()) {
        writeln!(to, "Fix")?;
        for (name, way) in ways {
            let Some(way) = way else { continue };
            match name {
                "" => writeln!(to, "{}", indent(way))?,
                _ => writeln!(to, "    {name}:\n{}", indent(&indent(way)))?,
            }
        }
        writeln!(to)?;
    }
    if !info.controls.is_empty() {
        let controls: Vec<_> = info.controls.iter().map(|control| format!("{} {}", control.framework, control.id)).collect();
        writeln!(to, "Controls\n    {}\n", controls.join(", "))?;
    }
    if !info.sources.is_empty() {
        writeln!(to, "Sources\n{}\n", indent(&info.sources.join("\n")))?;
    }
    Ok(())
}

fn indent(text: &str) -> String {
    text.trim().lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") }).collect::<Vec<_>>().join("\n")
}
