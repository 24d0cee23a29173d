//! Runs the binary itself against the fake, in an environment of its own.

use std::{path::PathBuf, process::Stdio};

use crate::fake_azure::Fake;

/// Variables of an application that signs in with a secret.
pub const SECRET: &[(&str, &str)] = crate::harness::SECRET;

/// What a run gave.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }
}

/// A home folder with the fake's certificate, and an address.
pub struct Home {
    folder: tempfile::TempDir,
    url: String,
}

impl Home {
    pub fn new(fake: &Fake) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), &fake.certificate).unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        Self { folder, url: fake.url.clone() }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a shell script of that name on the path.
    #[cfg(unix)]
    pub fn program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let file = self.file("bin").join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The command with nothing of the caller's environment; only programs of this home are on the path.
    pub fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(assert_cmd::cargo::cargo_bin!("azward"));
        command.current_dir(self.folder.path()).env_clear().env("HOME", self.folder.path()).env("PATH", self.file("bin"));
        command.args(arguments).envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    /// The same, asking the fake.
    pub fn asking(&self, arguments: &[&str], variables: &[(&str, &str)]) -> tokio::process::Command {
        let ca = self.file("ca.pem");
        let mut all = arguments.to_vec();
        all.extend(["--authority-host", &self.url, "--arm-endpoint", &self.url, "--ca-file", ca.to_str().unwrap()]);
        self.command(&all, variables)
    }

    /// Runs a command that asks the fake to its end.
    pub async fn ask(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        ran(self.asking(arguments, variables)).await
    }

    /// Runs a command that asks nobody.
    pub async fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments, &[])).await
    }
}

async fn ran(mut command: tokio::process::Command) -> Ran {
    let output = command.output().await.expect("azward starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}
