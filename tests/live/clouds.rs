//! Each cloud by its own host names: a proxy takes them to the fake, whose certificate has them all.

use crate::{
    command::{Home, SECRET},
    fake_azure::{Fault, What},
    harness::server,
    proxy::Proxy,
};

#[tokio::test]
async fn each_cloud_is_asked_at_its_own_hosts_and_at_no_other() {
    for (cloud, authority, manager) in [
        ("public", "login.microsoftonline.com", "management.azure.com"),
        ("usgov", "login.microsoftonline.us", "management.usgovcloudapi.net"),
        ("china", "login.chinacloudapi.cn", "management.chinacloudapi.cn"),
    ] {
        let fake = server().await;
        let proxy = Proxy::to(&fake).await;
        // Pages of one, so that links are followed; in one list a link leads to another cloud.
        fake.list_page.store(1, std::sync::atomic::Ordering::SeqCst);
        let elsewhere = if cloud == "public" { "management.usgovcloudapi.net" } else { "management.azure.com" };
        fake.faults.lock().unwrap().push(Fault::always("/redis-contoso-prod/firewallrules", What::LinkTo(elsewhere)));
        let home = Home::new(&fake);
        let variables = [SECRET, &[("HTTPS_PROXY", proxy.url.as_str())]].concat();
        let ca = home.file("ca.pem");
        let arguments = ["live", "--cloud", cloud, "--collector", "redis", "--save", "kept.json.zst", "--format", "json", "--exit-zero"];
        let arguments = [&arguments[..], &["--ca-file", ca.to_str().unwrap()]].concat();
        let ran = home.command(&arguments, &variables).output().await.unwrap();
        let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert_eq!(ran.status.code(), Some(0), "{cloud}: {err}");
        let asked: Vec<String> = proxy.hosts.lock().unwrap().iter().cloned().collect();
        assert_eq!(asked, [format!("{authority}:443"), format!("{manager}:443")], "{cloud}");
        assert!(fake.signed_in.lock().unwrap()[0].get("scope").is_some_and(|scope| scope.contains(manager)), "{cloud}");
        assert!(out.contains("leads to another host"), "{cloud}: {out}");
        let kept = String::from_utf8(zstd::decode_all(std::fs::File::open(home.file("kept.json.zst")).unwrap()).unwrap()).unwrap();
        assert!(kept.contains("redis-contoso-prod") && kept.contains(&format!("\"cloud\":\"{cloud}\"")), "{cloud}");
    }
}
