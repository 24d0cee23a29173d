//! What may go wrong outside, as the person at the keyboard meets it: a clear message, the right exit code, nothing lost.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    command::{Home, SECRET},
    fake_azure::{Fault, What},
    harness::server,
    proxy::Proxy,
};

#[tokio::test]
async fn no_subscription_at_all_is_an_error_and_not_an_empty_report() {
    let fake = server().await;
    fake.tenant.lock().unwrap().subscriptions.clear();
    let ran = Home::new(&fake).ask(&["live"], SECRET).await;
    assert!(ran.code == Some(2) && ran.err.contains("no subscription") && ran.err.contains("Reader"), "{:?} {}", ran.code, ran.err);
}

#[tokio::test]
async fn no_permission_in_any_subscription_is_incomplete_and_names_the_permission() {
    let fake = server().await;
    fake.tenant.lock().unwrap().subscriptions.iter_mut().for_each(|subscription| subscription.denied = true);
    let home = Home::new(&fake);
    let ran = home.ask(&["live", "--format", "json", "--strict", "--exit-zero"], SECRET).await;
    assert_eq!(ran.code, Some(0), "--exit-zero means it: {}", ran.err);
    let report = ran.json();
    let failed: Vec<&Value> = report["findings"].as_array().unwrap().iter().filter(|finding| finding["verdict"] == "fail").collect();
    assert!(failed.is_empty(), "nothing was seen, so nothing can be wrong: {failed:#?}");
    assert!(ran.out.contains("403 AuthorizationFailed") && ran.out.contains("Microsoft.KeyVault/vaults/read"));
    let ran = home.ask(&["live", "--strict"], SECRET).await;
    assert_eq!(ran.code, Some(4), "{}", ran.err);
    assert!(ran.out.contains("AuthorizationFailed"), "{}", ran.out);
}

#[tokio::test]
async fn a_disabled_subscription_is_said_to_be_left_out() {
    let fake = server().await;
    let ran = Home::new(&fake).ask(&["live", "--verbose", "--exit-zero"], SECRET).await;
    assert!(ran.out.contains("disabled") && ran.out.contains("--subscription"), "{}", ran.out);
}

#[tokio::test]
async fn another_clock_is_named() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/subscriptions", What::OtherClock));
    let ran = Home::new(&fake).ask(&["live"], SECRET).await;
    assert!(ran.code == Some(2) && ran.err.contains("this machine's clock differs"), "{:?} {}", ran.code, ran.err);
}

#[tokio::test]
async fn a_token_that_stays_refused_asks_for_a_new_sign_in() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/subscriptions", What::Unauthorized));
    let ran = Home::new(&fake).ask(&["live"], SECRET).await;
    assert!(ran.code == Some(2) && ran.err.contains("sign in again"), "{:?} {}", ran.code, ran.err);
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_used_and_a_dead_one_is_named() {
    let fake = server().await;
    let home = Home::new(&fake);
    let proxy = Proxy::to(&fake).await;
    let through = [SECRET, &[("HTTPS_PROXY", proxy.url.as_str())]].concat();
    let ran = home.ask(&["live", "--collector", "redis", "--exit-zero"], &through).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!proxy.hosts.lock().unwrap().is_empty());
    let dead = [SECRET, &[("HTTPS_PROXY", "http://127.0.0.1:9")]].concat();
    let ran = home.ask(&["live", "--auth", "client-secret"], &dead).await;
    assert!(ran.code == Some(2) && ran.err.contains("HTTPS_PROXY"), "{:?} {}", ran.code, ran.err);
}

#[tokio::test]
async fn enums_in_another_case_and_numbers_as_text_are_judged_by_what_they_mean() {
    let fake = server().await;
    let id = "/subscriptions/5a0f3c1e-0000-4000-8000-000000000002/resourceGroups/RG-DEV/providers/MICROSOFT.STORAGE/storageAccounts/odd";
    fake.tenant
        .lock()
        .unwrap()
        .put(json!({ "id": id, "name": "odd", "type": "MICROSOFT.STORAGE/STORAGEACCOUNTS", "location": "westeurope",
        "properties": { "minimumTlsVersion": "tls1_2", "supportsHttpsTrafficOnly": "True" } }));
    let vault = id.replace("MICROSOFT.STORAGE/storageAccounts", "microsoft.keyvault/VAULTS");
    fake.tenant.lock().unwrap().put(json!({ "id": vault, "name": "odd", "type": "microsoft.keyvault/VAULTS", "location": "westeurope",
        "properties": { "softDeleteRetentionInDays": "90", "enablePurgeProtection": "true", "enableSoftDelete": null } }));
    let rules = "storage-min-tls,storage-https-only,key-vault-soft-delete-retention,key-vault-purge-protection";
    let ran = Home::new(&fake).ask(&["live", "--rule", rules, "--format", "json", "--exit-zero"], SECRET).await;
    let report = ran.json();
    let of_ours = |finding: &&Value| {
        finding["resource"]["id"].as_str().is_some_and(|at| at.eq_ignore_ascii_case(id) || at.eq_ignore_ascii_case(&vault))
    };
    let ours: Vec<&Value> = report["findings"].as_array().unwrap().iter().filter(of_ours).collect();
    assert!(ours.is_empty(), "{ours:#?}");
    assert!(ran.out.contains("stcontosodev"), "the same rules do find what is wrong: {}", ran.out);
}

#[tokio::test]
async fn null_and_other_types_in_every_field_end_in_a_report() {
    for what in [What::Nulls, What::OtherTypes] {
        let fake = server().await;
        fake.faults.lock().unwrap().push(Fault::always("/microsoft.", what.clone()));
        fake.faults.lock().unwrap().push(Fault::always("graph", what.clone()));
        let ran = Home::new(&fake).ask(&["live", "--format", "json", "--rule", "key-vault-sku", "--strict"], SECRET).await;
        // What is null is absent, and may well be wrong; what has another type is not decided.
        let expected = if what == What::Nulls { 1 } else { 4 };
        assert_eq!(ran.code, Some(expected), "{what:?}: {}\n{}", ran.out, ran.err);
        assert!(!ran.err.contains("panicked"), "{what:?}: {}", ran.err);
        let entries = ran.json()["ledger"]["entries"].as_array().unwrap().len();
        assert!(entries > 40, "{what:?}: {entries}");
        assert!(what == What::Nulls || ran.out.contains("`properties` is not what it should be"), "{}", ran.out);
    }
}

#[tokio::test]
async fn a_page_of_ten_megabytes_is_read() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/firewallrules", What::Large(10 << 20)));
    let home = Home::new(&fake);
    let ran = home.ask(&["live", "--collector", "redis", "--save", "kept.json.zst", "--exit-zero"], SECRET).await;
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let kept = String::from_utf8(zstd::decode_all(std::fs::File::open(home.file("kept.json.zst")).unwrap()).unwrap()).unwrap();
    assert!(kept.contains("redis-contoso-prod/firewallRules/app"), "{}", ran.out);
    assert!(!kept.contains("larger than"), "{}", ran.out);
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_keeps_what_was_read_and_marks_it_as_partial() {
    let fake = server().await;
    fake.faults.lock().unwrap().push(Fault::always("/blobservices/default", What::Slow(20_000)));
    let home = Home::new(&fake);
    // A rule that finds nothing, so that the exit code says what the interruption says.
    let arguments = ["live", "--save", "kept.json.zst", "--rule", "key-vault-sku"];
    let child = home.asking(&arguments, SECRET).spawn().unwrap();
    let pid = child.id().unwrap().to_string();
    // Everything but the slow calls has been asked for when nothing more arrives.
    let (mut before, mut quiet) = (0, 0);
    while quiet < 5 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let now = fake.requests.lock().unwrap().len();
        quiet = if now == before && now > 50 { quiet + 1 } else { 0 };
        before = now;
    }
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let output = tokio::time::timeout(Duration::from_secs(10), child.wait_with_output()).await.expect("it stops at once").unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(4), "{out}\n{err}");
    assert!(err.contains("what was read is kept and marked as partial"), "{err}");
    assert!(out.contains("interrupted"), "{out}");
    let again = home.run(&["scan", "kept.json.zst", "--format", "json", "--exit-zero"]).await;
    assert!(again.out.contains("the run was interrupted") && again.out.contains("kv-contoso-dev"), "{}", again.out);
    let strict = home.run(&["scan", "kept.json.zst", "--rule", "key-vault-sku", "--strict"]).await;
    assert_eq!(strict.code, Some(4), "{}", strict.out);
}
