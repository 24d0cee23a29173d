use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use super::args::{Global, Scan};
use super::exit::{Exit, Failure};
use super::profile::Chosen;
use super::{coverage, output, progress::Bar};
use crate::engine::{ScanOptions, scan};
use crate::format;
use crate::model::Value;
use crate::source::{Limits, ModuleCaches};

/// Most bytes that are read from stdin.
const STDIN_LIMIT: u64 = 64 * 1024 * 1024;

/// `azward scan`.
pub fn run(arguments: &Scan, global: &Global) -> Result<Exit, Failure> {
    let chosen = Chosen::new(&arguments.choice)?;
    let environments = chosen.environments();
    let environment = arguments.choice.environment.as_deref().map(|name| environments.named(name).unwrap_or(name).to_owned());
    let wanted = !arguments.choice.no_secrets && secrets_wanted(arguments);
    let search = wanted.then(|| arguments.detection.search()).transpose()?;
    let bar = Bar::new(global);
    let stdin = Stdin::of(arguments)?;
    let options = ScanOptions {
        paths: stdin.as_ref().map_or_else(|| arguments.paths.clone(), |stdin| vec![stdin.file.clone()]),
        rules: &chosen.rules,
        settings: &|environment| chosen.settings(environment),
        environments,
        environment,
        profile: chosen.profile.name.clone(),
        format: template_options(arguments)?,
        parameter_files: arguments.parameters.clone(),
        respect_ignore_files: !arguments.no_ignore,
        closed_world: arguments.closed_world,
        secrets: search.as_ref(),
        min_severity: arguments.choice.min_severity,
        min_confidence: arguments.choice.min_confidence.into(),
        limits: Limits::default(),
        modules: ModuleCaches::of_this_user(arguments.module_cache.clone()),
        progress: &bar,
    };
    let mut report = scan(&options).map_err(|error| Failure::usage(error.to_string()))?;
    if stdin.is_some() {
        report.scope = vec!["-".into()];
    }
    drop(bar);
    coverage::add(&mut report, &chosen.profile, &arguments.paths)?;
    output::write(&report, &arguments.output, global)?;
    Ok(output::exit(&report, &arguments.output))
}

/// Whether `--rule` and `--skip-rule` leave the secret engine in.
fn secrets_wanted(arguments: &Scan) -> bool {
    let names_secrets = |word: &String| word == "secrets" || word.starts_with("secret-");
    let chosen = arguments.choice.rule.is_empty() || arguments.choice.rule.iter().any(names_secrets);
    chosen && !arguments.choice.skip_rule.iter().any(|word| word == "secrets")
}

fn template_options(arguments: &Scan) -> Result<format::Options, Failure> {
    let mut options = format::Options { location: arguments.location.as_deref().map(Into::into), ..format::Options::default() };
    for given in &arguments.set {
        let (name, value) = given.split_once('=').ok_or_else(|| Failure::usage(format!("`--set {given}`: write NAME=VALUE")))?;
        let value = serde_json::from_str::<serde_json::Value>(value).map_or_else(|_| Value::str(value), |json| Value::from_json(&json));
        options.parameters.push((name.trim().to_owned(), value));
    }
    Ok(options)
}

/// stdin, kept in a folder of its own for as long as the scan takes.
struct Stdin {
    file: PathBuf,
    folder: PathBuf,
}

impl Stdin {
    fn of(arguments: &Scan) -> Result<Option<Self>, Failure> {
        if arguments.paths != [PathBuf::from("-")] {
            return Ok(None);
        }
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            return Err(Failure::usage("`-` reads from stdin, which is a terminal; pipe a file into azward"));
        }
        let mut bytes = Vec::new();
        stdin.lock().take(STDIN_LIMIT + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > STDIN_LIMIT {
            return Err(Failure::usage("stdin is larger than 64 MiB; name the file instead"));
        }
        let name = std::path::Path::new(&arguments.stdin_name).file_name().unwrap_or_else(|| "stdin.json".as_ref()).to_owned();
        let folder = std::env::temp_dir().join(format!("azward-stdin-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let own = Self { file: folder.join(name), folder };
        std::fs::write(&own.file, bytes)?;
        Ok(Some(own))
    }
}

impl Drop for Stdin {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
