//! One file per command: reads arguments, calls the library, turns the outcome into an exit code.

mod args;
#[cfg_attr(not(feature = "azure"), allow(dead_code, reason = "an offline build knows the arguments and refuses them"))]
mod azure_args;
mod base;
mod completions;
#[cfg(feature = "azure")]
mod connect;
mod coverage;
mod doctor;
mod drift;
mod event_rules;
mod exit;
mod explain;
mod init;
#[cfg(feature = "azure")]
mod live;
mod logs;
mod logs_remote;
mod man;
#[cfg_attr(not(feature = "azure"), allow(dead_code, reason = "an offline build knows the arguments and refuses them"))]
mod modules;
mod output;
mod policy;
mod profile;
mod progress;
mod rules;
mod scan;
mod secret_args;
mod secrets;
mod snapshot;
mod spec;
mod spec_coverage;
mod spec_targets;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use self::args::{Cli, Command};
use self::exit::Failure;

pub use self::exit::Exit;

/// Runs azward with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match Cli::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let code = if error.use_stderr() { Exit::Usage } else { Exit::Clean };
            // A closed pipe is no reason to complain.
            let _ = error.print();
            return code.into();
        }
    };
    let outcome = Cli::from_arg_matches(&matches).map_err(|error| Failure::usage(error.to_string())).and_then(|cli| dispatch(&cli));
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report().into(),
    }
}

fn dispatch(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Scan(scan) => match scan.paths.as_slice() {
            [one] if snapshot::is_snapshot(one) => {
                let label = one.display().to_string();
                snapshot::judge(snapshot::open(one)?, &label, &scan.choice, &scan.output, &cli.global)
            }
            _ => scan::run(scan, &cli.global),
        },
        #[cfg(feature = "azure")]
        Command::Live(live) => live::run(live, &cli.global),
        Command::Drift(drift) => drift::run(drift, &cli.global),
        Command::Doctor(doctor) => doctor::run(doctor, &cli.global),
        Command::Logs(logs) => logs::run(logs, &cli.global),
        Command::Secrets(secrets) => secrets::run(secrets, &cli.global),
        Command::Rules(rules) => rules::run(rules),
        Command::Policy(command) => policy::run(command),
        Command::Explain(explain) => explain::run(explain),
        Command::Spec(spec) => spec::run(spec, &cli.global),
        Command::Modules(arguments) => modules::run(arguments, &cli.global),
        Command::Init(init) => init::run(init),
        Command::Completions(completions) => completions::run(completions),
        Command::Man(man) => man::run(man),
    }
}
