//! Logs that are not here: blob containers and Log Analytics workspaces.

#[cfg(feature = "azure")]
pub use with_azure::{ask, blobs};
#[cfg(not(feature = "azure"))]
pub use without_azure::{ask, blobs};

#[cfg(not(feature = "azure"))]
mod without_azure {
    use crate::audit::Outcome;
    use crate::cli::args::{Global, Logs};
    use crate::cli::{event_rules::Chosen, exit::Failure};
    use crate::log::{source::Collected, time::Moment};

    const OFFLINE: &str = "this azward was built without the feature `azure`: it reads local logs only";

    pub fn blobs(arguments: &Logs, _: &Global, _: Option<(Moment, Moment)>, _: &mut Collected) -> Result<(), Failure> {
        let asked = arguments.paths.iter().any(|path| path.starts_with("https://"));
        if asked { Err(Failure::usage(OFFLINE)) } else { Ok(()) }
    }

    pub fn ask(_: &Logs, _: &Global, _: &str, _: &Chosen, _: Option<(Moment, Moment)>) -> Result<Outcome, Failure> {
        Err(Failure::usage(OFFLINE))
    }
}

#[cfg(feature = "azure")]
mod with_azure {
    use std::sync::Arc;

    use crate::audit::{Outcome, Redactor, push_down};
    use crate::azure::blobs::{self, Container};
    use crate::azure::workspace;
    use crate::cli::args::{Global, Logs};
    use crate::cli::azure_args::Connection;
    use crate::cli::{connect, event_rules::Chosen, exit::Failure};
    use crate::log::source::{Collected, Input, channel, hour_of, in_range};
    use crate::log::time::Moment;
    use crate::model::{Entry, EntryKind, RuleCount, State};

    fn failure(error: impl std::fmt::Display) -> Failure {
        Failure::usage(error.to_string())
    }

    /// A client without a limit on how long an answer may take: a blob is read while it is judged. Trusts the certificates of `--ca-file`.
    fn http(connection: &Connection) -> Result<reqwest::Client, Failure> {
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if let Some(pem) = connect::roots(connection)? {
            builder = builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(&pem).map_err(failure)?);
        }
        builder.build().map_err(failure)
    }

    /// The blobs of every container among the paths; each is downloaded when its turn comes, block by block.
    pub fn blobs(arguments: &Logs, global: &Global, range: Option<(Moment, Moment)>, collected: &mut Collected) -> Result<(), Failure> {
        let addresses: Vec<_> = arguments.paths.iter().filter(|path| path.starts_with("https://")).collect();
        if addresses.is_empty() {
            return Ok(());
        }
        let runtime = Arc::new(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(failure)?);
        let mut signed_in = None;
        for address in addresses {
            let transport = azure_core::http::Transport::new(Arc::new(http(&arguments.connection)?));
            let options = azure_core::http::ClientOptions { transport: Some(transport), ..Default::default() };
            let credential = if address.contains("sig=") {
                None
            } else {
                if signed_in.is_none() {
                    signed_in = Some(runtime.block_on(connect::sign_in_to(&arguments.connection, global, blobs::SCOPE))?.credential());
                }
                signed_in.clone()
            };
            let container = Arc::new(Container::open(address, credential, options).map_err(failure)?);
            for (blob, _) in runtime.block_on(container.list()).map_err(failure)? {
                let name = container.name_of(&blob);
                if !in_range(hour_of(&name), range) {
                    let state = State::Skipped("outside the asked time range".into());
                    collected.entries.push(Entry { subject: name, kind: EntryKind::Log, format: "log".into(), state });
                    continue;
                }
                let (container, runtime) = (Arc::clone(&container), Arc::clone(&runtime));
                let open = move || {
                    let (sender, reader) = channel(8);
                    let tasks = Arc::clone(&runtime);
                    std::thread::spawn(move || {
                        let mut each = |block| sender.send(Ok(block)).is_ok();
                        let outcome = tasks.block_on(container.download(&blob, &mut each));
                        if let Err(error) = outcome {
                            let _ = sender.send(Err(error));
                        }
                    });
                    Ok(Box::new(reader) as Box<dyn std::io::Read + Send>)
                };
                collected.inputs.push(Input::new(name, Box::new(open)));
            }
        }
        Ok(())
    }

    /// Asks a workspace the questions of every rule that has a query.
    pub fn ask(arguments: &Logs, global: &Global, id: &str, chosen: &Chosen, range: Option<(Moment, Moment)>) -> Result<Outcome, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failure)?;
        let connection = &arguments.connection;
        let endpoint = workspace::endpoint(&connection.cloud, arguments.workspace_endpoint.as_deref()).map_err(failure)?;
        let http = http(connection)?;
        let scope = format!("{}/.default", workspace::audience(&connection.cloud));
        let tokens = runtime.block_on(connect::sign_in_to(connection, global, &scope))?;
        let mut mask = arguments.redact.then(Redactor::default);
        let mut outcome = Outcome::default();
        for rule in &chosen.rules {
            let mut count = RuleCount { info: rule.info.clone(), pass: 0, fail: 0, unknown: 0, resources: Vec::new() };
            let answer = push_down::query(rule, &chosen.values, range).map_err(|error| error.to_string()).and_then(|kql| {
                let kql = kql.ok_or_else(|| "this rule has no query for a workspace; read its logs instead".to_owned())?;
                let asked = runtime.block_on(async {
                    let token = tokens.bearer().await.map_err(|error| error.to_string())?;
                    workspace::ask(&http, &endpoint, id, &token, &kql).await.map_err(|error| error.to_string())
                })?;
                push_down::read(rule, id, &asked, mask.as_mut()).map_err(|error| error.to_string())
            });
            let state = match answer {
                Ok(answer) => {
                    count.fail = answer.findings.len();
                    outcome.findings.extend(answer.findings);
                    match answer.partial {
                        None => {
                            count.pass = usize::from(count.fail == 0);
                            State::Evaluated
                        }
                        // What was left out may be what matters: without it there is no pass.
                        Some(why) => {
                            count.unknown = 1;
                            let why = format!("the workspace left rows out: {why}");
                            outcome.findings.push(crate::audit::not_auditable(&rule.info, &why));
                            State::Partly(vec![why])
                        }
                    }
                }
                Err(why) => {
                    count.unknown = 1;
                    outcome.findings.push(crate::audit::not_auditable(&rule.info, &why));
                    State::Unreadable(format!("not auditable: {why}"))
                }
            };
            let entry = Entry { subject: rule.info.id.clone(), kind: EntryKind::Rule, format: "event rule".into(), state };
            outcome.ledger.entries.push(entry);
            outcome.rules.push(count);
        }
        Ok(outcome)
    }
}
