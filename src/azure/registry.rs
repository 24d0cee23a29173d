//! Bicep modules out of container registries, for `azward modules restore`. A scan never comes here.
//!
//! Source: OCI distribution specification 1.1 (<https://github.com/opencontainers/distribution-spec>), its token flow
//! (<https://distribution.github.io/distribution/spec/auth/token/>), and the media types of Bicep modules.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{ACCEPT, WWW_AUTHENTICATE};
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The layer that holds a module's compiled JSON.
const MODULE_LAYER: &str = "application/vnd.ms.bicep.module.layer.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// Most bytes of a manifest or a token, and of a module.
const MAX_MANIFEST: usize = 1 << 20;
const MAX_MODULE: usize = 32 << 20;

/// A module in a registry: `br:host/path:tag`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleReference {
    /// `mcr.microsoft.com`
    pub host: String,
    /// `bicep/avm/res/storage/storage-account`
    pub path: String,
    /// `0.1.0`
    pub tag: String,
}

/// Why a module could not be restored.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No reference to a registry.
    #[error("`{0}` is no module reference; write br:HOST/PATH:TAG")]
    Reference(String),
    /// No answer, or a broken one.
    #[error("{host} does not answer: {source}")]
    Network {
        /// The registry.
        host: String,
        /// What the network said.
        source: reqwest::Error,
    },
    /// The registry refuses.
    #[error("{host} answers {status} for {what}; check the reference, and sign in where the registry is private")]
    Refused {
        /// The registry.
        host: String,
        /// The HTTP status.
        status: StatusCode,
        /// What was asked for.
        what: String,
    },
    /// The registry sends something else than a module.
    #[error("{0} is not a Bicep module: {1}")]
    NotModule(String, String),
    /// More bytes than the limit.
    #[error("{0} is larger than {1} bytes; azward does not keep it")]
    TooLarge(String, usize),
    /// The content is not what its digest says.
    #[error("the content of {0} does not match its digest; the registry or the way to it is broken")]
    Digest(String),
    /// The cache cannot be written.
    #[error("`{path}` cannot be written: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

impl ModuleReference {
    /// Takes `br:host/path:tag` apart.
    ///
    /// # Errors
    /// [`RegistryError::Reference`] for anything else, and for parts that would lead out of a cache folder.
    pub fn parse(text: &str) -> Result<Self, RegistryError> {
        let fault = || RegistryError::Reference(text.to_owned());
        let (location, tag) = text.strip_prefix("br:").and_then(|rest| rest.rsplit_once(':')).ok_or_else(fault)?;
        let (host, path) = location.split_once('/').ok_or_else(fault)?;
        let plain = |part: &str| {
            let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
            part.split('/').all(|piece| !piece.is_empty() && piece != "." && piece != ".." && piece.bytes().all(good))
        };
        let host_is_plain = host.split_once(':').map_or(plain(host), |(name, port)| plain(name) && port.parse::<u16>().is_ok());
        if host_is_plain && plain(path) && plain(tag) && !tag.contains('/') {
            Ok(Self { host: host.to_owned(), path: path.to_owned(), tag: tag.to_owned() })
        } else {
            Err(fault())
        }
    }

    /// Where the module lies below a cache folder: `DIR/host/path/tag/main.json`.
    pub fn file(&self, cache: &Path) -> PathBuf {
        cache.join(&self.host).join(&self.path).join(&self.tag).join("main.json")
    }

    /// Registries on this machine speak plain HTTP; all others HTTPS.
    fn url(&self, rest: &str) -> Result<Url, RegistryError> {
        let name = self.host.split(':').next().unwrap_or("");
        let scheme = if matches!(name, "127.0.0.1" | "localhost") { "http" } else { "https" };
        let url = format!("{scheme}://{}/v2/{}/{rest}", self.host, self.path);
        url.parse().map_err(|_| RegistryError::Reference(url))
    }
}

/// Fetches a module into `cache`, unless it is there already. Returns its file.
///
/// # Errors
/// See [`RegistryError`].
pub async fn restore(reference: &ModuleReference, cache: &Path) -> Result<PathBuf, RegistryError> {
    let file = reference.file(cache);
    if file.is_file() {
        return Ok(file);
    }
    let bytes = fetch(reference).await?;
    let write = |source| RegistryError::Write { path: file.clone(), source };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(write)?;
    }
    // Whole or not at all: a scan may look at the same time.
    let partial = file.with_extension("partial");
    std::fs::write(&partial, bytes).and_then(|()| std::fs::rename(&partial, &file)).map_err(write)?;
    Ok(file)
}

/// Fetches a module's compiled JSON.
///
/// # Errors
/// See [`RegistryError`].
pub async fn fetch(reference: &ModuleReference) -> Result<Vec<u8>, RegistryError> {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(default)]
        layers: Vec<Layer>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Layer {
        media_type: String,
        digest: String,
    }
    let client = Client::builder().timeout(Duration::from_secs(60)).user_agent(concat!("azward/", env!("CARGO_PKG_VERSION"))).build();
    let mut session = Session { client: client.map_err(|source| network(reference, source))?, token: None };
    let what = format!("br:{}/{}:{}", reference.host, reference.path, reference.tag);
    let manifest = session.get(reference, &format!("manifests/{}", reference.tag), &what, MAX_MANIFEST).await?;
    let manifest: Manifest =
        serde_json::from_slice(&manifest).map_err(|error| RegistryError::NotModule(what.clone(), error.to_string()))?;
    let layer = manifest.layers.iter().find(|layer| layer.media_type == MODULE_LAYER);
    let layer = layer.ok_or_else(|| RegistryError::NotModule(what.clone(), "its manifest has no module layer".into()))?;
    let hex = layer.digest.strip_prefix("sha256:").filter(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let hex = hex.ok_or_else(|| RegistryError::NotModule(what.clone(), "its layer has no SHA-256 digest".into()))?;
    let module = session.get(reference, &format!("blobs/{}", layer.digest), &what, MAX_MODULE).await?;
    let actual: String = Sha256::digest(&module).iter().map(|byte| format!("{byte:02x}")).collect();
    if !actual.eq_ignore_ascii_case(hex) {
        return Err(RegistryError::Digest(what));
    }
    Ok(module)
}

fn network(reference: &ModuleReference, source: reqwest::Error) -> RegistryError {
    RegistryError::Network { host: reference.host.clone(), source: source.without_url() }
}

/// A client and the anonymous token that the registry gave it.
struct Session {
    client: Client,
    token: Option<String>,
}

impl Session {
    async fn get(&mut self, reference: &ModuleReference, rest: &str, what: &str, limit: usize) -> Result<Vec<u8>, RegistryError> {
        let mut response = self.ask(reference, rest).await?;
        if response.status() == StatusCode::UNAUTHORIZED && self.token.is_none() {
            self.token = self.sign_in(reference, &response).await?;
            response = self.ask(reference, rest).await?;
        }
        if !response.status().is_success() {
            let (host, status) = (reference.host.clone(), response.status());
            return Err(RegistryError::Refused { host, status, what: what.to_owned() });
        }
        body(reference, response, what, limit).await
    }

    async fn ask(&self, reference: &ModuleReference, rest: &str) -> Result<Response, RegistryError> {
        let mut request = self.client.get(reference.url(rest)?).header(ACCEPT, MANIFEST);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.map_err(|source| network(reference, source))
    }

    /// The anonymous token that a `WWW-Authenticate: Bearer realm=…` answer points to.
    async fn sign_in(&self, reference: &ModuleReference, response: &Response) -> Result<Option<String>, RegistryError> {
        #[derive(Deserialize)]
        struct Token {
            #[serde(alias = "access_token")]
            token: Option<String>,
        }
        let challenge = response.headers().get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let Some(fields) = challenge.strip_prefix("Bearer ") else { return Ok(None) };
        let field = |name: &str| {
            let parts = fields.split(',').filter_map(|part| part.trim().split_once('='));
            parts.filter(|(key, _)| *key == name).map(|(_, value)| value.trim_matches('"').to_owned()).next()
        };
        let Some(mut realm) = field("realm").and_then(|realm| realm.parse::<Url>().ok()) else { return Ok(None) };
        // A registry on HTTPS may not send us to plain HTTP.
        if realm.scheme() != "https" && reference.url("")?.scheme() == "https" {
            return Ok(None);
        }
        let scope = field("scope").unwrap_or_else(|| format!("repository:{}:pull", reference.path));
        realm.query_pairs_mut().append_pair("service", &field("service").unwrap_or_default()).append_pair("scope", &scope);
        let answer = self.client.get(realm).send().await.map_err(|source| network(reference, source))?;
        let bytes = body(reference, answer, "a token", MAX_MANIFEST).await?;
        Ok(serde_json::from_slice::<Token>(&bytes).ok().and_then(|token| token.token))
    }
}

/// A body up to `limit` bytes, whatever length it announces.
async fn body(reference: &ModuleReference, mut response: Response, what: &str, limit: usize) -> Result<Vec<u8>, RegistryError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|source| network(reference, source))? {
        if bytes.len() + chunk.len() > limit {
            return Err(RegistryError::TooLarge(what.to_owned(), limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::Path as Segments;
    use axum::http::{HeaderMap, StatusCode as Status};
    use axum::response::IntoResponse;
    use axum::routing::get;

    use super::*;

    const MODULE: &str = r#"{"$schema":"x","resources":[]}"#;

    /// A registry that wants a token, with one module; `v2` of it lies about its digest.
    async fn registry() -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let realm = format!(r#"Bearer realm="http://{host}/token",service="here",scope="repository:bicep/a:pull""#);
        let content = move |Segments((kind, name)): Segments<(String, String)>, headers: HeaderMap| async move {
            if headers.get("authorization").is_none_or(|value| value != "Bearer anonymous") {
                return (Status::UNAUTHORIZED, [("www-authenticate", realm)]).into_response();
            }
            let digest: String = Sha256::digest(MODULE).iter().map(|byte| format!("{byte:02x}")).collect();
            let digest = if name == "v2" { "0".repeat(64) } else { digest };
            match kind.as_str() {
                "blobs" => MODULE.into_response(),
                _ if name == "missing" => Status::NOT_FOUND.into_response(),
                _ => format!(r#"{{"layers":[{{"mediaType":"{MODULE_LAYER}","digest":"sha256:{digest}"}}]}}"#).into_response(),
            }
        };
        let routes = Router::new()
            .route("/token", get(|| async { r#"{"access_token":"anonymous"}"# }))
            .route("/v2/bicep/a/{kind}/{name}", get(content));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        host
    }

    #[tokio::test]
    async fn a_module_is_restored_once_and_checked() {
        let host = registry().await;
        let cache = tempfile::tempdir().unwrap();
        let reference = ModuleReference::parse(&format!("br:{host}/bicep/a:v1")).unwrap();
        let file = restore(&reference, cache.path()).await.unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), MODULE);
        assert_eq!(restore(&reference, cache.path()).await.unwrap(), file);
        let lying = ModuleReference::parse(&format!("br:{host}/bicep/a:v2")).unwrap();
        assert!(matches!(restore(&lying, cache.path()).await, Err(RegistryError::Digest(_))));
        let missing = ModuleReference::parse(&format!("br:{host}/bicep/a:missing")).unwrap();
        assert!(matches!(fetch(&missing).await, Err(RegistryError::Refused { .. })));
    }

    #[test]
    fn references_stay_in_the_cache() {
        for text in ["br:h/a", "h/a:1", "br:h/../a:1", "br:h/a/..:1", "br:../a:1", "br:h/a:..", "br:h//a:1", "br:h/a b:1", "br:h:x/a:1"] {
            assert!(ModuleReference::parse(text).is_err(), "{text}");
        }
        let good = ModuleReference::parse("br:mcr.microsoft.com/bicep/avm/res/kv:0.1.0").unwrap();
        assert!(good.file(Path::new("c")).ends_with("mcr.microsoft.com/bicep/avm/res/kv/0.1.0/main.json"));
    }
}
