//! No planted secret leaves the process: every output, stdout and stderr, over files, archives and a history.

use std::fs;
use std::process::Command;

use azward::report;

use super::secrets::{LETTERS, random};
use super::support::{azward_in, folder};

const HEX: &str = "0123456789abcdef";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const DIGITS: &str = "0123456789";

/// A path, the text around the secret (`@` stands for it), its public beginning, and the rest.
fn planted() -> Vec<(&'static str, String, String)> {
    let mut seed = 100;
    let mut value = |alphabet: &str, length: usize| {
        seed += 1;
        random(seed, alphabet, length)
    };
    let key = |value: String| format!("{value}==");
    let mut all = Vec::new();
    let mut plant = |path: &'static str, around: &str, secret: String| all.push((path, around.replace('@', &secret), secret));
    plant("storage.txt", "DefaultEndpointsProtocol=https;AccountName=stcontoso;AccountKey=@;\n", key(value(LETTERS, 86)));
    plant("cosmos.txt", "AccountEndpoint=https://contoso.documents.azure.com:443/;AccountKey=@;\n", key(value(LETTERS, 86)));
    plant(
        "bus.txt",
        "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccessKey=@\n",
        format!("{}=", value(LETTERS, 43)),
    );
    plant("sql.config", "Server=tcp:contoso.database.windows.net;User ID=app;Password=@;Encrypt=true\n", value(LETTERS, 20));
    plant("entra.env", "AZURE_CLIENT_SECRET=@\n", format!("{}8Q~{}", value(LETTERS, 3), value(LETTERS, 34)));
    plant("github.txt", "token: @\n", format!("{}_{}", "ghp", value(LETTERS, 36)));
    plant("gitlab.txt", "token: @\n", format!("{}-{}", "glpat", value(LETTERS, 20)));
    plant("aws.ini", "aws_access_key_id = @\n", format!("{}{}", "AKIA", value(UPPER, 16)));
    plant("aws2.ini", "aws_secret_access_key = @\n", value(LETTERS, 40));
    plant("slack.txt", "bot @\n", format!("{}-{}-{}-{}", "xoxb", value(DIGITS, 12), value(DIGITS, 12), value(LETTERS, 24)));
    plant("stripe.txt", "key @\n", format!("{}_{}", ["sk", "live"].join("_"), value(LETTERS, 24)));
    plant("google.txt", "key @\n", format!("{}{}", "AIza", value(LETTERS, 35)));
    plant("npm.txt", "//registry.npmjs.org/:_authToken=@\n", format!("{}_{}", "npm", value(LETTERS, 36)));
    plant("sendgrid.txt", "mail @\n", format!("{}.{}.{}", "SG", value(LETTERS, 22), value(LETTERS, 43)));
    // An at sign of the text itself, not the place of the secret.
    plant("url.txt", "postgres://app:@\u{2}db.contoso.example:5432/orders\n", value(LETTERS, 18));
    plant("header.http", "Authorization: Bearer @\n", value(LETTERS, 48));
    plant("generic.yaml", "database:\n  password: \"@\"\n", value(LETTERS, 22));
    plant("api.json", "{ \"apiKey\": \"@\" }\n", value(HEX, 32));
    plant(
        "sas.txt",
        "https://stcontoso.blob.core.windows.net/c?sv=2023-11-03&ss=b&srt=co&sp=rwdl&se=2030-01-01T00:00:00Z&sig=@\n",
        format!("{}%3D", value(LETTERS, 43)),
    );
    plant("function.txt", "https://contoso.azurewebsites.net/api/orders?code=@\n", format!("{}==", value(LETTERS, 54)));
    plant("key.pem", "-----BEGIN PRIVATE KEY-----\n@\n-----END PRIVATE KEY-----\n", value(LETTERS, 64));
    plant(
        "main.json",
        "{ \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \"contentVersion\": \"1.0.0.0\",\n\"resources\": [ { \"type\": \"Microsoft.Sql/servers\", \"apiVersion\": \"2023-08-01\", \"name\": \"sql-contoso\", \"location\": \"westeurope\", \"properties\": {\n\"administratorLogin\": \"app\", \"administratorLoginPassword\": \"@\" } } ] }\n",
        value(LETTERS, 24),
    );
    for (_, text, _) in &mut all {
        *text = text.replace('\u{2}', "@");
    }
    all
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn git(folder: &std::path::Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").current_dir(folder).args(identity).args(arguments).output().expect("git starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn no_output_holds_a_planted_secret() {
    let planted = planted();
    let folder = folder(&[]);
    let root = folder.path();
    let repo = root.join("repo");
    fs::create_dir_all(repo.join("wide")).unwrap();
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    // Several secrets in one file of UTF-16: a mask that is out of place would show another one.
    let mut together = String::new();
    for (path, text, _) in &planted {
        fs::write(repo.join(path), text).unwrap();
        fs::write(repo.join("wide").join(path), utf16(text)).unwrap();
        archive.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, text.as_bytes()).unwrap();
        together.push_str(text);
    }
    fs::write(repo.join("all.zip"), archive.finish().unwrap().into_inner()).unwrap();
    fs::write(repo.join("together.txt"), &together).unwrap();
    fs::write(repo.join("together.wide.txt"), utf16(&together)).unwrap();
    fs::write(repo.join("broken.txt"), [together.as_bytes(), b"\xFF\xC3\n", together.as_bytes()].concat()).unwrap();
    fs::write(repo.join("oneline.txt"), together.replace('\n', " ")).unwrap();
    git(&repo, &["init", "-q"]);
    git(&repo, &["add", "-A"]);
    git(&repo, &["commit", "-qm", "x"]);

    let mut told = Vec::new();
    let mut run = |arguments: &[&str]| {
        let run = azward_in(root, arguments);
        assert!(run.code < 2, "{arguments:?}: {}", run.stderr);
        told.push((arguments.join(" "), format!("{}{}", run.stdout, run.stderr)));
        run
    };
    let scanned = run(&["scan", "repo", "--format", "json", "--why", "--verbose"]).json();
    let history = run(&["secrets", "history", "repo", "--format", "json"]).json();
    for output in report::ALL {
        run(&["scan", "repo", "--why", "--verbose", "--format", output.name]);
        run(&["secrets", "history", "repo", "--verbose", "--format", output.name]);
        // A form without a suffix is for stdout alone.
        if let Some(suffix) = output.suffixes.first() {
            run(&["scan", "repo", "--verbose", "--output", &format!("out{suffix}")]);
        }
    }
    run(&["secrets", "baseline", "repo", "--output", "known.json"]);
    run(&["scan", "repo", "--verbose", "--baseline", "known.json"]);

    let found = |report: &serde_json::Value, path: &str| {
        let all = report["findings"].as_array().unwrap().iter();
        let of_secrets = all.filter(|finding| finding["theme"] == "secrets");
        of_secrets.filter(|finding| finding["place"]["path"] == path).count()
    };
    let missed: Vec<_> = planted
        .iter()
        .flat_map(|(path, _, _)| [path.to_string(), format!("wide/{path}"), format!("all.zip!/{path}")])
        .filter(|path| found(&scanned, path) == 0)
        .collect();
    assert!(missed.is_empty(), "nothing was found in {missed:?}");
    let missed: Vec<_> = planted.iter().filter(|(path, _, _)| found(&history, path) == 0).map(|(path, _, _)| path).collect();
    assert!(missed.is_empty(), "nothing was found in the history of {missed:?}");

    // Every file that azward wrote stands beside the repository.
    for entry in fs::read_dir(root).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        told.push((entry.path().display().to_string(), fs::read_to_string(entry.path()).unwrap()));
    }
    assert!(told.len() > report::ALL.len() * 3 + 4);
    for (what, text) in &told {
        for (path, _, secret) in &planted {
            // Half of a secret is too much as well; what stands before the first half is public (`ghp_`).
            let half = &secret[secret.len() / 2..secret.len() - secret.len() / 8];
            assert!(!text.contains(half), "`{what}` tells a part of the secret of {path}");
        }
    }
}
