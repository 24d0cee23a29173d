//! Scans files and folders for secrets and prints what was found: for measurements and for trying detectors.
//!
//! `cargo run --release --example secrets_scan -- [--quiet] [--git | --archive] PATH…`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::{
    fs::File,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use azward::{
    secret::Scanner,
    source::{archive, git},
};

fn main() {
    let mut quiet = false;
    let mut mode = "";
    let scanner = Scanner::builtin();
    let (bytes, files, hits) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let output = Mutex::new(());
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--quiet" => quiet = true,
            "--git" => mode = "git",
            "--archive" => mode = "archive",
            path if mode == "git" => {
                let walked = git::walk(Path::new(path), &git::Selection::All, git::Limits::default(), |blob| {
                    let found = scanner.scan(blob.path, blob.data);
                    hits.fetch_add(found.len() as u64, Ordering::Relaxed);
                });
                match walked {
                    Ok(walked) => {
                        println!("{} commits, {} blobs, {} bytes, notes {:?}", walked.commits, walked.blobs, walked.bytes, walked.notes);
                    }
                    Err(error) => eprintln!("{error}"),
                }
            }
            path => {
                for entry in walkdir::WalkDir::new(path).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
                    let name = entry.path().to_string_lossy();
                    let Ok(file) = File::open(entry.path()) else { continue };
                    files.fetch_add(1, Ordering::Relaxed);
                    let tell = |name: &str, reader: &mut dyn std::io::Read| {
                        let told = scanner.stream(name, reader, |found| {
                            hits.fetch_add(1, Ordering::Relaxed);
                            if !quiet {
                                let guard = output.lock();
                                println!(
                                    "{name}:{} {} {:?} {} | {}",
                                    found.line, found.hit.detector, found.hit.confidence, found.hit.redacted, found.snippet
                                );
                                drop(guard);
                            }
                        });
                        if let Ok(told) = told {
                            bytes.fetch_add(told.bytes, Ordering::Relaxed);
                        }
                    };
                    if mode == "archive" {
                        let done = archive::unpack(&name, file, archive::ArchiveLimits::default(), &mut |name, reader| tell(name, reader));
                        for note in done.notes {
                            println!("note {note}");
                        }
                    } else {
                        let mut file = file;
                        tell(&name, &mut file);
                    }
                }
            }
        }
    }
    println!("{} files, {} bytes, {} hits", files.into_inner(), bytes.into_inner(), hits.into_inner());
}
