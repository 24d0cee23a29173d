//! A large tenant on loopback: requests, seconds, and peak memory of the process that reads.
//!
//! `benches/live.sh`. The server runs in this process, the reader in a child, so that its memory is its own.
//! `AZWARD_SCALE=subscriptions,resources` changes the size, `AZWARD_SCALE_KEEP=FILE` keeps the snapshot.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use azward::azure::{
    client::{Client, Options, Patience},
    collect::{Request, meta, save},
};
use serde_json::json;

use crate::{
    fake_azure::{Fake, Tenant},
    harness::{SECRET, TENANT, cloud_at, fixture, settings_at},
};

const ENDPOINT: &str = "AZWARD_SCALE_ENDPOINT";

/// Of a hundred resources: types with calls of their own in about the shares of a real tenant.
const SHARES: &[(u64, &str)] = &[
    (4, "Microsoft.Storage/storageAccounts"),
    (3, "Microsoft.KeyVault/vaults"),
    (2, "Microsoft.Web/sites"),
    (1, "Microsoft.Sql/servers"),
    (10, "Microsoft.Network/networkSecurityGroups"),
    (80, "Microsoft.Network/publicIPAddresses"),
];

fn tenant(subscriptions: u64, resources: u64) -> Tenant {
    let mut tenant = Tenant::new(&format!("tenant: {TENANT}\nsubscriptions: []\n"), &fixture("bodies.yaml"));
    let each = resources / subscriptions;
    for n in 0..subscriptions {
        let id = format!("{n:08x}-0000-4000-8000-000000000000");
        tenant.subscriptions.push(crate::fake_azure::tenant::Subscription {
            id: id.clone(),
            name: format!("subscription {n}"),
            state: "Enabled".into(),
            tags: json!({}),
            denied: false,
        });
        for at in 0..each {
            let mut share = at % 100;
            let kind = SHARES
                .iter()
                .find(|(part, _)| {
                    if share < *part {
                        true
                    } else {
                        share -= part;
                        false
                    }
                })
                .map_or("Microsoft.Network/publicIPAddresses", |(_, kind)| kind);
            let resource = format!("/subscriptions/{id}/resourceGroups/rg-{}/providers/{kind}/r{at}", at % 7);
            let noise: Vec<String> = (0..40).map(|k| format!("value {k} of resource {at} in subscription {n}")).collect();
            tenant.put(json!({ "id": resource, "name": format!("r{at}"), "type": kind, "location": "westeurope",
                "tags": { "environment": "production" }, "properties": { "minimumTlsVersion": "TLS1_2", "noise": noise } }));
        }
    }
    tenant
}

fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok())
}

/// Seconds of processor time that this process took.
fn processor_seconds() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the command's name in parentheses: the 12th and 13th field, in hundredths on Linux.
    let mut fields = status.rsplit_once(") ")?.1.split(' ').skip(11).map(|field| field.parse::<f64>().ok());
    Some((fields.next()?? + fields.next()??) / 100.0)
}

/// The child: reads the tenant at the endpoint and says what it took.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs as a child of the measurement"]
async fn scale_reader() {
    let Ok(endpoint) = std::env::var(ENDPOINT) else { return };
    let certificate = std::fs::read(std::env::var("AZWARD_SCALE_CA").unwrap()).unwrap();
    let patience = Patience { longest_wait: Duration::from_secs(30), ..Patience::default() };
    let options = Options { concurrency: 32, patience, ..Options::default() };
    let http = Client::http(Some(&certificate), &options).unwrap();
    let signed_in = azward::azure::auth::sign_in(&settings_at(&endpoint, SECRET), &http).await.unwrap();
    let client = Arc::new(Client::new(http, cloud_at(&endpoint, "public"), Arc::new(signed_in.tokens), options));
    let request = Request::default();
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    let file = std::fs::File::create(std::env::var("AZWARD_SCALE_OUT").unwrap()).unwrap();
    let (end, mut file) =
        save(&[Arc::clone(&client)], &meta(&client, None, &request), &request, std::io::BufWriter::new(file), stop).await.unwrap();
    file.flush().unwrap();
    let hundredths = (processor_seconds().unwrap_or(0.0) * 100.0) as u64;
    println!("SCALE {} {} {} {} {hundredths}", end.resources, end.requests, end.throttled, peak_memory().unwrap_or(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; a measurement"]
async fn scale_of_a_large_tenant() {
    let size = std::env::var("AZWARD_SCALE").unwrap_or_else(|_| "500,200000".into());
    let (subscriptions, resources) = size.split_once(',').map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap())).unwrap();
    let fake = Fake::start(tenant(subscriptions, resources), None).await;
    *fake.buckets.lock().unwrap() = Some(Default::default());
    let folder = tempfile::tempdir().unwrap();
    let (ca, out) = (folder.path().join("ca.pem"), folder.path().join("snapshot.json.zst"));
    std::fs::write(&ca, &fake.certificate).unwrap();
    let started = Instant::now();
    let (url, ca, file) = (fake.url.clone(), ca.clone(), out.clone());
    let said = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["--ignored", "--exact", "--nocapture", "scale::scale_reader"])
            .env(ENDPOINT, url)
            .env("AZWARD_SCALE_CA", ca)
            .env("AZWARD_SCALE_OUT", file);
        let mut child = child.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let said = lines.into_iter().find(|line| line.contains("SCALE ")).expect("the reader came to its end");
        child.wait().unwrap();
        said
    });
    let said = said.await.unwrap();
    let seconds = started.elapsed().as_secs_f64();
    let numbers: Vec<u64> = said.split_once("SCALE ").unwrap().1.split(' ').map(|number| number.trim().parse().unwrap()).collect();
    let [read, requests, throttled, kilobytes, hundredths] = numbers.as_slice() else { panic!("{said}") };
    let bytes = std::fs::metadata(&out).unwrap().len();
    println!(
        "score live.scale: {subscriptions} subscriptions, {read} resources, {requests} requests, {seconds:.1} s, \
         {:.1} s of processor, {throttled} answers 429 ({:.3} %), peak {} MiB, snapshot {} MiB",
        *hundredths as f64 / 100.0,
        100.0 * *throttled as f64 / *requests as f64,
        kilobytes >> 10,
        bytes >> 20
    );
    if let Some(kept) = std::env::var_os("AZWARD_SCALE_KEEP") {
        std::fs::copy(&out, kept).unwrap();
    }
    assert!(*read >= resources, "{read} of {resources}");
    assert!(throttled * 100 < *requests, "{throttled} of {requests} requests were answered 429");
    assert!(*kilobytes < 300 << 10, "{} MiB", kilobytes >> 10);
}
