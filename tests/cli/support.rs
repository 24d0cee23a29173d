//! Runs azward in a clean environment.

use std::path::{Path, PathBuf};
use std::process::Output;

/// What a run gave.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        Self {
            code: output.status.code().expect("azward ends by itself"),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The report as JSON, for runs with `--format json`.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// Runs azward in `folder` with nothing of the caller's environment that could change what it says.
pub fn azward_in(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = command(folder);
    Run::new(&command.args(arguments).output().expect("azward starts"))
}

/// The same with bytes on stdin.
pub fn azward_with_stdin(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Run {
    let mut command = assert_cmd::Command::from_std(command(folder));
    let output = command.args(arguments).write_stdin(stdin.to_vec()).output().expect("azward starts");
    Run::new(&output)
}

fn command(folder: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("azward"));
    command.current_dir(folder).env_clear().env("HOME", folder).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// The project's own folder.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where tests leave SARIF for the gate in CI.
pub fn sarif_folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sarif");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    folder
}

/// A template with these resources, as JSON text.
pub fn template(resources: &str) -> String {
    format!(
        "{{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\n  \"contentVersion\": \"1.0.0.0\",\n  \"parameters\": {{ \"tls\": {{ \"type\": \"string\", \"defaultValue\": \"TLS1_2\" }} }},\n  \"resources\": [\n{resources}\n  ]\n}}\n"
    )
}

/// A storage account whose minimum TLS version is `tls`, on a line of its own.
pub fn storage(tls: &str) -> String {
    template(&format!(
        "    {{\n      \"type\": \"Microsoft.Storage/storageAccounts\",\n      \"apiVersion\": \"2023-05-01\",\n      \"name\": \"stcontoso\",\n      \"location\": \"westeurope\",\n      \"properties\": {{\n        \"minimumTlsVersion\": {tls}\n      }}\n    }}"
    ))
}
