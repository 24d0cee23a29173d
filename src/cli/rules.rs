use std::io::Write;

use super::args::{ListFormat, Rules};
use super::exit::{Exit, Failure};
use super::profile::{own_rules, problems};
use crate::audit;
use crate::model::RuleInfo;
use crate::policy::RuleSet;
use crate::secret::Scanner;

/// `azward rules`.
pub fn run(arguments: &Rules) -> Result<Exit, Failure> {
    let rules = RuleSet::builtin().map_err(problems)?.overlaid(&own_rules(&arguments.rule_files)?);
    let events = audit::rule::builtin().map_err(|error| Failure::usage(error.to_string()))?;
    let events = events.into_iter().map(|rule| rule.info);
    let mut infos: Vec<RuleInfo> = rules.iter().map(|rule| rule.info().clone()).chain(Scanner::builtin().rules()).chain(events).collect();
    infos.sort_by(|a, b| (&a.theme, &a.id).cmp(&(&b.theme, &b.id)));
    if let Some(filter) = &arguments.filter {
        let filter = filter.to_lowercase();
        let holds = |text: &str| text.to_lowercase().contains(&filter);
        infos.retain(|rule| {
            let controls = rule.controls.iter().any(|control| holds(&control.id));
            holds(&rule.id) || holds(&rule.theme) || holds(&rule.title) || rule.kinds.iter().any(|kind| holds(kind)) || controls
        });
    }
    let mut stdout = anstream::stdout().lock();
    if arguments.format == ListFormat::Json {
        serde_json::to_writer_pretty(&mut stdout, &infos)?;
        writeln!(stdout)?;
        return Ok(Exit::Clean);
    }
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
    table.set_header(["theme", "severity", "rule", "what must hold"]);
    for rule in &infos {
        table.add_row([rule.theme.as_str(), rule.severity.as_str(), &rule.id, &rule.title]);
    }
    writeln!(stdout, "{table}\n{} rules. `azward explain RULE` tells more.", infos.len())?;
    Ok(Exit::Clean)
}
