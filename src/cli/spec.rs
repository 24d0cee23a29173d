use std::io::Write;
use std::path::Path;

use jiff::{ToSpan, Zoned};

use super::args::{Attest, Conflicts, Global, Lint, Spec, TableFormat};
use super::coverage::unknown;
use super::exit::{Exit, Failure};
use crate::policy::RuleSet;
use crate::spec::{self, Attestation, Catalogue, Statement, Suggester};

/// `azward spec …`.
pub fn run(arguments: &Spec, global: &Global) -> Result<Exit, Failure> {
    match arguments {
        Spec::Coverage(coverage) => super::spec_coverage::run(coverage, global),
        Spec::Targets(targets) => super::spec_targets::run(targets),
        Spec::Conflicts(arguments) => conflicts(arguments),
        Spec::Lint(arguments) => lint(arguments),
        Spec::Attest(arguments) => attest(arguments),
    }
}

pub(super) fn catalogue() -> Result<Catalogue, Failure> {
    Catalogue::builtin().map_err(|problem| Failure::usage(problem.to_string()))
}

fn conflicts(arguments: &Conflicts) -> Result<Exit, Failure> {
    let catalogue = catalogue()?;
    let find = |id: &str| catalogue.specification(id).ok_or_else(|| unknown(id, &catalogue));
    let (one, other) = (find(&arguments.one)?, find(&arguments.other)?);
    let found = spec::conflicts(&catalogue, one, other);
    let mut stdout = anstream::stdout().lock();
    for conflict in &found {
        writeln!(stdout, "{:<14} {}", conflict.one.id, conflict.one.clause)?;
        writeln!(stdout, "{:<14} {}\n", conflict.other.id, conflict.other.clause)?;
    }
    writeln!(stdout, "{} pairs of clauses of {} and {} demand different things.", found.len(), one.id, other.id)?;
    Ok(Exit::Clean)
}

fn lint(arguments: &Lint) -> Result<Exit, Failure> {
    let name = arguments.file.display().to_string();
    let text = std::fs::read_to_string(&arguments.file).map_err(|error| Failure::usage(format!("`{name}` cannot be read: {error}")))?;
    let catalogue = catalogue()?;
    let rules = RuleSet::builtin().map_err(super::profile::problems)?;
    let suggester = Suggester::new(rules.iter().map(|rule| (rule.info().id.as_str(), rule.info().title.as_str())));
    let statements: Vec<_> = spec::lint(&text)
        .into_iter()
        .map(|one| {
            let covered = catalogue.requirement(&one.id).map(|(_, requirement)| requirement.rules.join(" "));
            let near = if covered.is_none() { suggester.near(&one.text).join(" ") } else { String::new() };
            (one, covered, near)
        })
        .collect();
    let mut stdout = std::io::BufWriter::new(anstream::stdout().lock());
    match arguments.format {
        TableFormat::Json => {
            let row = |(one, covered, near): &(Statement, Option<String>, String)| {
                let near: Vec<&str> = near.split_whitespace().collect();
                serde_json::json!({"id": one.id, "line": one.line, "section": one.section, "text": one.text, "word": one.word, "rules": covered, "near": near})
            };
            serde_json::to_writer_pretty(&mut stdout, &statements.iter().map(row).collect::<Vec<_>>())?;
            writeln!(stdout)?;
        }
        TableFormat::Csv => {
            let mut writer = csv::Writer::from_writer(&mut stdout);
            let failed = |error: csv::Error| Failure::from(std::io::Error::from(error));
            writer.write_record(["id", "line", "section", "text", "word", "rules", "near"]).map_err(failed)?;
            for (one, covered, near) in &statements {
                let line = one.line.to_string();
                let rules = covered.as_deref().unwrap_or_default();
                writer.write_record([&one.id, &line, &one.section, &one.text, &one.word, rules, near]).map_err(failed)?;
            }
            writer.flush()?;
        }
        TableFormat::Table | TableFormat::Markdown => {
            for (one, covered, near) in &statements {
                let near = if near.is_empty() { "no rule".to_owned() } else { format!("no rule by this id; near: {near}") };
                let rules = covered.as_deref().unwrap_or(&near);
                writeln!(stdout, "{name}:{}: {} [{}] {} — {rules}", one.line, one.id, one.word, one.text)?;
            }
            let without = statements.iter().filter(|(_, covered, _)| covered.is_none()).count();
            let near = statements.iter().filter(|(_, _, near)| !near.is_empty()).count();
            writeln!(
                stdout,
                "{} demands, {without} of them without a rule of their own; for {near} of those some rule is near.",
                statements.len()
            )?;
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

fn attest(arguments: &Attest) -> Result<Exit, Failure> {
    let catalogue = catalogue()?;
    let known =
        catalogue.requirement(&arguments.requirement).is_some() || catalogue.rules.iter().any(|rule| rule.id == arguments.requirement);
    if !known {
        return Err(Failure::usage(format!("there is no clause or rule `{}`; `azward spec coverage` lists them", arguments.requirement)));
    }
    let today = Zoned::now().date();
    let expires = today.checked_add(i64::from(arguments.days).days()).map_err(|error| Failure::usage(error.to_string()))?;
    let name = arguments.file.display().to_string();
    let new = Attestation {
        requirement: arguments.requirement.clone(),
        statement: arguments.statement.clone(),
        by: arguments.by.clone(),
        date: today,
        expires,
        evidence: arguments.evidence.clone(),
        file: name.as_str().into(),
        line: 1,
    };
    let before = match std::fs::read_to_string(&arguments.file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Failure::usage(format!("`{name}` cannot be read: {error}"))),
    };
    let text = spec::write_attestation(&before, &new, Path::new(".")).map_err(|problem| Failure::usage(problem.to_string()))?;
    if let Some(folder) = arguments.file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&arguments.file, text).map_err(|error| Failure::usage(format!("`{name}` cannot be written: {error}")))?;
    writeln!(anstream::stdout().lock(), "{} is attested by {} until {expires}, in {name}.", new.requirement, new.by)?;
    Ok(Exit::Clean)
}
