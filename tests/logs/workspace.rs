//! The process asks a workspace over TLS, signed in through the chain: every question, its values, refusals and answers that are not whole.

use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router, routing::post};
use azward::audit::push_down;
use serde_json::{Value, json};

use crate::support::rules;

const ID: &str = "00000000-0000-4000-8000-000000000000";

#[derive(Clone, Default)]
struct Seen {
    asked: Arc<Mutex<Vec<String>>>,
    forms: Arc<Mutex<Vec<String>>>,
}

async fn token(State(seen): State<Seen>, form: String) -> Json<Value> {
    seen.forms.lock().unwrap().push(form);
    Json(json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": "invented-token"}))
}

async fn answer(
    State(seen): State<Seen>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    let kql = body["query"].as_str().unwrap_or_default().to_owned();
    seen.asked.lock().unwrap().push(kql.clone());
    if id != ID || headers.get("authorization").is_none_or(|value| value != "Bearer invented-token") {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": {"message": "no valid token"}})));
    }
    let columns = ["Group", "Count", "First", "Last", "Identities"].map(|name| json!({"name": name, "type": "string"}));
    let row = json!(["ann@contoso.com, kv-prod", 3, "2026-01-13T10:00:00Z", "2026-01-13T11:00:00Z", "[\"ann@contoso.com\"]"]);
    let table = |rows: Value| json!({"name": "PrimaryResult", "columns": columns, "rows": rows});
    if kql.contains("authentication") || kql.contains("AuthenticationType == \"Anonymous\"") || kql.contains("\"Anonymous\"") {
        let error =
            json!({"code": "PartialError", "message": "There were some errors", "details": [{"message": "the result is too large"}]});
        return (StatusCode::OK, Json(json!({"tables": [table(json!([row]))], "error": error})));
    }
    if kql.contains("AzureActivity") {
        return (StatusCode::OK, Json(json!({"tables": [table(json!([]))]})));
    }
    if kql.contains("Operation") && kql.contains("daily") {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": {"message": "'Operation' could not be resolved"}})));
    }
    (StatusCode::OK, Json(json!({"tables": [table(json!([row]))]})))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_question_is_asked_and_what_comes_back_is_told() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let tls = axum_server::tls_rustls::RustlsConfig::from_pem(made.cert.pem().into_bytes(), made.signing_key.serialize_pem().into_bytes());
    let seen = Seen::default();
    let app = Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(token))
        .route("/v1/workspaces/{id}/query", post(answer))
        .with_state(seen.clone());
    tokio::spawn(axum_server::from_tcp_rustls(listener, tls.await.unwrap()).unwrap().serve(app.into_make_service()));
    let folder = tempfile::tempdir().unwrap();
    let certificate = folder.path().join("ca.pem");
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    let hostile = "app\" or true //\\";
    let run = move |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azward"));
        command.args(["logs", "--workspace", ID, "--workspace-endpoint", &url, "--authority-host", &url, "--auth", "client-secret"]);
        command.args(["--ca-file", certificate.to_str().unwrap(), "--tenant", "11111111-1111-4111-8111-111111111111"]);
        command.args(["--param", &format!("approvedIdentities={}", json!([hostile])), "--param", "pipelineIdentities=pipe"]);
        command.args(["--format", "json", "--since", "2026-01-01", "--until", "2026-02-01"]).args(more);
        command.env("AZURE_CLIENT_ID", "client").env("AZURE_CLIENT_SECRET", "an invented word");
        command.output().unwrap()
    };
    let runs = run.clone();
    let output = tokio::task::spawn_blocking(move || runs(&["--exit-zero"])).await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_str(&text).unwrap();
    let asked = seen.asked.lock().unwrap().clone();
    let with_question: Vec<_> = rules().into_iter().filter(|rule| push_down::template(rule).is_some()).collect();
    assert_eq!(asked.len(), with_question.len(), "each question once");
    assert!(asked.len() >= 13 && asked.iter().all(|kql| kql.contains("query_datetimescope_from = datetime(2026-01-01T00:00:00Z)")));
    assert!(asked.iter().any(|kql| kql.contains(r#""app\" or true //\\""#)), "a value stays a value");
    assert!(asked.iter().all(|kql| !kql.contains("{{")));
    // The token was asked for what the workspace's API needs.
    let forms = seen.forms.lock().unwrap().clone();
    assert!(forms.iter().all(|form| form.contains("api.loganalytics.io")), "{forms:?}");
    let entries = report["ledger"]["entries"].as_array().unwrap();
    let state = |rule: &str| entries.iter().find(|entry| entry["subject"] == rule).map(Value::to_string).unwrap_or_default();
    assert!(state("storage-anonymous-access").contains("the workspace left rows out: There were some errors: the result is too large"));
    assert!(state("daily-cap-reached").contains("could not be resolved"), "{}", state("daily-cap-reached"));
    assert!(state("database-plain-connection").contains("no query for a workspace"));
    assert!(state("log-tampering").contains("evaluated"));
    let verdicts = |rule: &str| -> Vec<String> {
        let found = report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule);
        found.map(|finding| finding["verdict"].to_string()).collect()
    };
    assert_eq!(verdicts("storage-anonymous-access").len(), 2, "what came, and that more is missing");
    assert_eq!(verdicts("log-tampering").len(), 0);
    assert!(text.contains("ann@contoso.com") && !text.contains("invented-token") && !text.contains("an invented word"));
    let runs = run.clone();
    let redacted = tokio::task::spawn_blocking(move || runs(&["--exit-zero", "--redact"])).await.unwrap();
    let text = String::from_utf8(redacted.stdout).unwrap();
    assert!(text.contains("user-1") && !text.contains("ann@contoso.com"));
    // What could not be asked is no clean end.
    let strict = tokio::task::spawn_blocking(move || run(&["--strict", "--rule", "daily-cap-reached"])).await.unwrap();
    assert_eq!(strict.status.code(), Some(4));
}
