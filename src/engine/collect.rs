//! Reads every file in scope once: recognises formats by content, looks for secrets, opens a ledger line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Cursor, Read as _, Seek};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::ignores::Ignores;
use super::options::ScanOptions;
use super::{packed, secrets};
use crate::format::{self, Recognised, Role};
use crate::model::{Entry, EntryKind, FileId, Files, Finding, State};
use crate::secret::Hit;
use crate::source::{Found, RootLoader, decode_text, read_file};

/// What reading gave.
#[derive(Default)]
pub struct Collected {
    /// Files that a front end took, sorted by path.
    pub recognised: Vec<Recognised>,
    /// Files that the user named one by one: roots even where another file calls them.
    pub named: Vec<FileId>,
    /// Findings of the secret engine.
    pub findings: Vec<Finding>,
    /// Hits in the files that front ends took: snippets of other rules are masked with them.
    pub hits: HashMap<FileId, Vec<Hit>>,
    /// Ignores of the files that front ends took.
    pub ignores: HashMap<FileId, Ignores>,
    /// One ledger line a file.
    pub entries: Vec<Entry>,
    /// Remarks on ignores of files that no front end took.
    pub notices: Vec<String>,
}

/// One file, read.
struct Read {
    entry: Entry,
    recognised: Option<(Recognised, Ignores)>,
    named: bool,
    hits: Vec<Hit>,
    findings: Vec<Finding>,
    notices: Vec<String>,
}

/// Reads `found` in parallel.
pub fn collect(found: &[Found], files: &Arc<Files>, loader: &RootLoader, options: &ScanOptions<'_>, today: Date) -> Collected {
    options.progress.stage("reading", found.len());
    let read: Vec<Read> = found
        .par_iter()
        .map(|found| {
            let read = read_one(found, files, loader, options, today);
            options.progress.step();
            read
        })
        .collect();
    let mut collected = Collected::default();
    for one in read {
        if let Some((recognised, ignores)) = one.recognised {
            if one.named {
                collected.named.push(recognised.file);
            }
            collected.hits.insert(recognised.file, one.hits);
            collected.ignores.insert(recognised.file, ignores);
            collected.recognised.push(recognised);
        }
        collected.findings.extend(one.findings);
        collected.entries.push(one.entry);
        collected.notices.extend(one.notices);
    }
    collected.recognised.sort_by_key(|recognised| files.path(recognised.file));
    collected
}

fn read_one(found: &Found, files: &Arc<Files>, loader: &RootLoader, options: &ScanOptions<'_>, today: Date) -> Read {
    let mut read = Read {
        entry: Entry { subject: found.path.clone(), kind: EntryKind::File, format: "file".into(), state: State::Evaluated },
        recognised: None,
        named: found.named,
        hits: Vec::new(),
        findings: Vec::new(),
        notices: Vec::new(),
    };
    let inside =
        options.secrets.map(|search| packed::Inside { search, severity: options.min_severity, confidence: options.min_confidence, today });
    if let Some(inside) = &inside
        && std::fs::metadata(&found.absolute).is_ok_and(|metadata| metadata.is_file() && metadata.len() > options.limits.parse)
    {
        if let Err(error) = large(&mut read, found, inside, options) {
            read.entry.state = State::Unreadable(format!("{error}; give azward read permission or leave the file out"));
        }
        return read;
    }
    let bytes = match read_file(&found.absolute) {
        Ok(bytes) => bytes,
        Err(error) => {
            read.entry.state = State::Unreadable(format!("{error}; give azward read permission or leave the file out"));
            return read;
        }
    };
    if let Some(inside) = &inside
        && packed::open(&mut read.entry, &mut read.findings, &bytes, Cursor::new(&*bytes), inside)
    {
        return read;
    }
    if let Some(search) = options.secrets {
        // Text of UTF-16 is searched as it is read: its hits then count the same bytes as its lines do.
        read.hits = match decode_text(&bytes) {
            Some(std::borrow::Cow::Owned(text)) => search.scanner.scan(&found.path, text.as_bytes()),
            _ => search.scanner.scan(&found.path, &bytes),
        };
        read.hits.retain(|hit| hit.confidence >= options.min_confidence && hit.severity >= options.min_severity);
    }
    let searched = if options.secrets.is_some() { "searched for secrets only" } else { "no front end reads it" };
    let Some(text) = decode_text(&bytes) else {
        note_bytes(&mut read, &bytes, found, searched, options, today);
        return read;
    };
    let ignores = Ignores::parse(&text);
    if let Some(search) = options.secrets.filter(|_| !read.hits.is_empty()) {
        read.findings = secrets::findings(search, &found.path, &text, &read.hits, &ignores, today);
    }
    "text".clone_into(&mut read.entry.format);
    // Without a rule to judge what a front end reads there, only the search counts.
    let judged = options.secrets.is_none() || options.rules.iter().next().is_some();
    let Some((format, role)) = judged.then(|| recognise(&found.path, &text)).flatten() else {
        // Files that no front end reads are fully judged once they were searched.
        if options.secrets.is_none() {
            read.entry.state = State::Skipped(searched.into());
        }
        if [".tf", ".tf.json", ".tofu"].iter().any(|end| found.path.ends_with(end)) {
            "Terraform".clone_into(&mut read.entry.format);
            let why = format!("Terraform is not evaluated: {searched}; `azward live` judges what it deployed");
            read.entry.state = State::Partly(vec![why]);
        }
        read.notices = ignores.notices(&found.path, today);
        return read;
    };
    format.clone_into(&mut read.entry.format);
    if bytes.len() as u64 > options.limits.parse {
        let limit = options.limits.parse / (1024 * 1024);
        read.entry.state = State::Unreadable(format!("larger than {limit} MiB: {searched}; split it, or leave it out"));
        return read;
    }
    let file = files.add(found.path.as_str(), &*text);
    loader.remember(file, &found.absolute);
    read.recognised = Some((Recognised { file, format, role }, ignores));
    read
}

/// A file that is too large for any front end: searched for secrets in constant memory, whatever its size.
fn large(read: &mut Read, found: &Found, inside: &packed::Inside<'_>, options: &ScanOptions<'_>) -> io::Result<()> {
    let mut file = File::open(&found.absolute)?;
    let mut head = Vec::new();
    io::Read::take(&mut file, 64 << 10).read_to_end(&mut head)?;
    file.rewind()?;
    if packed::open(&mut read.entry, &mut read.findings, &head, io::BufReader::new(&mut file), inside) {
        return Ok(());
    }
    file.rewind()?;
    inside.search(&found.path, &mut file, &mut read.findings);
    if memchr::memchr(0, head.get(..8192).unwrap_or(&head)).is_some() && !matches!(head.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        "binary".clone_into(&mut read.entry.format);
        read.entry.state = State::Skipped("binary".into());
        return Ok(());
    }
    "text".clone_into(&mut read.entry.format);
    if let Some((format, _)) = recognise(&found.path, &String::from_utf8_lossy(&head)) {
        let limit = options.limits.parse / (1024 * 1024);
        format.clone_into(&mut read.entry.format);
        read.entry.state = State::Unreadable(format!("larger than {limit} MiB: searched for secrets only; split it, or leave it out"));
    }
    Ok(())
}

/// Bytes that are no text: binary files, and broken text, are still searched.
fn note_bytes(read: &mut Read, bytes: &[u8], found: &Found, searched: &str, options: &ScanOptions<'_>, today: Date) {
    let binary = memchr::memchr(0, bytes.get(..8192).unwrap_or(bytes)).is_some();
    if let Some(search) = options.secrets
        && !read.hits.is_empty()
    {
        read.findings = if binary {
            secrets::binary(search, &found.path, &read.hits, today)
        } else {
            // The lossy text is searched, so that hits count the same bytes as its lines do.
            let text = String::from_utf8_lossy(bytes);
            let mut hits = search.scanner.scan(&found.path, text.as_bytes());
            hits.retain(|hit| hit.confidence >= options.min_confidence && hit.severity >= options.min_severity);
            secrets::findings(search, &found.path, &text, &hits, &Ignores::default(), today)
        };
    }
    if binary {
        "binary".clone_into(&mut read.entry.format);
        read.entry.state = State::Skipped("binary".into());
    } else {
        let named_like_a_template =
            [".json", ".bicep", ".jsonc", ".bicepparam", ".yml", ".yaml"].iter().any(|end| found.path.ends_with(end));
        let why = format!("not text in UTF-8 or UTF-16: {searched}; save it as UTF-8");
        read.entry.state = if named_like_a_template { State::Unreadable(why) } else { State::Partly(vec![why]) };
    }
}

fn recognise(path: &str, text: &str) -> Option<(&'static str, Role)> {
    format::ALL.iter().find_map(|format| format.recognise(path, text).map(|role| (format.name(), role)))
}
