//! `--auth METHOD` for each method, from the command line: it signs in, says so, and leaves no token and no secret behind.
#![cfg(unix)]

use crate::{
    command::{Home, SECRET},
    fake_azure::{Fake, Fault, What},
    harness::{TENANT, server},
};

const AZ: &str =
    r#"echo '{"accessToken":"fake-token-of-az","expiresOn":"2036-01-01 00:00:00.000000","expires_on":2082758400,"tokenType":"Bearer"}'"#;
const AZD: &str = r#"echo '{"token":"fake-token-of-azd","expiresOn":"2036-01-01T00:00:00Z"}'"#;

/// Words that no output may hold: tokens, proofs, secrets.
const PLANTED: &[&str] =
    &["fake-token", "an invented word", "runner-word", "assertion-of", "assertion-in", "word-of-the-platform", "eyJ", "BEGIN"];

/// The method with what it finds in its environment.
fn environment(method: &str, fake: &Fake, home: &Home) -> Vec<(String, String)> {
    let own = |all: &[(&str, &str)]| all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Vec<_>>();
    let who = [("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", "client")];
    let file = |name: &str| home.file(name).to_str().unwrap().to_owned();
    let mut variables = match method {
        "workload-identity" => {
            std::fs::write(home.file("token"), "assertion-in-a-file").unwrap();
            own(&[("AZURE_FEDERATED_TOKEN_FILE", &file("token"))])
        }
        "github-oidc" => own(&[
            ("ACTIONS_ID_TOKEN_REQUEST_URL", &format!("{}/runner/token?x=1", fake.url)),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "runner-word"),
        ]),
        "client-secret" => own(SECRET),
        "client-certificate" => {
            std::fs::write(home.file("both.pem"), crate::sign_in::certificate()).unwrap();
            own(&[("AZURE_CLIENT_CERTIFICATE_PATH", &file("both.pem"))])
        }
        "managed-identity" => {
            return own(&[("IDENTITY_ENDPOINT", &format!("{}/msi/token", fake.url)), ("IDENTITY_HEADER", "word-of-the-platform")]);
        }
        "azure-cli" => {
            home.program("az", AZ);
            return Vec::new();
        }
        _ => {
            home.program("azd", AZD);
            return Vec::new();
        }
    };
    variables.extend(own(&who));
    variables
}

#[tokio::test]
async fn each_way_signs_in_and_leaves_nothing_behind() {
    for method in azward::azure::auth::Method::ALL.map(azward::azure::auth::Method::name) {
        let fake = server().await;
        // One call fails, so that errors are among what is looked through.
        fake.faults.lock().unwrap().push(Fault::always("/firewallrules", What::Forbidden));
        let home = Home::new(&fake);
        let held = environment(method, &fake, &home);
        let mut variables: Vec<(&str, &str)> = held.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        variables.extend([("RUST_LOG", "trace"), ("AZURE_LOG_LEVEL", "trace"), ("RUST_BACKTRACE", "full")]);
        let arguments = ["live", "--auth", method, "--collector", "redis", "--save", "kept.json.zst", "--format", "json", "--exit-zero"];
        let ran = home.ask(&arguments, &variables).await;
        assert_eq!(ran.code, Some(0), "{method}: {}", ran.err);
        assert!(ran.err.contains(&format!("{method}: signed in")), "{method}: {}", ran.err);
        let kept = zstd::decode_all(std::fs::File::open(home.file("kept.json.zst")).unwrap()).unwrap();
        let kept = String::from_utf8(kept).unwrap();
        assert!(kept.contains("redis-contoso-prod") && ran.out.contains("AuthorizationFailed"), "{method}: {}", ran.out);
        for text in [&ran.out, &ran.err, &kept] {
            for planted in PLANTED {
                assert!(!text.contains(planted), "{method}: `{planted}` in {text}");
            }
        }
    }
}

#[tokio::test]
async fn without_any_sign_in_every_way_is_named() {
    let fake = server().await;
    let ran = Home::new(&fake).ask(&["live"], &[]).await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    for method in azward::azure::auth::Method::ALL {
        assert!(ran.err.contains(&format!("{method}: ")), "{method} is not named in {}", ran.err);
    }
    assert!(ran.err.contains("AZURE_CLIENT_SECRET") && ran.err.contains("cannot sign in to Azure"), "{}", ran.err);
}

#[tokio::test]
async fn an_expired_sign_in_says_what_to_run() {
    let fake = server().await;
    let home = Home::new(&fake);
    home.program("az", "echo 'ERROR: AADSTS700082: The refresh token has expired due to inactivity.' >&2; exit 1");
    let ran = home.ask(&["live", "--auth", "azure-cli"], &[]).await;
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("az login"), "{}", ran.err);
    home.program("azd", "echo 'ERROR: not logged in, run `azd auth login` to login' >&2; exit 1");
    let ran = home.ask(&["live", "--auth", "azd"], &[]).await;
    assert!(ran.code == Some(2) && ran.err.contains("azd auth login"), "{}", ran.err);
}

#[tokio::test]
async fn wrong_words_are_answered_with_the_right_ones() {
    let fake = server().await;
    let home = Home::new(&fake);
    for (arguments, says) in [
        (["live", "--auth", "password"], "workload-identity, github-oidc"),
        (["live", "--cloud", "mars"], "public, usgov and china"),
        (["live", "--tenant", "22222222-2222-4222-8222-222222222222"], "there is no such tenant"),
        (["live", "--collector", "florist"], "there is no collector `florist`"),
        (["live", "--changed-since", "soon"], "write 2026-01-31T00:00:00Z, 3d or 12h"),
        (["live", "--changed-since", "20d"], "14 days"),
    ] {
        let ran = home.ask(&arguments, SECRET).await;
        assert!(ran.code == Some(2) && ran.err.contains(says), "{arguments:?}: {:?} {}", ran.code, ran.err);
    }
    let ran = home.run(&["live", "--arm-endpoint", "http://localhost"]).await;
    assert!(ran.code == Some(2) && ran.err.contains("it must be https://"), "{}", ran.err);
}
