use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;
use tokio::sync::Semaphore;
use url::Url;

use super::{
    CallError, Failure, Lane, Patience, Throttle, body,
    retry::{retry_after, skew},
};
use crate::azure::{auth::Tokens, cloud::Cloud};

/// How the client behaves.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Requests in flight at once.
    pub concurrency: usize,
    /// How long one answer may take, body and all.
    pub timeout: Duration,
    /// Largest answer, in bytes after decompression. Azure's own limits are 16 MB and below.
    pub page_limit: usize,
    /// How often and how patiently a call is sent again.
    pub patience: Patience,
}

impl Default for Options {
    fn default() -> Self {
        Self { concurrency: 32, timeout: Duration::from_secs(60), page_limit: 16 << 20, patience: Patience::default() }
    }
}

/// Something to read: a path of Resource Manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Whose buckets it draws from.
    pub lane: Lane,
    /// Absolute path, `/subscriptions/…`.
    pub path: String,
    /// API version.
    pub api_version: &'static str,
    /// Further query parameters.
    pub query: Vec<(&'static str, String)>,
}

/// What Azure answered.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The body.
    pub json: Value,
    /// Its size in bytes.
    pub bytes: usize,
}

/// Counts of a run.
#[derive(Debug, Default)]
pub struct Stats {
    /// Requests sent, repeated ones too.
    pub requests: AtomicU64,
    /// Answers 429.
    pub throttled: AtomicU64,
    /// Requests sent again for any reason.
    pub repeated: AtomicU64,
}

/// The only two things that can be sent.
enum Ask<'a> {
    Get,
    Query(&'a Value),
}

/// Asks Azure Resource Manager and Resource Graph.
pub struct Client {
    http: reqwest::Client,
    cloud: Cloud,
    tenant: Option<String>,
    tokens: Arc<Tokens>,
    options: Options,
    in_flight: Semaphore,
    skew: AtomicI64,
    /// Token buckets.
    pub throttle: Throttle,
    /// What was sent so far.
    pub stats: Stats,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("cloud", &self.cloud.name).field("options", &self.options).finish_non_exhaustive()
    }
}

impl Client {
    /// The HTTP client that azward uses throughout: HTTPS alone, no redirects (they could carry a token away), the
    /// machine's trusted roots and those of `ca_file` (PEM), the proxy of the environment.
    ///
    /// # Errors
    ///
    /// Where `ca_file` has no certificate, or TLS cannot be set up.
    pub fn http(ca_file: Option<&[u8]>, options: &Options) -> Result<reqwest::Client, String> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("azward/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(15))
            .timeout(options.timeout)
            .pool_max_idle_per_host(options.concurrency);
        if let Some(pem) = ca_file {
            let roots = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| format!("the CA file cannot be read: {error}"))?;
            if roots.is_empty() {
                return Err("the CA file has no certificate".to_owned());
            }
            builder = builder.tls_certs_merge(roots);
        }
        builder.build().map_err(|error| format!("TLS cannot be set up: {error}"))
    }

    /// A client for `cloud` that signs its requests with `tokens`.
    pub fn new(http: reqwest::Client, cloud: Cloud, tokens: Arc<Tokens>, options: Options) -> Self {
        let in_flight = Semaphore::new(options.concurrency.max(1));
        let (throttle, stats) = (Throttle::new(), Stats::default());
        Self { http, cloud, tenant: None, tokens, options, in_flight, skew: AtomicI64::new(0), throttle, stats }
    }

    /// The same, saying which tenant it reads where several are read.
    #[must_use]
    pub fn for_tenant(mut self, tenant: Option<String>) -> Self {
        self.tenant = tenant;
        self
    }

    /// The tenant that it was signed in to by name.
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// The cloud that it asks.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// How it behaves.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Reads one path.
    ///
    /// # Errors
    ///
    /// Where there is no good answer after all patience.
    pub async fn get(&self, call: &Call) -> Result<Reply, CallError> {
        let url = self.url(call)?;
        self.send(&url, &call.lane, &Ask::Get).await
    }

    /// The pages of a list.
    ///
    /// # Errors
    ///
    /// Where the path is none.
    pub fn pages(&self, call: &Call) -> Result<super::Pages<'_>, CallError> {
        Ok(super::Pages::new(self, call.lane.clone(), self.url(call)?))
    }

    pub(super) async fn page(&self, url: &Url, lane: &Lane) -> Result<Reply, CallError> {
        self.send(url, lane, &Ask::Get).await
    }

    /// Asks Resource Graph.
    pub(super) async fn query(&self, question: &Value) -> Result<Reply, CallError> {
        const PATH: &str = "/providers/Microsoft.ResourceGraph/resources";
        let call = Call { lane: Lane::graph(), path: PATH.to_owned(), api_version: "2022-10-01", query: Vec::new() };
        let url = self.url(&call)?;
        self.send(&url, &call.lane, &Ask::Query(question)).await
    }

    fn url(&self, call: &Call) -> Result<Url, CallError> {
        let mut url = self.cloud.manager.clone();
        // Ids come from answers: what would leave the path (`?`, `#`) is escaped, and `..` is refused.
        if !call.path.starts_with('/') || call.path.split('/').any(|segment| segment == ".." || segment == ".") {
            return Err(CallError::new(Failure::Refused, format!("`{}` is not a path of Resource Manager", call.path)));
        }
        url.set_path(&call.path);
        let mut query = url.query_pairs_mut();
        query.append_pair("api-version", call.api_version);
        for (key, value) in &call.query {
            query.append_pair(key, value);
        }
        drop(query);
        Ok(url)
    }

    async fn send(&self, url: &Url, lane: &Lane, ask: &Ask<'_>) -> Result<Reply, CallError> {
        if !self.cloud.owns(url) {
            return Err(CallError::new(Failure::ForeignLink, "the address is not on Resource Manager's own host; no token is sent there"));
        }
        let (mut attempt, mut renewed) = (0, false);
        loop {
            attempt += 1;
            let (error, told) = match self.once(url, lane, ask, &mut renewed).await {
                Ok(reply) => return Ok(reply),
                Err(Once::Again) => {
                    // A token that ended early is no failure of the call; it gets its attempt back, once.
                    attempt -= 1;
                    continue;
                }
                Err(Once::Failed(error)) => return Err(error),
                Err(Once::Pause(error, told)) => (error, told),
            };
            let Some(wait) = self.options.patience.wait(attempt, told) else { return Err(error) };
            if error.failure == Failure::Throttled {
                self.throttle.close(lane, wait, Instant::now());
            }
            self.stats.repeated.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(wait).await;
        }
    }

    async fn once(&self, url: &Url, lane: &Lane, ask: &Ask<'_>, renewed: &mut bool) -> Result<Reply, Once> {
        self.throttle.admit(lane).await;
        // The permit covers sending and reading, not waiting.
        let _permit = self.in_flight.acquire().await;
        let token = self.tokens.bearer().await;
        let token = token.map_err(|error| Once::Failed(CallError::new(Failure::SignIn, error.to_string())))?;
        let request = match ask {
            Ask::Get => self.http.get(url.clone()),
            Ask::Query(question) => self.http.post(url.clone()).json(question),
        };
        self.stats.requests.fetch_add(1, Ordering::Relaxed);
        let response = request.bearer_auth(token.reveal()).send().await.map_err(|error| Once::Pause(unsent(error), None))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        self.throttle.observe(lane, &headers, Instant::now());
        if let Some(seconds) = skew(&headers) {
            self.skew.store(seconds, Ordering::Relaxed);
        }
        let bytes = body::read(response, self.options.page_limit).await.map_err(|error| match error.failure {
            Failure::TooLarge => Once::Failed(error),
            _ => Once::Pause(error, None),
        })?;
        if (200..300).contains(&status) {
            return match serde_json::from_slice(&bytes) {
                Ok(json) => Ok(Reply { json, bytes: bytes.len() }),
                Err(_) if bytes.is_empty() => Ok(Reply { json: Value::Null, bytes: 0 }),
                Err(error) => Err(Once::Pause(CallError::new(Failure::Broken, format!("the answer is not whole JSON ({error})")), None)),
            };
        }
        let error = CallError::answered(status, &bytes, Some(self.skew.load(Ordering::Relaxed)));
        match status {
            401 if !*renewed => {
                *renewed = true;
                self.tokens.renew(&token);
                Err(Once::Again)
            }
            429 => {
                self.stats.throttled.fetch_add(1, Ordering::Relaxed);
                Err(Once::Pause(error, retry_after(&headers)))
            }
            408 | 500 | 502 | 503 | 504 => Err(Once::Pause(error, retry_after(&headers))),
            _ => Err(Once::Failed(error)),
        }
    }
}

/// What one attempt came to, where it was no success.
enum Once {
    /// At once again, with a new token.
    Again,
    /// Again after a pause; how long, where Azure said.
    Pause(CallError, Option<Duration>),
    /// Never again.
    Failed(CallError),
}

fn unsent(error: reqwest::Error) -> CallError {
    let error = error.without_url();
    if error.is_timeout() {
        return CallError::new(Failure::Timeout, "no answer in time");
    }
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let cause = cause.to_string();
    let cure = if cause.contains("certificate") || cause.contains("UnknownIssuer") {
        "a proxy may stand between; give its root with --ca-file"
    } else {
        "look at the network and at HTTPS_PROXY"
    };
    CallError::new(Failure::Connection, format!("no connection ({cause}); {cure}"))
}
