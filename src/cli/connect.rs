//! From arguments to a client that is signed in.

use std::io::Write;
use std::sync::Arc;

use super::args::Global;
use super::azure_args::{Connection, Where};
use super::exit::Failure;
use crate::azure::auth::{Method, Settings, SignInError, SignedIn, Tokens, sign_in};
use crate::azure::client::{Client, Options};
use crate::azure::cloud::Cloud;
use crate::azure::collect::Request;
use crate::azure::scope::Scope;

/// One client for each tenant, signed in. The chain is printed: who azward is must not be a guess.
pub async fn connect(arguments: &Connection, global: &Global) -> Result<Vec<Arc<Client>>, Failure> {
    let (method, cloud) = (method(arguments)?, cloud(arguments)?);
    let options = Options { concurrency: arguments.concurrency.into(), ..Options::default() };
    let http = Client::http(roots(arguments)?.as_deref(), &options).map_err(Failure::usage)?;
    let tenants: Vec<Option<String>> =
        if arguments.tenant.is_empty() { vec![None] } else { arguments.tenant.iter().cloned().map(Some).collect() };
    let mut clients = Vec::new();
    for tenant in tenants {
        let settings = Settings { method, tenant: tenant.clone(), ..Settings::new(cloud.clone()) };
        let tokens = tell(sign_in(&settings, &http).await, global)?;
        clients.push(Arc::new(Client::new(http.clone(), cloud.clone(), Arc::new(tokens), options).for_tenant(tenant)));
    }
    Ok(clients)
}

/// Signs in through the same chain for another service than Resource Manager; `scope` is what its tokens must be for.
pub async fn sign_in_to(arguments: &Connection, global: &Global, scope: &str) -> Result<Tokens, Failure> {
    let cloud = Cloud { scope: scope.to_owned(), ..cloud(arguments)? };
    let tenant = match arguments.tenant.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => return Err(Failure::usage("logs are read with one sign-in: give one --tenant")),
    };
    let http = Client::http(roots(arguments)?.as_deref(), &Options::default()).map_err(Failure::usage)?;
    let settings = Settings { method: method(arguments)?, tenant, ..Settings::new(cloud) };
    tell(sign_in(&settings, &http).await, global)
}

/// The certificates of `--ca-file`, in PEM.
pub fn roots(arguments: &Connection) -> Result<Option<Vec<u8>>, Failure> {
    let Some(path) = &arguments.ca_file else { return Ok(None) };
    let read = std::fs::read(path).map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
    Ok(Some(read))
}

fn method(arguments: &Connection) -> Result<Option<Method>, Failure> {
    let Some(name) = arguments.auth.as_deref() else { return Ok(None) };
    let known: Vec<&str> = Method::ALL.iter().map(|method| method.name()).collect();
    let unknown = || Failure::usage(format!("there is no way to sign in called `{name}`; use one of {}", known.join(", ")));
    Method::named(name).map(Some).ok_or_else(unknown)
}

fn cloud(arguments: &Connection) -> Result<Cloud, Failure> {
    let usage = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    let cloud = Cloud::named(&arguments.cloud).map_err(|error| usage(&error))?;
    cloud.with_endpoints(arguments.authority_host.as_deref(), arguments.arm_endpoint.as_deref()).map_err(|error| usage(&error))
}

fn tell(signed_in: Result<SignedIn, SignInError>, global: &Global) -> Result<Tokens, Failure> {
    let signed_in = signed_in.map_err(|error| Failure::usage(error.to_string()))?;
    if !global.quiet {
        let mut stderr = anstream::stderr().lock();
        for attempt in &signed_in.attempts {
            let _ = writeln!(stderr, "{attempt}");
        }
    }
    Ok(signed_in.tokens)
}

/// What to read.
pub fn request(arguments: &Where) -> Result<Request, Failure> {
    let tag = |given: &String| match given.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (given.clone(), None),
    };
    let scope = Scope {
        subscriptions: arguments.subscription.clone(),
        management_groups: arguments.management_group.clone(),
        resource_groups: arguments.resource_group.clone(),
        tags: arguments.tag.iter().map(tag).collect(),
        exclude: arguments.exclude.clone(),
    };
    let changed_since = arguments.changed_since.as_deref().map(since).transpose()?;
    Ok(Request { scope, collectors: arguments.collector.clone(), changed_since, ..Request::default() })
}

/// A time, or a number of days or hours before now.
fn since(text: &str) -> Result<jiff::Timestamp, Failure> {
    let ago = |hours: i64| jiff::Timestamp::now().checked_sub(jiff::SignedDuration::from_hours(hours)).ok();
    let number = |suffix: char| text.strip_suffix(suffix).and_then(|number| number.parse::<u16>().ok()).map(i64::from);
    let time = number('d').and_then(|days| ago(days * 24)).or_else(|| number('h').and_then(ago)).or_else(|| text.parse().ok());
    time.ok_or_else(|| Failure::usage(format!("`--changed-since {text}`: write 2026-01-31T00:00:00Z, 3d or 12h")))
}

/// The runtime of the two commands that talk to Azure.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::from)
}
