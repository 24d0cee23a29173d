use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::super::time::Moment;
use super::{Collected, Input, archive, hour_of, in_range};

/// The logs under `paths`, sorted; `-` is stdin. Hidden files and links are left out of folders, hours outside `range` everywhere.
/// Of files with the same content only the first is read.
pub fn collect(paths: &[PathBuf], range: Option<(Moment, Moment)>) -> Collected {
    let mut collected = Collected::default();
    let mut seen = Duplicates::default();
    for path in paths {
        if path.as_os_str() == "-" {
            collected.inputs.push(Input::stdin());
            continue;
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => folder(path, range, &mut collected, &mut seen),
            Ok(_) => file(path, range, &mut collected, &mut seen),
            Err(error) => collected.unreadable(&shown(path), error.to_string()),
        }
    }
    collected
}

fn folder(root: &Path, range: Option<(Moment, Moment)>, collected: &mut Collected, seen: &mut Duplicates) {
    let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    for entry in walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|entry| !hidden(entry)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => file(entry.path(), range, collected, seen),
            Ok(entry) if entry.file_type().is_symlink() => collected.skip(&shown(entry.path()), "links are not followed"),
            Ok(_) => {}
            Err(error) => collected.unreadable(&shown(error.path().unwrap_or(root)), error.to_string()),
        }
    }
}

fn file(path: &Path, range: Option<(Moment, Moment)>, collected: &mut Collected, seen: &mut Duplicates) {
    let name = shown(path);
    if !in_range(hour_of(&name), range) {
        collected.skip(&name, "outside the asked time range");
        return;
    }
    match seen.first_with_same_content(path) {
        Ok(Some(first)) => return collected.skip(&name, format!("the same content as {first}")),
        Ok(None) => {}
        Err(error) => return collected.unreadable(&name, error.to_string()),
    }
    if archive::is_zip(path) {
        return archive::collect(path, &name, collected);
    }
    let opened = path.to_path_buf();
    let mut input = Input::new(name, Box::new(move || Ok(Box::new(File::open(opened)?))));
    input.file = Some(path.to_path_buf());
    collected.inputs.push(input);
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Files seen so far by size and beginning; whole contents are compared only where both agree.
#[derive(Default)]
struct Duplicates(HashMap<(u64, Vec<u8>), Vec<PathBuf>>);

impl Duplicates {
    fn first_with_same_content(&mut self, path: &Path) -> io::Result<Option<String>> {
        let size = fs::metadata(path)?.len();
        let mut head = Vec::new();
        File::open(path)?.take(512).read_to_end(&mut head)?;
        if size == 0 {
            return Ok(None);
        }
        let alike = self.0.entry((size, head)).or_default();
        if !alike.is_empty() {
            let own = digest(path)?;
            for other in alike.iter() {
                if digest(other).is_ok_and(|digest| digest == own) {
                    return Ok(Some(shown(other)));
                }
            }
        }
        alike.push(path.to_path_buf());
        Ok(None)
    }
}

fn digest(path: &Path) -> io::Result<Vec<u8>> {
    let mut hash = Sha256::new();
    let mut file = File::open(path)?;
    let mut block = vec![0; 1 << 16];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(hash.finalize().to_vec()),
            n => hash.update(block.get(..n).unwrap_or(&[])),
        }
    }
}
