use clap::CommandFactory;

use super::args::{Cli, Completions};
use super::exit::{Exit, Failure};

/// `azward completions SHELL`.
pub fn run(arguments: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "azward", &mut script);
    std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    Ok(Exit::Clean)
}
