//! `azward modules restore` against a registry on this machine.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use super::support::{azward_in, folder, storage};

/// A registry with the module `bicep/storage:1.0.0`. Lives as long as the runtime.
fn registry(runtime: &tokio::runtime::Runtime) -> String {
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let manifest = |Path(tag): Path<String>| async move {
        if tag != "1.0.0" {
            return StatusCode::NOT_FOUND.into_response();
        }
        let digest: String = Sha256::digest(storage("\"TLS1_0\"")).iter().map(|byte| format!("{byte:02x}")).collect();
        let layer = "application/vnd.ms.bicep.module.layer.v1+json";
        format!("{{\"layers\":[{{\"mediaType\":\"{layer}\",\"digest\":\"sha256:{digest}\"}}]}}").into_response()
    };
    let routes = Router::new()
        .route("/v2/bicep/storage/manifests/{tag}", get(manifest))
        .route("/v2/bicep/storage/blobs/{digest}", get(|| async { storage("\"TLS1_0\"") }));
    runtime.spawn(async move { axum::serve(listener, routes).await });
    host
}

fn module(path: &str) -> String {
    format!("module st '{path}' = {{\n  name: 'st'\n}}\n")
}

#[test]
fn modules_are_restored_once_and_then_a_scan_finds_them() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let host = registry(&runtime);
    let config = format!("{{ \"moduleAliases\": {{ \"br\": {{ \"own\": {{ \"registry\": \"{host}\", \"modulePath\": \"bicep\" }} }} }} }}");
    let repository = folder(&[
        ("bicepconfig.json", &config),
        ("main.bicep", &module("br/own:storage:1.0.0")),
        ("infra/again.bicep", &module(&format!("br:{host}/bicep/storage:1.0.0"))),
        ("infra/local.bicep", &module("../main.bicep")),
    ]);
    let cache = tempfile::tempdir().unwrap();
    let cache = cache.path().to_str().unwrap();
    let scan = ["scan", "main.bicep", "--rule", "storage-min-tls", "--module-cache", cache];
    assert_eq!(azward_in(repository.path(), &scan).code, 0, "nothing can be found yet");
    for said in ["restored", "already there"] {
        let run = azward_in(repository.path(), &["modules", "restore", "--cache", cache]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
        assert!(run.stdout.starts_with(said) && run.stdout.contains(&format!("br:{host}/bicep/storage:1.0.0")), "{}", run.stdout);
    }
    let run = azward_in(repository.path(), &scan);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
}

#[test]
fn what_cannot_be_restored_is_named_with_its_place_and_ends_with_2() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let host = registry(&runtime);
    let repository = folder(&[
        ("good.bicep", &module(&format!("br:{host}/bicep/storage:1.0.0"))),
        ("missing.bicep", &module(&format!("br:{host}/bicep/storage:2.0.0"))),
        ("alias.bicep", &module("br/nobody:storage:1.0.0")),
        ("out.bicep", &module(&format!("br:{host}/../storage:1.0.0"))),
        ("spec.bicep", &module("ts:sub/group/name:1.0.0")),
    ]);
    // Without `--cache`, modules go into the user's own cache.
    let run = azward_in(repository.path(), &["modules", "restore", "."]);
    assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
    let line = |start: &str, part: &str| run.stdout.lines().any(|line| line.starts_with(start) && line.contains(part));
    for file in ["missing.bicep", "alias.bicep", "out.bicep", "spec.bicep"] {
        assert!(line("failed", file), "{file}: {}", run.stdout);
    }
    assert!(line("restored", "storage:1.0.0"), "{}", run.stdout);
    assert!(repository.path().join(format!(".cache/azward/modules/{host}/bicep/storage/1.0.0/main.json")).is_file());
}

#[test]
fn nothing_to_restore_is_said() {
    let run = azward_in(folder(&[("main.bicep", "param a string\n")]).path(), &["modules", "restore"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("no Bicep file"), "{}", run.stderr);
}
