use std::io::Write;

use super::args::Global;
use super::azure_args::Doctor;
use super::exit::{Exit, Failure};
use super::profile::problems;
use crate::audit;
use crate::policy::RuleSet;
use crate::secret::Scanner;
use crate::source::ModuleCaches;
use crate::spec::Profile;

/// `azward doctor`: what works here, one line each.
pub fn run(arguments: &Doctor, global: &Global) -> Result<Exit, Failure> {
    let mut stdout = anstream::stdout().lock();
    let rules = RuleSet::builtin().map_err(problems)?;
    writeln!(stdout, "azward {}, {} rules", env!("CARGO_PKG_VERSION"), rules.len())?;
    if !arguments.live {
        here(&mut stdout)?;
        return Ok(Exit::Clean);
    }
    drop(stdout);
    live(arguments, global)
}

/// What a run would find on this machine; nothing is asked over the network.
fn here(to: &mut dyn Write) -> Result<(), Failure> {
    let events = audit::rule::builtin().map_err(|error| Failure::usage(error.to_string()))?;
    writeln!(to, "  event rules     {}", events.len())?;
    writeln!(to, "  detectors       {} for secrets", Scanner::builtin().detectors().len())?;
    writeln!(to, "  profiles        {}", Profile::names().join(", "))?;
    let caches = ModuleCaches::of_this_user(Vec::new());
    for (name, folder, cure) in [
        ("azward's", caches.own, "`azward modules restore` fills it"),
        ("Bicep's", caches.bicep, "`bicep restore` fills it, or set BICEP_CACHE_DIRECTORY"),
    ] {
        let said = match folder {
            Some(folder) if folder.is_dir() => folder.display().to_string(),
            Some(folder) => format!("{} is not there; {cure}", folder.display()),
            None => format!("no home folder; {cure}"),
        };
        writeln!(to, "  module cache    {name}: {said}")?;
    }
    sign_in(to)
}

/// Which ways of signing in are set up, by their variables alone.
#[cfg(feature = "azure")]
fn sign_in(to: &mut dyn Write) -> Result<(), Failure> {
    for method in crate::azure::auth::Method::ALL.into_iter().filter(|method| method.is_explicit()) {
        let missing: Vec<&str> =
            method.needs().iter().copied().filter(|name| std::env::var_os(name).is_none_or(|value| value.is_empty())).collect();
        let said = if missing.is_empty() { "set up".to_owned() } else { format!("not set up: {}", missing.join(", ")) };
        writeln!(to, "  sign-in         {}: {said}", method.name())?;
    }
    writeln!(to, "  sign-in         then managed-identity, azure-cli, azd; `azward doctor --live` tries them, and every call")?;
    Ok(())
}

#[cfg(not(feature = "azure"))]
fn sign_in(to: &mut dyn Write) -> Result<(), Failure> {
    writeln!(to, "  sign-in         this azward was built without Azure")?;
    Ok(())
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
