//! `azward spec targets`: how much of the specifications can be checked today, and what not, with the reason.

use std::collections::BTreeSet;
use std::io::Write;

use super::args::{TableFormat, Targets};
use super::exit::{Exit, Failure};
use crate::audit;
use crate::format;
use crate::model::RuleInfo;
use crate::policy::RuleSet;
use crate::spec::{Checkable, Measure, Running, Share, measure};

/// Targets in which every text is searched for secrets.
const TEXTS: [&str; 9] = ["code", "arm", "bicep", "terraform", "workflow", "pipeline", "app-config", "docs", "git-history"];

/// Targets that rule files name and the documents too.
const TARGETS: [&str; 9] = ["arm", "bicep", "terraform", "live", "workflow", "pipeline", "app-config", "docs", "code"];

/// Which targets a log answers for, by the start of its kind; the first that fits.
const LOGS: [(&str, &[&str]); 11] = [
    ("Log/keyVault", &["log-keyvault"]),
    ("Log/activity", &["log-activity"]),
    ("Log/backup", &["log-activity"]),
    ("Log/githubActions", &["log-deploy"]),
    ("Log/azurePipelines", &["log-deploy"]),
    ("Log/workspace", &["log-app"]),
    ("Log/insights", &["log-app"]),
    ("Log/structlog", &["log-app"]),
    ("Log/resource", &["log-app"]),
    ("Log/text", &["log-app"]),
    ("Log/", &["log-access"]),
];

/// Runs the command.
pub fn run(arguments: &Targets) -> Result<Exit, Failure> {
    let catalogue = super::spec::catalogue()?;
    let running = running()?;
    let measure = measure(&catalogue, &running);
    let mut stdout = std::io::BufWriter::new(anstream::stdout().lock());
    match arguments.format {
        TableFormat::Json => {
            serde_json::to_writer_pretty(&mut stdout, &json(&measure))?;
            writeln!(stdout)?;
        }
        TableFormat::Csv => csv(&measure, &mut stdout)?,
        TableFormat::Table | TableFormat::Markdown => markdown(&measure, &running, &mut stdout)?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// What reads each target today, by the front ends, collectors and log readers that exist.
fn readers() -> BTreeSet<&'static str> {
    let mut readers: BTreeSet<&str> = ["git-history", "log-keyvault", "log-activity", "log-deploy", "log-app", "log-access"].into();
    if cfg!(feature = "azure") {
        readers.insert("live");
    }
    for format in format::ALL {
        let name = format.name().to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let targets: &[&str] = match () {
            () if says(&["arm"]) => &["arm"],
            () if says(&["bicep"]) => &["bicep"],
            () if says(&["terraform"]) => &["terraform"],
            () if says(&["workflow"]) => &["workflow"],
            () if says(&["pipeline"]) => &["pipeline"],
            // Settings stand beside the source, and the documents call both by both names.
            () if says(&["setting"]) => &["app-config", "code"],
            () if says(&["document", "markdown"]) => &["docs"],
            // Images, compose files, sources, migrations, owners: what a repository holds.
            () => &["code"],
        };
        readers.extend(targets);
    }
    readers
}

/// Every rule of azward, with the targets on which it runs.
fn running() -> Result<Vec<Running>, Failure> {
    let readers = readers();
    let rules = RuleSet::builtin().map_err(|problems| Failure::all(problems.iter().map(ToString::to_string)))?;
    let mut all = Vec::new();
    let mut push = |info: &RuleInfo, readers: &BTreeSet<&str>, targets: &mut dyn Iterator<Item = &str>| {
        let covers = info.controls.iter().filter(|control| control.framework == "spec").map(|control| control.id.clone()).collect();
        let mut one = Running { id: info.id.clone(), covers, ..Running::default() };
        for target in targets {
            let list = if readers.contains(target) { &mut one.targets } else { &mut one.waiting };
            list.insert(target.to_owned());
        }
        all.push(one);
    };
    for rule in rules.iter() {
        // The documents say `code` for whatever else a repository holds, and see an environment in its templates.
        let spell = |target: &String| match target.as_str() {
            "docker" | "repository" | "kubernetes" => "code",
            "estate" => "arm",
            other => TARGETS.into_iter().find(|known| *known == other).unwrap_or("code"),
        };
        push(rule.info(), &readers, &mut rule.targets().iter().map(spell));
    }
    // Whatever is text is searched, whether or not something else reads it.
    let texts: BTreeSet<&str> = TEXTS.into_iter().chain(readers.iter().copied()).collect();
    for info in super::coverage::searches() {
        push(&info, &texts, &mut TEXTS.into_iter().chain(["log-deploy", "log-app", "log-access"]));
    }
    for rule in audit::rule::builtin().map_err(|error| Failure::usage(error.to_string()))? {
        let kinds = rule.info.kinds.iter().filter_map(|kind| LOGS.iter().find(|(start, _)| kind.starts_with(start)));
        push(&rule.info, &readers, &mut kinds.flat_map(|(_, targets)| targets.iter().copied()));
    }
    Ok(all)
}

fn percent(share: Share) -> String {
    let share = share.per_mille();
    format!("{}.{} %", share / 10, share % 10)
}

fn markdown(measure: &Measure, running: &[Running], to: &mut dyn Write) -> Result<(), Failure> {
    let named = running.iter().filter(|rule| !rule.covers.is_empty() && !rule.targets.is_empty()).count();
    writeln!(to, "# What of the specifications can be checked\n")?;
    writeln!(
        to,
        "Written by `azward spec targets`. A clause is covered when at least one of azward's rules runs on something that is read today"
    )?;
    writeln!(
        to,
        "and on which the clause can be seen. {named} of azward's rules name a rule of the specifications. What only a person can"
    )?;
    writeln!(to, "tell is covered by attestations (`attestations/*.yaml`), whose expiry every scan checks.\n")?;
    writeln!(
        to,
        "## By way of checking\n\n| Checkable | Clauses | covered | | Rules of specifications | covered | |\n|---|--:|--:|--:|--:|--:|--:|"
    )?;
    for class in Checkable::ALL {
        let (clauses, rules) =
            (measure.clauses.get(&class).copied().unwrap_or_default(), measure.rules.get(&class).copied().unwrap_or_default());
        let cells = [
            clauses.all.to_string(),
            clauses.covered.to_string(),
            percent(clauses),
            rules.all.to_string(),
            rules.covered.to_string(),
            percent(rules),
        ];
        writeln!(to, "| {} | {} |", class.as_str(), cells.join(" | "))?;
    }
    writeln!(to, "\n## By specification\n\n| Specification | Clauses | covered | |\n|---|--:|--:|--:|")?;
    for (id, share) in &measure.specifications {
        writeln!(to, "| {id} | {} | {} | {} |", share.all, share.covered, percent(*share))?;
    }
    writeln!(
        to,
        "\n## By where it can be seen\n\n| Target | Clauses | covered there | | Rules of specifications | covered there | |\n|---|--:|--:|--:|--:|--:|--:|"
    )?;
    for (target, clauses) in &measure.clause_targets {
        let rules = measure.rule_targets.get(target).copied().unwrap_or_default();
        writeln!(
            to,
            "| {target} | {} | {} | {} | {} | {} | {} |",
            clauses.all,
            clauses.covered,
            percent(*clauses),
            rules.all,
            rules.covered,
            percent(rules)
        )?;
    }
    writeln!(to, "\n## Without a rule that runs: {}\n", measure.missing.len())?;
    if !measure.missing.is_empty() {
        writeln!(to, "| Clause | Specification | Checkable | Seen in | Why not |\n|---|---|---|---|---|")?;
    }
    for one in &measure.missing {
        writeln!(to, "| {} | {} | {} | {} | {} |", one.id, one.specification, one.checkable.as_str(), one.targets.join(", "), one.why)?;
    }
    Ok(())
}

fn json(measure: &Measure) -> serde_json::Value {
    let share = |share: &Share| serde_json::json!({"all": share.all, "covered": share.covered});
    let classes = |map: &std::collections::BTreeMap<Checkable, Share>| {
        map.iter().map(|(class, one)| (class.as_str().to_owned(), share(one))).collect::<serde_json::Map<_, _>>()
    };
    let named = |map: &std::collections::BTreeMap<String, Share>| {
        map.iter().map(|(name, one)| (name.clone(), share(one))).collect::<serde_json::Map<_, _>>()
    };
    let missing = measure.missing.iter().map(|one| {
        serde_json::json!({"specification": one.specification, "id": one.id, "checkable": one.checkable.as_str(), "targets": one.targets, "why": one.why})
    });
    serde_json::json!({
        "clauses": classes(&measure.clauses),
        "rules": classes(&measure.rules),
        "clausesByTarget": named(&measure.clause_targets),
        "rulesByTarget": named(&measure.rule_targets),
        "specifications": named(&measure.specifications),
        "missing": missing.collect::<Vec<_>>(),
    })
}

fn csv(measure: &Measure, to: &mut dyn Write) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(to);
    let failed = |error: csv::Error| Failure::from(std::io::Error::from(error));
    writer.write_record(["by", "name", "what", "all", "covered"]).map_err(failed)?;
    let classes = [("clauses", &measure.clauses), ("rules", &measure.rules)];
    let classes = classes.iter().flat_map(|(what, map)| map.iter().map(move |(class, share)| ("checkable", class.as_str(), *what, *share)));
    let targets = [
        ("target", "clauses", &measure.clause_targets),
        ("target", "rules", &measure.rule_targets),
        ("specification", "clauses", &measure.specifications),
    ];
    let targets = targets.iter().flat_map(|(by, what, map)| map.iter().map(move |(name, share)| (*by, name.as_str(), *what, *share)));
    for (by, name, what, share) in classes.chain(targets) {
        writer.write_record([by, name, what, &share.all.to_string(), &share.covered.to_string()]).map_err(failed)?;
    }
    Ok(writer.flush()?)
}
