use clap::CommandFactory;

use super::args::{Cli, Man};
use super::exit::{Exit, Failure};

/// `azward man`.
pub fn run(arguments: &Man) -> Result<Exit, Failure> {
    let command = Cli::command();
    match &arguments.folder {
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|error| Failure::usage(format!("`{}` cannot be made: {error}", folder.display())))?;
            clap_mangen::generate_to(command, folder)?;
        }
        None => clap_mangen::Man::new(command).render(&mut std::io::stdout())?,
    }
    Ok(Exit::Clean)
}
