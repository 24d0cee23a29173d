//! Logs that are not here: blob containers and Log Analytics workspaces.

#[cfg(feature = "azure")]
pub use with_azure::{ask, blobs};
#[cfg(not(feature = "azure"))]
pub use without_azure::{ask, blobs};

#[cfg(not(feature = "azure"))]
mod without_azure {
    use std::collections::BTreeMap;

    use crate::audit::{Outcome, rule::Rule};
    use crate::cli::{args::Logs, exit::Failure};
    use crate::log::{source::Collected, time::Moment};

    const OFFLINE: &str = "this azward was built without the feature `azure`: it reads local logs only";

    pub fn blobs(arguments: &Logs, _range: Option<(Moment, Moment)>, _collected: &mut Collected) -> Result<(), Failure> {
        let asked = arguments.paths.iter().any(|path| path.starts_with("https://"));
        if asked { Err(Failure::usage(OFFLINE)) } else { Ok(()) }
    }

    pub fn ask(
        _workspace: &str,
        _rules: &[Rule],
        _parameters: &BTreeMap<String, serde_json::Value>,
        _range: Option<(Moment, Moment)>,
    ) -> Result<Outcome, Failure> {
        Err(Failure::usage(OFFLINE))
    }
}

#[cfg(feature = "azure")]
mod with_azure {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use azure_core::credentials::TokenCredential;

    use crate::audit::rule::Rule;
    use crate::audit::{Outcome, push_down};
    use crate::azure::blobs::Container;
    use crate::azure::workspace;
    use crate::cli::{args::Logs, exit::Failure};
    use crate::log::source::{Collected, Input, channel, hour_of, in_range};
    use crate::log::time::Moment;
    use crate::model::{Entry, EntryKind, RuleCount, State};

    fn failure(error: impl std::fmt::Display) -> Failure {
        Failure::usage(error.to_string())
    }

    fn credential() -> Result<Arc<dyn TokenCredential>, Failure> {
        let signed_in = azure_identity::DeveloperToolsCredential::new(None).map_err(failure)?;
        Ok(signed_in)
    }

    /// Trusts one more certificate, for gateways and emulators inside a company: `AZWARD_CA_FILE`.
    fn http() -> Result<reqwest::Client, Failure> {
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if let Some(path) = std::env::var_os("AZWARD_CA_FILE") {
            let pem = std::fs::read(&path).map_err(failure)?;
            builder = builder.tls_certs_merge([reqwest::Certificate::from_pem(&pem).map_err(failure)?]);
        }
        builder.build().map_err(failure)
    }

    /// The blobs of every container among the paths; each is downloaded when its turn comes, block by block.
    pub fn blobs(arguments: &Logs, range: Option<(Moment, Moment)>, collected: &mut Collected) -> Result<(), Failure> {
        let addresses: Vec<_> = arguments.paths.iter().filter(|path| path.starts_with("https://")).collect();
        if addresses.is_empty() {
            return Ok(());
        }
        let runtime = Arc::new(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(failure)?);
        for address in addresses {
            let transport = azure_core::http::Transport::new(Arc::new(http()?));
            let options = azure_core::http::ClientOptions { transport: Some(transport), ..Default::default() };
            let signed = address.contains("sig=");
            let credential = if signed { None } else { Some(credential()?) };
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
    pub fn ask(
        id: &str,
        rules: &[Rule],
        parameters: &BTreeMap<String, serde_json::Value>,
        range: Option<(Moment, Moment)>,
    ) -> Result<Outcome, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failure)?;
        let endpoint = std::env::var("AZWARD_LOG_ANALYTICS_ENDPOINT").unwrap_or_else(|_| workspace::ENDPOINT.to_owned());
        let http = http()?;
        let credential = credential()?;
        let scope = format!("{endpoint}/.default");
        let mut outcome = Outcome::default();
        for rule in rules {
            let mut count = RuleCount { info: rule.info.clone(), pass: 0, fail: 0, unknown: 0, resources: Vec::new() };
            let answer = push_down::query(rule, parameters, range).map_err(|error| error.to_string()).and_then(|kql| {
                let kql = kql.ok_or_else(|| "this rule has no query for a workspace; read its logs instead".to_owned())?;
                let asked = runtime.block_on(async {
                    let token = credential.get_token(&[scope.as_str()], None).await.map_err(|error| error.to_string())?;
                    workspace::ask(&http, &endpoint, id, token.token.secret(), &kql).await.map_err(|error| error.to_string())
                })?;
                push_down::read(rule, id, &asked).map_err(|error| error.to_string())
            });
            let state = match answer {
                Ok(found) => {
                    (count.fail, count.pass) = (found.len(), usize::from(found.is_empty()));
                    outcome.findings.extend(found);
                    State::Evaluated
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
