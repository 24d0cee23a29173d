use std::io::Write;

use super::args::Init;
use super::exit::{Exit, Failure};
use crate::spec::Profile;

/// What `azward init` writes; the comments are its documentation.
const TEMPLATE: &str = include_str!("../../policies/profile-template.yaml");

/// `azward init [FILE]`.
pub fn run(arguments: &Init) -> Result<Exit, Failure> {
    let name = arguments.file.display().to_string();
    Profile::load(&arguments.extends).map_err(|error| Failure::usage(error.to_string()))?;
    let text = TEMPLATE.replace("extends: baseline", &format!("extends: {}", arguments.extends));
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&arguments.file);
    let mut file = file.map_err(|error| Failure::usage(format!("`{name}` cannot be written: {error}; azward init never overwrites")))?;
    file.write_all(text.as_bytes())?;
    writeln!(anstream::stdout().lock(), "Wrote {name}. Try it: azward scan --profile {name}")?;
    Ok(Exit::Clean)
}
