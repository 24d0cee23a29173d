//! Each line of "what may go wrong outside": a clear message, the right outcome, nothing lost.

use std::{sync::Arc, time::Duration};

use azward::{
    azure::{
        auth::Tokens,
        client::{Client, Options},
        collect::{Request, meta, save},
        snapshot::{Limits, load},
    },
    model::{State, Value},
};
use serde_json::json;

use crate::{
    fake_azure::{Fault, Tenant, What},
    harness::{TENANT, client, client_with, fixture, gaps, http, ids, options, run, server, stand_ins, try_run},
};

#[tokio::test]
async fn a_token_that_is_withdrawn_in_mid_page_is_renewed_once() {
    let fake = server().await;
    fake.page.store(5, std::sync::atomic::Ordering::SeqCst);
    fake.faults.lock().unwrap().push(Fault::new("graph resources", 1, What::Unauthorized));
    let loaded = run(&fake, &Request::default()).await;
    assert_eq!(fake.signed_in.lock().unwrap().len(), 2);
    assert!(!gaps(&loaded).contains("401"), "{}", gaps(&loaded));
}

#[tokio::test]
async fn a_sign_in_that_stays_refused_says_so() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/subscriptions", What::Unauthorized));
    let error = try_run(&fake, &Request::default()).await.unwrap_err().to_string();
    assert!(error.contains("401 ExpiredAuthenticationToken") && error.contains("sign in again"), "{error}");
}

#[tokio::test]
async fn no_permission_anywhere_is_an_error_and_not_an_empty_report() {
    let fake = server().await;
    fake.tenant.lock().unwrap().subscriptions.clear();
    let error = try_run(&fake, &Request::default()).await.unwrap_err().to_string();
    assert!(error.contains("no subscription") && error.contains("Reader"), "{error}");
}

#[tokio::test]
async fn a_subscription_without_permission_is_a_gap_with_the_permission() {
    let fake = server().await;
    let loaded = run(&fake, &Request::default()).await;
    let text = gaps(&loaded);
    assert!(text.contains("000000000003") && text.contains("403 AuthorizationFailed"), "{text}");
    assert!(text.contains("Microsoft.Storage/storageAccounts/read"), "{text}");
    let denied = loaded.subscriptions.iter().find(|subscription| subscription.info.name == "contoso-acquired").unwrap();
    assert!(
        denied.resources.len() > 30
            && denied.resources.iter().all(|resource| resource.body.get("properties").is_some_and(Value::is_unknown))
    );
}

#[tokio::test]
async fn a_disabled_subscription_is_left_out_and_said() {
    let fake = server().await;
    let loaded = run(&fake, &Request::default()).await;
    let said = loaded.ledger.entries.iter().find(|entry| entry.subject.contains("000000000004")).unwrap();
    assert!(matches!(&said.state, State::Skipped(why) if why.contains("disabled")), "{said:?}");
}

#[tokio::test]
async fn a_large_page_is_read_and_one_over_the_limit_is_a_gap() {
    let fake = server().await;
    let roomy = Options { page_limit: 16 << 20, ..options() };
    fake.faults.lock().unwrap().push(Fault::always("/firewallrules", What::Large(10 << 20)));
    let request = Request { collectors: vec!["redis".into()], ..Request::default() };
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    let big = client_with(&fake, roomy).await;
    let (_, bytes) = save(std::slice::from_ref(&big), &meta(&big, None, &request), &request, Vec::new(), stop).await.unwrap();
    let loaded = load(bytes.as_slice(), Limits::default()).unwrap();
    assert!(ids(&loaded).iter().any(|id| id.ends_with("/firewallrules/app")), "{}", gaps(&loaded));
    let loaded = run(&fake, &request).await;
    assert!(gaps(&loaded).contains("larger than 1 MiB"), "{}", gaps(&loaded));
    assert!(stand_ins(&loaded).contains("microsoft.cache/redis/firewallrules"));
}

#[tokio::test]
async fn a_page_of_the_graph_over_the_limit_is_asked_for_in_smaller_ones() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::new("graph resources ", 1, What::Large(2 << 20)));
    let whole = ids(&run(&*server().await, &Request::default()).await);
    assert_eq!(ids(&run(&fake, &Request::default()).await), whole);
}

#[tokio::test]
async fn null_in_any_field_of_an_answer_is_no_end() {
    for what in [What::Nulls, What::OtherTypes] {
        let fake = server().await;
        fake.faults.lock().unwrap().push(Fault::always("/microsoft.", what.clone()));
        fake.faults.lock().unwrap().push(Fault::always("graph", what.clone()));
        let loaded = run(&fake, &Request::default()).await;
        assert!(ids(&loaded).len() > 90, "{what:?}: {}", ids(&loaded).len());
        if what == What::OtherTypes {
            assert!(gaps(&loaded).contains("`properties` is not what it should be"), "{}", gaps(&loaded));
        }
    }
}

#[tokio::test]
async fn enums_in_another_case_and_numbers_as_text_are_kept_as_they_come() {
    let fake = server().await;
    let id = "/subscriptions/5a0f3c1e-0000-4000-8000-000000000002/resourceGroups/RG-DEV/providers/MICROSOFT.STORAGE/storageAccounts/odd";
    fake.tenant.lock().unwrap().put(json!({ "id": id, "name": "odd", "type": "MICROSOFT.STORAGE/STORAGEACCOUNTS",
        "properties": { "minimumTlsVersion": "tls1_2", "retention": "24", "later": null } }));
    let loaded = run(&fake, &Request::default()).await;
    let resource = loaded.subscriptions.iter().flat_map(|s| &s.resources).find(|r| r.id.as_str() == Some(id)).unwrap();
    assert_eq!(&*resource.kind, "Microsoft.Storage/storageAccounts");
    assert_eq!(resource.body.path("properties.retention").and_then(Value::as_str), Some("24"));
}

#[tokio::test]
async fn an_interrupted_run_keeps_what_it_has_and_says_what_it_has_not() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/blobservices/default", What::Slow(3_000)));
    let client = client(&fake).await;
    let (tell, stop) = tokio::sync::watch::channel(false);
    let request = Request { group: 1, ..Request::default() };
    let meta = meta(&client, Some(TENANT), &request);
    let running = tokio::spawn(async move { save(&[client], &meta, &request, Vec::new(), stop).await });
    tokio::time::sleep(Duration::from_millis(900)).await;
    tell.send(true).unwrap();
    let (end, bytes) = tokio::time::timeout(Duration::from_secs(2), running).await.expect("it stops at once").unwrap().unwrap();
    assert!(!end.complete);
    let loaded = load(bytes.as_slice(), Limits::default()).unwrap();
    assert!(ids(&loaded).len() > 20, "{}", ids(&loaded).len());
    let text = gaps(&loaded);
    assert!(text.contains("the run was interrupted"), "{text}");
    assert!(stand_ins(&loaded).contains("microsoft.storage/storageaccounts/blobservices"));
    assert!(text.contains("000000000002"), "a subscription that was not reached is named: {text}");
}

#[tokio::test]
async fn a_proxy_that_answers_html_and_a_certificate_that_nobody_knows_are_named() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/subscriptions", What::Html));
    let error = try_run(&fake, &Request::default()).await.unwrap_err().to_string();
    assert!(error.contains("not whole JSON"), "{error}");
    // The same server without its root: the connection itself is refused.
    let settings = crate::harness::settings(&fake, crate::harness::SECRET);
    let signed_in = azward::azure::auth::sign_in(&settings, &http(&fake)).await.unwrap();
    let tokens: Arc<Tokens> = Arc::new(signed_in.tokens);
    let blind = Client::new(Client::http(None, &options()).unwrap(), crate::harness::cloud(&fake, "public"), tokens, options());
    let error = azward::azure::scope::Scope::default().resolve(&blind).await.unwrap_err().to_string();
    assert!(error.contains("--ca-file"), "{error}");
    assert!(Client::http(Some(b"nothing"), &options()).is_err());
}

#[tokio::test]
async fn several_tenants_make_one_snapshot() {
    let (one, two) = (server().await, server().await);
    let other = fixture("demo.yaml").replace("5a0f3c1e", "6b1e4d2f");
    *two.tenant.lock().unwrap() = Tenant::new(&other, &fixture("bodies.yaml"));
    let clients = [client(&one).await, client(&two).await];
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    let request = Request::default();
    let (end, bytes) = save(&clients, &meta(&clients[0], None, &request), &request, Vec::new(), stop).await.unwrap();
    let loaded = load(bytes.as_slice(), Limits::default()).unwrap();
    assert_eq!(loaded.subscriptions.len(), 8);
    assert!(end.complete && loaded.end.is_some());
    // One that gives nothing takes nothing from the other, whichever comes first.
    one.tenant.lock().unwrap().subscriptions.clear();
    for order in [[0, 1], [1, 0]] {
        let (_go_on, stop) = tokio::sync::watch::channel(false);
        let clients = order.map(|at: usize| Arc::clone(&clients[at]));
        let (_, bytes) = save(&clients, &meta(&clients[0], None, &request), &request, Vec::new(), stop).await.unwrap();
        let loaded = load(bytes.as_slice(), Limits::default()).unwrap();
        assert_eq!(loaded.subscriptions.len(), 4);
        assert!(gaps(&loaded).lines().any(|line| line.starts_with("tenant ") && line.contains("no subscription")), "{}", gaps(&loaded));
    }
    two.tenant.lock().unwrap().subscriptions.clear();
    let (_go_on, stop) = tokio::sync::watch::channel(false);
    assert!(save(&clients, &meta(&clients[0], None, &request), &request, Vec::new(), stop).await.is_err());
}
