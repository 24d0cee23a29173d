//! Asks a Log Analytics workspace. <https://learn.microsoft.com/rest/api/loganalytics/query/execute>

use std::time::Duration;

use super::auth::Bearer;

/// What a token must be for in a cloud, and the host that answers there.
/// <https://learn.microsoft.com/azure/azure-monitor/logs/api/access-api>,
/// <https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure>
pub fn audience(cloud: &str) -> &'static str {
    match cloud {
        "usgov" => "https://api.loganalytics.us",
        "china" => "https://api.loganalytics.azure.cn",
        _ => "https://api.loganalytics.io",
    }
}

/// Where to ask: the cloud's own host, or `other` in its stead (a private link, a test), without a slash at its end.
///
/// # Errors
/// [`WorkspaceError::Endpoint`] for anything but `https://host[:port]`: a token goes there.
pub fn endpoint(cloud: &str, other: Option<&str>) -> Result<String, WorkspaceError> {
    let Some(text) = other else { return Ok(audience(cloud).to_owned()) };
    let refuse = || WorkspaceError::Endpoint(text.to_owned());
    let url = url::Url::parse(text).map_err(|_| refuse())?;
    let plain =
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none() && url.path() == "/" && url.query().is_none();
    if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(refuse()) }
}

/// Most bytes of an answer that are read.
const LIMIT: u64 = 64 << 20;

/// A question that got no answer.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The id is no GUID.
    #[error("`{0}` is no workspace id: it is the GUID on the workspace's overview page")]
    Id(String),
    /// A token is sent to https://host only.
    #[error("`{0}` is no endpoint; write https://host[:port]")]
    Endpoint(String),
    /// The service cannot be reached.
    #[error("the workspace cannot be reached: {0}")]
    Transport(#[from] reqwest::Error),
    /// The service refused.
    #[error("the workspace refused with status {status}: {body}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The beginning of what it said.
        body: String,
    },
    /// The answer is longer than azward reads.
    #[error("the answer is longer than 64 MiB")]
    TooLong,
}

/// Runs `kql` and gives the answer as it is. `token` is one for the endpoint's audience.
///
/// # Errors
/// See [`WorkspaceError`].
pub async fn ask(http: &reqwest::Client, endpoint: &str, workspace: &str, token: &Bearer, kql: &str) -> Result<Vec<u8>, WorkspaceError> {
    let shaped = workspace.len() == 36 && workspace.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if !shaped {
        return Err(WorkspaceError::Id(workspace.to_owned()));
    }
    let url = format!("{endpoint}/v1/workspaces/{workspace}/query");
    let request = http.post(url).bearer_auth(token.reveal()).timeout(Duration::from_secs(200)).header("Prefer", "wait=180");
    let mut answer = request.json(&serde_json::json!({ "query": kql })).send().await?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(block) = answer.chunk().await? {
        body.extend_from_slice(&block);
        if body.len() as u64 > LIMIT {
            return Err(WorkspaceError::TooLong);
        }
    }
    if !status.is_success() {
        let body = String::from_utf8_lossy(&body).chars().take(400).collect();
        return Err(WorkspaceError::Refused { status: status.as_u16(), body });
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Path;
    use axum::http::{HeaderMap, StatusCode};
    use axum::{Json, Router, routing::post};
    use serde_json::{Value, json};

    async fn answer(Path(id): Path<String>, headers: HeaderMap, Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
        let signed_in = headers.get("authorization").is_some_and(|value| value == "Bearer right");
        let kql = body["query"].as_str().unwrap_or("");
        if !signed_in {
            return (StatusCode::UNAUTHORIZED, Json(json!({"error": {"message": "no valid token"}})));
        }
        let columns = ["Group", "Count", "First", "Last"].map(|name| json!({"name": name, "type": "string"}));
        (
            StatusCode::OK,
            Json(json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": [[format!("{id} {kql}"), 1, "a", "b"]]}]})),
        )
    }

    #[tokio::test]
    async fn questions_are_asked_and_refusals_are_said() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let app = Router::new().route("/v1/workspaces/{id}/query", post(answer));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let http = reqwest::Client::new();
        let id = "00000000-0000-4000-8000-000000000000";
        let body = ask(&http, &endpoint, id, &Bearer::of("right"), "Operation | take 1").await.expect("an answer");
        assert!(String::from_utf8_lossy(&body).contains("Operation | take 1"));
        let refused = ask(&http, &endpoint, id, &Bearer::of("wrong"), "x").await.expect_err("refused").to_string();
        assert!(refused.contains("401") && refused.contains("no valid token"), "{refused}");
        assert!(super::endpoint("public", Some("http://x")).is_err() && super::endpoint("public", Some("https://u:p@x")).is_err());
        assert_eq!(super::endpoint("usgov", None).expect("known"), "https://api.loganalytics.us");
        assert!(matches!(ask(&http, &endpoint, "../../x", &Bearer::of("right"), "x").await, Err(WorkspaceError::Id(_))));
    }
}
