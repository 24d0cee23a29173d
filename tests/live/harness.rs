//! Runs azward's own client against the fake.

use std::{path::Path, sync::Arc, time::Duration};

use azward::azure::{
    auth::{Method, Settings, SignInError, SignedIn, sign_in},
    client::{Client, Options, Patience},
    cloud::Cloud,
    collect::{Request, SaveError, meta, save},
    snapshot::{End, Limits, Loaded, load},
};
use tokio::sync::watch;

use crate::fake_azure::{Fake, Tenant};

pub const TENANT: &str = "11111111-1111-4111-8111-111111111111";

pub fn fixture(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/azure").join(name)).expect("a fixture")
}

pub fn demo_tenant() -> Tenant {
    Tenant::new(&fixture("demo.yaml"), &fixture("bodies.yaml"))
}

/// A server with the demo tenant, its requests not looked up in the OpenAPI documents.
pub async fn server() -> Arc<Fake> {
    Fake::start(demo_tenant(), None).await
}

/// Quick and not too patient.
pub fn options() -> Options {
    let patience = Patience { attempts: 4, first_wait: Duration::from_millis(5), longest_wait: Duration::from_secs(3) };
    Options { concurrency: 16, timeout: Duration::from_secs(5), page_limit: 1 << 20, patience }
}

pub fn cloud(fake: &Fake, name: &str) -> Cloud {
    cloud_at(&fake.url, name)
}

pub fn cloud_at(url: &str, name: &str) -> Cloud {
    Cloud::named(name).unwrap().with_endpoints(Some(url), Some(url)).unwrap()
}

pub fn settings(fake: &Fake, variables: &[(&str, &str)]) -> Settings {
    settings_at(&fake.url, variables)
}

pub fn settings_at(url: &str, variables: &[(&str, &str)]) -> Settings {
    let held: Vec<(String, String)> = variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let variable = move |name: &str| held.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Settings { variable: Arc::new(variable), probe: Duration::from_millis(50), ..Settings::new(cloud_at(url, "public")) }
}

pub const SECRET: &[(&str, &str)] =
    &[("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", "client"), ("AZURE_CLIENT_SECRET", "an invented word")];

pub fn http(fake: &Fake) -> reqwest::Client {
    Client::http(Some(fake.certificate.as_bytes()), &options()).unwrap()
}

pub async fn try_sign_in(fake: &Fake, settings: &Settings) -> Result<SignedIn, SignInError> {
    sign_in(settings, &http(fake)).await
}

pub async fn client_with(fake: &Fake, options: Options) -> Arc<Client> {
    let settings = Settings { method: Some(Method::ClientSecret), ..settings(fake, SECRET) };
    let http = Client::http(Some(fake.certificate.as_bytes()), &options).unwrap();
    let signed_in = sign_in(&settings, &http).await.unwrap();
    Arc::new(Client::new(http, cloud(fake, "public"), Arc::new(signed_in.tokens), options))
}

pub async fn client(fake: &Fake) -> Arc<Client> {
    client_with(fake, options()).await
}

/// Reads the tenant into a snapshot and loads that, as the command does.
pub async fn try_run(fake: &Fake, request: &Request) -> Result<(End, Loaded), SaveError> {
    let client = client(fake).await;
    let (_go_on, stop) = watch::channel(false);
    let meta = meta(&client, Some(TENANT), request);
    let (end, bytes) = save(&[client], &meta, request, Vec::new(), stop).await?;
    Ok((end, load(bytes.as_slice(), Limits::default()).unwrap()))
}

pub async fn run(fake: &Fake, request: &Request) -> Loaded {
    try_run(fake, request).await.unwrap().1
}

/// Ids of everything that was read, in lower case; stand-ins for what could not be read are not among them.
pub fn ids(loaded: &Loaded) -> std::collections::BTreeSet<String> {
    let all = loaded.subscriptions.iter().flat_map(|subscription| &subscription.resources);
    all.filter(|resource| !resource.name.is_unknown()).filter_map(|resource| Some(resource.id.as_str()?.to_lowercase())).collect()
}

/// The kinds of stand-ins, in lower case.
pub fn stand_ins(loaded: &Loaded) -> std::collections::BTreeSet<String> {
    let all = loaded.subscriptions.iter().flat_map(|subscription| &subscription.resources);
    all.filter(|resource| resource.name.is_unknown()).map(|resource| resource.kind.to_lowercase()).collect()
}

/// Everything that the ledger says is missing, as one text.
pub fn gaps(loaded: &Loaded) -> String {
    loaded.ledger.gaps().map(|entry| format!("{} {:?}\n", entry.subject, entry.state)).collect()
}
