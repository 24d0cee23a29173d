//! Finds and unpacks corpora, and holds scores against their floors.

use std::{fs, io, path::PathBuf, sync::Mutex};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder that holds the packed corpora, if this machine has it.
pub fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("AZWARD_CORPORA").map_or_else(|| root().join("../shared/corpora"), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// The unpacked corpus `name` (`avm-dev`), or `None`, said aloud, where it is not there. Unpacks once into the target folder.
pub fn corpus(name: &str) -> Option<PathBuf> {
    static UNPACKING: Mutex<()> = Mutex::new(());
    let Some(packed) = corpora().map(|folder| folder.join(format!("{name}.tar.xz"))).filter(|file| file.is_file()) else {
        println!("skipped: the corpus {name} is not on this machine (set AZWARD_CORPORA)");
        return None;
    };
    let guard = UNPACKING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("corpora").join(name);
    if !target.is_dir() {
        let partial = target.with_extension("partial");
        if partial.exists() {
            fs::remove_dir_all(&partial).unwrap();
        }
        let reader = liblzma::read::XzDecoder::new(io::BufReader::new(fs::File::open(packed).unwrap()));
        tar::Archive::new(reader).unpack(&partial).unwrap();
        fs::rename(&partial, &target).unwrap();
    }
    drop(guard);
    // The archives hold one folder of the corpus's own name.
    let inner = target.join(name);
    Some(if inner.is_dir() { inner } else { target })
}

/// Prints a score and fails when it is below its committed floor.
pub fn score(name: &str, value: f64) {
    let floors = fs::read_to_string(root().join("tests/oracle/floors.toml")).unwrap();
    let floors: toml::Table = floors.parse().unwrap();
    let floor = floors.get(name).and_then(|floor| floor.as_float().or_else(|| floor.as_integer().map(|n| n as f64)));
    let floor = floor.unwrap_or_else(|| panic!("floors.toml has no floor for `{name}` (it scored {value:.2})"));
    println!("score {name}: {value:.2} (floor {floor:.2})");
    assert!(value >= floor, "{name} scored {value:.2}, below its floor {floor:.2}");
}

/// All files below `folder` whose name ends in `suffix`, sorted.
pub fn files(folder: &std::path::Path, suffix: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    walk.map(walkdir::DirEntry::into_path).filter(|path| path.is_file() && path.to_string_lossy().ends_with(suffix)).collect()
}
