use std::io::Write;
use std::path::Path;

use jiff::{ToSpan, Zoned};

use super::args::{Attest, Conflicts, Coverage, Global, Lint, Spec, TableFormat};
use super::coverage::{attestations, results, unknown};
use super::exit::{Exit, Failure};
use super::profile::Chosen;
use super::progress::Bar;
use crate::engine::{ScanOptions, Search, scan};
use crate::format;
use crate::model::{Confidence, RuleInfo, Severity};
use crate::secret::Scanner;
use crate::source::{Limits, ModuleCaches};
use crate::spec::{self, Attestation, Catalogue, Status};

/// `azward spec …`.
pub fn run(arguments: &Spec, global: &Global) -> Result<Exit, Failure> {
    match arguments {
        Spec::Coverage(coverage) => self::coverage(coverage, global),
        Spec::Conflicts(arguments) => conflicts(arguments),
        Spec::Lint(arguments) => lint(arguments),
        Spec::Attest(arguments) => attest(arguments),
    }
}

fn catalogue() -> Result<Catalogue, Failure> {
    Catalogue::builtin().map_err(|problem| Failure::usage(problem.to_string()))
}

fn coverage(arguments: &Coverage, global: &Global) -> Result<Exit, Failure> {
    let catalogue = catalogue()?;
    let chosen = Chosen::new(&arguments.choice)?;
    let search = Search::new(Scanner::builtin());
    let events = super::event_rules::Chosen::infos(&chosen.profile)?;
    let rules: Vec<RuleInfo> = chosen.rules.iter().map(|rule| rule.info().clone()).chain(search.scanner.rules()).chain(events).collect();
    let environments = chosen.environments();
    let environment = arguments.choice.environment.as_deref().map(|name| environments.named(name).unwrap_or(name).to_owned());
    let found = if arguments.paths.is_empty() {
        None
    } else {
        let bar = Bar::new(global);
        let options = ScanOptions {
            paths: arguments.paths.clone(),
            rules: &chosen.rules,
            settings: &|environment| chosen.settings(environment),
            environments,
            environment: environment.clone(),
            profile: chosen.profile.name.clone(),
            format: format::Options::default(),
            parameter_files: Vec::new(),
            respect_ignore_files: true,
            closed_world: false,
            secrets: (!arguments.choice.no_secrets).then_some(&search),
            min_severity: Severity::Info,
            min_confidence: Confidence::Strong,
            limits: Limits::default(),
            modules: ModuleCaches::of_this_user(Vec::new()),
            progress: &bar,
        };
        Some(scan(&options).map_err(|error| Failure::usage(error.to_string()))?)
    };
    let ran = found.as_ref().map(results);
    let attested = attestations(&arguments.paths)?;
    let wanted: Vec<String> = match &arguments.spec {
        Some(one) => vec![one.clone()],
        None if !chosen.profile.specifications.is_empty() => chosen.profile.specifications.clone(),
        None => catalogue.specifications.iter().map(|one| one.id.clone()).collect(),
    };
    let mut all = Vec::new();
    for id in &wanted {
        let specification = catalogue.specification(id).ok_or_else(|| unknown(id, &catalogue))?;
        all.push((specification, spec::coverage(specification, &catalogue, &rules, ran.as_ref(), &attested, environment.as_deref())));
    }
    print_coverage(arguments.table, &all)?;
    Ok(Exit::Clean)
}

fn print_coverage(format: TableFormat, all: &[(&spec::Specification, spec::Coverage)]) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match format {
        TableFormat::Json => {
            let sections: Vec<_> = all.iter().flat_map(|(_, coverage)| &coverage.sections).collect();
            serde_json::to_writer_pretty(&mut stdout, &sections)?;
            writeln!(stdout)?;
        }
        TableFormat::Csv => {
            let mut writer = csv::Writer::from_writer(&mut stdout);
            let failed = |error: csv::Error| Failure::from(std::io::Error::from(error));
            writer.write_record(["specification", "section", "id", "clause", "status", "rules", "evidence"]).map_err(failed)?;
            for section in all.iter().flat_map(|(_, coverage)| &coverage.sections) {
                for clause in &section.clauses {
                    let (rules, evidence) = (clause.rules.join(" "), clause.evidence.join("; "));
                    writer
                        .write_record([&section.specification, &section.title, &clause.id, &clause.text, &clause.status, &rules, &evidence])
                        .map_err(failed)?;
                }
            }
            writer.flush()?;
        }
        TableFormat::Table | TableFormat::Markdown => {
            for (specification, coverage) in all {
                if format == TableFormat::Table {
                    sections_for_people(specification, coverage, &mut stdout)?;
                }
                totals(specification, coverage, format, &mut stdout)?;
            }
        }
    }
    Ok(())
}

fn sections_for_people(specification: &spec::Specification, coverage: &spec::Coverage, to: &mut dyn Write) -> Result<(), Failure> {
    writeln!(to, "{}\n", specification.title)?;
    for section in &coverage.sections {
        writeln!(to, "{}", section.title)?;
        for clause in &section.clauses {
            writeln!(to, "  {:<18} {:<14} {}", clause.status, clause.id, clause.text)?;
            for line in clause.evidence.iter().take(3) {
                writeln!(to, "  {:<18} {:<14} └ {line}", "", "")?;
            }
            if clause.evidence.len() > 3 {
                writeln!(to, "  {:<18} {:<14} └ and {} more", "", "", clause.evidence.len() - 3)?;
            }
        }
        writeln!(to)?;
    }
    Ok(())
}

fn totals(specification: &spec::Specification, coverage: &spec::Coverage, format: TableFormat, to: &mut dyn Write) -> Result<(), Failure> {
    let mut table = comfy_table::Table::new();
    let preset =
        if format == TableFormat::Markdown { comfy_table::presets::ASCII_MARKDOWN } else { comfy_table::presets::UTF8_FULL_CONDENSED };
    table.load_style(preset);
    table.set_header([specification.id.as_str(), "clauses"]);
    for status in Status::ALL {
        let count = coverage.totals.get(&status).copied().unwrap_or(0);
        if count > 0 {
            table.add_row([status.as_str().to_owned(), count.to_string()]);
        }
    }
    writeln!(to, "{table}\n")?;
    Ok(())
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
    let statements = spec::lint(&text);
    let covered = |id: &str| catalogue.requirement(id).map(|(_, requirement)| requirement.rules.join(" "));
    let mut stdout = anstream::stdout().lock();
    if arguments.table == TableFormat::Json {
        let rows: Vec<_> = statements
            .iter()
            .map(|one| serde_json::json!({"id": one.id, "line": one.line, "section": one.section, "text": one.text, "word": one.word, "rules": covered(&one.id)}))
            .collect();
        serde_json::to_writer_pretty(&mut stdout, &rows)?;
        writeln!(stdout)?;
        return Ok(Exit::Clean);
    }
    for one in &statements {
        let rules = covered(&one.id).unwrap_or_else(|| "no rule".into());
        writeln!(stdout, "{name}:{}: {} [{}] {} — {rules}", one.line, one.id, one.word, one.text)?;
    }
    let without = statements.iter().filter(|one| covered(&one.id).is_none()).count();
    writeln!(stdout, "{} demands, {without} of them without a rule.", statements.len())?;
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
