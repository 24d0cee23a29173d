//! A GitHub Actions job proves who it is: the runner hands out a short-lived token for the audience of Entra ID.
//!
//! <https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/about-security-hardening-with-openid-connect>

use azure_core::{
    credentials::Secret,
    error::{Error, ErrorKind},
    http::ClientMethodOptions,
};
use azure_identity::ClientAssertion;
use serde::Deserialize;
use url::Url;

/// The audience that Entra ID wants in a federated token.
const AUDIENCE: &str = "api://AzureADTokenExchange";

/// Asks the runner for a new token at every refresh: such a token lives for minutes.
#[derive(Debug)]
pub(super) struct GitHubOidc {
    url: Url,
    bearer: Secret,
    http: reqwest::Client,
}

#[derive(Deserialize)]
struct Answer {
    value: String,
}

impl GitHubOidc {
    pub(super) fn new(url: &str, bearer: String, http: reqwest::Client) -> Result<Self, String> {
        let mut url = Url::parse(url).map_err(|error| format!("ACTIONS_ID_TOKEN_REQUEST_URL is no URL: {error}"))?;
        if url.scheme() != "https" {
            return Err("ACTIONS_ID_TOKEN_REQUEST_URL is not https".to_owned());
        }
        url.query_pairs_mut().append_pair("audience", AUDIENCE);
        Ok(Self { url, bearer: Secret::new(bearer), http })
    }
}

#[async_trait::async_trait]
impl ClientAssertion for GitHubOidc {
    async fn secret(&self, _options: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        // The URL carries no secret, but the job's id: errors go without it.
        let fail = |error: reqwest::Error| Error::with_error(ErrorKind::Credential, error.without_url(), "the runner gives no token");
        let answer = self.http.get(self.url.clone()).bearer_auth(self.bearer.secret()).send().await.map_err(fail)?;
        let answer: Answer = answer.error_for_status().map_err(fail)?.json().await.map_err(fail)?;
        Ok(answer.value)
    }
}
