//! Each way to sign in, against a token endpoint over TLS.

use std::{ffi::OsStr, io, process::Output, sync::Arc};

use azure_identity::Executor;
use azward::azure::{
    auth::{Method, Outcome, Settings},
    cloud::Cloud,
};

use crate::harness::{SECRET, TENANT, server, settings, try_sign_in};

#[tokio::test]
async fn a_client_secret_signs_in_and_the_chain_is_told() {
    let fake = server().await;
    let signed_in = try_sign_in(&fake, &settings(&fake, SECRET)).await.unwrap();
    let told: Vec<String> = signed_in.attempts.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("workload-identity: not tried") && told[2] == "client-secret: signed in", "{told:?}");
    // The credential caches: a second token costs no request.
    signed_in.tokens.bearer().await.unwrap();
    assert_eq!(fake.signed_in.lock().unwrap().len(), 1);
    assert!(!format!("{signed_in:?}").contains("fake-token") && !format!("{:?}", signed_in.tokens.bearer().await).contains("fake-token"));
}

#[tokio::test]
async fn a_token_that_ends_soon_is_asked_for_anew() {
    let fake = server().await;
    fake.token_life.store(200, std::sync::atomic::Ordering::SeqCst);
    let signed_in = try_sign_in(&fake, &settings(&fake, SECRET)).await.unwrap();
    signed_in.tokens.bearer().await.unwrap();
    assert_eq!(fake.signed_in.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_github_runner_gives_the_proof() {
    let fake = server().await;
    let url = format!("{}/runner/token?x=1", fake.url);
    let variables = [
        ("ACTIONS_ID_TOKEN_REQUEST_URL", url.as_str()),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner-word"),
        ("AZURE_TENANT_ID", TENANT),
        ("AZURE_CLIENT_ID", "client"),
    ];
    let signed_in = try_sign_in(&fake, &settings(&fake, &variables)).await.unwrap();
    assert_eq!(signed_in.tokens.method(), Method::GitHubOidc);
    let forms = fake.signed_in.lock().unwrap();
    assert_eq!(forms[0].get("client_assertion").map(String::as_str), Some("assertion-of-the-runner"));
}

#[tokio::test]
async fn a_federated_token_comes_from_its_file() {
    let fake = server().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "assertion-in-a-file").unwrap();
    let variables = [("AZURE_FEDERATED_TOKEN_FILE", file.to_str().unwrap()), ("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", "client")];
    let signed_in = try_sign_in(&fake, &settings(&fake, &variables)).await.unwrap();
    assert_eq!(signed_in.tokens.method(), Method::WorkloadIdentity);
    assert_eq!(fake.signed_in.lock().unwrap()[0].get("client_assertion").map(String::as_str), Some("assertion-in-a-file"));
}

/// A certificate that nobody issued and a fresh key, as PEM.
pub fn certificate() -> String {
    let key = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let der: aws_lc_rs::encoding::Pkcs8V1Der<'_> = aws_lc_rs::encoding::AsDer::as_der(&key).unwrap();
    let block = |name: &str, bytes: &[u8]| {
        let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
        format!("-----BEGIN {name}-----\n{text}\n-----END {name}-----\n")
    };
    let private = ["PRIVATE", "KEY"].join(" ");
    block("CERTIFICATE", b"a certificate") + &block(&private, der.as_ref())
}

#[tokio::test]
async fn a_certificate_signs_an_assertion_for_the_token_endpoint() {
    let fake = server().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("both.pem");
    std::fs::write(&file, certificate()).unwrap();
    let variables = [("AZURE_CLIENT_CERTIFICATE_PATH", file.to_str().unwrap()), ("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", "client")];
    let signed_in = try_sign_in(&fake, &settings(&fake, &variables)).await.unwrap();
    assert_eq!(signed_in.tokens.method(), Method::ClientCertificate);
    let forms = fake.signed_in.lock().unwrap();
    let assertion = forms[0].get("client_assertion").unwrap();
    assert_eq!(assertion.split('.').count(), 3);
}

#[derive(Debug)]
struct Cli;

#[async_trait::async_trait]
impl Executor for Cli {
    async fn run(&self, _program: &OsStr, _arguments: &[&OsStr]) -> io::Result<Output> {
        use std::os::unix::process::ExitStatusExt;
        let stdout =
            r#"{"accessToken":"fake-token-cli","expiresOn":"2036-01-01 00:00:00.000000","expires_on":2082758400,"tokenType":"Bearer"}"#;
        Ok(Output { status: std::process::ExitStatus::from_raw(0), stdout: stdout.into(), stderr: Vec::new() })
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_cli_is_the_last_resort_and_is_found_through_the_chain() {
    let fake = server().await;
    let settings = Settings { executor: Some(Arc::new(Cli)), ..settings(&fake, &[]) };
    let signed_in = try_sign_in(&fake, &settings).await.unwrap();
    assert_eq!(signed_in.tokens.method(), Method::AzureCli);
    assert!(
        matches!(&signed_in.attempts[4].outcome, Outcome::Failed(why) if why.contains("no managed identity")),
        "{:?}",
        signed_in.attempts[4]
    );
}

#[tokio::test]
async fn a_wrong_secret_ends_the_chain_with_its_cure() {
    let fake = server().await;
    let variables = [("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", "client"), ("AZURE_CLIENT_SECRET", "wrong")];
    let settings = Settings { executor: Some(Arc::new(Cli)), ..settings(&fake, &variables) };
    let error = try_sign_in(&fake, &settings).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("the client secret is wrong") && !text.contains("azure-cli"), "{text}");
}

#[tokio::test]
async fn a_wrong_tenant_is_named() {
    let fake = server().await;
    let settings = Settings { tenant: Some("22222222-2222-4222-8222-222222222222".into()), ..settings(&fake, SECRET) };
    let text = try_sign_in(&fake, &settings).await.unwrap_err().to_string();
    assert!(text.contains("there is no such tenant"), "{text}");
}

#[tokio::test]
async fn nothing_set_up_says_what_each_way_lacks() {
    let fake = server().await;
    let settings = Settings { method: Some(Method::ClientCertificate), ..settings(&fake, &[]) };
    let text = try_sign_in(&fake, &settings).await.unwrap_err().to_string();
    assert!(text.contains("AZURE_CLIENT_CERTIFICATE_PATH") && text.contains("AZURE_TENANT_ID"), "{text}");
}

#[tokio::test]
async fn each_cloud_asks_for_a_token_of_its_own() {
    let fake = server().await;
    for name in Cloud::NAMES {
        let settings = Settings { cloud: crate::harness::cloud(&fake, name), ..settings(&fake, SECRET) };
        try_sign_in(&fake, &settings).await.unwrap();
    }
    let scopes: Vec<String> = fake.signed_in.lock().unwrap().iter().filter_map(|form| form.get("scope").cloned()).collect();
    let expected = ["management.azure.com", "management.usgovcloudapi.net", "management.chinacloudapi.cn"];
    for (scope, host) in scopes.iter().zip(expected) {
        assert!(scope.contains(&format!("https://{host}/.default")), "{scope}");
    }
    assert_eq!(scopes.len(), 3);
}
