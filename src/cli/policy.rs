//! `azward policy test`: a rule is proved by the examples that it carries.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::profile::{is_event_rule, own_rules, rule_files};
use crate::audit::{self, testing::Broken};
use crate::engine::evaluate_example;
use crate::model::Verdict;
use crate::policy::Expectation;
use crate::policy::testing::{self, ExampleOutcome, ExampleResult};

#[derive(clap::Subcommand)]
pub enum Policy {
    /// Run the examples of your own rules: each must give the verdict that it promises
    Test(Test),
}

#[derive(clap::Args)]
pub struct Test {
    /// Rule files, or folders of them; definitions of Azure Policy are read and have no examples
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

/// `azward policy`.
pub fn run(command: &Policy) -> Result<Exit, Failure> {
    match command {
        Policy::Test(arguments) => test(arguments),
    }
}

fn test(arguments: &Test) -> Result<Exit, Failure> {
    let mut stdout = anstream::stdout().lock();
    let mut tally = Tally::default();
    for path in &arguments.paths {
        let is_event = path.is_file() && std::fs::read_to_string(path).is_ok_and(|text| is_event_rule(&text));
        if !is_event {
            resources(path, &mut tally, &mut stdout)?;
        }
        if is_event || path.is_dir() {
            events(path, &mut tally, &mut stdout)?;
        }
    }
    let Tally { rules, kept, broken } = tally;
    writeln!(stdout, "{rules} rules, {kept} examples as promised, {broken} not.")?;
    Ok(if broken == 0 { Exit::Clean } else { Exit::Findings })
}

#[derive(Default)]
struct Tally {
    rules: usize,
    kept: usize,
    broken: usize,
}

fn resources(path: &Path, tally: &mut Tally, to: &mut dyn Write) -> Result<(), Failure> {
    for rule in own_rules(&[path.to_owned()])?.iter() {
        tally.rules += 1;
        let results = testing::run(rule, &evaluate_example);
        for result in &results {
            match said(result) {
                None => tally.kept += 1,
                Some(line) => {
                    tally.broken += 1;
                    writeln!(to, "{line}")?;
                }
            }
        }
        for (promise, what) in [(Expectation::Pass, "passes"), (Expectation::Fail, "fails")] {
            if !results.iter().any(|result| result.expected == promise) {
                writeln!(to, "{}: `{}` has no example that {what}: nothing proves it", rule.file(), rule.info().id)?;
            }
        }
    }
    Ok(())
}

fn events(path: &Path, tally: &mut Tally, to: &mut dyn Write) -> Result<(), Failure> {
    for (file, text) in rule_files(path, |event| event)? {
        let rule = audit::rule::Rule::read(&file, &text).map_err(|error| Failure::usage(error.to_string()))?;
        let (kept, broken) = audit::testing::prove(&rule);
        tally.rules += 1;
        tally.kept += kept;
        tally.broken += broken.len();
        for Broken { name, why } in broken {
            writeln!(to, "{file}: `{name}`: {why}")?;
        }
    }
    Ok(())
}

/// What is wrong with an example; nothing where it kept its promise.
fn said(result: &ExampleResult) -> Option<String> {
    let ExampleResult { file, line, name, expected, outcome, .. } = result;
    let promise = expected.as_str();
    match outcome {
        ExampleOutcome::AsPromised => None,
        ExampleOutcome::Other(verdict, message) if message.is_empty() || *verdict == Verdict::Pass => {
            Some(format!("{file}:{line}: `{name}` promises {promise}, but the verdict is {}", verdict.as_str()))
        }
        ExampleOutcome::Other(verdict, message) => {
            Some(format!("{file}:{line}: `{name}` promises {promise}, but the verdict is {}: {message}", verdict.as_str()))
        }
        ExampleOutcome::NotRun(why) => Some(format!("{file}:{line}: `{name}` did not run: {why}")),
    }
}
