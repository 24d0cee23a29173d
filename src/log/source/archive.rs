use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{ChannelReader, Collected, Input, channel};

/// Size of the blocks that an archive's entry is handed over in.
const BLOCK: usize = 256 << 10;

/// Whether the file starts like a zip archive.
pub fn is_zip(path: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && magic == *b"PK\x03\x04"
}

/// The entries of a log archive. GitHub's has every job twice: as `0_build.txt` and step by step in `build/`; the steps are left out.
pub fn collect(path: &Path, name: &str, collected: &mut Collected) {
    let names = match File::open(path).map_err(Into::into).and_then(zip::ZipArchive::new) {
        Ok(archive) => archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect::<Vec<_>>(),
        Err(error) => return collected.unreadable(name, error.to_string()),
    };
    let mut names: Vec<_> = names.into_iter().filter(|entry| !entry.ends_with('/')).collect();
    names.sort();
    let whole_jobs: Vec<String> = names.iter().filter_map(|entry| job(entry)).collect();
    for entry in names {
        let shown = format!("{name}!{entry}");
        if let Some((folder, _)) = entry.split_once('/')
            && whole_jobs.iter().any(|job| job == folder)
        {
            collected.skip(&shown, "the same lines as the job's own log");
            continue;
        }
        let archive = path.to_path_buf();
        let mut input = Input::new(shown, Box::new(move || Ok(Box::new(open(archive, entry)))));
        input.run = name.to_owned();
        collected.inputs.push(input);
    }
}

/// `build` of `0_build.txt`.
fn job(entry: &str) -> Option<String> {
    let (number, rest) = entry.strip_suffix(".txt")?.split_once('_')?;
    (!entry.contains('/') && number.bytes().all(|byte| byte.is_ascii_digit())).then(|| rest.to_owned())
}

/// An entry borrows its archive, so a thread unpacks it and hands the blocks over.
fn open(archive: PathBuf, entry: String) -> ChannelReader {
    let (sender, reader) = channel(4);
    std::thread::spawn(move || {
        let unpack = || -> io::Result<()> {
            let mut archive = zip::ZipArchive::new(File::open(&archive)?)?;
            let mut file = archive.by_name(&entry)?;
            loop {
                let mut block = vec![0; BLOCK];
                let count = file.read(&mut block)?;
                block.truncate(count);
                if count == 0 || sender.send(Ok(block)).is_err() {
                    return Ok(());
                }
            }
        };
        if let Err(error) = unpack() {
            let _ = sender.send(Err(error));
        }
    });
    reader
}
