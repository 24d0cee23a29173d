//! `azward spec coverage`: where each clause stands after a scan, or which rules cover it without one.

use std::fs::File;
use std::io::{BufWriter, Write};

use super::args::{Coverage, Global, TableFormat};
use super::base::{base, secrets_wanted};
use super::coverage::{attestations, results, searches, unknown};
use super::exit::{Exit, Failure};
use super::profile::Chosen;
use super::progress::Bar;
use crate::engine::{ScanOptions, scan};
use crate::model::{RuleInfo, Section};
use crate::report::markdown_sections;
use crate::spec::{self, Specification, Status};

type Covered<'a> = Vec<(&'a Specification, spec::Coverage)>;

/// Runs the command.
pub fn run(arguments: &Coverage, global: &Global) -> Result<Exit, Failure> {
    let catalogue = super::spec::catalogue()?;
    let chosen = Chosen::new(&arguments.choice)?;
    let search = arguments.detection.search()?;
    let events = super::event_rules::Chosen::infos(&chosen.profile)?;
    let rules: Vec<RuleInfo> = chosen.rules.iter().map(|rule| rule.info().clone()).chain(searches()).chain(events).collect();
    let settings = |environment: Option<&str>| chosen.settings(environment);
    let options = arguments.inputs.apply(&arguments.paths, base(&chosen, &settings, &arguments.choice))?;
    let environment = options.environment.clone();
    let found = if arguments.paths.is_empty() {
        None
    } else {
        let bar = Bar::new(global);
        let options = ScanOptions { secrets: secrets_wanted(&arguments.choice).then_some(&search), progress: &bar, ..options };
        Some(scan(&options).map_err(|error| Failure::usage(error.to_string()))?)
    };
    let ran = found.as_ref().map(|report| results(report, secrets_wanted(&arguments.choice)));
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
    for path in &arguments.output {
        let name = path.display().to_string();
        let format = match path.extension().and_then(|end| end.to_str()) {
            Some("json") => TableFormat::Json,
            Some("csv") => TableFormat::Csv,
            Some("md") => TableFormat::Markdown,
            Some("txt") => TableFormat::Table,
            _ => return Err(Failure::usage(format!("`{name}`: the suffix tells no format; use one of .json .csv .md .txt"))),
        };
        let file = File::create(path).map_err(|error| Failure::usage(format!("`{name}` cannot be written: {error}")))?;
        let mut file = BufWriter::new(file);
        print(format, &all, &mut file)?;
        file.flush()?;
    }
    let mut stdout = BufWriter::new(anstream::stdout().lock());
    for format in &arguments.format {
        print(*format, &all, &mut stdout)?;
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

fn print(format: TableFormat, all: &Covered<'_>, to: &mut dyn Write) -> Result<(), Failure> {
    let sections = || all.iter().flat_map(|(_, coverage)| &coverage.sections);
    match format {
        TableFormat::Json => {
            serde_json::to_writer_pretty(&mut *to, &sections().collect::<Vec<_>>())?;
            writeln!(to)?;
        }
        TableFormat::Csv => csv(sections(), to)?,
        TableFormat::Markdown => markdown_sections(&sections().cloned().collect::<Vec<_>>(), to)?,
        TableFormat::Table => {
            for (specification, coverage) in all {
                for_people(specification, coverage, to)?;
                totals(specification, coverage, to)?;
            }
        }
    }
    Ok(())
}

fn csv<'a>(sections: impl Iterator<Item = &'a Section>, to: &mut dyn Write) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(to);
    let failed = |error: csv::Error| Failure::from(std::io::Error::from(error));
    let header = [
        "specification",
        "section",
        "id",
        "clause",
        "severity",
        "checkable",
        "status",
        "rules",
        "pass",
        "fail",
        "unknown",
        "resources",
        "evidence",
    ];
    writer.write_record(header).map_err(failed)?;
    for section in sections {
        for clause in &section.clauses {
            let sum = |of: fn(&crate::model::ClauseCheck) -> usize| clause.checks.iter().map(of).sum::<usize>().to_string();
            let resources: std::collections::BTreeSet<&str> =
                clause.checks.iter().flat_map(|check| &check.resources).map(String::as_str).collect();
            let cells = [
                section.specification.clone(),
                section.title.clone(),
                clause.id.clone(),
                clause.text.clone(),
                clause.severity.map(|severity| severity.to_string()).unwrap_or_default(),
                clause.checkable.clone(),
                clause.status.clone(),
                clause.rules.join(" "),
                sum(|check| check.pass),
                sum(|check| check.fail),
                sum(|check| check.unknown),
                resources.into_iter().collect::<Vec<_>>().join("; "),
                clause.evidence.join("; "),
            ];
            writer.write_record(cells.iter().map(|cell| crate::report::harmless_cell(cell))).map_err(failed)?;
        }
    }
    Ok(writer.flush()?)
}

fn for_people(specification: &Specification, coverage: &spec::Coverage, to: &mut dyn Write) -> Result<(), Failure> {
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

fn totals(specification: &Specification, coverage: &spec::Coverage, to: &mut dyn Write) -> Result<(), Failure> {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
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
