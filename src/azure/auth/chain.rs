use std::{fmt, sync::Arc, time::Duration};

use azure_core::{
    cloud::{CloudConfiguration, CustomConfiguration},
    credentials::{Secret, TokenCredential},
    http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport},
};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential, AzureDeveloperCliCredentialOptions,
    ClientAssertionCredential, ClientAssertionCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions, Executor,
    ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId, WorkloadIdentityCredential,
    WorkloadIdentityCredentialOptions,
};

use super::{Method, Tokens, assertion::GitHubOidc, certificate::Certificate};
use crate::azure::cloud::Cloud;

/// What signing in needs to know.
#[derive(Clone)]
pub struct Settings {
    /// The one way to use; without it the chain is gone through in order.
    pub method: Option<Method>,
    /// The tenant; beats `AZURE_TENANT_ID`.
    pub tenant: Option<String>,
    /// The cloud.
    pub cloud: Cloud,
    /// Reads an environment variable.
    pub variable: Arc<dyn Fn(&str) -> Option<String> + Send + Sync>,
    /// Runs `az` and `azd`; without it they are run as they are found on the path.
    pub executor: Option<Arc<dyn Executor>>,
    /// How long a machine is asked whether it has an identity, where nothing says that it does.
    pub probe: Duration,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("method", &self.method).field("cloud", &self.cloud.name).finish_non_exhaustive()
    }
}

impl Settings {
    /// The whole chain in `cloud`, with the process's environment.
    pub fn new(cloud: Cloud) -> Self {
        let variable = Arc::new(|name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
        Self { method: None, tenant: None, cloud, variable, executor: None, probe: Duration::from_secs(3) }
    }

    fn variable(&self, name: &str) -> Option<String> {
        match (name, &self.tenant) {
            ("AZURE_TENANT_ID", Some(tenant)) => Some(tenant.clone()),
            _ => (self.variable)(name),
        }
    }

    fn required(&self, name: &'static str) -> Result<String, String> {
        self.variable(name).ok_or_else(|| format!("{name} is not set"))
    }
}

/// One way that was looked at, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The way.
    pub method: Method,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a way to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Not tried; holds what is missing.
    Skipped(String),
    /// Tried, and refused; holds what was said.
    Failed(String),
    /// This is who azward is now.
    SignedIn,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Skipped(why) => write!(f, "{}: not tried, {why}", self.method),
            Outcome::Failed(why) => write!(f, "{}: failed, {why}", self.method),
            Outcome::SignedIn => write!(f, "{}: signed in", self.method),
        }
    }
}

/// Nobody could be signed in.
#[derive(Clone, Debug, thiserror::Error)]
#[error("cannot sign in to Azure: {}", .attempts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct SignInError {
    /// Every way that was looked at.
    pub attempts: Vec<Attempt>,
}

impl SignInError {
    pub(super) fn refused(method: Method, said: &str) -> Self {
        Self { attempts: vec![Attempt { method, outcome: Outcome::Failed(explain(said)) }] }
    }
}

/// Who azward is now, and what was passed over on the way.
#[derive(Debug)]
pub struct SignedIn {
    /// Where tokens come from.
    pub tokens: Tokens,
    /// The chain as far as it was gone through.
    pub attempts: Vec<Attempt>,
}

/// Goes through the chain until a token is given.
///
/// # Errors
///
/// Where no way leads to a token, or where one that was set up on purpose is refused.
pub async fn sign_in(settings: &Settings, http: &reqwest::Client) -> Result<SignedIn, SignInError> {
    let mut attempts = Vec::new();
    let methods: Vec<Method> = settings.method.map_or_else(|| Method::ALL.to_vec(), |one| vec![one]);
    for method in methods {
        let missing: Vec<&str> = method.needs().iter().copied().filter(|name| settings.variable(name).is_none()).collect();
        if !missing.is_empty() {
            attempts.push(Attempt { method, outcome: Outcome::Skipped(format!("{} not set", missing.join(", "))) });
            continue;
        }
        let outcome = match tokens(method, settings, http) {
            Ok(tokens) => match first_token(method, settings, &tokens).await {
                Ok(()) => {
                    attempts.push(Attempt { method, outcome: Outcome::SignedIn });
                    return Ok(SignedIn { tokens, attempts });
                }
                Err(why) => why,
            },
            Err(why) => explain(&why),
        };
        attempts.push(Attempt { method, outcome: Outcome::Failed(outcome) });
        if method.is_explicit() {
            break;
        }
    }
    Err(SignInError { attempts })
}

async fn first_token(method: Method, settings: &Settings, tokens: &Tokens) -> Result<(), String> {
    let asked = tokens.bearer();
    let hinted = ["IDENTITY_ENDPOINT", "MSI_ENDPOINT"].iter().any(|name| settings.variable(name).is_some());
    let said = |error: &SignInError| match error.attempts.first().map(|attempt| &attempt.outcome) {
        Some(Outcome::Failed(why)) => why.clone(),
        _ => error.to_string(),
    };
    if method == Method::ManagedIdentity && settings.method.is_none() && !hinted {
        // Nothing says that there is an identity: its absence is the usual case, and asking must not take long.
        let none = |why: String| format!("this machine has no managed identity ({why})");
        let token = tokio::time::timeout(settings.probe, asked).await.map_err(|_| none("no answer".to_owned()))?;
        return token.map(|_| ()).map_err(|error| none(said(&error)));
    }
    asked.await.map(|_| ()).map_err(|error| said(&error))
}

/// The source of tokens of one method. It is built again when Azure refuses a token before its time.
fn tokens(method: Method, settings: &Settings, http: &reqwest::Client) -> Result<Tokens, String> {
    let (held, client) = (settings.clone(), http.clone());
    let build = move || credential(method, &held, &client);
    Tokens::new(method, settings.cloud.scope.clone(), Box::new(build))
}

fn credential(method: Method, settings: &Settings, http: &reqwest::Client) -> Result<Arc<dyn TokenCredential>, String> {
    let say = |error: azure_core::Error| error.to_string();
    let options = || client_options(settings, http);
    let assertion = || ClientAssertionCredentialOptions { client_options: options() };
    let who = || -> Result<(String, String), String> { Ok((settings.required("AZURE_TENANT_ID")?, settings.required("AZURE_CLIENT_ID")?)) };
    Ok(match method {
        Method::WorkloadIdentity => {
            let (tenant, client) = who()?;
            WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
                credential_options: assertion(),
                client_id: Some(client),
                tenant_id: Some(tenant),
                token_file_path: Some(settings.required("AZURE_FEDERATED_TOKEN_FILE")?.into()),
            }))
            .map_err(say)?
        }
        Method::GitHubOidc => {
            let (tenant, client) = who()?;
            let token = settings.required("ACTIONS_ID_TOKEN_REQUEST_TOKEN")?;
            let runner = GitHubOidc::new(&settings.required("ACTIONS_ID_TOKEN_REQUEST_URL")?, token, http.clone())?;
            ClientAssertionCredential::new(tenant, client, runner, Some(assertion())).map_err(say)?
        }
        Method::ClientSecret => {
            let (tenant, client) = who()?;
            let secret = Secret::new(settings.required("AZURE_CLIENT_SECRET")?);
            let options = ClientSecretCredentialOptions { client_options: options() };
            ClientSecretCredential::new(&tenant, client, secret, Some(options)).map_err(say)?
        }
        Method::ClientCertificate => {
            let (tenant, client) = who()?;
            let path = settings.required("AZURE_CLIENT_CERTIFICATE_PATH")?;
            let pem = std::fs::read(&path).map_err(|error| format!("{path} cannot be read: {error}"))?;
            let audience = format!("{}{tenant}/oauth2/v2.0/token", settings.cloud.authority);
            let certificate = Certificate::new(&pem, &client, &audience).map_err(|error| error.to_string())?;
            ClientAssertionCredential::new(tenant, client, certificate, Some(assertion())).map_err(say)?
        }
        Method::ManagedIdentity => {
            let user_assigned_id = settings.variable("AZURE_CLIENT_ID").map(UserAssignedId::ClientId);
            ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions { user_assigned_id, client_options: options() }))
                .map_err(say)?
        }
        Method::AzureCli => AzureCliCredential::new(Some(AzureCliCredentialOptions {
            tenant_id: settings.tenant.clone(),
            executor: settings.executor.clone(),
            ..Default::default()
        }))
        .map_err(say)?,
        Method::DeveloperCli => AzureDeveloperCliCredential::new(Some(AzureDeveloperCliCredentialOptions {
            tenant_id: settings.tenant.clone(),
            executor: settings.executor.clone(),
        }))
        .map_err(say)?,
    })
}

fn client_options(settings: &Settings, http: &reqwest::Client) -> ClientOptions {
    let mut custom = CustomConfiguration::default();
    settings.cloud.authority.as_str().trim_end_matches('/').clone_into(&mut custom.authority_host);
    // The SDK would go on for a minute; somebody waits, and a dead proxy comes alive no sooner.
    let retry = ExponentialRetryOptions { max_retries: 4, ..ExponentialRetryOptions::default() };
    ClientOptions {
        retry: RetryOptions::exponential(retry),
        transport: Some(Transport::new(Arc::new(http.clone()))),
        cloud: Some(Arc::new(CloudConfiguration::Custom(custom))),
        ..Default::default()
    }
}

/// What Entra ID says, in one line, with the cure where there is a usual one.
///
/// Codes: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
fn explain(said: &str) -> String {
    const CURES: &[(&str, &str)] = &[
        ("AADSTS7000215", "the client secret is wrong; give its value, not its id"),
        ("AADSTS7000222", "the client secret has expired; make a new one"),
        ("AADSTS700016", "the application is not in this tenant; look at the tenant id and the client id"),
        ("AADSTS90002", "there is no such tenant; look at the tenant id and --cloud"),
        ("AADSTS700024", "the assertion is not valid now; look at this machine's clock"),
        ("AADSTS700027", "the certificate is not registered for the application"),
        ("AADSTS70021", "no federated credential of the application fits this job's subject"),
        ("AADSTS700213", "no federated credential of the application fits this job's subject"),
        ("AADSTS50173", "the sign-in has expired; run `az login` again"),
        ("AADSTS70043", "the sign-in has expired; run `az login` again"),
        ("AADSTS700082", "the sign-in has expired; run `az login` again"),
        ("az login", "nobody is signed in; run `az login`"),
        ("azd auth login", "nobody is signed in; run `azd auth login`"),
        ("certificate", "the sign-in endpoint's certificate is not trusted; a proxy may stand between, give its root with --ca-file"),
        ("UnknownIssuer", "the sign-in endpoint's certificate is not trusted; a proxy may stand between, give its root with --ca-file"),
        ("error sending request", "no connection to the sign-in endpoint; look at the network and at HTTPS_PROXY"),
    ];
    let line = said.lines().map(str::trim).find(|line| line.contains("AADSTS")).or_else(|| said.lines().next()).unwrap_or("").trim();
    let line: String = line.chars().take(300).collect();
    match CURES.iter().find(|(code, _)| said.contains(code)) {
        Some((_, cure)) => format!("{cure} ({line})"),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_get_their_cure_and_long_answers_are_cut() {
        let said = format!("first\nAADSTS7000222: The provided client secret keys are expired. {}", "x".repeat(900));
        let line = explain(&said);
        assert!(line.starts_with("the client secret has expired") && line.len() < 420, "{line}");
        assert_eq!(explain("plain"), "plain");
        assert_eq!(explain(""), "");
    }
}
