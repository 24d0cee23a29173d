//! From arguments to a client that is signed in.

use std::io::Write;
use std::sync::Arc;

use super::args::Global;
use super::azure_args::{Connection, Where};
use super::exit::Failure;
use crate::azure::auth::{Method, Settings, sign_in};
use crate::azure::client::{Client, Options};
use crate::azure::cloud::Cloud;
use crate::azure::collect::Request;
use crate::azure::scope::Scope;

/// One client for each tenant, signed in. The chain is printed: who azward is must not be a guess.
pub async fn connect(arguments: &Connection, global: &Global) -> Result<Vec<Arc<Client>>, Failure> {
    let usage = |error: &dyn std::fmt::Display| Failure::usage(error.to_string());
    let method = match arguments.auth.as_deref() {
        None => None,
        Some(name) => Some(Method::named(name).ok_or_else(|| {
            let known: Vec<&str> = Method::ALL.iter().map(|method| method.name()).collect();
            Failure::usage(format!("there is no way to sign in called `{name}`; use one of {}", known.join(", ")))
        })?),
    };
    let cloud = Cloud::named(&arguments.cloud).map_err(|error| usage(&error))?;
    let cloud =
        cloud.with_endpoints(arguments.authority_host.as_deref(), arguments.arm_endpoint.as_deref()).map_err(|error| usage(&error))?;
    let options = Options { concurrency: arguments.concurrency.into(), ..Options::default() };
    let roots = match arguments.ca_file.clone().or_else(|| std::env::var_os("AZWARD_CA_FILE").map(Into::into)) {
        None => None,
        Some(path) => Some(std::fs::read(&path).map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?),
    };
    let http = Client::http(roots.as_deref(), &options).map_err(Failure::usage)?;
    let tenants: Vec<Option<String>> =
        if arguments.tenant.is_empty() { vec![None] } else { arguments.tenant.iter().cloned().map(Some).collect() };
    let mut clients = Vec::new();
    for tenant in tenants {
        let settings = Settings { method, tenant, ..Settings::new(cloud.clone()) };
        let signed_in = sign_in(&settings, &http).await.map_err(|error| usage(&error))?;
        if !global.quiet {
            let mut stderr = anstream::stderr().lock();
            for attempt in &signed_in.attempts {
                let _ = writeln!(stderr, "{attempt}");
            }
        }
        clients.push(Arc::new(Client::new(http.clone(), cloud.clone(), Arc::new(signed_in.tokens), options)));
    }
    Ok(clients)
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
