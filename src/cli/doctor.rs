use std::io::Write;

use super::args::Global;
use super::azure_args::Doctor;
use super::exit::{Exit, Failure};
use crate::policy::RuleSet;

/// `azward doctor`: what works here, one line each.
pub fn run(arguments: &Doctor, global: &Global) -> Result<Exit, Failure> {
    let mut stdout = anstream::stdout().lock();
    let rules = RuleSet::builtin().map_err(|problems| Failure::all(problems.iter().map(ToString::to_string)))?;
    writeln!(stdout, "azward {}, {} rules", env!("CARGO_PKG_VERSION"), rules.len())?;
    if !arguments.live {
        return Ok(Exit::Clean);
    }
    drop(stdout);
    live(arguments, global)
}

#[cfg(feature = "azure")]
fn live(arguments: &Doctor, global: &Global) -> Result<Exit, Failure> {
    use super::connect;
    use crate::azure::doctor::{Outcome, examine};

    let request = connect::request(&arguments.scope)?;
    let lines = connect::runtime()?.block_on(async {
        let mut all = Vec::new();
        for client in connect::connect(&arguments.connection, global).await? {
            let lines = examine(&client, &request.scope).await;
            all.extend(lines.map_err(|error| Failure::usage(format!("the subscriptions cannot be listed: {error}")))?);
        }
        Ok::<_, Failure>(all)
    })?;
    let mut stdout = anstream::stdout().lock();
    let mut whole = true;
    for line in &lines {
        writeln!(stdout, "{line}")?;
        whole &= !matches!(line.outcome, Outcome::Failed(_));
    }
    Ok(if whole { Exit::Clean } else { Exit::Incomplete })
}

#[cfg(not(feature = "azure"))]
fn live(_arguments: &Doctor, _global: &Global) -> Result<Exit, Failure> {
    Err(Failure::usage("this azward was built without Azure; install the usual one"))
}
