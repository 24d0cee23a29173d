//! Makes what the speed of the secret scanner is measured on: a log, or a git history, with planted secrets.
//!
//! `cargo run --release --example secrets_corpus -- log FILE MEBIBYTES` writes a log with 200 secrets, and their line numbers to
//! `FILE.planted`. `… -- history COMMITS` prints a stream for `git fast-import` with a secret in every fiftieth commit, and tells
//! their number on stderr. Everything is drawn from a fixed seed: the same arguments make the same bytes. The secrets are random and
//! open nothing; their checksums are not valid, so scanners must find them by their form.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::{
    fs::File,
    io::{self, BufWriter, Write},
};

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let count = alphabet.len() as u64;
        (0..length).filter_map(|_| alphabet.chars().nth(usize::try_from(self.below(count)).ok()?)).collect()
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        usize::try_from(self.below(list.len() as u64)).ok().and_then(|at| list.get(at)).copied().unwrap_or_default()
    }

    fn hex(&mut self, length: usize) -> String {
        self.text("0123456789abcdef", length)
    }

    fn guid(&mut self) -> String {
        [8, 4, 4, 4, 12].map(|length| self.hex(length)).join("-")
    }

    fn base64(&mut self, length: usize) -> String {
        self.text(BASE64, length)
    }
}

const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const KINDS: u64 = 20;

/// A text with one secret, as logs and settings hold it.
fn secret(random: &mut Random, kind: u64) -> String {
    let r = random;
    match kind {
        0 => format!(
            "DefaultEndpointsProtocol=https;AccountName=st{};Account{}={}==;EndpointSuffix=core.windows.net",
            r.hex(6),
            "Key",
            r.base64(86)
        ),
        1 => format!("rotated storage key {}{}{}w==", r.base64(76), "+ASt", r.base64(5)),
        2 => format!(
            "https://st{}.blob.core.windows.net/c/f?sv=2022-11-02&sr=b&sp=rl&se=2027-01-01T00:00:00Z&{}={}%3D",
            r.hex(6),
            "sig",
            r.text(ALNUM, 43)
        ),
        3 => format!("clientId={} clientSecret={}{}{}", r.guid(), r.text(ALNUM, 3), "8Q~", r.text(ALNUM, 34)),
        4 => format!(
            "GET https://fn-{}.azurewebsites.net/api/job?code={}{}{}w==",
            r.hex(4),
            r.base64(44).replace(['+', '/'], "a"),
            "AzFu",
            r.text(ALNUM, 5)
        ),
        5 => format!(
            "AccountEndpoint=https://cosmos-{}.documents.azure.com:443/;Account{}={}{}{}w==;",
            r.hex(4),
            "Key",
            r.base64(76),
            "ACDb",
            r.base64(5)
        ),
        6 => format!(
            "Endpoint=sb://sb-{}.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccess{}={}{}B{}=",
            r.hex(4),
            "Key",
            r.base64(33),
            "+ASb",
            r.base64(5)
        ),
        7 => format!(
            "docker login acr{}.azurecr.io -u acr -p {}{}B{}",
            r.hex(4),
            r.base64(42).replace(['+', '/'], "b"),
            "+ACR",
            r.text(ALNUM, 5)
        ),
        8 => format!("api-key: {}{}BACAAAAA{}Azure{}", r.text(ALNUM, 52), "JQQJ99", "AAABAC", r.text(ALNUM, 4)).replace("AzureB", "AzureC"),
        9 => format!("cache-{}.redis.cache.windows.net:6380,password={}{}A{}=,ssl=True", r.hex(4), r.base64(33), "AzCa", r.base64(5)),
        10 => format!(
            "Server=tcp:sql-{}.database.windows.net,1433;Database=app;User ID=svc;Pass{}={}!{};",
            r.hex(4),
            "word",
            r.text(ALNUM, 8),
            r.text(ALNUM, 6)
        ),
        11 => format!("AZURE_DEVOPS_EXT_PAT={}", r.text("abcdefghijklmnopqrstuvwxyz234567", 52)),
        12 => format!("git clone https://build:{}@dev.azure.com/contoso/app/_git/app", r.text("abcdefghijklmnopqrstuvwxyz234567", 52)),
        13 => format!("remote: https://x-access-token:{}{}@github.com/contoso/app", "ghp_", r.text(ALNUM, 36)),
        14 => format!("aws_access_key_id={}{}", "AKIA", r.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)),
        15 => {
            let header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
            format!("Authorization: Bearer {header}.eyJzdWIiOiIx{}.{}", r.text(ALNUM, 40), r.text(ALNUM, 43))
        }
        16 => format!("slack token {}-{}-{}-{}", "xoxb", r.text("123456789", 12), r.text("123456789", 12), r.text(ALNUM, 24)),
        17 => format!("{{\"user\":\"svc\",\"pass{}\":\"{}#{}\"}}", "word", r.text(ALNUM, 9), r.text(ALNUM, 5)),
        18 => format!("<publishProfile userName=\"$app\" user{}=\"{}\" />", "PWD", r.text(ALNUM, 60)),
        _ => format!("\"apiKey\": \"{}\"", r.hex(32)),
    }
}

const WORDS: &[&str] = &[
    "request",
    "completed",
    "started",
    "token",
    "key",
    "password",
    "secret",
    "account",
    "service",
    "gateway",
    "retry",
    "backoff",
    "cache",
    "session",
    "authentication",
    "storage",
    "queue",
    "job",
    "pool",
    "user",
    "changed",
    "rotated",
    "handler",
    "opened",
    "order",
    "payment",
    "timeout",
];

/// A line without a secret, as an application, a web server or a JSON logger writes it.
fn line(random: &mut Random) -> String {
    let r = random;
    let at = format!("2026-03-{:02}T{:02}:{:02}:{:02}.{:03}Z", r.below(30) + 1, r.below(24), r.below(60), r.below(60), r.below(1000));
    let words = |r: &mut Random, count: usize| (0..count).map(|_| r.of(WORDS)).collect::<Vec<_>>().join(" ");
    match r.below(4) {
        0 => format!(
            "{at} INFO [web-{}] com.contoso.app.{}.Handler - {} traceId={} userId={} elapsed={}ms",
            r.below(9),
            r.of(WORDS),
            words(r, 9),
            r.hex(32),
            r.guid(),
            r.below(900)
        ),
        1 => format!(
            "{at} 10.0.{}.{} - - \"GET /api/v1/{}/{}?page={} HTTP/1.1\" 200 {} \"https://portal.contoso.example/{}\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64)\"",
            r.below(255),
            r.below(255),
            r.of(WORDS),
            r.below(90_000),
            r.below(20),
            r.below(99_999),
            r.of(WORDS)
        ),
        2 => format!(
            "{{\"time\":\"{at}\",\"level\":\"Information\",\"traceId\":\"{}\",\"message\":\"{}\",\"path\":\"/subscriptions/{}/resourceGroups/rg-{}\",\"status\":{}}}",
            r.hex(32),
            words(r, 6),
            r.guid(),
            r.of(WORDS),
            200 + r.below(4)
        ),
        _ => format!("{at} WARN {} attempt {} of 5 for {}: {}", r.of(WORDS), r.below(5), r.guid(), words(r, 7)),
    }
}

fn log(path: &str, mebibytes: u64) -> io::Result<()> {
    let mut random = Random(0x5EED_1234_ABCD_0001);
    let mut lines = Random(0x5EED_1234_ABCD_0002);
    // Lines are drawn from a pool: a gibibyte is written in seconds.
    let pool: Vec<String> = (0..100_000).map(|_| line(&mut lines)).collect();
    let (mut out, mut planted) = (BufWriter::new(File::create(path)?), BufWriter::new(File::create(format!("{path}.planted"))?));
    let size = mebibytes << 20;
    let (mut written, mut number, mut next) = (0u64, 0u64, 0u64);
    while written < size {
        number += 1;
        let mut text = pool.get(usize::try_from(random.below(pool.len() as u64)).unwrap_or_default()).cloned().unwrap_or_default();
        // Two hundred places, evenly from the first line to the last.
        if next < 200 && written >= next * (size / 200) {
            text = format!("2026-03-01T00:00:00.000Z INFO worker {}", secret(&mut random, next % KINDS));
            writeln!(planted, "{number}")?;
            next += 1;
        }
        writeln!(out, "{text}")?;
        written += text.len() as u64 + 1;
    }
    out.flush()?;
    planted.flush()
}

fn history(commits: u64) -> io::Result<()> {
    let mut random = Random(0x5EED_1234_ABCD_0003);
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut planted, mut files) = (0u64, vec![String::new(); 400]);
    for commit in 0..commits {
        writeln!(
            out,
            "commit refs/heads/main\ncommitter Bench <bench@contoso.example> {} +0000\ndata 7\nchange\n",
            1_700_000_000 + commit * 60
        )?;
        for _ in 0..2 {
            let place = usize::try_from(random.below(files.len() as u64)).unwrap_or_default();
            let Some(text) = files.get_mut(place) else { continue };
            // Files grow by lines and begin anew at 16 KiB, as sources that are worked on.
            if text.len() > 16 << 10 {
                text.clear();
            }
            for _ in 0..4 {
                text.push_str(&line(&mut random));
                text.push('\n');
            }
            writeln!(out, "M 100644 inline src/part{}/file{place}.txt\ndata {}\n{text}", place % 20, text.len())?;
        }
        // Some commits bring a secret, in a file of its own that the next commit removes.
        if commit % 50 == 7 {
            let text = format!("{}\n", secret(&mut random, planted % KINDS));
            writeln!(out, "M 100644 inline settings/env{commit}.txt\ndata {}\n{text}", text.len())?;
            planted += 1;
        } else if commit % 50 == 8 {
            writeln!(out, "D settings/env{}.txt", commit - 1)?;
        }
    }
    eprintln!("{planted}");
    out.flush()
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).and_then(|text| text.parse().ok());
    match (arguments.first().map(String::as_str), arguments.get(1), number(1), number(2)) {
        (Some("log"), Some(path), _, Some(mebibytes)) => log(path, mebibytes),
        (Some("history"), _, Some(commits), _) => history(commits),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "write `log FILE MEBIBYTES` or `history COMMITS`")),
    }
}
